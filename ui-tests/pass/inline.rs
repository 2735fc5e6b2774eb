//! Inline twins: functions, types, blocks, traits and single methods, without a loop; and two blocking
//! faces of one type.
#![deny(warnings)]

use std::future::{Future, IntoFuture, Ready, poll_fn, ready};
use std::io::{self, Cursor};
use std::task::Poll;
use std::{fmt, panic};

use futures::stream::{self, BoxStream, Stream, StreamExt};
use koil::inline::{self, AlwaysReady, StdIo, WouldBlock};
use koil::koiled;
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt,
};

#[derive(Debug)]
enum Error {
    Io(io::Error),
    Waits(WouldBlock),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}

impl From<WouldBlock> for Error {
    fn from(error: WouldBlock) -> Error {
        Error::Waits(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io(error) => error.fmt(f),
            Error::Waits(error) => error.fmt(f),
        }
    }
}

// A function, with a parameter that never waits.

#[koiled(inline(R))]
async fn first_line<R: AsyncBufRead + Unpin>(mut input: R) -> io::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line).await?;
    Ok(line)
}

#[koiled(inline, fallible)]
async fn checked(waits: bool) -> Result<u8, Error> {
    if waits {
        std::future::pending::<()>().await;
    }
    Ok(1)
}

#[koiled(inline)]
fn numbers() -> impl Stream<Item = u8> {
    stream::iter([1, 2, 3])
}

#[koiled(inline)]
fn later() -> impl Future<Output = u8> {
    ready(4)
}

fn functions() {
    assert_eq!(
        first_line_blocking(StdIo::new(Cursor::new("a\nb\n"))).unwrap(),
        "a\n"
    );
    assert_eq!(checked_blocking(false).unwrap(), 1);
    let Err(Error::Waits(error)) = checked_blocking(true) else {
        panic!("it had to wait");
    };
    assert_eq!(error.twin(), Some("checked_blocking"));
    assert_eq!(error.original(), Some("checked"));
    assert!(error.place().file().ends_with("inline.rs"));
    let mut iter: inline::Iter<_> = numbers_blocking();
    assert_eq!(iter.try_next().unwrap(), Some(1));
    assert_eq!(iter.sum::<u8>(), 5);
    assert_eq!(later_blocking(), 4);
    // They wait for nothing, so they may be called in async code.
    assert_eq!(inline::run(async { later_blocking() }).unwrap(), 4);
}

// One type with two blocking faces: `InlineConn` over transports that block, `BlockingConn` with a loop
// over all.

#[koiled(inline, name = "InlineConn", accessors = "none")]
#[koiled]
#[derive(Debug, Clone, PartialEq)]
struct Conn<T> {
    io: T,
    sent: usize,
}

#[koiled(inline(T), name = "InlineConn")]
#[koiled]
impl<T: AsyncRead + AsyncWrite + Unpin> Conn<T> {
    const PORT: u16 = 6379;

    fn new(io: T) -> Self {
        Conn { io, sent: 0 }
    }

    async fn open(io: T) -> io::Result<Self> {
        Ok(Conn::new(io))
    }

    async fn send(&mut self, text: &str) -> io::Result<usize> {
        self.io.write_all(text.as_bytes()).await?;
        self.io.flush().await?;
        self.sent += text.len();
        Ok(self.sent)
    }

    async fn receive(&mut self, count: usize) -> io::Result<String> {
        let mut bytes = vec![0; count];
        self.io.read_exact(&mut bytes).await?;
        String::from_utf8(bytes).map_err(io::Error::other)
    }

    fn bytes(&mut self) -> impl Stream<Item = u8> + '_ {
        stream::unfold(&mut self.io, |io| async move {
            Some((io.read_u8().await.ok()?, io))
        })
        .boxed_local()
    }

    #[koil(name = "last")]
    async fn last_of(self, count: usize) -> Option<Self> {
        (self.sent == count).then_some(self)
    }

    fn into_io(self) -> T {
        self.io
    }
}

fn two_faces() {
    let mut conn = InlineConn::open(StdIo::new(Cursor::new(b"........pong!".to_vec()))).unwrap();
    assert_eq!(conn.send("ping").unwrap(), 4);
    assert_eq!(conn.send("ping").unwrap(), 8);
    assert_eq!(conn.receive(4).unwrap(), "pong");
    assert_eq!(conn.bytes().collect::<Vec<_>>(), b"!");
    assert_eq!(conn.sent, 8);
    assert_eq!(InlineConn::<StdIo<Cursor<Vec<u8>>>>::PORT, 6379);
    let conn = conn.last(8).unwrap();
    assert_eq!(&conn.into_io().into_inner().into_inner()[..8], b"pingping");

    let (near, far) = tokio::io::duplex(64);
    let mut conn: BlockingConn<_> = Conn::new(near).into_blocking();
    let echo = koil::unkoil_task(async move {
        let mut far = Conn::new(far);
        let text = far.receive(4).await?;
        far.send(&text).await
    });
    conn.send("ping").unwrap();
    assert_eq!(conn.receive(4).unwrap(), "ping");
    assert!(conn.last(0).is_none());
    assert_eq!(echo.result().unwrap().unwrap(), 4);
}

// A type and its block, with what std has.

#[koiled(inline)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Counter {
    count: u32,
}

#[koiled(inline)]
impl Counter {
    async fn add(&mut self, more: u32) -> u32 {
        tokio::task::yield_now().await;
        self.count += more;
        self.count
    }

    async fn twin(&self) -> Self {
        *self
    }

    fn others(&self) -> BoxStream<'static, Counter> {
        stream::iter([*self, *self]).boxed()
    }

    async fn each(&self) -> Option<impl Stream<Item = Self>> {
        Some(stream::iter([*self]))
    }

    fn into_count(self) -> u32 {
        self.count
    }

    async fn waits(&self) {
        poll_fn(|_| Poll::Pending).await
    }
}

#[koiled(inline)]
impl IntoFuture for Counter {
    type Output = u32;
    type IntoFuture = Ready<u32>;

    fn into_future(self) -> Ready<u32> {
        ready(self.count)
    }
}

fn types() {
    let mut counter = BlockingCounter::default();
    assert_eq!(counter.add(2), 2);
    let copy = counter;
    assert_eq!(copy, counter);
    assert_eq!(copy.twin().into_count(), 2);
    assert_eq!(format!("{counter:?}"), "Counter { count: 2 }");
    assert_eq!(
        counter
            .others()
            .map(|other| other.into_count())
            .sum::<u32>(),
        4
    );
    assert_eq!(counter.each().unwrap().count(), 1);
    assert_eq!(counter.wait(), 2);
    assert_eq!(Counter { count: 3 }.into_blocking().aio().count, 3);
    assert_eq!(
        Counter::from(BlockingCounter::from(Counter { count: 3 }))
            .blocking()
            .count,
        3
    );
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let waited = panic::catch_unwind(|| BlockingCounter::default().waits());
    panic::set_hook(hook);
    let text = *waited.unwrap_err().downcast::<String>().unwrap();
    assert!(text.contains("`BlockingCounter::waits`"), "{text}");
    assert!(text.contains("await `Counter::waits`"), "{text}");
}

// A trait.

#[koiled(inline)]
trait Store {
    async fn get(&self, key: u32) -> Option<Vec<u8>>;

    fn keys(&self) -> impl Stream<Item = u32>;

    fn len(&self) -> usize;
}

impl Store for Counter {
    async fn get(&self, key: u32) -> Option<Vec<u8>> {
        (key < self.count).then(|| vec![0])
    }

    fn keys(&self) -> impl Stream<Item = u32> {
        stream::iter(0..self.count)
    }

    fn len(&self) -> usize {
        self.count as usize
    }
}

fn all<S: BlockingStore>(store: &S) -> usize {
    store.keys().filter_map(|key| store.get(key)).count()
}

fn traits() {
    let counter = Counter { count: 3 };
    assert_eq!(all(counter.blocking()), 3);
    assert_eq!(all(&koil::Blocking::new(counter)), 3);
    assert_eq!(BlockingStore::len(counter.blocking()), 3);
}

// One method of a block with a loop, and twins beside their originals.

#[koiled]
struct Shop;

#[koiled]
impl Shop {
    async fn load(&self) -> u8 {
        tokio::task::spawn(async { 7 }).await.unwrap()
    }

    #[koil(inline(P))]
    async fn parse<P: AsyncRead + Unpin>(&self, mut part: P) -> io::Result<u8> {
        part.read_u8().await
    }
}

#[koiled(inline, suffix = "_inline")]
impl Shop {
    async fn count(&self) -> u8 {
        1
    }
}

fn methods() {
    let shop = Shop.into_blocking();
    assert_eq!(shop.load(), 7);
    assert_eq!(shop.parse(&[5_u8][..]).unwrap(), 5);
    assert_eq!(shop.count_inline(), 1);
}

fn is_ready<T: AlwaysReady>() {}

pub(crate) fn main() {
    is_ready::<StdIo<Cursor<Vec<u8>>>>();
    functions();
    two_faces();
    types();
    traits();
    methods();
}
