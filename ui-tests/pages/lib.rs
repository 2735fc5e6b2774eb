//! A client whose docs are rendered; `tests/pages.rs` reads the pages of its twins.

#![allow(clippy::unused_async)]

use std::fmt::{self, Display};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{Stream, stream};
use koil::koiled;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

/// Talks to a service.
///
/// A client is cheap to clone; see [`Client::get`].
#[koiled(forward(+Display, -Hash))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Client {
    timeout: Option<Duration>,
}

impl Display for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a client with a timeout of {:?}", self.timeout)
    }
}

#[koiled]
impl Client {
    /// The path of the service.
    pub const ROOT: &'static str = "/";

    /// Opens a client. Then [`Self::get`] and [`Client::lines`] read.
    ///
    /// # Errors
    ///
    /// Never.
    pub async fn open() -> Result<Self, fmt::Error> {
        Ok(Client { timeout: None })
    }

    /// Reads a page, unlike [`Client::timeout`].
    ///
    /// # With a prefix
    ///
    /// ```
    /// # let client = koil_ui_tests_pages::Client::default();
    /// # let read = async {
    /// client.get(("/", "tea")).await;
    /// # };
    /// ```
    ///
    /// # Format
    ///
    /// A page is JSON:
    ///
    /// ```json
    /// { "tea": 3 }
    /// ```
    ///
    /// # Examples
    ///
    /// This prints it.
    ///
    /// ```
    /// # let client = koil_ui_tests_pages::Client::default();
    /// # let read = async {
    /// println!("{}", client.get(("/", "tea")).await);
    /// # };
    /// ```
    pub async fn get(&self, (prefix, path): (&str, &str)) -> String {
        format!("{prefix}{path}")
    }

    /// The longest time that a request may take.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Sends requests through a proxy.
    ///
    /// ```
    /// # let client = koil_ui_tests_pages::Client::default();
    /// # let read = async {
    /// client.proxy("none").await;
    /// # };
    /// ```
    #[koil(doc = "Sends requests through a proxy, which is asked first.

# Examples

```
let client = koil_ui_tests_pages::BlockingClient::default();
client.proxy(\"none\");
```")]
    pub async fn proxy(self, proxy: &str) -> Self {
        let _ = proxy;
        self
    }

    #[doc = include_str!("tests/pages/lines.md")]
    #[doc = concat!("They come in the order of [`", "Client::get", "`].")]
    #[cfg_attr(all(), doc = "There are three.")]
    pub fn lines(&self) -> impl Stream<Item = u8> + use<> {
        stream::iter([1, 2, 3])
    }
}

pub use account::Account;

mod account {
    use std::fmt;

    use koil::koiled;

    /// An account of the service.
    #[koiled(name = crate::blocking::Account)]
    #[derive(Clone, Debug)]
    pub struct Account;

    #[koiled(name = crate::blocking::Account)]
    impl Account {
        /// Opens an account.
        ///
        /// # Errors
        ///
        /// Never.
        pub async fn open(number: u8) -> Result<Self, fmt::Error> {
            let _ = number;
            Ok(Account)
        }

        /// Merges another account into this one.
        pub async fn merge(&mut self, other: &Self) {
            let _ = (self, other);
        }
    }
}

/// The blocking side.
pub mod blocking {
    pub use crate::account::BlockingAccount as Account;
}

/// Fetches a page.
#[koiled]
pub async fn fetch(fetch: &str) -> String {
    fetch.to_owned()
}

/// Keeps pages.
#[koiled]
pub trait Store {
    /// Keeps a page until [`Store::forget`].
    fn keep(&self, page: &str) -> impl Future<Output = ()> + Send;

    /// Forgets what [`Self::keep`] keeps.
    fn forget(&self) -> impl Future<Output = ()> + Send;
}

/// Rows of a table, one after the other.
#[koiled(forward(+PartialEq))]
#[derive(Clone, Debug)]
pub struct Rows<T> {
    rows: Vec<T>,
}

#[koiled]
impl<T: Clone> Rows<T> {
    /// Counts the rows, with [`Self::first`].
    pub async fn count(&self) -> usize {
        self.rows.len()
    }

    /// The first row, if it is like `wanted` and [`Self::same`].
    #[must_use]
    pub fn first<'a>(&'a self, wanted: &'a Self, (_, limit): (u8, u8)) -> Option<&'a T>
    where
        T: PartialEq<Self>,
    {
        let _ = wanted;
        self.rows
            .iter()
            .take(limit.into())
            .find(|row| **row == *self)
    }

    /// Adds a row.
    #[koil(doc = include_str!("tests/pages/lines.md"))]
    pub fn push(&mut self, row: T) -> &mut Self {
        self.rows.push(row);
        self
    }

    /// Shown nowhere.
    #[koil(skip)]
    pub fn same(&self, other: &Self) -> bool
    where
        T: PartialEq,
    {
        self.rows == other.rows
    }

    #[doc(hidden)]
    pub fn hidden(&self) {}

    fn private(&self) {
        let _ = self;
    }

    /// The last row: another method than that of the original.
    #[koil(name = "last")]
    pub async fn fetch_last(&self) -> Option<T> {
        self.private();
        self.last()
    }

    /// The last row.
    pub fn last(&self) -> Option<T> {
        self.rows.last().cloned()
    }
}

impl<T: Clone + PartialEq> BlockingRows<T> {
    /// By hand: a twin would do too.
    pub fn same(&self, other: &BlockingRows<T>) -> bool {
        self.aio().same(other)
    }
}

impl<T: PartialEq> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

/// Lists names.
#[koiled(forward(+Iterator))]
pub struct Names;

impl Stream for Names {
    type Item = String;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<String>> {
        Poll::Ready(None)
    }
}

/// A body.
#[koiled(forward(Debug, Read, BufRead))]
#[derive(Debug)]
pub struct Body(&'static [u8]);

impl AsyncRead for Body {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buf)
    }
}

impl AsyncBufRead for Body {
    fn poll_fill_buf(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        Poll::Ready(Ok(self.0))
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        self.0 = &self.0[amount..];
    }
}
