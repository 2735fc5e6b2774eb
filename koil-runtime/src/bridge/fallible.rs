//! Failures of the bridge as the twin's own errors: what `fallible` expansions call.

use std::time::Duration;

use super::call::Call;
use super::probe::{Probe, ProbeLocal, taken};
use crate::report::error::Error;

/// A returned type that can hold a failure of the bridge.
#[diagnostic::on_unimplemented(
    message = "`fallible` needs a `Result`; `{Self}` cannot hold a koil error",
    label = "cannot hold a koil error",
    note = "return a `Result` whose error type implements `From<koil::Error>`, or remove `fallible`"
)]
pub trait FromBridge: Sized {
    /// The value that says how the bridge failed.
    fn from_bridge(error: Error) -> Self;
}

impl<T, E: From<Error>> FromBridge for Result<T, E> {
    fn from_bridge(error: Error) -> Self {
        Err(E::from(error))
    }
}

/// The next of many, which may fail.
impl<T, E: From<Error>> FromBridge for Option<Result<T, E>> {
    fn from_bridge(error: Error) -> Self {
        Some(Err(E::from(error)))
    }
}

/// The value that says how the bridge failed.
pub fn from_bridge<R: FromBridge>(error: Error) -> R {
    R::from_bridge(error)
}

impl<F: Future + Send> Probe<F>
where
    F::Output: Send,
{
    /// Blocks on a future that may be finished on another thread, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// Where the bridge fails, or the time is up.
    pub fn __koil_try_wait(
        self,
        call: &Call,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error> {
        try_wait_send(call, taken(self.0.0), timeout)
    }
}

impl<F> ProbeLocal<F> {
    /// Blocks on a future that must stay on this thread, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// Where the bridge fails, or the time is up.
    pub fn __koil_try_wait(
        &mut self,
        call: &Call,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error>
    where
        F: Future,
    {
        try_wait_local(call, self.take(), timeout)
    }
}

/// Blocks on a future that may be finished on another thread, at most for `timeout`.
///
/// # Errors
///
/// Where the bridge fails, or the time is up.
pub fn try_wait_send<F: Future + Send>(
    call: &Call,
    future: F,
    timeout: Option<Duration>,
) -> Result<F::Output, Error>
where
    F::Output: Send,
{
    call.block_on(future, timeout)
}

/// Blocks on a future that must stay on this thread, at most for `timeout`.
///
/// # Errors
///
/// Where the bridge fails, or the time is up.
pub fn try_wait_local<F: Future>(
    call: &Call,
    future: F,
    timeout: Option<Duration>,
) -> Result<F::Output, Error> {
    call.block_on(future, timeout)
}
