//! `Account`: the root of all handles.

use std::sync::Arc;

use koil::koiled;

use crate::backend::Backend;
use crate::bucket::{BlockingBucket, Bucket};
use crate::error::Error;
use crate::http::Http;

/// An account at a service, with its buckets.
#[koiled]
#[derive(Clone, Debug)]
pub struct Account<B = Http> {
    backend: Arc<B>,
}

#[koiled]
impl Account<Http> {
    /// The account at the service at `url`. Nothing is sent yet.
    pub fn new(url: &str) -> Result<Self, Error> {
        Ok(Account::with_backend(Http::new(url)?))
    }
}

#[koiled(twins(Bucket))]
impl<B: Backend> Account<B> {
    /// An account at a service that is reached in another way.
    pub fn with_backend(backend: B) -> Self {
        Account {
            backend: Arc::new(backend),
        }
    }

    /// A bucket by its name, which need not be there.
    pub fn bucket(&self, name: &str) -> Bucket<B> {
        Bucket::new(self.backend.clone(), name)
    }

    /// Makes a bucket.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if it is there already.
    pub async fn create_bucket(&self, name: &str) -> Result<Bucket<B>, Error> {
        self.backend.create_bucket(name).await?;
        Ok(self.bucket(name))
    }

    /// All buckets, by name.
    pub async fn buckets(&self) -> Result<Vec<Bucket<B>>, Error> {
        let names = self.backend.buckets().await?;
        Ok(names.iter().map(|name| self.bucket(name)).collect())
    }
}
