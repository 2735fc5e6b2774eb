//! Five calls of an object store for Python, written twice: by koil, and by hand the usual way.

mod by_hand;
mod by_koil;

// The server of the SDK's own tests.
#[allow(dead_code)]
#[path = "../../../examples/object-store/tests/sdk/server.rs"]
mod server;

use std::sync::OnceLock;

use pyo3::exceptions::{PyFileNotFoundError, PyOSError};
use pyo3::prelude::*;

/// A failure, for Python.
struct Error(koil_object_store::Error);

impl From<koil_object_store::Error> for Error {
    fn from(error: koil_object_store::Error) -> Error {
        Error(error)
    }
}

impl From<Error> for PyErr {
    fn from(error: Error) -> PyErr {
        match error.0 {
            koil_object_store::Error::NotFound(_) => {
                PyFileNotFoundError::new_err(error.0.to_string())
            }
            _ => PyOSError::new_err(error.0.to_string()),
        }
    }
}

/// The address of a server that runs in this process.
#[pyfunction]
fn start_server() -> PyResult<String> {
    static SERVER: OnceLock<server::Server> = OnceLock::new();
    if SERVER.get().is_none() {
        let _ = SERVER.set(server::Server::start()?);
    }
    Ok(SERVER
        .get()
        .map(|server| server.url.clone())
        .unwrap_or_default())
}

/// The object store, by koil and by hand.
#[pymodule]
fn koil_store(module: &Bound<'_, PyModule>) -> PyResult<()> {
    koil_python::init(module)?;
    module.add_class::<by_koil::Store>()?;
    module.add_class::<by_hand::HandStore>()?;
    module.add_function(wrap_pyfunction!(start_server, module)?)
}
