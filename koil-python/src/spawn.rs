//! Futures of Rust as awaitables of asyncio, on koil's loop.

use std::cell::OnceCell;
use std::convert::Infallible;
use std::marker::PhantomData;
use std::pin::Pin;

use pyo3::prelude::*;
use pyo3_async_runtimes::TaskLocals;
use pyo3_async_runtimes::generic::{self, ContextExt, JoinError, Runtime};

/// Runs `future` as a task on koil's loop, and returns an `asyncio.Future` for its value.
///
/// For a function that asyncio calls: the future belongs to the event loop that runs in this thread.
/// A cancel on the side of Python drops the Rust future. A panic becomes an exception of
/// `pyo3_async_runtimes`, `RustPanic`.
///
/// # Errors
///
/// `RuntimeError` if no event loop runs in this thread.
pub fn spawn<'py, F, T>(py: Python<'py>, future: F) -> PyResult<Awaitable<'py, T>>
where
    F: Future<Output = PyResult<T>> + Send + 'static,
    T: for<'any> IntoPyObject<'any> + Send + 'static,
{
    let locals = match Loop::get_task_locals() {
        Some(locals) => locals,
        None => TaskLocals::with_running_loop(py)?.copy_context(py)?,
    };
    let object = generic::future_into_py_with_locals::<Loop, F, T>(py, locals, future)?;
    Ok(Awaitable {
        object,
        value: PhantomData,
    })
}

/// An awaitable object of Python, with the type of its value.
///
/// Python gets the object; with the feature `stubs` its type in stubs is `Awaitable[T]`.
#[derive(Debug, Clone)]
pub struct Awaitable<'py, T> {
    object: Bound<'py, PyAny>,
    value: PhantomData<fn() -> T>,
}

impl<'py, T> Awaitable<'py, T> {
    /// The object.
    #[must_use]
    pub fn into_object(self) -> Bound<'py, PyAny> {
        self.object
    }
}

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Awaitable<'py, T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = Infallible;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: pyo3::inspect::PyStaticExpr = pyo3::type_hint_subscript!(
        pyo3::type_hint_identifier!("collections.abc", "Awaitable"),
        T::OUTPUT_TYPE
    );

    fn into_pyobject(self, _py: Python<'py>) -> Result<Bound<'py, PyAny>, Infallible> {
        Ok(self.object)
    }
}

/// The process-wide loop of koil, as a runtime of pyo3-async-runtimes.
struct Loop;

tokio::task_local! {
    static LOCALS: OnceCell<TaskLocals>;
}

/// The end of a task on the loop that gave no value.
struct TaskError(tokio::task::JoinError);

impl JoinError for TaskError {
    fn is_panic(&self) -> bool {
        self.0.is_panic()
    }

    fn into_panic(self) -> Box<dyn std::any::Any + Send> {
        self.0.into_panic()
    }
}

/// A task on the loop.
struct Task(tokio::task::JoinHandle<()>);

impl Future for Task {
    type Output = Result<(), TaskError>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map_err(TaskError)
    }
}

impl Runtime for Loop {
    type JoinError = TaskError;
    type JoinHandle = Task;

    fn spawn<F>(future: F) -> Task
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Task(koil::global().tokio().spawn(future))
    }

    fn spawn_blocking<F>(job: F) -> Task
    where
        F: FnOnce() + Send + 'static,
    {
        Task(koil::global().tokio().spawn_blocking(job))
    }
}

impl ContextExt for Loop {
    fn scope<F, R>(locals: TaskLocals, future: F) -> Pin<Box<dyn Future<Output = R> + Send>>
    where
        F: Future<Output = R> + Send + 'static,
    {
        let cell = OnceCell::from(locals);
        Box::pin(LOCALS.scope(cell, future))
    }

    fn get_task_locals() -> Option<TaskLocals> {
        LOCALS.try_with(|cell| cell.get().cloned()).unwrap_or(None)
    }
}
