//! `FromBridge`: what a twin returns whose failures are errors of its own.

use super::call::Call;
use crate::report::error::Error;
use crate::report::site::{CallSite, Names};
use crate::scope::cancel::ambient::Answer;

/// A return type that can hold an error of the bridge.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold a koil error",
    label = "returned by a function whose twin is `fallible`",
    note = "return a `Result` whose error implements `From<koil::Error>`, or remove `fallible`"
)]
pub trait FromBridge {
    /// The value that says so.
    fn from_bridge(error: Error) -> Self;
}

impl<T, E: From<Error>> FromBridge for Result<T, E> {
    fn from_bridge(error: Error) -> Result<T, E> {
        Err(error.into())
    }
}

impl Call {
    /// As [`Call::begin`], for twins that can return an error.
    ///
    /// # Errors
    ///
    /// Where this thread may not block, or the loop has been stopped or cannot be started.
    #[track_caller]
    pub fn try_begin(names: &'static Names) -> Result<Call, Error> {
        Call::admit(CallSite::of(names), Answer::Error)
    }
}

/// Blocks on a future that may be finished on another thread.
///
/// # Errors
///
/// Where the bridge fails.
pub fn try_wait_send<F: Future + Send>(call: &Call, future: F) -> Result<F::Output, Error>
where
    F::Output: Send,
{
    call.block_on_send(future, None)
}

/// Blocks on a future that must stay on this thread.
///
/// # Errors
///
/// Where the bridge fails.
pub fn try_wait_local<F: Future>(call: &Call, future: F) -> Result<F::Output, Error> {
    call.block_on(future, None)
}
