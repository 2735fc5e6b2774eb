//! Errors of koil as exceptions of Python.

use pyo3::PyErr;
use pyo3::exceptions::{PyRuntimeError, PyTimeoutError};

use crate::host;

/// The exception for a failure of koil's bridge.
///
/// * the exception that a signal handler has raised, such as `KeyboardInterrupt`, for the call that
///   it has cancelled;
/// * `TimeoutError` for a call that has timed out;
/// * else a `RuntimeError` with the text of the error, which names the call and a way out.
///
/// For the `From` of an error type that has one variant for koil's errors:
///
/// ```
/// # use pyo3::PyErr;
/// enum Error {
///     Io(std::io::Error),
///     Bridge(koil::Error),
/// }
///
/// impl From<Error> for PyErr {
///     fn from(error: Error) -> PyErr {
///         match error {
///             Error::Io(error) => error.into(),
///             Error::Bridge(error) => koil_python::error(error),
///         }
///     }
/// }
/// ```
#[must_use]
pub fn error(error: koil::Error) -> PyErr {
    if error.is_cancelled()
        && let Some(raised) = host::take_raised()
    {
        return raised;
    }
    if error.is_timeout() {
        return PyTimeoutError::new_err(error.to_string());
    }
    PyRuntimeError::new_err(error.to_string())
}

/// The exception for an error of a [`koil::Io`], whose failures of the bridge are inside of
/// `std::io::Error`s.
///
/// As [`error`](error()) for these, else the `OSError` that pyo3 makes of it.
#[must_use]
pub fn io_error(failure: std::io::Error) -> PyErr {
    match failure.downcast::<koil::Error>() {
        Ok(bridge) => error(bridge),
        Err(own) => own.into(),
    }
}
