//! `Http`: a service at a URL.
//!
//! | request | action of the service |
//! | --- | --- |
//! | `GET /` | names its buckets |
//! | `PUT /bucket` | makes one |
//! | `GET /bucket?prefix=..&after=..` | gives a page of its objects |
//! | `HEAD /bucket/key` | tells the length of an object |
//! | `GET /bucket/key?from=..` | gives a piece of it |
//! | `PUT /bucket/key`, `DELETE /bucket/key` | writes it, deletes it |
//! | `POST /bucket/key` | begins an upload, and gives its id |
//! | `PUT /bucket/key?upload=..&part=..` | adds a part to it |
//! | `POST /bucket/key?upload=..`, `DELETE /bucket/key?upload=..` | completes it, aborts it |
//!
//! Status 404 says that something is not there, 409 that it is; the text says what.

use bytes::Bytes;
use koil::koiled;
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};

use crate::backend::{Address, Backend, Entry, Page};
use crate::error::Error;

/// A service at a URL.
#[koiled]
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
    base: Url,
}

#[koiled]
impl Http {
    /// The service at `url`. Nothing is sent yet.
    pub fn new(url: &str) -> Result<Self, Error> {
        // The service is on loopback: no proxy of the environment can reach it.
        let client = Client::builder().no_proxy().build()?;
        let base = client.get(url).build()?.url().clone();
        Ok(Http { client, base })
    }

    fn request(&self, method: Method, bucket: &str, key: &str) -> RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            let key = key.split('/').filter(|_| !key.is_empty());
            path.pop_if_empty().push(bucket).extend(key);
        }
        self.client.request(method, url)
    }

    fn at(&self, method: Method, at: &Address) -> RequestBuilder {
        self.request(method, &at.bucket, &at.key)
    }
}

impl Backend for Http {
    async fn buckets(&self) -> Result<Vec<String>, Error> {
        let request = self.client.get(self.base.clone());
        Ok(answer(request).await?.json().await?)
    }

    async fn create_bucket(&self, name: &str) -> Result<(), Error> {
        done(self.request(Method::PUT, name, "")).await
    }

    async fn page(&self, bucket: &str, prefix: &str, after: Option<&str>) -> Result<Page, Error> {
        let query = [("prefix", Some(prefix)), ("after", after)];
        let request = self.request(Method::GET, bucket, "").query(&query);
        Ok(answer(request).await?.json().await?)
    }

    async fn head(&self, at: &Address) -> Result<Entry, Error> {
        let response = answer(self.at(Method::HEAD, at)).await?;
        let length = response.headers().get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        Ok(Entry {
            key: at.key.clone(),
            size: length.unwrap_or(0),
        })
    }

    async fn read(&self, at: &Address, from: u64) -> Result<Bytes, Error> {
        let request = self.at(Method::GET, at).query(&[("from", from)]);
        Ok(answer(request).await?.bytes().await?)
    }

    async fn write(&self, at: &Address, body: Bytes) -> Result<(), Error> {
        done(self.at(Method::PUT, at).body(body)).await
    }

    async fn delete(&self, at: &Address) -> Result<(), Error> {
        done(self.at(Method::DELETE, at)).await
    }

    async fn begin(&self, at: &Address) -> Result<String, Error> {
        Ok(answer(self.at(Method::POST, at)).await?.text().await?)
    }

    async fn part(
        &self,
        at: &Address,
        upload: &str,
        number: u32,
        body: Bytes,
    ) -> Result<(), Error> {
        let request = self.at(Method::PUT, at).query(&[("upload", upload)]);
        done(request.query(&[("part", number)]).body(body)).await
    }

    async fn complete(&self, at: &Address, upload: &str) -> Result<(), Error> {
        done(self.at(Method::POST, at).query(&[("upload", upload)])).await
    }

    async fn abort(&self, at: &Address, upload: &str) -> Result<(), Error> {
        done(self.at(Method::DELETE, at).query(&[("upload", upload)])).await
    }
}

/// For requests whose answers have no content.
async fn done(request: RequestBuilder) -> Result<(), Error> {
    answer(request).await.map(drop)
}

/// The response, unless its status is an error.
async fn answer(request: RequestBuilder) -> Result<Response, Error> {
    let response = request.send().await?;
    match response.status() {
        StatusCode::NOT_FOUND => Err(Error::NotFound(response.text().await?)),
        StatusCode::CONFLICT => Err(Error::Conflict(response.text().await?)),
        _ => Ok(response.error_for_status()?),
    }
}
