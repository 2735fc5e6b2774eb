//! `lend`: a future behaves the same whether the loop thread or its caller polls it.

use std::future::pending;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use koil::{Koil, context_var, koiled};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

const SOON: Duration = Duration::from_millis(10);
const LATE: Duration = Duration::from_secs(10);

context_var! {
    static NUMBER: u32 = 1;
}

#[koiled]
struct Line;

#[koiled(lend)]
impl Line {
    async fn place() -> Option<String> {
        tokio::task::yield_now().await;
        thread::current().name().map(str::to_owned)
    }

    async fn breaks(&self) -> u32 {
        tokio::task::yield_now().await;
        panic!("the line breaks")
    }

    #[koil(fallible, timeout = "10ms")]
    fn hangs(&self, dropped: &mut Option<ThreadId>) -> impl Future<Output = std::io::Result<()>> {
        // Not in the body of an `async fn`: on a busy machine the time is up before the first poll.
        let notes = Notes(dropped);
        async move {
            let _notes = notes;
            pending().await
        }
    }

    async fn nests(&self) -> Option<koil::Error> {
        koil::try_unkoil(async {}).err()
    }

    async fn changes_the_number(&self) -> u32 {
        let before = NUMBER.get();
        tokio::task::yield_now().await;
        NUMBER.set(before + 1);
        before
    }

    fn counts(&self) -> impl Stream<Item = (u32, ThreadId)> + use<> {
        let counts = stream::iter([1, 2]).map(|n| (n, thread::current().id()));
        counts.chain(stream::pending())
    }

    fn one_and_a_break(&self) -> impl Stream<Item = u32> + use<> {
        stream::iter([1, 2]).map(|n| {
            assert!(n < 2, "the stream breaks");
            n
        })
    }

    fn text(&self) -> impl AsyncRead + use<> {
        let (writer, reader) = tokio::io::duplex(8);
        tokio::spawn(async move {
            let mut writer = writer;
            writer.write_all(b"on").await.unwrap();
            pending::<()>().await;
        });
        reader.take(100)
    }
}

/// Where it was dropped.
struct Notes<'a>(&'a mut Option<ThreadId>);

impl Drop for Notes<'_> {
    fn drop(&mut self) {
        *self.0 = Some(thread::current().id());
    }
}

#[test]
fn it_is_polled_on_the_loop_that_is_entered() {
    let koil = Koil::builder().thread_name("lent").build().unwrap();
    let _entered = koil.enter();
    assert_eq!(BlockingLine::place().as_deref(), Some("lent-loop"));
}

#[test]
fn a_panic_goes_on_at_its_caller() {
    let line = Line.into_blocking();
    let panic = catch_unwind(AssertUnwindSafe(|| line.breaks())).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"the line breaks"));
    assert!(BlockingLine::place().is_some());
}

#[test]
fn on_a_timeout_it_is_dropped_before_the_call_returns() {
    let mut dropped = None;
    let error = Line.into_blocking().hangs(&mut dropped).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    assert_eq!(dropped, Some(thread::current().id()));
}

#[test]
fn it_may_not_block_either() {
    assert!(Line.into_blocking().nests().unwrap().would_deadlock());
}

#[test]
fn context_goes_along_and_comes_back() {
    NUMBER.set(7);
    assert_eq!(Line.into_blocking().changes_the_number(), 7);
    assert_eq!(NUMBER.get(), 8);
}

#[test]
fn a_lent_stream_times_out_and_may_be_asked_again() {
    let mut counts = Line.into_blocking().counts();
    let (first, there) = counts.next().unwrap();
    assert_eq!(first, 1);
    assert_ne!(there, thread::current().id());
    assert_eq!(counts.next_timeout(LATE).unwrap().unwrap(), (2, there));
    for _ in 0..2 {
        let error = counts.next_timeout(SOON).unwrap().unwrap_err();
        assert!(error.is_timeout());
    }
    counts.close().unwrap();
    let ahead: Vec<_> = Line
        .into_blocking()
        .counts()
        .read_ahead(2)
        .take(2)
        .collect();
    assert_eq!(ahead, [(1, there), (2, there)]);
}

#[test]
fn a_lent_stream_that_panics_ends() {
    let mut numbers = Line.into_blocking().one_and_a_break();
    assert_eq!(numbers.next(), Some(1));
    assert!(catch_unwind(AssertUnwindSafe(|| numbers.next())).is_err());
    assert_eq!(numbers.next(), None);
}

#[test]
fn a_lent_reader_reads_and_times_out() {
    let mut text = Line.into_blocking().text().timeout(SOON * 20);
    let mut read = [0; 2];
    text.read_exact(&mut read).unwrap();
    assert_eq!(&read, b"on");
    let error = text.read(&mut read).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
}

/// Needs a megabyte of stack.
fn deep(n: u32) -> u32 {
    let frame = std::hint::black_box([0_u8; 4096]);
    if n == 0 {
        return 0;
    }
    deep(n - 1) + 1 + u32::from(frame[std::hint::black_box(7)])
}

#[koiled]
struct Parser;

#[koiled(lend)]
impl Parser {
    async fn parse(&self) -> u32 {
        tokio::task::yield_now().await;
        deep(250)
    }

    fn items(&self) -> impl Stream<Item = u32> + use<> {
        stream::once(async { deep(250) }).boxed()
    }
}

#[test]
fn a_caller_with_a_small_stack_is_no_limit() {
    let small = thread::Builder::new().stack_size(256 << 10);
    let caller = small.spawn(|| {
        let parser = BlockingParser::from(Parser);
        assert_eq!(parser.parse(), 250);
        assert_eq!(parser.items().collect::<Vec<_>>(), [250]);
    });
    caller.unwrap().join().unwrap();
}
