//! `Twin` and `HasTwin`: how a blocking type and its async original know each other.

use super::call::Call;
use super::io::Io;
use super::probe::io_local;

/// A blocking type that is a transparent view of an async one.
///
/// Implemented by `#[koiled]` on a struct or enum; also a bound for code that takes any twin.
///
/// # Safety
///
/// `Self` must be `#[repr(transparent)]` over `Aio`, possibly through [`Shell`](crate::Shell), so
/// that references and smart pointers to one may be taken for the other.
pub unsafe trait Twin {
    /// The async original.
    type Aio: ?Sized;

    /// The async original, by reference.
    fn aio(&self) -> &Self::Aio;

    /// The async original, by unique reference.
    fn aio_mut(&mut self) -> &mut Self::Aio;

    /// The async original, by value.
    fn into_aio(self) -> Self::Aio
    where
        Self: Sized,
        Self::Aio: Sized,
    {
        super::cast::into_aio(self)
    }

    /// The original, lent to one operation of std's readers and writers. Only where the twin is
    /// written is it known whether the loop may poll it, so each twin says that for itself.
    #[doc(hidden)]
    fn __koil_io<'a>(call: &Call, aio: &'a mut Self::Aio) -> Io<&'a mut Self::Aio> {
        io_local(call, aio)
    }
}

/// An async type that has a blocking twin.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no blocking twin",
    label = "no `#[koiled]` on the definition of `{Self}`",
    note = "put `#[koiled]` on its struct or enum, or drop it from `twins(..)`"
)]
pub trait HasTwin {
    /// The blocking twin.
    type Twin: Twin<Aio = Self>;
}
