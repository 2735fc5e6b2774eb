//! A wait without an end in each kind of blocking call, for the tests of signals; and calls that are
//! ready, for the figures.

use std::convert::Infallible;
use std::future;
use std::io::Read;

use futures_util::{Stream, stream};
use koil::{AsyncContext, Exit, koilable, koiled};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use tokio::io::AsyncRead;

use crate::sdk::Error;

/// A service that never answers.
#[koiled]
struct Silent;

#[koiled(fallible)]
impl Silent {
    async fn answer(&self) -> Result<u32, Error> {
        future::pending().await
    }

    async fn ready(&self) -> Result<u64, Error> {
        Ok(42)
    }

    fn answers(&self) -> impl Stream<Item = Result<u32, Error>> + Send + use<> {
        stream::pending()
    }

    fn bytes(&self) -> impl AsyncRead + Send + Unpin + use<> {
        tokio::io::simplex(1).0
    }
}

#[koilable]
impl AsyncContext for Silent {
    type Error = Infallible;

    async fn aenter(&mut self) -> Result<(), Infallible> {
        future::pending().await
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Waits in one kind of call until a signal ends it.
#[pyfunction]
pub fn wait_in(py: Python<'_>, kind: &str) -> PyResult<()> {
    let silent = Silent.into_blocking();
    match kind {
        "twin" => silent.answer().map(drop)?,
        "iter" => silent.answers().next().transpose().map(drop)?,
        "io" => {
            let mut byte = [0];
            let read = silent.bytes().read_exact(&mut byte);
            read.map_err(koil_python::io_error)?;
        }
        "guard" => drop(koil_python::run(py, || silent.enter())?),
        "task" => {
            let task = koil::unkoil_task(future::pending::<()>()).cancel_on_drop();
            task.result().map_err(koil_python::error)?;
        }
        "plain" => koil_python::run(py, || koil::unkoil(future::pending::<()>()))?,
        _ => return Err(PyValueError::new_err("there is no such kind")),
    }
    Ok(())
}

/// A twin whose future is ready.
#[pyfunction]
pub fn ready_twin() -> PyResult<u64> {
    Ok(Silent.into_blocking().ready()?)
}

/// A function of Rust that does nothing.
#[pyfunction]
pub fn nothing() -> u64 {
    42
}
