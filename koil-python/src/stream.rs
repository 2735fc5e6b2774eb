//! A stream of Rust as an object for `for` and `async for`.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::future::{self, Either};
use futures_util::{Stream as AsyncStream, StreamExt};
use koil::CancelToken;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyStopAsyncIteration;
use pyo3::prelude::*;
use tokio::sync::Mutex;

use crate::private::Nothing;
use crate::{Awaitable, block, spawn};

/// A stream of Rust, as Python sees it: an iterator, an async iterator, and a context manager of
/// both kinds that closes it.
///
/// `close()` and `await aclose()`, the end of a `with` or `async with`, and the end of the object
/// drop the stream. A `next` that waits in another thread gets the end of the stream then.
#[pyclass(frozen, module = "koil_python")]
pub struct Stream {
    source: Arc<Source>,
}

impl Stream {
    /// A Python iterator over `stream`. An item that is an error is raised, and the stream goes on.
    pub fn new<T>(stream: impl AsyncStream<Item = PyResult<T>> + Send + 'static) -> Stream
    where
        T: for<'py> IntoPyObject<'py> + Send + 'static,
    {
        let items = stream.map(|item| item.map(Item::new)).boxed();
        Stream {
            source: Arc::new(Source {
                items: Mutex::new(Some(items)),
                closed: CancelToken::new(),
            }),
        }
    }
}

#[pymethods]
impl Stream {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Item>> {
        block(py, self.source.next())?.transpose()
    }

    fn __aiter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Awaitable<'py, Item>> {
        let source = self.source.clone();
        spawn(py, async move {
            match source.next().await {
                Some(item) => item,
                None => Err(PyStopAsyncIteration::new_err(())),
            }
        })
    }

    /// Drops the stream; later calls find its end.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        block(py, self.source.close())
    }

    /// As `close`, for asyncio.
    fn aclose<'py>(&self, py: Python<'py>) -> PyResult<Awaitable<'py, Nothing>> {
        let source = self.source.clone();
        spawn(py, async move {
            source.close().await;
            Ok(Nothing)
        })
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_cause))]
    fn __exit__(&self, py: Python<'_>, _cause: &Bound<'_, PyAny>) -> PyResult<()> {
        self.close(py)
    }

    fn __aenter__<'py>(slf: Py<Self>, py: Python<'py>) -> PyResult<Awaitable<'py, Py<Self>>> {
        spawn(py, async move { Ok(slf) })
    }

    #[pyo3(signature = (*_cause))]
    fn __aexit__<'py>(
        &self,
        py: Python<'py>,
        _cause: &Bound<'py, PyAny>,
    ) -> PyResult<Awaitable<'py, Nothing>> {
        self.aclose(py)
    }
}

/// The stream, shared with the calls that wait for its items.
struct Source {
    /// An async lock: a std one would be held while a call gives up the lock of the interpreter.
    items: Mutex<Option<Items>>,
    closed: CancelToken,
}

type Items = Pin<Box<dyn AsyncStream<Item = PyResult<Item>> + Send>>;

impl Source {
    /// The next item; none at the end, and once the stream is closed.
    async fn next(&self) -> Option<PyResult<Item>> {
        let mut items = self.items.lock().await;
        let next = items.as_mut()?.next();
        match future::select(next, self.closed.cancelled()).await {
            Either::Left((item, _)) => item,
            Either::Right(_) => None,
        }
    }

    async fn close(&self) {
        self.closed.cancel("the stream was closed");
        let items = self.items.lock().await.take();
        drop(items);
    }
}

impl Drop for Source {
    /// Drops the stream where its own drop finds the loop.
    fn drop(&mut self) {
        if koil::is_running() {
            let koil = koil::global();
            let _entered = koil.tokio().enter();
            *self.items.get_mut() = None;
        }
    }
}

/// An item that becomes a Python object where the lock of the interpreter is held.
struct Item(Box<dyn IntoObject>);

impl Item {
    fn new<T: for<'py> IntoPyObject<'py> + Send + 'static>(item: T) -> Item {
        Item(Box::new(item))
    }
}

impl<'py> IntoPyObject<'py> for Item {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: pyo3::inspect::PyStaticExpr = pyo3::type_hint_identifier!("typing", "Any");

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.into_object(py)
    }
}

/// `IntoPyObject`, as an object.
trait IntoObject: Send {
    fn into_object<'py>(self: Box<Self>, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

impl<T: for<'py> IntoPyObject<'py> + Send> IntoObject for T {
    fn into_object<'py>(self: Box<Self>, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        (*self).into_bound_py_any(py)
    }
}
