//! `FromBridge`: failures of the bridge as the twin's own errors, for the generated code of
//! `fallible`.

use crate::report::error::Error;

/// A returned type that can hold a failure of the bridge.
#[diagnostic::on_unimplemented(
    message = "`fallible` needs a `Result`; `{Self}` cannot hold a koil error",
    label = "cannot hold a koil error",
    note = "return a `Result` whose error type implements `From<koil::Error>`, or remove `fallible`"
)]
pub trait FromBridge: Sized {
    /// The value that reports the failure of the bridge.
    fn from_bridge(error: Error) -> Self;
}

impl<T, E: From<Error>> FromBridge for Result<T, E> {
    fn from_bridge(error: Error) -> Self {
        Err(E::from(error))
    }
}

/// The next item of a stream whose items are results.
impl<T, E: From<Error>> FromBridge for Option<Result<T, E>> {
    fn from_bridge(error: Error) -> Self {
        Some(Err(E::from(error)))
    }
}

/// The value that reports the failure of the bridge.
pub fn from_bridge<R: FromBridge>(error: Error) -> R {
    R::from_bridge(error)
}
