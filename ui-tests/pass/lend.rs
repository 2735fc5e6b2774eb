//! The thread that polls: the one that calls, `Send` or not; the loop's thread where `lend` asks for it.

#![deny(warnings)]

use std::cell::RefCell;
use std::future::{Future, Ready, ready};
use std::io::Read;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::thread::{self, ThreadId};

use futures::{Stream, stream};
use koil::{Blocking, koiled};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::runtime::Builder;
use tokio::task::yield_now;

/// The thread on which a future is polled after it has waited; all its polls are on that one.
async fn wait() -> ThreadId {
    let first = thread::current().id();
    // The first yield waits for a wake from the caller's scheduler, so the call really waits.
    yield_now().await;
    yield_now().await;
    assert_eq!(thread::current().id(), first);
    first
}

#[koiled]
async fn is_send() -> ThreadId {
    wait().await
}

#[koiled]
async fn holds_an_rc() -> ThreadId {
    let held = Rc::new(1);
    let thread = wait().await;
    drop(held);
    thread
}

thread_local!(static SHARED: Rc<RefCell<u32>> = Rc::default());

/// The future is `Send`: nothing that is not lives across an await. Its output is not.
#[koiled]
async fn gives_an_rc() -> Rc<RefCell<u32>> {
    wait().await;
    SHARED.with(Rc::clone)
}

#[koiled]
async fn generic<T>(value: T) -> (T, ThreadId) {
    (value, wait().await)
}

#[koiled]
fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = (&'a str, ThreadId)> + Send + 'a>> {
    Box::pin(async move { (text, wait().await) })
}

/// Whether what a twin opens is polled on the thread where it was made.
struct Polled(ThreadId);

impl Polled {
    fn new() -> Polled {
        Polled(thread::current().id())
    }

    fn is_here(&self) -> bool {
        thread::current().id() == self.0
    }
}

impl Stream for Polled {
    type Item = bool;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<bool>> {
        Poll::Ready(Some(self.is_here()))
    }
}

impl AsyncRead for Polled {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        buf.put_slice(&[u8::from(self.is_here())]);
        Poll::Ready(Ok(()))
    }
}

fn first_byte(mut reader: impl Read) -> u8 {
    let mut byte = [9];
    reader.read_exact(&mut byte).unwrap();
    byte[0]
}

#[koiled]
fn items() -> impl Stream<Item = bool> {
    Polled::new()
}

#[koiled]
#[koil(iter)]
fn items_of_rc(of: Rc<bool>) -> stream::Repeat<Rc<bool>> {
    stream::repeat(of)
}

#[koiled]
fn reader() -> impl AsyncRead {
    Polled::new()
}

mod lent {
    use super::*;

    #[koiled]
    #[koil(lend)]
    pub(super) async fn single() -> ThreadId {
        wait().await
    }

    #[koiled(lend)]
    pub(super) async fn by_the_option<T: Send>(value: T) -> (T, ThreadId) {
        (value, wait().await)
    }

    #[koiled(lend, name = "borrowed_lent")]
    pub(super) fn borrowed<'a>(
        text: &'a str,
        count: &'a mut u32,
    ) -> Pin<Box<dyn Future<Output = (&'a str, ThreadId)> + Send + 'a>> {
        *count += 1;
        Box::pin(async move {
            *count += 1;
            (text, wait().await)
        })
    }

    #[koiled]
    #[koil(lend, wait)]
    pub(super) fn named() -> Ready<u32> {
        ready(7)
    }

    #[koiled]
    #[koil(iter, lend)]
    pub(super) fn named_items() -> Polled {
        Polled::new()
    }

    #[koiled]
    #[koil(io, lend)]
    pub(super) fn named_reader() -> Polled {
        Polled::new()
    }

    #[koiled(lend)]
    pub(super) fn items() -> Option<impl Stream<Item = bool>> {
        Some(Polled::new())
    }

    #[koiled(lend)]
    pub(super) async fn reader() -> Result<impl AsyncRead, String> {
        wait().await;
        Ok(Polled::new())
    }
}

#[derive(Debug)]
struct Failure;

impl From<koil::Error> for Failure {
    fn from(_: koil::Error) -> Failure {
        Failure
    }
}

/// A type that may not leave its thread, but whose futures may: they hold nothing of it.
#[koiled]
struct Client {
    _kept: Rc<u32>,
    lines: Vec<String>,
}

#[koiled]
impl Client {
    async fn own(&self) -> ThreadId {
        wait().await
    }

    fn length(&self) -> usize {
        self.lines.len()
    }

    #[koil(lend)]
    async fn lent() -> ThreadId {
        wait().await
    }

    #[koil(lend)]
    fn of_lines(&self) -> impl Future<Output = (&str, ThreadId)> + Send + use<'_> {
        let first = self.lines[0].as_str();
        async move { (first, wait().await) }
    }

    #[koil(lend, fallible, timeout = "10s")]
    async fn tried() -> Result<ThreadId, Failure> {
        Ok(wait().await)
    }
}

/// Of a whole block; sync members have nothing to lend.
#[koiled]
#[derive(Clone)]
struct AllLent(u32);

#[koiled(lend, fallible)]
impl AllLent {
    fn new(number: u32) -> Self {
        AllLent(number)
    }

    async fn add(&mut self, more: u32) -> Result<(Self, ThreadId), Failure> {
        self.0 += more;
        let thread = wait().await;
        Ok((self.clone(), thread))
    }

    fn watch(&self) -> impl Stream<Item = bool> + use<> {
        Polled::new()
    }
}

/// The futures of a native `async fn` in a trait could not be proved to be `Send`.
#[koiled(lend)]
trait Store {
    fn get(&self, key: &str) -> impl Future<Output = (usize, ThreadId)> + Send;
    fn len(&self) -> usize;
}

impl Store for Vec<u8> {
    async fn get(&self, key: &str) -> (usize, ThreadId) {
        (self.len() + key.len(), wait().await)
    }

    fn len(&self) -> usize {
        Vec::len(self)
    }
}

/// Runs `call` where a task of a current-thread runtime runs.
fn on_a_scheduler<T>(call: impl FnOnce() -> T) -> T {
    Builder::new_current_thread().build().unwrap().block_on(async { call() })
}

fn own() {
    let here = thread::current().id();
    assert_eq!(is_send_blocking(), here);
    assert_eq!(holds_an_rc_blocking(), here);
    *gives_an_rc_blocking().borrow_mut() += 1;
    assert_eq!(generic_blocking(Rc::new(1)), (Rc::new(1), here));
    let text = String::from("borrowed");
    assert_eq!(boxed_blocking(&text), ("borrowed", here));
    assert_eq!(items_blocking().next(), Some(true));
    assert_eq!(items_of_rc_blocking(Rc::new(true)).next().as_deref(), Some(&true));
    assert_eq!(first_byte(reader_blocking()), 1);
}

fn lent() {
    let here = thread::current().id();
    let there = lent::single_blocking();
    assert_ne!(there, here);
    assert_eq!(lent::by_the_option_blocking("value"), ("value", there));
    let (text, mut count) = (String::from("borrowed"), 0);
    assert_eq!(lent::borrowed_lent(&text, &mut count), ("borrowed", there));
    assert_eq!((count, lent::named_blocking()), (2, 7));
    assert_eq!(lent::named_items_blocking().next(), Some(false));
    assert_eq!(lent::items_blocking().unwrap().next(), Some(false));
    assert_eq!(first_byte(lent::named_reader_blocking()), 0);
    // The call is lent, and so is the stream it opens: neither runs on this thread.
    assert_eq!(first_byte(lent::reader_blocking().unwrap()), 1);

    let client = Client { _kept: Rc::new(1), lines: vec![String::from("one")] }.into_blocking();
    assert_eq!((client.own(), client.length()), (here, 1));
    assert_eq!(BlockingClient::lent(), there);
    assert_eq!(client.of_lines(), ("one", there));
    assert_eq!(BlockingClient::tried().unwrap(), there);

    let mut all = BlockingAllLent::new(1);
    let (sum, thread) = all.add(2).map(|(all, thread)| (all.aio().0, thread)).unwrap();
    assert_eq!((sum, thread, all.aio().0), (3, there, 3));
    assert!(matches!(all.watch().next(), Some(Ok(false))));

    let store = Blocking::new(vec![1]);
    assert_eq!(BlockingStore::get(&store, "ab"), (3, there));
    assert_eq!(BlockingStore::len(&store), 1);
}

pub(crate) fn main() {
    own();
    on_a_scheduler(own);
    assert_eq!(*SHARED.with(Rc::clone).borrow(), 2);
    lent();
    on_a_scheduler(lent);
}
