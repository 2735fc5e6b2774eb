//! An SDK that is async to begin with, and has a blocking side if its feature `blocking` is on.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use std::future::{Future, IntoFuture, Ready, ready};

use futures::stream::{self, Stream, StreamExt};
use koil::koiled;

/// The errors of this SDK.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// There is no such thing.
    Missing(String),
    /// The blocking side could not wait.
    #[cfg(feature = "blocking")]
    Bridge(String),
}

#[cfg(feature = "blocking")]
impl From<koil::Error> for Error {
    fn from(error: koil::Error) -> Self {
        Error::Bridge(error.to_string())
    }
}

/// A client.
#[koiled(feature = "blocking")]
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    names: Vec<String>,
}

#[koiled(feature = "blocking", fallible, twins(Request))]
impl Client {
    /// How many names a client has at most.
    pub const LIMIT: usize = 8;

    /// Connects.
    pub async fn connect(names: &[&str]) -> Result<Self, Error> {
        yield_once().await;
        let names = names.iter().map(ToString::to_string).collect();
        Ok(Client { names })
    }

    /// How long a name is.
    pub async fn measure(&self, name: &str) -> Result<usize, Error> {
        yield_once().await;
        let found = self.names.iter().find(|known| *known == name);
        found.map_or_else(|| Err(Error::Missing(name.to_owned())), |name| Ok(name.len()))
    }

    /// All names.
    pub fn names(&self) -> impl Stream<Item = &str> {
        stream::iter(&self.names).map(String::as_str)
    }

    /// A request for a name.
    pub fn request(&self, index: usize) -> Request {
        Request(self.names.get(index).cloned())
    }
}

/// A request, to be awaited.
#[koiled(feature = "blocking")]
#[derive(Debug)]
#[must_use]
pub struct Request(Option<String>);

#[koiled(feature = "blocking")]
impl IntoFuture for Request {
    type Output = Option<String>;
    type IntoFuture = Ready<Option<String>>;

    fn into_future(self) -> Self::IntoFuture {
        ready(self.0)
    }
}

/// Things that count.
#[koiled(feature = "blocking")]
pub trait Count {
    /// How many there are.
    fn count(&self) -> impl Future<Output = usize> + Send;
}

impl Count for Client {
    async fn count(&self) -> usize {
        self.names.len()
    }
}

/// Both lengths, added.
#[koiled(feature = "blocking", twins(Client))]
pub async fn add(one: &Client, other: &Client) -> usize {
    one.count().await + other.count().await
}

/// The blocking side, under the names of the async one.
#[cfg(feature = "blocking")]
pub mod blocking {
    pub use super::{
        BlockingClient as Client, BlockingCount as Count, BlockingRequest as Request,
        add_blocking as add,
    };
}

async fn yield_once() {
    let mut is_first = true;
    std::future::poll_fn(|cx| {
        if std::mem::take(&mut is_first) {
            cx.waker().wake_by_ref();
            std::task::Poll::Pending
        } else {
            std::task::Poll::Ready(())
        }
    })
    .await;
}
