//! `Memory`: a service inside the process.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use koil::koiled;

use crate::backend::{Address, Backend, Entry, Page};
use crate::error::Error;

/// The largest number of bytes in one answer.
const PIECE: usize = 64 * 1024;

/// A service inside the process, for tests and temporary data. Its clones are one service.
#[koiled]
#[derive(Clone, Debug)]
pub struct Memory {
    shared: Arc<Mutex<Shared>>,
    page: usize,
}

type Parts = BTreeMap<u32, Bytes>;

#[derive(Debug, Default)]
struct Shared {
    buckets: BTreeMap<String, BTreeMap<String, Bytes>>,
    uploads: BTreeMap<String, Parts>,
    begun: usize,
}

#[koiled]
impl Memory {
    /// An empty service.
    pub fn new() -> Self {
        Memory::with_pages_of(1000)
    }

    /// An empty service whose listings have this number of entries on a page.
    pub fn with_pages_of(entries: usize) -> Self {
        Memory {
            shared: Arc::default(),
            page: entries,
        }
    }

    /// The number of uploads that are neither completed nor aborted.
    pub fn open_uploads(&self) -> usize {
        self.shared().uploads.len()
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Memory {
    fn default() -> Memory {
        Memory::new()
    }
}

impl Backend for Memory {
    async fn buckets(&self) -> Result<Vec<String>, Error> {
        Ok(self.shared().buckets.keys().cloned().collect())
    }

    async fn create_bucket(&self, name: &str) -> Result<(), Error> {
        let mut shared = self.shared();
        if shared.buckets.contains_key(name) {
            return Err(Error::Conflict(format!("bucket {name}")));
        }
        shared.buckets.insert(name.to_owned(), BTreeMap::new());
        Ok(())
    }

    async fn page(&self, bucket: &str, prefix: &str, after: Option<&str>) -> Result<Page, Error> {
        let mut shared = self.shared();
        let start = after.map_or(Bound::Included(prefix), Bound::Excluded);
        let objects = shared
            .bucket(bucket)?
            .range::<str, _>((start, Bound::Unbounded));
        let mut objects = objects.take_while(|(key, _)| key.starts_with(prefix));
        let entries = objects.by_ref().take(self.page).map(|(key, body)| Entry {
            key: key.clone(),
            size: body.len() as u64,
        });
        Ok(Page {
            entries: entries.collect(),
            more: objects.next().is_some(),
        })
    }

    async fn head(&self, at: &Address) -> Result<Entry, Error> {
        let size = self.shared().object(at)?.len() as u64;
        let key = at.key.clone();
        Ok(Entry { key, size })
    }

    async fn read(&self, at: &Address, from: u64) -> Result<Bytes, Error> {
        let object = self.shared().object(at)?.clone();
        let from = usize::try_from(from).map_or(object.len(), |from| from.min(object.len()));
        Ok(object.slice(from..object.len().min(from + PIECE)))
    }

    async fn write(&self, at: &Address, body: Bytes) -> Result<(), Error> {
        self.shared()
            .bucket(&at.bucket)?
            .insert(at.key.clone(), body);
        Ok(())
    }

    async fn delete(&self, at: &Address) -> Result<(), Error> {
        let deleted = self.shared().bucket(&at.bucket)?.remove(&at.key);
        deleted.map(drop).ok_or_else(|| missing(at))
    }

    async fn begin(&self, at: &Address) -> Result<String, Error> {
        let mut shared = self.shared();
        shared.bucket(&at.bucket)?;
        shared.begun += 1;
        let id = shared.begun.to_string();
        shared.uploads.insert(id.clone(), Parts::new());
        Ok(id)
    }

    async fn part(&self, _: &Address, upload: &str, number: u32, body: Bytes) -> Result<(), Error> {
        let mut shared = self.shared();
        let parts = shared.uploads.get_mut(upload);
        parts.ok_or_else(|| no_upload(upload))?.insert(number, body);
        Ok(())
    }

    async fn complete(&self, at: &Address, upload: &str) -> Result<(), Error> {
        let mut shared = self.shared();
        let parts = shared
            .uploads
            .remove(upload)
            .ok_or_else(|| no_upload(upload))?;
        let body: Vec<u8> = parts.into_values().flatten().collect();
        shared
            .bucket(&at.bucket)?
            .insert(at.key.clone(), body.into());
        Ok(())
    }

    async fn abort(&self, _: &Address, upload: &str) -> Result<(), Error> {
        let parts = self.shared().uploads.remove(upload);
        parts.map(drop).ok_or_else(|| no_upload(upload))
    }
}

impl Shared {
    fn bucket(&mut self, name: &str) -> Result<&mut BTreeMap<String, Bytes>, Error> {
        let bucket = self.buckets.get_mut(name);
        bucket.ok_or_else(|| Error::NotFound(format!("bucket {name}")))
    }

    fn object(&mut self, at: &Address) -> Result<&Bytes, Error> {
        self.bucket(&at.bucket)?
            .get(&at.key)
            .ok_or_else(|| missing(at))
    }
}

fn missing(at: &Address) -> Error {
    Error::NotFound(format!("object {} in {}", at.key, at.bucket))
}

fn no_upload(id: &str) -> Error {
    Error::NotFound(format!("upload {id}"))
}
