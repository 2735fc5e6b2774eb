//! Twins beside code written by hand: more methods, traits, whole twin types, other attributes.
#![deny(warnings)]

use std::cell::Cell;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::ops::{Add, Deref, Index};
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use futures::{Stream, stream};
use koil::koiled;

#[koiled]
#[derive(Clone, Debug, Default, PartialEq)]
struct Client {
    items: Vec<u32>,
}

#[koiled]
impl Client {
    fn new(items: &[u32]) -> Self {
        Client {
            items: items.to_vec(),
        }
    }

    async fn get(&self, index: usize) -> Option<u32> {
        self.items.get(index).copied()
    }

    async fn push(&mut self, item: u32) -> usize {
        self.items.push(item);
        self.items.len()
    }

    fn all(&self) -> impl Stream<Item = u32> + '_ {
        stream::iter(self.items.iter().copied())
    }

    // A twin that must be written by hand, under the name that is expected.
    #[koil(skip)]
    async fn connect(items: Vec<u32>) -> (Client, impl Future<Output = usize>) {
        let count = items.len();
        (Client { items }, async move { count })
    }

    #[koil(name = "connect")]
    async fn connect_driven(items: Vec<u32>) -> (Self, usize) {
        let (client, connection) = Client::connect(items).await;
        (client, tokio::spawn(connection).await.unwrap_or(0))
    }

    fn len(&self) -> usize {
        self.items.len()
    }
}

impl BlockingClient {
    fn first(&self) -> u32 {
        self.get(0).unwrap_or_default()
    }

    /// Another signature than the original's.
    fn from_any(items: impl IntoIterator<Item = u32>) -> Self {
        Client {
            items: items.into_iter().collect(),
        }
        .into()
    }

    /// Hides the original's, which `Deref` would carry.
    fn len(&self) -> String {
        self.aio().len().to_string()
    }
}

// Traits that koil does not forward.
impl Index<usize> for Client {
    type Output = u32;

    fn index(&self, index: usize) -> &u32 {
        &self.items[index]
    }
}

impl Add for BlockingClient {
    type Output = usize;

    fn add(self, other: Self) -> usize {
        self.items.len() + other.items.len()
    }
}

impl Extend<u32> for BlockingClient {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, items: I) {
        for item in items {
            self.push(item);
        }
    }
}

impl<'a> IntoIterator for &'a BlockingClient {
    type Item = u32;
    type IntoIter = Box<dyn Iterator<Item = u32> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.all())
    }
}

impl From<u32> for BlockingClient {
    fn from(item: u32) -> Self {
        Client { items: vec![item] }.into()
    }
}

impl AsRef<[u32]> for Client {
    fn as_ref(&self) -> &[u32] {
        &self.items
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} items", self.items.len())
    }
}

/// A trait with both sides, by hand.
trait Source {
    fn take(&mut self) -> Option<u32>;
}

impl Source for BlockingClient {
    fn take(&mut self) -> Option<u32> {
        self.items.pop()
    }
}

impl Source for Vec<u32> {
    fn take(&mut self) -> Option<u32> {
        self.pop()
    }
}

fn take_from(source: &mut dyn Source) -> Option<u32> {
    source.take()
}

/// The twin type by hand: more in it than a view.
struct Session(Client);

#[koiled]
impl Session {
    #[koil(raw)]
    fn open() -> Self {
        Session(Client::new(&[1]))
    }
}

struct BlockingSession;

/// The original derefs to something else already; so does the twin, through it.
#[koiled]
struct Wrapper {
    inner: String,
}

impl Deref for Wrapper {
    type Target = String;

    fn deref(&self) -> &String {
        &self.inner
    }
}

#[koiled]
impl Wrapper {
    async fn shout(&self) -> String {
        self.to_uppercase()
    }
}

/// Not `Send`, not `Sync`; neither is its twin, and both of the other one are.
#[koiled]
struct Local {
    count: Rc<Cell<u32>>,
}

#[koiled]
impl Local {
    async fn bump(&self) -> u32 {
        tokio::task::yield_now().await;
        self.count.set(self.count.get() + 1);
        self.count.get()
    }
}

/// A builder that is awaited itself.
#[koiled]
struct Request {
    n: u32,
}

#[koiled]
impl Request {
    fn new() -> Self {
        Request { n: 0 }
    }

    fn with(mut self, n: u32) -> Self {
        self.n += n;
        self
    }

    async fn send(self) -> u32 {
        self.into_future().await
    }
}

impl IntoFuture for Request {
    type Output = u32;
    type IntoFuture = std::future::Ready<u32>;

    fn into_future(self) -> Self::IntoFuture {
        std::future::ready(self.n)
    }
}

#[koiled]
async fn fetch(text: &str) -> &str {
    text
}

#[koiled]
async fn fails(text: String) -> u32 {
    panic::resume_unwind(Box::new(text))
}

fn is_send_and_sync<T: Send + Sync + Unpin>(_: &T) {}

pub(crate) fn main() {
    let mut client = BlockingClient::new(&[1, 2]);
    assert_eq!(
        (client.first(), client.len().as_str(), client.aio().len()),
        (1, "2", 2)
    );
    assert_eq!(BlockingClient::from_any(0..3).push(3), 4);
    assert_eq!(client[1], 2);
    client.extend([3]);
    assert_eq!(client.into_iter().sum::<u32>(), 6);
    assert_eq!(client.as_ref().len(), 3);
    assert_eq!((&client).into_iter().count(), 3);
    assert_eq!(client.to_string(), "3 items");
    assert_eq!(take_from(&mut client), Some(3));
    assert_eq!(take_from(&mut vec![7]), Some(7));
    assert_eq!(client + BlockingClient::from(5), 3);
    assert_eq!(BlockingClient::connect(vec![1, 2]).1, 2);

    assert_eq!(BlockingSession::open().0.items, [1]);
    let wrapper = Wrapper {
        inner: "abc".into(),
    }
    .into_blocking();
    assert_eq!(
        (
            wrapper.shout().as_str(),
            wrapper.len(),
            wrapper.starts_with('a')
        ),
        ("ABC", 3, true)
    );
    let local = Local {
        count: Rc::default(),
    }
    .into_blocking();
    assert_eq!(local.bump() + local.bump(), 3);
    assert_eq!(BlockingRequest::new().with(1).with(2).send(), 3);
    assert_eq!(
        koil::unkoil(BlockingRequest::new().with(3).into_aio().into_future()),
        3
    );

    // As values: higher-ranked function pointers, closures, threads.
    let fetch: for<'a> fn(&'a str) -> &'a str = fetch_blocking;
    let get: fn(&BlockingClient, usize) -> Option<u32> = BlockingClient::get;
    let push: for<'a> fn(&'a mut BlockingClient, u32) -> usize = BlockingClient::push;
    let mut client = BlockingClient::new(&[]);
    is_send_and_sync(&client);
    assert_eq!(
        (fetch("a"), push(&mut client, 4), get(&client, 0)),
        ("a", 1, Some(4))
    );
    assert_eq!(["a", "b"].map(fetch_blocking), ["a", "b"]);
    let shared = Arc::new(client);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let client = shared.clone();
            thread::spawn(move || client.get(0))
        })
        .collect();
    assert!(
        threads
            .into_iter()
            .all(|thread| thread.join().unwrap() == Some(4))
    );
    thread::scope(|scope| {
        let items = scope.spawn(|| shared.all());
        assert_eq!(items.join().unwrap().count(), 1);
    });

    // A panic of the original is a panic of its twin.
    let panicked = panic::catch_unwind(AssertUnwindSafe(|| fails_blocking("why".into())));
    assert_eq!(*panicked.unwrap_err().downcast::<String>().unwrap(), "why");

    // Where a twin would starve its own loop it says so, naming itself and its caller.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| ()));
    let refused = koil::unkoil(async { panic::catch_unwind(|| fetch_blocking("a")) });
    panic::set_hook(hook);
    let text = *refused.unwrap_err().downcast::<String>().unwrap();
    assert!(
        text.contains("fetch_blocking") && text.contains("beside.rs"),
        "{text}"
    );
}
