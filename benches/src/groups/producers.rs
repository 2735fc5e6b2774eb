//! Group `producers`: a blocking producer on another thread, consumed by a task.

use std::hint::black_box;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt, stream};
use tokio::task::spawn_blocking;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Spent, Variant, calls, each_call};
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "producers",
    about: "a blocking producer on another thread, as an async stream, per item",
    when: When::Chosen,
    cases,
};

fn cases<'a>(_: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![
        Box::new(|| items_through(1024)),
        Box::new(|| items_through(64)),
        Box::new(early_stop),
    ]
}

fn items_through(capacity: usize) -> Case<'static> {
    let variants = [
        Variant::new(
            KOIL,
            items(move |n| koil::iterate_threaded(capacity, move || all(n))),
        ),
        Variant::new(
            "koil::channel",
            items(move |n| on_koil_channel(capacity, n)),
        ),
        Variant::new("tokio mpsc", items(move |n| on_tokio(capacity, n))),
        Variant::new("flume", items(move |n| on_flume(capacity, n))),
        Variant::new("crossfire", items(move |n| on_crossfire(capacity, n))),
        Variant::new("kanal", items(move |n| on_kanal(capacity, n))),
        Variant::new(
            "async-channel",
            items(move |n| on_async_channel(capacity, n)),
        ),
    ];
    Case::new(format!("capacity {capacity}"), "item", variants)
}

fn all(items: u64) -> impl Iterator<Item = u64> + Send {
    (0..items).map(black_box)
}

/// A body in which a task on koil's loop takes all items and checks them.
fn items<S>(make: impl Fn(u64) -> S + Clone + Send + 'static) -> Body<'static>
where
    S: Stream<Item = u64> + Send,
{
    calls(move |calls| {
        let make = make.clone();
        let task = koil::unkoil_task(async move {
            let mut items = std::pin::pin!(make(calls));
            let mut seen = 0;
            while let Some(item) = items.next().await {
                assert_eq!(item, seen, "the items come in order");
                seen += 1;
            }
            assert_eq!(seen, calls, "no item is lost");
        });
        task.result().expect("the loop runs");
    })
}

/// Sends all items, or until the receiver is gone.
fn feed(items: u64, mut send: impl FnMut(u64) -> bool + Send + 'static) {
    // It ends with its items; the consumer counts them.
    drop(spawn_blocking(move || all(items).all(&mut send)));
}

fn on_koil_channel(capacity: usize, items: u64) -> impl Stream<Item = u64> + Send {
    let (sender, receiver) = koil::channel(capacity);
    feed(items, move |item| sender.send(item).is_ok());
    receiver
}

fn on_tokio(capacity: usize, items: u64) -> impl Stream<Item = u64> + Send {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(capacity);
    feed(items, move |item| sender.blocking_send(item).is_ok());
    stream::poll_fn(move |cx| receiver.poll_recv(cx))
}

fn on_flume(capacity: usize, items: u64) -> impl Stream<Item = u64> + Send {
    let (sender, receiver) = flume::bounded(capacity);
    feed(items, move |item| sender.send(item).is_ok());
    receiver.into_stream()
}

fn on_crossfire(capacity: usize, items: u64) -> impl Stream<Item = u64> + Send {
    let (sender, receiver) = crossfire::spsc::bounded_blocking_async(capacity);
    feed(items, move |item| sender.send(item).is_ok());
    receiver.into_stream()
}

fn on_kanal(capacity: usize, items: u64) -> impl Stream<Item = u64> + Send {
    let (sender, receiver) = kanal::bounded(capacity);
    feed(items, move |item| sender.send(item).is_ok());
    stream::unfold(receiver.to_async(), async |receiver| {
        let item = receiver.recv().await.ok()?;
        Some((item, receiver))
    })
}

fn on_async_channel(capacity: usize, items: u64) -> impl Stream<Item = u64> + Send {
    let (sender, receiver) = async_channel::bounded(capacity);
    feed(items, move |item| sender.send_blocking(item).is_ok());
    receiver
}

/// From the drop of the stream to the moment in which a producer that waits has seen it.
fn early_stop<'a>() -> Case<'a> {
    let variants = [
        Variant::new(
            KOIL,
            stopped(|seen| {
                koil::iterate_threaded(64, move || {
                    let seen = Seen(seen);
                    (0..).inspect(move |_| {
                        let _ = &seen;
                    })
                })
            }),
        ),
        Variant::new(
            "koil::channel",
            stopped(|seen| {
                let (sender, receiver) = koil::channel(64);
                until_closed(seen, move |item| sender.send(item).is_ok());
                receiver
            }),
        ),
        Variant::new(
            "tokio mpsc",
            stopped(|seen| {
                let (sender, mut receiver) = tokio::sync::mpsc::channel(64);
                until_closed(seen, move |item| sender.blocking_send(item).is_ok());
                stream::poll_fn(move |cx| receiver.poll_recv(cx))
            }),
        ),
        Variant::new(
            "flume",
            stopped(|seen| {
                let (sender, receiver) = flume::bounded(64);
                until_closed(seen, move |item| sender.send(item).is_ok());
                receiver.into_stream()
            }),
        ),
        Variant::new(
            "crossfire",
            stopped(|seen| {
                let (sender, receiver) = crossfire::spsc::bounded_blocking_async(64);
                until_closed(seen, move |item| sender.send(item).is_ok());
                receiver.into_stream()
            }),
        ),
    ];
    Case::new("early stop", "stop", variants).counted(20, 100, 11)
}

/// Sends the time at which it is dropped.
struct Seen(mpsc::Sender<Instant>);

impl Drop for Seen {
    fn drop(&mut self) {
        // The measurement waits for it.
        let _ = self.0.send(Instant::now());
    }
}

fn until_closed(seen: mpsc::Sender<Instant>, mut send: impl FnMut(u64) -> bool + Send + 'static) {
    drop(spawn_blocking(move || {
        let _seen = Seen(seen);
        (0..u64::MAX).all(&mut send)
    }));
}

fn stopped<S>(make: impl Fn(mpsc::Sender<Instant>) -> S + Clone + Send + 'static) -> Body<'static>
where
    S: Stream<Item = u64> + Send + Unpin,
{
    each_call(move |_| {
        let make = make.clone();
        let (seen, end) = mpsc::channel();
        let task = koil::unkoil_task(async move {
            let mut items = make(seen);
            assert_eq!(items.next().await, Some(0));
            // Long enough for any producer to be as far ahead as it may be, and to wait.
            tokio::time::sleep(Duration::from_millis(2)).await;
            let dropped = Instant::now();
            drop(items);
            dropped
        });
        let dropped = task.result().expect("the loop runs");
        let late = end.recv().expect("it is told") - dropped;
        Spent::amount(late.as_secs_f64() * 1e9)
    })
}
