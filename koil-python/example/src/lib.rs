//! The bindings: one class, for blocking users and for asyncio.

mod sdk;
mod waits;

use std::time::Duration;

use futures_util::Stream;
use koil_python::{Context, both};
use pyo3::exceptions::{PyException, PyTimeoutError};
use pyo3::prelude::*;

pyo3::create_exception!(
    koil_echo,
    Refused,
    PyException,
    "The server refused a request."
);

impl From<sdk::Error> for PyErr {
    fn from(error: sdk::Error) -> PyErr {
        match error {
            sdk::Error::Io(error) => error.into(),
            sdk::Error::Late => PyTimeoutError::new_err("the server did not answer in time"),
            sdk::Error::Refused(reason) => Refused::new_err(reason),
            sdk::Error::Bridge(error) => koil_python::error(error),
        }
    }
}

/// A client of an echo server.
#[pyclass(frozen)]
struct Client(sdk::Echo);

#[both]
#[pymethods]
impl Client {
    #[new]
    fn new(addr: &str) -> Client {
        Client(sdk::Echo::new(addr))
    }

    /// Says `text`, and gives what comes back.
    async fn echo(&self, text: &str) -> Result<String, sdk::Error> {
        self.0.ask(text).await
    }

    /// As `echo`, for at most `seconds`.
    #[pyo3(signature = (text, seconds = 1.0))]
    async fn echo_within(&self, text: &str, seconds: f64) -> Result<String, sdk::Error> {
        self.0
            .ask_within(text, Duration::from_secs_f64(seconds))
            .await
    }

    /// A value that is there at once.
    async fn ready(&self) -> u64 {
        42
    }

    /// Calls `function` while the call is under way.
    async fn call(&self, function: Py<PyAny>) -> PyResult<Py<PyAny>> {
        Python::attach(|py| function.call0(py))
    }

    /// `count` lines, one each `milliseconds`.
    fn lines(
        &self,
        count: u64,
        milliseconds: u64,
    ) -> impl Stream<Item = Result<String, sdk::Error>> + Send + use<> {
        self.0.ticks(count, Duration::from_millis(milliseconds))
    }

    /// As `echo`, by the blocking twin: its waits give up the lock of the interpreter too.
    fn echo_twin(&self, text: &str) -> PyResult<String> {
        Ok(self.0.blocking().ask(text)?)
    }

    /// A session, for `with` and `async with`.
    fn session(&self) -> Session {
        Session(Context::new(sdk::Session::new(self.0.addr())))
    }
}

/// A session with the server.
#[pyclass(frozen)]
struct Session(Context<sdk::Session>);

#[both(context = self.0)]
#[pymethods]
impl Session {
    /// Asks a question in this session.
    async fn ask(&self, question: &str) -> PyResult<String> {
        Ok(self.0.get().await?.ask(question).await?)
    }
}

/// The lines of two servers, one of each.
#[both]
#[pyfunction]
async fn ask_both(first: &str, second: &str, text: &str) -> Result<(String, String), sdk::Error> {
    let (first, second) = (sdk::Echo::new(first), sdk::Echo::new(second));
    let (first, second) = futures_util::join!(first.ask(text), second.ask(text));
    Ok((first?, second?))
}

/// A client of an echo server, for blocking users and for asyncio.
#[pymodule]
mod koil_echo {
    #[pymodule_export]
    use super::waits::{nothing, ready_twin, wait_in};
    #[pymodule_export]
    use super::{Client, Refused, Session, ask_both, ask_both_async};
    #[pymodule_export]
    use koil_python::Stream;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // For `bench.py` alone: koil's calls as they are where no host is told of them.
        if std::env::var_os("KOIL_ECHO_WITHOUT_HOOK").is_some() {
            return Ok(());
        }
        koil_python::init(module)
    }
}
