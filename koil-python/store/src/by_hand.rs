//! The binding by hand, as bindings are written today: each call twice, over one process-wide runtime.

use std::sync::OnceLock;

use futures_util::TryStreamExt;
use koil_object_store::{Account, Bucket};
use pyo3::prelude::*;
use pyo3_async_runtimes::tokio::future_into_py;
use tokio::runtime::Runtime;

use crate::Error;

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("a runtime starts"))
}

/// A bucket of an object store.
#[pyclass(frozen)]
pub struct HandStore(Bucket);

#[pymethods]
impl HandStore {
    /// Makes the bucket `name` at the service at `url`.
    #[staticmethod]
    fn create(py: Python<'_>, url: &str, name: &str) -> Result<HandStore, Error> {
        py.detach(|| {
            runtime()
                .block_on(async { Ok(HandStore(Account::new(url)?.create_bucket(name).await?)) })
        })
    }

    /// Makes the bucket `name` at the service at `url`.
    #[staticmethod]
    fn create_async(py: Python<'_>, url: String, name: String) -> PyResult<Bound<'_, PyAny>> {
        future_into_py(py, async move {
            let account = Account::new(&url).map_err(Error)?;
            let bucket = account.create_bucket(&name).await.map_err(Error)?;
            Ok(HandStore(bucket))
        })
    }

    /// The bytes of the object at `key`.
    fn get(&self, py: Python<'_>, key: &str) -> Result<Vec<u8>, Error> {
        py.detach(|| runtime().block_on(async { Ok(self.0.object(key).read().await?) }))
    }

    /// The bytes of the object at `key`.
    fn get_async<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        let object = self.0.object(key);
        future_into_py(py, async move { Ok(object.read().await.map_err(Error)?) })
    }

    /// The number of bytes of the object at `key`.
    fn head(&self, py: Python<'_>, key: &str) -> Result<u64, Error> {
        py.detach(|| runtime().block_on(async { Ok(self.0.object(key).size().await?) }))
    }

    /// The number of bytes of the object at `key`.
    fn head_async<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        let object = self.0.object(key);
        future_into_py(py, async move { Ok(object.size().await.map_err(Error)?) })
    }

    /// Copies the object at `key` to the key `target`.
    fn copy(&self, py: Python<'_>, key: &str, target: &str) -> Result<(), Error> {
        py.detach(|| {
            runtime()
                .block_on(async { Ok(self.0.object(key).copy_to(&self.0.object(target)).await?) })
        })
    }

    /// Copies the object at `key` to the key `target`.
    fn copy_async<'py>(
        &self,
        py: Python<'py>,
        key: &str,
        target: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (object, target) = (self.0.object(key), self.0.object(target));
        future_into_py(py, async move {
            Ok(object.copy_to(&target).await.map_err(Error)?)
        })
    }

    /// The keys that begin with `prefix`.
    #[pyo3(signature = (prefix = ""))]
    fn list(&self, py: Python<'_>, prefix: &str) -> Result<Vec<String>, Error> {
        py.detach(|| {
            runtime().block_on(async {
                let objects = self.0.list(prefix);
                let keys = objects.map_ok(|object| object.key().to_owned());
                Ok(keys.try_collect().await?)
            })
        })
    }

    /// The keys that begin with `prefix`.
    #[pyo3(signature = (prefix = String::new()))]
    fn list_async<'py>(&self, py: Python<'py>, prefix: String) -> PyResult<Bound<'py, PyAny>> {
        let bucket = self.0.clone();
        future_into_py(py, async move {
            let objects = bucket.list(&prefix);
            let keys = objects.map_ok(|object| object.key().to_owned());
            let keys: Vec<String> = keys.try_collect().await.map_err(Error)?;
            Ok(keys)
        })
    }

    /// Writes `body` to the object at `key`.
    fn put(&self, py: Python<'_>, key: &str, body: Vec<u8>) -> Result<(), Error> {
        py.detach(|| {
            runtime().block_on(async {
                self.0.put(key, body).await?;
                Ok(())
            })
        })
    }

    /// Writes `body` to the object at `key`.
    fn put_async<'py>(
        &self,
        py: Python<'py>,
        key: String,
        body: Vec<u8>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bucket = self.0.clone();
        future_into_py(py, async move {
            bucket.put(&key, body).await.map_err(Error)?;
            Ok(())
        })
    }
}
