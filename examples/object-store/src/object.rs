//! `Object`: bytes under a key, read and written whole or in pieces.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream;
use koil::koiled;
use tokio::io::{AsyncBufRead, AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

use crate::backend::{Address, Backend};
use crate::error::Error;
use crate::http::Http;
use crate::upload::{BlockingUpload, Upload};

/// The size of one part of an upload.
const PART: u64 = 64 * 1024;

/// An object, or the place where one may be.
#[koiled]
#[derive(Clone, Debug)]
pub struct Object<B = Http> {
    backend: Arc<B>,
    address: Address,
}

#[koiled(twins(Upload))]
impl<B: Backend> Object<B> {
    pub(crate) fn new(backend: Arc<B>, address: Address) -> Self {
        Object { backend, address }
    }

    /// The name of the object in its bucket.
    pub fn key(&self) -> &str {
        &self.address.key
    }

    /// Its number of bytes.
    pub async fn size(&self) -> Result<u64, Error> {
        Ok(self.backend.head(&self.address).await?.size)
    }

    /// All of its bytes.
    pub async fn read(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.reader().await?.read_to_end(&mut bytes).await?;
        Ok(bytes)
    }

    /// Its bytes, fetched as they are read.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it is not there.
    pub async fn reader(&self) -> Result<impl AsyncBufRead + Send + Unpin + use<B>, Error> {
        self.size().await?;
        let start = (self.backend.clone(), self.address.clone(), 0);
        let pieces = stream::try_unfold(start, async |(backend, address, from)| {
            let piece = backend.read(&address, from).await?;
            let next = from + piece.len() as u64;
            Ok::<_, io::Error>((!piece.is_empty()).then_some((piece, (backend, address, next))))
        });
        Ok(StreamReader::new(Box::pin(pieces)))
    }

    /// Writes all of it.
    pub async fn write(&self, body: impl Into<Bytes> + Send) -> Result<(), Error> {
        self.backend.write(&self.address, body.into()).await
    }

    /// Writes what a reader gives, part by part. Nothing is left behind if the reader fails.
    pub async fn write_from(&self, #[koil(std)] reader: impl AsyncRead) -> Result<(), Error> {
        let mut reader = std::pin::pin!(reader);
        let mut upload = self.upload().await?;
        loop {
            let mut part = Vec::new();
            match (&mut reader).take(PART).read_to_end(&mut part).await {
                Ok(0) => break,
                Ok(_) => upload.part(part).await?,
                Err(error) => {
                    upload.abort().await?;
                    return Err(error.into());
                }
            };
        }
        upload.complete().await?;
        Ok(())
    }

    /// Begins to write it in parts.
    pub async fn upload(&self) -> Result<Upload<'_, B>, Error> {
        Upload::begin(self).await
    }

    /// Writes the parts that `write` adds, all of them or none: it is there if `write` succeeds, and
    /// nothing is left behind if `write` fails.
    ///
    /// # Errors
    ///
    /// That of `write`, or of the service.
    pub async fn upload_with<T>(
        &self,
        #[koil(callback)] write: impl AsyncFnOnce(&mut Upload<'_, B>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut upload = self.upload().await?;
        match write(&mut upload).await {
            Ok(value) => {
                upload.complete().await?;
                Ok(value)
            }
            Err(error) => {
                upload.abort().await?;
                Err(error)
            }
        }
    }

    /// Copies it to another place, of this service or of another.
    pub async fn copy_to(&self, target: &Self) -> Result<(), Error> {
        target.write_from(self.reader().await?).await
    }

    /// Moves it to another key of its bucket.
    pub async fn rename(self, key: &str) -> Result<Self, Error> {
        let mut target = Object::new(self.backend.clone(), self.address.clone());
        key.clone_into(&mut target.address.key);
        self.copy_to(&target).await?;
        self.delete().await?;
        Ok(target)
    }

    /// Deletes it.
    pub async fn delete(self) -> Result<(), Error> {
        self.backend.delete(&self.address).await
    }

    pub(crate) fn service(&self) -> (&B, &Address) {
        (&self.backend, &self.address)
    }
}
