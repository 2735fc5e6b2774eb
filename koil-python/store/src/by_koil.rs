//! The binding by koil: each call once.

use futures_util::TryStreamExt;
use koil_object_store::{Account, Bucket};
use koil_python::both;
use pyo3::prelude::*;

use crate::Error;

/// A bucket of an object store.
#[pyclass(frozen)]
pub struct Store(Bucket);

#[both]
#[pymethods]
impl Store {
    /// Makes the bucket `name` at the service at `url`.
    #[staticmethod]
    async fn create(url: &str, name: &str) -> Result<Store, Error> {
        Ok(Store(Account::new(url)?.create_bucket(name).await?))
    }

    /// The bytes of the object at `key`.
    async fn get(&self, key: &str) -> Result<Vec<u8>, Error> {
        Ok(self.0.object(key).read().await?)
    }

    /// The number of bytes of the object at `key`.
    async fn head(&self, key: &str) -> Result<u64, Error> {
        Ok(self.0.object(key).size().await?)
    }

    /// Copies the object at `key` to the key `target`.
    async fn copy(&self, key: &str, target: &str) -> Result<(), Error> {
        Ok(self.0.object(key).copy_to(&self.0.object(target)).await?)
    }

    /// The keys that begin with `prefix`.
    #[pyo3(signature = (prefix = ""))]
    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let objects = self.0.list(prefix);
        let keys = objects.map_ok(|object| object.key().to_owned());
        Ok(keys.try_collect().await?)
    }

    /// Writes `body` to the object at `key`.
    async fn put(&self, key: &str, body: Vec<u8>) -> Result<(), Error> {
        self.0.put(key, body).await?;
        Ok(())
    }
}
