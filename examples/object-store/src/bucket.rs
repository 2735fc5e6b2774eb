//! `Bucket`: objects under one name, and the listing of them.

use std::sync::Arc;

use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt, TryStreamExt};
use koil::koiled;

use crate::backend::{Address, Backend, Page};
use crate::error::Error;
use crate::http::Http;
use crate::object::{BlockingObject, Object};

/// A bucket: objects by their keys.
#[koiled]
#[derive(Clone, Debug)]
pub struct Bucket<B = Http> {
    backend: Arc<B>,
    name: String,
}

#[koiled(twins(Object))]
impl<B: Backend> Bucket<B> {
    pub(crate) fn new(backend: Arc<B>, name: &str) -> Self {
        Bucket {
            backend,
            name: name.to_owned(),
        }
    }

    /// The name of the bucket in its account.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An object by its key, which need not be there.
    pub fn object(&self, key: impl Into<String>) -> Object<B> {
        let address = Address {
            bucket: self.name.clone(),
            key: key.into(),
        };
        Object::new(self.backend.clone(), address)
    }

    /// Writes a whole object.
    pub async fn put(&self, key: &str, body: impl Into<Bytes> + Send) -> Result<Object<B>, Error> {
        let object = self.object(key);
        object.write(body).await?;
        Ok(object)
    }

    /// The objects whose keys start with `prefix`, by key.
    ///
    /// A page is fetched when it is reached, so a listing that is left early costs only the pages
    /// that were reached.
    pub fn list(&self, prefix: &str) -> impl Stream<Item = Result<Object<B>, Error>> + Send {
        let pages = stream::try_unfold(Some(Place::Start), move |place| async move {
            match place {
                Some(place) => self.page(prefix, place).await.map(Some),
                None => Ok(None),
            }
        });
        let pages = pages.map_ok(|objects| stream::iter(objects).map(Ok));
        pages.try_flatten()
    }

    /// Deletes the objects whose keys start with `prefix`, and returns their number.
    pub async fn clear(&self, prefix: &str) -> Result<usize, Error> {
        let objects = self.list(prefix);
        let deleted = objects.try_fold(0, async |deleted, object| {
            object.delete().await?;
            Ok(deleted + 1)
        });
        deleted.await
    }

    /// The objects of one page, and where the next one begins.
    async fn page(
        &self,
        prefix: &str,
        place: Place,
    ) -> Result<(Vec<Object<B>>, Option<Place>), Error> {
        let after = match &place {
            Place::Start => None,
            Place::After(key) => Some(key.as_str()),
        };
        let Page { entries, more } = self.backend.page(&self.name, prefix, after).await?;
        let last = entries.last().filter(|_| more);
        let next = last.map(|entry| Place::After(entry.key.clone()));
        let objects = entries.into_iter().map(|entry| self.object(entry.key));
        Ok((objects.collect(), next))
    }
}

/// The start of a page of a listing.
enum Place {
    Start,
    After(String),
}
