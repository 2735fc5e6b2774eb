//! Group `inline`: async code over sources that block, without a runtime, beside the same by hand.

use std::hint::black_box;
use std::io::BufRead;
use std::pin::pin;
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
        Box::new(|| parser()),
        Box::new(|| xml("quick-xml, events")),
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
fn parser() -> Case<'static> {
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
        Variant::new(
            INLINE,
            each(Box::new(|bytes| {
                inline::run(sum(StdIo::new(bytes))).expect("it never waits")
            })),
        ),
        Variant::new(BY_HAND, each(Box::new(|bytes| sum_by_hand(bytes)))),
        Variant::new(
            POLLSTER,
            each(Box::new(|bytes| pollster::block_on(sum(bytes)))),
        ),
        Variant::new(
            TOKIO,
            each(Box::new(move |bytes| runtime.block_on(sum(bytes)))),
        ),
    ];
    Case::new(format!("a parser, {LINES} lines"), "run", variants)
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
