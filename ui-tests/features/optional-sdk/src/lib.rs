//! An SDK that depends on koil only if its feature `blocking` is on: every attribute of koil stands
//! under a `cfg_attr`.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use std::time::Duration;

use futures::stream::{self, Stream};

/// A client.
#[cfg_attr(feature = "blocking", koil::koiled)]
#[derive(Debug, Clone, Default)]
pub struct Client {
    names: Vec<String>,
    timeout: Option<Duration>,
}

#[cfg_attr(feature = "blocking", koil::koiled(skip(builder)))]
impl Client {
    /// A client that knows these names.
    pub fn new(names: &[&str]) -> Client {
        let names = names.iter().map(ToString::to_string).collect();
        Client {
            names,
            timeout: None,
        }
    }

    /// Sets nothing yet; stays async.
    pub fn builder(self) -> Client {
        self
    }

    /// The length of a name.
    #[cfg_attr(feature = "blocking", koil(name = "length"), must_use)]
    pub async fn measure(&self, name: &str) -> Option<usize> {
        let found = self.names.iter().find(|known| *known == name);
        found.map(String::len)
    }

    /// All names.
    pub fn names(&self) -> impl Stream<Item = &str> {
        stream::iter(&self.names).map_str()
    }

    /// The limit of each call.
    #[cfg_attr(feature = "blocking", koil(skip))]
    pub async fn timeout(&self) -> Option<Duration> {
        self.timeout
    }
}

/// Things that count.
#[cfg_attr(feature = "blocking", koil::koiled)]
pub trait Count {
    /// Their number.
    fn count(&self) -> impl Future<Output = usize> + Send;

    /// Their number in words, for async users.
    #[cfg_attr(feature = "blocking", koil(skip))]
    fn in_words(&self) -> impl Future<Output = String> + Send;
}

impl Count for Client {
    async fn count(&self) -> usize {
        self.names.len()
    }

    async fn in_words(&self) -> String {
        format!("{} names", self.names.len())
    }
}

/// The blocking side, under the names of the async one.
#[cfg(feature = "blocking")]
pub mod blocking {
    pub use super::{BlockingClient as Client, BlockingCount as Count};
}

trait MapStr<'a>: Stream<Item = &'a String> + Sized {
    fn map_str(self) -> impl Stream<Item = &'a str> {
        futures::StreamExt::map(self, String::as_str)
    }
}

impl<'a, S: Stream<Item = &'a String>> MapStr<'a> for S {}
