//! One blocking call of Python.

use pyo3::prelude::*;

use crate::host;

/// Blocks until `future` is ready, and gives up the lock of the interpreter while it waits.
///
/// The first poll runs with the lock, so that a call that is ready costs what it costs in Rust. A
/// call that has to wait gives the lock up, and its future is polled without it from then on; code
/// in it that needs the interpreter uses [`Python::attach`]. The future is dropped before this
/// returns.
///
/// On the main thread of Python, signals are heard while the call waits: if a handler raises, as
/// that of Ctrl-C does, the future gets the end that koil gives to every cancelled call, and the
/// exception is raised.
///
/// # Errors
///
/// The exception that a signal handler raised; else a failure of koil's bridge, as
/// [`error`](crate::error()) tells it, for example a blocking call inside of async code.
///
/// # Panics
///
/// If the future panics; pyo3 makes a `PanicException` of it.
#[track_caller]
pub fn block<F>(_py: Python<'_>, future: F) -> PyResult<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    end(koil::unkoil_unlocked(future))
}

/// Runs blocking code whose calls of koil have no error for a failure of the bridge: plain twins,
/// guards, `unkoil`.
///
/// They give up the lock of the interpreter while they wait, as every call of koil's does. A signal
/// handler that raises unwinds the code to this call, in the same way as
/// [`CancelScope::unwinding`](koil::CancelScope::unwinding) does it.
///
/// # Errors
///
/// The exception that a signal handler raised; else the failure that has ended the code.
///
/// # Panics
///
/// If `code` panics.
#[track_caller]
pub fn run<T>(_py: Python<'_>, code: impl FnOnce() -> T) -> PyResult<T> {
    end(koil::CancelScope::new().unwinding().run(code))
}

/// The outcome of a call, for Python.
fn end<T>(outcome: Result<T, koil::Error>) -> PyResult<T> {
    match host::take_raised() {
        Some(raised) => Err(raised),
        None => outcome.map_err(crate::error),
    }
}
