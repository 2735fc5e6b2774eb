//! `Twin` and `HasTwin`: the links between a blocking type and its async original.

pub(crate) mod blocking;
pub(crate) mod cast;
mod forward;
pub mod forwards;
pub(crate) mod iterates;
pub(crate) mod map;
pub(crate) mod option_mut;
pub(crate) mod shell;

pub use self::blocking::Blocking;
pub use self::map::MapTwin;
pub use self::option_mut::OptionMut;
pub use self::shell::Shell;

/// A blocking type that is a transparent view of an async one.
///
/// Implemented by `#[koiled]` on a struct or enum; also a bound for code that takes any twin. A twin
/// has the methods itself too, unless its type says `accessors = "none"`, so that this trait need not
/// be imported; its page lists them here.
///
/// # Safety
///
/// `Self` must be `#[repr(transparent)]` over `Aio`, possibly through [`Shell`](crate::Shell), so
/// that references and smart pointers to one may be taken for the other.
#[allow(unsafe_code)]
pub unsafe trait Twin {
    /// The async original.
    type Aio: ?Sized;

    /// The async original, by reference.
    fn aio(&self) -> &Self::Aio {
        cast::as_aio(self)
    }

    /// The async original, by unique reference.
    fn aio_mut(&mut self) -> &mut Self::Aio {
        cast::as_aio_mut(self)
    }

    /// The async original, by value.
    fn into_aio(self) -> Self::Aio
    where
        Self: Sized,
        Self::Aio: Sized,
    {
        cast::into_aio(self)
    }
}

/// An async type that has a blocking twin.
///
/// The type has the methods itself too, unless it says `accessors = "none"`, so that this trait need
/// not be imported; its page lists them here.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no blocking twin",
    label = "no `#[koiled]` on the definition of `{Self}`",
    note = "put `#[koiled]` on its struct or enum, or remove it from `twins(..)`"
)]
pub trait HasTwin {
    /// The blocking twin.
    type Twin: Twin<Aio = Self>;

    /// The blocking twin, by reference.
    fn blocking(&self) -> &Self::Twin {
        cast::as_twin(self)
    }

    /// The blocking twin, by unique reference.
    fn blocking_mut(&mut self) -> &mut Self::Twin {
        cast::as_twin_mut(self)
    }

    /// The blocking twin, by value.
    fn into_blocking(self) -> Self::Twin
    where
        Self: Sized,
    {
        cast::into_twin(self)
    }
}

/// The blocking twin of `T`, wherever it is and whatever its name.
///
/// The signature of a twin says `TwinOf<Row>` where its author wrote `twins(Row = _)`, for a type
/// whose twin is not to be imported. For `#[koiled] struct Row` it is `BlockingRow`, and may be
/// written in place of it.
pub type TwinOf<T> = <T as HasTwin>::Twin;
