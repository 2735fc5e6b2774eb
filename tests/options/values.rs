//! `timeout = ..` and `handle = ..` with values of the original: twins that take both from their
//! client.

use std::future::{IntoFuture, pending};
use std::io::{ErrorKind, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use koil::{AsyncContext, AsyncEntered, Blocking, Exit, Handle, Koil, koilable, koiled};
use tokio::io::AsyncRead;

/// Longer than any test: a call that ended did not wait for it.
const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(5);

type Answer<T> = Result<T, koil::Error>;

/// A client with a timeout of its own, as its async users set it.
#[koiled]
pub struct Client {
    timeout: Option<Duration>,
    /// The number of times that the timeout was asked for.
    asked: AtomicU32,
}

#[koiled(fallible, timeout = self.limit())]
impl Client {
    pub fn new(timeout: Option<Duration>) -> Self {
        Client {
            timeout,
            asked: AtomicU32::new(0),
        }
    }

    fn limit(&self) -> Option<Duration> {
        self.asked.fetch_add(1, Relaxed);
        self.timeout
    }

    #[koil(timeout = None)]
    pub async fn connect(timeout: Duration) -> Answer<Self> {
        tokio::time::sleep(SHORT).await;
        Ok(Client::new(Some(timeout)))
    }

    #[koil(timeout = patience)]
    pub async fn connect_within(patience: Duration) -> Answer<Self> {
        let () = pending().await;
        Ok(Client::new(Some(patience)))
    }

    pub async fn get(&self) -> Answer<u32> {
        pending().await
    }

    pub async fn ready(&self) -> Answer<u32> {
        tokio::task::yield_now().await;
        Ok(7)
    }

    pub async fn get_mut(&mut self) -> Answer<u32> {
        pending().await
    }

    pub async fn finish(self) -> Answer<u32> {
        pending().await
    }

    pub async fn shared(self: Arc<Self>) -> Answer<u32> {
        pending().await
    }

    pub async fn pinned(self: Pin<&mut Self>) -> Answer<u32> {
        pending().await
    }

    #[koil(timeout = self.timeout.unwrap_or(SHORT))]
    pub async fn with_default(&self) -> Answer<u32> {
        pending().await
    }

    #[koil(timeout = patience.unwrap_or(SHORT).min(Self::MOST))]
    pub async fn get_within(&self, patience: Option<Duration>) -> Answer<u32> {
        let _ = patience;
        pending().await
    }

    #[koil(lend)]
    pub async fn lent(&self) -> Answer<u32> {
        pending().await
    }

    pub fn rows(&self) -> impl Stream<Item = Result<u32, koil::Error>> + use<> {
        stream::iter([Ok(1)]).chain(stream::pending())
    }

    pub fn numbers(&self) -> impl Stream<Item = u32> + use<> {
        stream::iter([1]).chain(stream::pending())
    }

    pub async fn copies(&self) -> Answer<impl Stream<Item = Self> + use<>> {
        Ok(stream::iter([Client::new(None)]).chain(stream::pending()))
    }

    pub fn reader(&self) -> impl AsyncRead + Unpin + use<> {
        Silent(tokio::io::duplex(1).0)
    }

    pub async fn lease(&self) -> Answer<AsyncEntered<Lease>> {
        Lease(true).enter().await
    }
}

impl Client {
    const MOST: Duration = LONG;
}

/// Its other end is gone, but it does not say so.
struct Silent(#[allow(dead_code)] tokio::io::DuplexStream);

impl AsyncRead for Silent {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Pending
    }
}

/// A context that is never entered.
#[koiled]
pub struct Lease(bool);

#[koilable]
impl AsyncContext for Lease {
    type Error = koil::Error;

    async fn aenter(&mut self) -> Answer<()> {
        if self.0 { pending().await } else { Ok(()) }
    }

    async fn aexit(&mut self, _: Exit) -> Answer<()> {
        Ok(())
    }
}

fn short() -> BlockingClient {
    BlockingClient::new(Some(SHORT))
}

#[test]
fn each_client_has_the_timeout_of_its_original() {
    let client = short();
    assert!(client.get().unwrap_err().is_timeout());
    assert_eq!(client.ready().unwrap(), 7);
    let patient = BlockingClient::new(Some(LONG));
    let error = koil::deadline(SHORT, || patient.get().unwrap_err()).unwrap();
    assert!(error.to_string().contains("deadline"), "{error}");
}

#[test]
fn the_timeout_of_the_original_is_asked_for_once_by_each_call() {
    let client = short();
    for times in 1..4 {
        let _ = client.ready();
        assert_eq!(client.asked.load(Relaxed), times);
    }
    let mut rows = client.rows();
    assert_eq!(client.asked.load(Relaxed), 4);
    assert_eq!(rows.next().unwrap().unwrap(), 1);
    assert!(rows.next().unwrap().unwrap_err().is_timeout());
    assert_eq!(client.asked.load(Relaxed), 4);
}

#[test]
fn every_receiver_reaches_the_timeout() {
    assert!(short().get_mut().unwrap_err().is_timeout());
    assert!(short().finish().unwrap_err().is_timeout());
    assert!(Arc::new(short()).shared().unwrap_err().is_timeout());
    let mut client = std::pin::pin!(short());
    assert!(client.as_mut().pinned().unwrap_err().is_timeout());
    assert!(short().lent().unwrap_err().is_timeout());
}

#[test]
fn blocking_users_may_have_another_default() {
    let error = BlockingClient::new(None).with_default().unwrap_err();
    assert!(error.to_string().contains("5ms"), "{error}");
    let error = short().get_within(None).unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[test]
fn a_constructor_has_a_limit_of_its_own_or_none() {
    let client = BlockingClient::connect(SHORT).unwrap();
    assert_eq!(client.timeout, Some(SHORT));
    let error = BlockingClient::connect_within(SHORT).map(drop).unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[test]
fn streams_readers_and_contexts_obey_it() {
    let client = short();
    let mut numbers = client.numbers();
    assert_eq!(numbers.next().unwrap().unwrap(), 1);
    assert!(numbers.next().unwrap().unwrap_err().is_timeout());
    let mut copies = client.copies().unwrap();
    let copy: BlockingClient = copies.next().unwrap().unwrap();
    assert_eq!(copy.timeout, None);
    assert!(copies.next().unwrap().map(drop).unwrap_err().is_timeout());
    let read = client.reader().read(&mut [0]);
    assert_eq!(read.unwrap_err().kind(), ErrorKind::TimedOut);
    assert!(client.lease().map(drop).unwrap_err().is_timeout());
}

#[test]
fn without_a_timeout_a_reader_waits_as_long_as_it_takes() {
    let mut reader = BlockingClient::new(None).reader();
    let read = koil::deadline(SHORT, || reader.read(&mut [0])).unwrap();
    let error = read.unwrap_err();
    assert!(error.to_string().contains("deadline"), "{error}");
}

/// Beside its original a method reads it directly.
#[koiled(suffix = "_blocking", fallible, timeout = self.timeout)]
impl Client {
    pub async fn beside(&self) -> Answer<u32> {
        pending().await
    }

    pub async fn last_beside(self) -> Answer<u32> {
        pending().await
    }
}

#[koiled(fallible, timeout = client.timeout)]
pub async fn fetch(client: &Client) -> Answer<u32> {
    let _ = client;
    pending().await
}

#[test]
fn functions_and_twins_beside_their_originals_have_it_too() {
    assert!(short().aio().beside_blocking().unwrap_err().is_timeout());
    let last = short().into_aio().last_beside_blocking();
    assert!(last.unwrap_err().is_timeout());
    assert!(fetch_blocking(short().aio()).unwrap_err().is_timeout());
}

/// A builder that is awaited.
#[koiled]
pub struct Request {
    timeout: Option<Duration>,
}

#[koiled(fallible, timeout = self.timeout)]
impl IntoFuture for Request {
    type Output = Answer<u32>;
    type IntoFuture = std::future::Pending<Answer<u32>>;
    fn into_future(self) -> Self::IntoFuture {
        pending()
    }
}

#[test]
fn a_builder_waits_as_long_as_it_says() {
    let request = Request {
        timeout: Some(SHORT),
    };
    assert!(request.into_blocking().wait().unwrap_err().is_timeout());
}

/// A trait whose implementors have a timeout and a loop.
#[koiled(fallible, timeout = self.patience(), handle = self.home())]
pub trait Store {
    const MOST: Duration;

    fn patience(&self) -> Option<Duration>;

    fn home(&self) -> Handle;

    async fn get(&self) -> Answer<tokio::runtime::Id>;

    #[koil(timeout = Self::MOST)]
    async fn all(&self) -> Answer<tokio::runtime::Id>;
}

pub struct Memory {
    home: Handle,
    hangs: bool,
}

impl Store for Memory {
    const MOST: Duration = SHORT;

    fn patience(&self) -> Option<Duration> {
        self.hangs.then_some(SHORT)
    }

    fn home(&self) -> Handle {
        self.home.clone()
    }

    async fn get(&self) -> Answer<tokio::runtime::Id> {
        if self.hangs {
            let () = pending().await;
        }
        Ok(tokio::runtime::Handle::current().id())
    }

    async fn all(&self) -> Answer<tokio::runtime::Id> {
        pending().await
    }
}

#[test]
fn implementors_of_a_trait_name_their_timeout_and_their_loop() {
    let koil = Koil::new().unwrap();
    let of = |hangs| {
        Blocking::new(Memory {
            home: koil.handle(),
            hangs,
        })
    };
    let wanted = koil.handle().tokio().id();
    assert_eq!(BlockingStore::get(&of(false)).unwrap(), wanted);
    assert!(BlockingStore::get(&of(true)).unwrap_err().is_timeout());
    assert!(BlockingStore::all(&of(false)).unwrap_err().is_timeout());
}

/// A client that keeps the loop under which it was made: async users enter it, and blocking users
/// need not.
#[koiled]
#[derive(Clone)]
pub struct Operator {
    home: Handle,
}

#[koiled(handle = self.home)]
impl Operator {
    /// The loop of the caller, who may have entered one.
    pub fn new() -> Self {
        Operator {
            home: Handle::current(),
        }
    }

    pub async fn stat(&self) -> tokio::runtime::Id {
        tokio::task::yield_now().await;
        tokio::runtime::Handle::current().id()
    }

    pub fn list(&self) -> impl Stream<Item = tokio::runtime::Id> + use<> {
        stream::once(async { tokio::runtime::Handle::current().id() })
    }
}

#[test]
fn a_client_keeps_the_loop_under_which_it_was_made() {
    let (koil, other) = (Koil::new().unwrap(), Koil::new().unwrap());
    let operator = {
        let _entered = koil.enter();
        BlockingOperator::new()
    };
    let wanted = koil.handle().tokio().id();
    let _entered = other.enter();
    assert_eq!(operator.stat(), wanted);
    assert_eq!(operator.list().next(), Some(wanted));
    let elsewhere = std::thread::spawn({
        let operator = operator.clone();
        move || operator.stat()
    });
    assert_eq!(elsewhere.join().unwrap(), wanted);
}
