//! `fallible(panics)`: a panic in a call is an error of the twin, and does not unwind its caller.

use std::any::Any;
use std::future::Future;
use std::io::Read;
use std::panic::{catch_unwind, panic_any};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::stream::{self, BoxStream, Stream, StreamExt};
use koil::{AsyncContext, AsyncEntered, Blocking, Error, Exit, koilable, koiled};
use tokio::io::{AsyncRead, ReadBuf};

type Answer<T> = Result<T, Error>;

#[koiled]
pub struct Service {
    jobs: Vec<String>,
}

/// The twin of `Row`, written by hand.
pub struct PlainRow(u32);

pub struct Row(u32);

impl From<Row> for PlainRow {
    fn from(row: Row) -> PlainRow {
        assert!(row.0 < 10, "no such row");
        PlainRow(row.0)
    }
}

#[koiled(fallible(panics), twins(Row = PlainRow))]
impl Service {
    pub fn new() -> Self {
        Service {
            jobs: vec!["sweep".to_owned()],
        }
    }

    pub async fn open(name: &str) -> Answer<Self> {
        assert!(!name.is_empty(), "a service has a name");
        Ok(Service::new())
    }

    pub async fn stat(&self, n: u32) -> Answer<u32> {
        tokio::task::yield_now().await;
        assert!(n < 10, "a bug of the service: {n}");
        Ok(n)
    }

    pub async fn first(&mut self) -> Answer<&mut String> {
        Ok(&mut self.jobs[0])
    }

    pub async fn nth(&mut self, n: usize) -> Answer<&mut String> {
        Ok(&mut self.jobs[n])
    }

    /// Panics before it makes a future.
    pub fn eager(&self, n: u32) -> impl Future<Output = Answer<u32>> + use<> {
        assert!(n < 10, "not even a future");
        async move { Ok(n) }
    }

    #[koil(lend)]
    pub async fn lent(&self, n: u32) -> Answer<u32> {
        tokio::task::yield_now().await;
        assert!(n < 10, "on the loop's thread");
        Ok(n)
    }

    pub async fn throws(&self) -> Answer<()> {
        tokio::task::yield_now().await;
        panic_any(7_u8)
    }

    pub async fn row(&self, n: u32) -> Answer<Row> {
        Ok(Row(n))
    }

    pub async fn waits(&self) -> Answer<()> {
        koil::inline::blocking(|| koil::unkoil(std::future::pending::<()>()))
            .await
            .expect("the caller polls");
        Ok(())
    }

    pub async fn calls(&self, #[koil(callback)] each: impl AsyncFn(u32) -> u32) -> Answer<u32> {
        Ok(each(1).await + each(2).await)
    }

    /// Its own word replaces that of the block.
    #[koil(fallible)]
    pub async fn unwinds(&self) -> Answer<()> {
        panic!("as ever")
    }

    pub fn results(&self) -> impl Stream<Item = Result<u32, Error>> + use<> {
        stream::iter(1..).map(|n| {
            assert!(n < 2, "a bug of the stream");
            Ok(n)
        })
    }

    pub fn numbers(&self) -> impl Stream<Item = u32> + use<> {
        stream::iter(1..).inspect(|n| assert!(*n < 2, "a bug of the stream"))
    }

    pub fn siblings(&self) -> BoxStream<'static, Self> {
        let numbers = stream::iter(1..).inspect(|n| assert!(*n < 2, "a bug of the stream"));
        numbers.map(|_| Service::new()).boxed()
    }

    pub async fn opened(&self) -> Answer<impl Stream<Item = u32> + use<>> {
        Ok(stream::iter(1..).inspect(|n| assert!(*n < 2, "a bug of the stream")))
    }

    pub fn reader(&self) -> impl AsyncRead + Unpin + use<> {
        Broken
    }

    pub async fn lease(&self) -> Answer<AsyncEntered<Lease>> {
        Lease.enter().await
    }
}

struct Broken;

impl AsyncRead for Broken {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        panic!("a bug of the reader")
    }
}

#[koiled]
pub struct Lease;

#[koilable]
impl AsyncContext for Lease {
    type Error = Error;

    async fn aenter(&mut self) -> Answer<()> {
        panic!("a bug of the lease")
    }

    async fn aexit(&mut self, _: Exit) -> Answer<()> {
        Ok(())
    }
}

fn text(error: &Error) -> String {
    assert!(error.is_panic(), "{error}");
    let payload = error.panic().expect("it is a panic");
    let literal = payload.downcast_ref::<&str>().map(ToString::to_string);
    literal
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .expect("a text")
}

fn service() -> BlockingService {
    BlockingService::new()
}

#[test]
fn a_panic_is_an_error_with_its_payload_at_the_callers_line() {
    let service = service();
    let line = line!() + 1;
    let error = service.stat(10).unwrap_err();
    assert_eq!(text(&error), "a bug of the service: 10");
    assert_eq!(
        (error.call_site().file(), error.call_site().line()),
        (file!(), line)
    );
    let told = error.to_string();
    assert!(told.starts_with("`BlockingService::stat` at "), "{told}");
    assert!(
        told.ends_with("panicked: a bug of the service: 10"),
        "{told}"
    );
    assert_eq!(
        std::io::Error::from(error).kind(),
        std::io::ErrorKind::Other
    );
    assert_eq!(service.stat(3).unwrap(), 3);
}

#[test]
fn every_call_that_waits_keeps_its_panic() {
    assert_eq!(
        text(&BlockingService::open("").map(drop).unwrap_err()),
        "a service has a name"
    );
    assert_eq!(text(&service().eager(10).unwrap_err()), "not even a future");
    assert_eq!(service().eager(1).unwrap(), 1);
    assert_eq!(
        text(&service().lent(10).unwrap_err()),
        "on the loop's thread"
    );
    assert_eq!(service().lent(1).unwrap(), 1);
    assert_eq!(
        text(&service().row(10).map(drop).unwrap_err()),
        "no such row"
    );
    assert_eq!(service().row(1).unwrap().0, 1);
    assert_eq!(
        text(&service().lease().map(drop).unwrap_err()),
        "a bug of the lease"
    );
    let each = |n| {
        if n == 2 {
            panic!("a bug of the user")
        } else {
            n
        }
    };
    assert_eq!(
        text(&service().calls(each).unwrap_err()),
        "a bug of the user"
    );
    assert_eq!(service().calls(|n| n).unwrap(), 3);
}

#[test]
fn a_borrowed_value_comes_through() {
    let mut service = service();
    service.first().unwrap().push_str(" up");
    assert_eq!(service.jobs, ["sweep up"]);
    assert!(text(&service.nth(3).unwrap_err()).contains("index"));
}

#[test]
fn a_payload_that_is_no_text_is_kept() {
    let error = service().throws().unwrap_err();
    let payload = error.panic().expect("it is a panic");
    let inside = payload
        .downcast_ref::<Mutex<Box<dyn Any + Send>>>()
        .unwrap();
    assert_eq!(inside.lock().unwrap().downcast_ref(), Some(&7_u8));
    assert!(error.to_string().contains("Error::into_panic"), "{error}");
    let thrown = error.into_panic().unwrap();
    assert_eq!(thrown.downcast_ref(), Some(&7_u8));
    let thrown = service().stat(10).unwrap_err().into_panic().unwrap();
    assert_eq!(
        thrown.downcast_ref::<String>().unwrap(),
        "a bug of the service: 10"
    );
    let late = koil::unkoil_timeout(Duration::ZERO, std::future::pending::<()>());
    let other = late.unwrap_err();
    assert!(!other.is_panic() && other.panic().is_none());
    assert!(other.into_panic().is_err());
}

#[test]
fn the_word_of_a_method_replaces_that_of_its_block() {
    let unwound = catch_unwind(|| service().unwinds()).unwrap_err();
    assert_eq!(unwound.downcast_ref(), Some(&"as ever"));
}

#[test]
fn nothing_unwinds_into_foreign_code() {
    extern "C" fn called_by_foreign_code(n: u32) -> i32 {
        match service().stat(n) {
            Ok(n) => i32::try_from(n).unwrap_or(i32::MAX),
            Err(_) => -1,
        }
    }
    assert_eq!(called_by_foreign_code(3), 3);
    assert_eq!(called_by_foreign_code(10), -1);
}

#[test]
fn a_panic_of_a_stream_is_its_last_item() {
    let service = service();
    let mut results = service.results();
    assert_eq!(results.next().unwrap().unwrap(), 1);
    assert_eq!(
        text(&results.next().unwrap().unwrap_err()),
        "a bug of the stream"
    );
    assert!(results.next().is_none());
    results.close().unwrap();

    let mut numbers = service.numbers();
    assert_eq!(numbers.next().unwrap().unwrap(), 1);
    assert_eq!(
        text(&numbers.next().unwrap().unwrap_err()),
        "a bug of the stream"
    );
    assert!(numbers.next().is_none());

    let mut siblings = service.siblings();
    let _sibling: BlockingService = siblings.next().unwrap().unwrap();
    let error = siblings.next().unwrap().map(drop).unwrap_err();
    assert_eq!(text(&error), "a bug of the stream");
    assert!(siblings.next().is_none());

    let opened: Vec<_> = service.opened().unwrap().collect();
    assert_eq!(opened.len(), 2);
    assert!(opened[1].as_ref().unwrap_err().is_panic());
}

#[test]
fn a_panic_in_items_that_were_fetched_ahead_is_an_item_too() {
    for mut items in [
        service().results().prefetch(4),
        service().results().read_ahead(4),
    ] {
        assert_eq!(items.next().unwrap().unwrap(), 1);
        assert_eq!(
            text(&items.next().unwrap().unwrap_err()),
            "a bug of the stream"
        );
        assert!(items.next().is_none());
    }
    let mut items = service().results();
    assert_eq!(items.next().unwrap().unwrap(), 1);
    let failed = items.next_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(text(&failed.map(drop).unwrap_err()), "a bug of the stream");
}

#[test]
fn a_panic_of_a_reader_is_an_io_error() {
    let mut reader = service().reader();
    let error = reader.read(&mut [0]).unwrap_err();
    let inner = error.into_inner().unwrap().downcast::<Error>().unwrap();
    assert_eq!(text(&inner), "a bug of the reader");
    let after = reader.read(&mut [0]).unwrap_err();
    assert!(after.to_string().contains("earlier operation"), "{after}");
}

#[test]
fn a_scope_that_unwinds_ends_such_a_call_by_an_error() {
    let outcome = koil::deadline_unwinding(Duration::from_millis(5), || service().waits());
    let error = outcome.expect("nothing unwinds to the scope").unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(!std::thread::panicking());
}

#[koiled(fallible(panics))]
pub async fn fetch(n: u32) -> Answer<u32> {
    assert!(n < 10, "a bug of the function");
    Ok(n)
}

#[koiled(suffix = "_blocking")]
impl Service {
    #[koil(fallible(panics))]
    pub async fn beside(self) -> Answer<()> {
        panic!("a bug beside")
    }
}

#[koiled(fallible(panics))]
pub trait Store {
    async fn get(&self, n: u32) -> Answer<u32>;

    fn all(&self) -> impl Stream<Item = Result<u32, Error>>;
}

pub struct Memory;

impl Store for Memory {
    async fn get(&self, n: u32) -> Answer<u32> {
        assert!(n < 10, "a bug of the back end");
        Ok(n)
    }

    fn all(&self) -> impl Stream<Item = Result<u32, Error>> {
        stream::poll_fn(|_| panic!("a bug of the listing"))
    }
}

#[test]
fn functions_traits_and_twins_beside_their_originals_keep_panics_too() {
    assert_eq!(fetch_blocking(3).unwrap(), 3);
    assert_eq!(
        text(&fetch_blocking(10).unwrap_err()),
        "a bug of the function"
    );
    let beside = service().into_aio().beside_blocking();
    assert_eq!(text(&beside.unwrap_err()), "a bug beside");
    let store = Blocking::new(Memory);
    assert_eq!(store.get(3).unwrap(), 3);
    assert_eq!(text(&store.get(10).unwrap_err()), "a bug of the back end");
    let first = store.all().next().unwrap();
    assert_eq!(text(&first.unwrap_err()), "a bug of the listing");
}
