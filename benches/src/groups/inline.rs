//! Group `inline`: async code over sources that block, without a runtime, beside the same by hand.

use std::hint::black_box;
use std::io::BufRead;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use koil::inline::{self, StdIo};
use quick_xml::events::Event;
use tokio::io::{AsyncBufRead, AsyncBufReadExt};
use tokio::runtime::{Builder, Runtime};

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Case, Variant, calls};

pub static GROUP: Group = Group {
    name: "inline",
    about: "async code runs on the stack of its caller, over sources that are always ready",
    when: When::Chosen,
    cases,
};

const INLINE: &str = "koil, inline::run";
const POLLSTER: &str = "pollster";
const FUTURES: &str = "futures block_on";
const TOKIO: &str = "tokio block_on";
const BY_HAND: &str = "by hand, std";

fn cases<'a>(_: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![
        Box::new(|| ready()),
        Box::new(|| parser(format!("an own parser, {LINES} lines"), &OWN)),
        Box::new(|| parser(format!("lines of the library, {LINES} lines"), &LIBRARY)),
        Box::new(|| xml("quick-xml, events")),
        Box::new(|| xml_calls("quick-xml, a call per event")),
    ]
}

fn current_thread() -> Runtime {
    Builder::new_current_thread()
        .build()
        .expect("a runtime without drivers starts")
}

/// A future that is ready at once.
fn ready() -> Case<'static> {
    async fn answer(n: u64) -> u64 {
        black_box(n) + 1
    }
    let bare = |n| {
        let future = pin!(answer(n));
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => unreachable!("it never waits"),
        }
    };
    let each = |run: fn(u64) -> u64| {
        calls(move |calls| {
            for n in 0..calls {
                assert_eq!(run(n), n + 1);
            }
        })
    };
    let variants = [
        Variant::new(
            INLINE,
            each(|n| inline::run(answer(n)).expect("it never waits")),
        ),
        Variant::new("a bare poll", each(bare)),
        Variant::new(POLLSTER, each(|n| pollster::block_on(answer(n)))),
        Variant::new(FUTURES, each(|n| futures::executor::block_on(answer(n)))),
    ];
    Case::new("ready future", "call", variants)
}

/// Numbers, one a line, behind their count.
const LINES: usize = 1_000;

fn numbers() -> Vec<u8> {
    let lines = (0..LINES).map(|n| format!("{}\n", n * 37));
    lines.collect::<String>().into_bytes()
}

/// The same parser four times.
struct Parser {
    by_hand: fn(&[u8]) -> u64,
    inline: fn(&[u8]) -> u64,
    pollster: fn(&[u8]) -> u64,
    tokio: fn(&Runtime, &[u8]) -> u64,
}

/// One algorithm over the buffer of its source, with and without `await`.
static OWN: Parser = Parser {
    by_hand: |bytes| own_by_hand(bytes),
    inline: |bytes| inline::run(own(StdIo::new(bytes))).expect("it never waits"),
    pollster: |bytes| pollster::block_on(own(bytes)),
    tokio: |runtime, bytes| runtime.block_on(own(bytes)),
};

/// `read_line` of std and that of tokio, which differ.
static LIBRARY: Parser = Parser {
    by_hand: |bytes| sum_by_hand(bytes),
    inline: |bytes| inline::run(sum(StdIo::new(bytes))).expect("it never waits"),
    pollster: |bytes| pollster::block_on(sum(bytes)),
    tokio: |runtime, bytes| runtime.block_on(sum(bytes)),
};

/// The sum of the lines so far, and the number that the last one begins with.
#[derive(Default)]
struct Lines {
    sum: u64,
    number: u64,
}

impl Lines {
    /// Takes bytes up to the end of a line; returns how many.
    fn take(&mut self, bytes: &[u8]) -> usize {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        for digit in &bytes[..end.unwrap_or(bytes.len())] {
            self.number = self.number * 10 + u64::from(digit - b'0');
        }
        if end.is_some() {
            self.sum += std::mem::take(&mut self.number);
        }
        end.map_or(bytes.len(), |end| end + 1)
    }
}

fn own_by_hand(mut input: impl BufRead) -> u64 {
    let mut lines = Lines::default();
    loop {
        let bytes = input.fill_buf().expect("memory can be read");
        if bytes.is_empty() {
            return lines.sum;
        }
        let used = lines.take(bytes);
        input.consume(used);
    }
}

async fn own(mut input: impl AsyncBufRead + Unpin) -> u64 {
    let mut lines = Lines::default();
    loop {
        let bytes = input.fill_buf().await.expect("memory can be read");
        if bytes.is_empty() {
            return lines.sum;
        }
        let used = lines.take(bytes);
        input.consume(used);
    }
}

fn sum_by_hand(mut input: impl BufRead) -> u64 {
    let (mut sum, mut line) = (0, String::new());
    while input.read_line(&mut line).expect("memory can be read") > 0 {
        sum += line
            .trim_end()
            .parse::<u64>()
            .expect("each line is a number");
        line.clear();
    }
    sum
}

async fn sum(mut input: impl AsyncBufRead + Unpin) -> u64 {
    let (mut sum, mut line) = (0, String::new());
    while input
        .read_line(&mut line)
        .await
        .expect("memory can be read")
        > 0
    {
        sum += line
            .trim_end()
            .parse::<u64>()
            .expect("each line is a number");
        line.clear();
    }
    sum
}

/// A parser of lines, over memory.
fn parser(name: String, parser: &'static Parser) -> Case<'static> {
    let expected = sum_by_hand(&numbers()[..]);
    let each = |run: Box<dyn Fn(&[u8]) -> u64>| {
        let bytes = numbers();
        calls(move |calls| {
            for _ in 0..calls {
                assert_eq!(run(black_box(&bytes)), expected);
            }
        })
    };
    let runtime = current_thread();
    let variants = [
        Variant::new(INLINE, each(Box::new(parser.inline))),
        Variant::new(BY_HAND, each(Box::new(parser.by_hand))),
        Variant::new(POLLSTER, each(Box::new(parser.pollster))),
        Variant::new(
            TOKIO,
            each(Box::new(move |bytes| (parser.tokio)(&runtime, bytes))),
        ),
    ];
    Case::new(name, "run", variants)
}

const ITEMS: usize = 500;

fn document() -> Vec<u8> {
    let items =
        (0..ITEMS).map(|n| format!("<item id=\"{n}\"><name>name {n}</name><empty/></item>\n"));
    format!("<list>{}</list>", items.collect::<String>()).into_bytes()
}

async fn events(input: impl AsyncBufRead + Unpin) -> usize {
    let mut reader = quick_xml::Reader::from_reader(input);
    let (mut count, mut buf) = (0, Vec::new());
    loop {
        let event = reader.read_event_into_async(&mut buf).await;
        if matches!(event.expect("the document is well-formed"), Event::Eof) {
            return count;
        }
        count += 1;
        buf.clear();
    }
}

fn events_by_hand(input: impl BufRead) -> usize {
    let mut reader = quick_xml::Reader::from_reader(input);
    let (mut count, mut buf) = (0, Vec::new());
    loop {
        let event = reader.read_event_into(&mut buf);
        if matches!(event.expect("the document is well-formed"), Event::Eof) {
            return count;
        }
        count += 1;
        buf.clear();
    }
}

/// The async face of a crate that knows nothing of koil, beside its sync face.
fn xml(name: &str) -> Case<'static> {
    let expected = events_by_hand(&document()[..]);
    let each = |run: Box<dyn Fn(&[u8]) -> usize>| {
        let bytes = document();
        calls(move |calls| {
            for _ in 0..calls {
                assert_eq!(run(black_box(&bytes)), expected);
            }
        })
    };
    let runtime = current_thread();
    let variants = [
        Variant::new(
            INLINE,
            each(Box::new(|bytes| {
                inline::run(events(StdIo::new(bytes))).expect("it never waits")
            })),
        ),
        Variant::new(
            "its sync face",
            each(Box::new(|bytes| events_by_hand(bytes))),
        ),
        Variant::new(
            POLLSTER,
            each(Box::new(|bytes| pollster::block_on(events(bytes)))),
        ),
        Variant::new(
            TOKIO,
            each(Box::new(move |bytes| runtime.block_on(events(bytes)))),
        ),
    ];
    Case::new(name, "document", variants)
}

/// Counts the events; `run` makes one blocking call for each.
fn events_by_calls<R: AsyncBufRead + Unpin>(
    input: R,
    run: impl Fn(Pin<&mut dyn Future<Output = bool>>) -> bool,
) -> usize {
    let mut reader = quick_xml::Reader::from_reader(input);
    let (mut count, mut buf) = (0, Vec::new());
    loop {
        let is_end = run(pin!(async {
            let event = reader.read_event_into_async(&mut buf).await;
            matches!(event.expect("the document is well-formed"), Event::Eof)
        }));
        if is_end {
            return count;
        }
        count += 1;
        buf.clear();
    }
}

/// As [`xml`], with a call for each event, as a blocking client makes them.
fn xml_calls(name: &str) -> Case<'static> {
    let expected = events_by_hand(&document()[..]);
    let each = |run: fn(&[u8]) -> usize| {
        let bytes = document();
        calls(move |calls| {
            for _ in 0..calls {
                assert_eq!(run(black_box(&bytes)), expected);
            }
        })
    };
    let variants = [
        Variant::new(
            INLINE,
            each(|bytes| {
                events_by_calls(StdIo::new(bytes), |event| {
                    inline::run(event).expect("it never waits")
                })
            }),
        ),
        Variant::new("its sync face", each(|bytes| events_by_hand(bytes))),
        Variant::new(
            POLLSTER,
            each(|bytes| events_by_calls(bytes, |event| pollster::block_on(event))),
        ),
        Variant::new(
            FUTURES,
            each(|bytes| events_by_calls(bytes, |event| futures::executor::block_on(event))),
        ),
    ];
    Case::new(name, "document", variants)
}
