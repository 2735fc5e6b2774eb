//! `Upload`: an object in the making, part by part.

use bytes::Bytes;
use koil::koiled;

use crate::backend::Backend;
use crate::error::Error;
use crate::http::Http;
use crate::object::{BlockingObject, Object};

/// An object that is written in parts. It is there once the upload is completed.
///
/// The service keeps the parts of an upload that is neither completed nor aborted.
#[koiled]
#[derive(Debug)]
pub struct Upload<'a, B = Http> {
    object: &'a Object<B>,
    id: String,
    parts: u32,
}

#[koiled(twins(Object))]
impl<'a, B: Backend> Upload<'a, B> {
    pub(crate) async fn begin(object: &'a Object<B>) -> Result<Self, Error> {
        let (backend, address) = object.service();
        Ok(Upload {
            id: backend.begin(address).await?,
            object,
            parts: 0,
        })
    }

    /// Adds a part.
    pub async fn part(&mut self, body: impl Into<Bytes> + Send) -> Result<&mut Self, Error> {
        let (backend, address) = self.object.service();
        let body = body.into();
        backend.part(address, &self.id, self.parts, body).await?;
        self.parts += 1;
        Ok(self)
    }

    /// The number of parts.
    pub fn parts(&self) -> u32 {
        self.parts
    }

    /// Makes the object of the parts.
    pub async fn complete(self) -> Result<&'a Object<B>, Error> {
        let (backend, address) = self.object.service();
        backend.complete(address, &self.id).await?;
        Ok(self.object)
    }

    /// Forgets the parts.
    pub async fn abort(self) -> Result<(), Error> {
        let (backend, address) = self.object.service();
        backend.abort(address, &self.id).await
    }
}
