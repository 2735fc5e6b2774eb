//! The interface of a service, and the plain data that it takes and returns.

use bytes::Bytes;
use koil::koiled;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A service that keeps objects; accounts, buckets and objects are built on it.
///
/// # Examples
///
/// Each back end has a twin that is a [`BlockingBackend`], the blocking side of this trait:
///
/// ```
/// use koil_object_store::blocking::{Backend, Memory};
///
/// let memory = Memory::new();
/// memory.create_bucket("photos")?;
/// assert_eq!(memory.buckets()?, ["photos"]);
/// # Ok::<(), koil_object_store::Error>(())
/// ```
#[koiled]
pub trait Backend: Send + Sync + 'static {
    /// The names of all buckets, in order.
    fn buckets(&self) -> impl Future<Output = Result<Vec<String>, Error>> + Send;

    /// Makes a bucket; [`Error::Conflict`] if it is there.
    fn create_bucket(&self, name: &str) -> impl Future<Output = Result<(), Error>> + Send;

    /// A page of the objects in a bucket under `prefix`: the first, or the one after the key `after`.
    fn page(
        &self,
        bucket: &str,
        prefix: &str,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page, Error>> + Send;

    /// The properties of an object.
    fn head(&self, at: &Address) -> impl Future<Output = Result<Entry, Error>> + Send;

    /// A piece of an object, as long as the service likes; empty at its end.
    fn read(&self, at: &Address, from: u64) -> impl Future<Output = Result<Bytes, Error>> + Send;

    /// Writes a whole object.
    fn write(&self, at: &Address, body: Bytes) -> impl Future<Output = Result<(), Error>> + Send;

    /// Deletes an object.
    fn delete(&self, at: &Address) -> impl Future<Output = Result<(), Error>> + Send;

    /// Begins an upload in parts; its id is for the calls below.
    fn begin(&self, at: &Address) -> impl Future<Output = Result<String, Error>> + Send;

    /// Adds the part of a number.
    fn part(
        &self,
        at: &Address,
        upload: &str,
        number: u32,
        body: Bytes,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Makes an object of the parts.
    fn complete(
        &self,
        at: &Address,
        upload: &str,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Forgets the parts.
    fn abort(&self, at: &Address, upload: &str) -> impl Future<Output = Result<(), Error>> + Send;
}

/// The address of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The name of its bucket.
    pub bucket: String,
    /// Its name in there.
    pub key: String,
}

/// A page of a listing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// In the order of their keys.
    pub entries: Vec<Entry>,
    /// True if there is another page, after the last of these keys.
    pub more: bool,
}

/// The properties of an object, as the service reports them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name in the bucket.
    pub key: String,
    /// In bytes.
    pub size: u64,
}
