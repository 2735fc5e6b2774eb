//! The items that the code of `#[both]` uses.

use std::convert::Infallible;

use futures_util::{Stream as AsyncStream, StreamExt};
use pyo3::types::{PyAnyMethods, PyNone};
use pyo3::{Borrowed, IntoPyObject};
pub use pyo3::{Bound, Py, PyAny, PyErr, PyResult, Python};

use crate::Stream;

/// The object of a stream whose items `convert` makes ready for Python.
pub fn stream<S, T>(
    stream: S,
    convert: impl FnMut(S::Item) -> PyResult<T> + Send + 'static,
) -> Stream
where
    S: AsyncStream + Send + 'static,
    T: for<'py> IntoPyObject<'py> + Send + 'static,
{
    Stream::new(stream.map(convert))
}

/// The loop whose context a function that returns a stream at once runs in.
pub fn runtime() -> koil::Handle {
    koil::global()
}

/// True if an exception has ended a `with` block, by the arguments of its `__exit__`.
pub fn failed(
    kind: &Bound<'_, PyAny>,
    _value: &Bound<'_, PyAny>,
    _traceback: &Bound<'_, PyAny>,
) -> bool {
    !kind.is_none()
}

/// `None`; a unit would be an empty tuple.
pub struct Nothing;

impl<'py> IntoPyObject<'py> for Nothing {
    type Target = PyNone;
    type Output = Borrowed<'py, 'py, PyNone>;
    type Error = Infallible;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: pyo3::inspect::PyStaticExpr = <PyNone as pyo3::PyTypeInfo>::TYPE_HINT;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Infallible> {
        Ok(PyNone::get(py))
    }
}
