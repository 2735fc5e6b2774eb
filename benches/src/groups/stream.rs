//! Group `stream`: items of an async stream, taken one by one on a blocking thread.

use std::hint::black_box;

use futures::stream::{self, Stream, StreamExt};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Variant, calls};
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "stream",
    about: "an async stream as a blocking iterator, per item",
    when: When::Chosen,
    cases,
};

/// The read-ahead of the iterator.
const AHEAD: usize = 64;

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| ready_items(scene))]
}

fn ready_items<'a>(scene: &'a Scene<'a>) -> Case<'a> {
    let handle = scene.rivals.loop_thread.handle();
    let variant = |name, body: Body<'a>| Variant::new(name, body);
    let variants = [
        variant(KOIL, items(|n| koil::unkoil_iter(source(n)))),
        variant(
            "koil, read_ahead",
            items(|n| koil::unkoil_iter(source(n)).read_ahead(AHEAD)),
        ),
        variant(
            "koil, prefetch(1024)",
            items(|n| koil::unkoil_iter(source(n)).prefetch(1024)),
        ),
        variant("Handle::block_on per item", items(|n| block_on(handle, n))),
        variant("pollster + enter per item", items(|n| pollster(handle, n))),
        variant("pollster, entered once", entered_once(handle)),
        variant("tokio mpsc(1024)", items(|n| channel(handle, n))),
        variant("boxed iterator, no async", items(boxed)),
    ];
    Case::new("ready items", "item", variants)
}

/// A body that takes all items of an iterator and checks them.
fn items<'a, I>(make: impl Fn(u64) -> I + 'a) -> Body<'a>
where
    I: Iterator<Item = u64>,
{
    calls(move |calls| {
        let mut seen = 0;
        for item in make(calls) {
            assert_eq!(item, seen, "the items come in order");
            seen += 1;
        }
        assert_eq!(seen, calls, "no item is lost");
    })
}

fn source(items: u64) -> impl Stream<Item = u64> + Send + Unpin + 'static {
    stream::iter((0..items).map(black_box))
}

fn block_on(handle: &Handle, items: u64) -> impl Iterator<Item = u64> {
    let mut stream = source(items);
    std::iter::from_fn(move || handle.block_on(stream.next()))
}

fn pollster(handle: &Handle, items: u64) -> impl Iterator<Item = u64> {
    let mut stream = source(items);
    std::iter::from_fn(move || {
        let _entered = handle.enter();
        pollster::block_on(stream.next())
    })
}

/// Not a fair iterator: the loop stays entered on the caller's thread between items.
fn entered_once(handle: &Handle) -> Body<'_> {
    let mut all = items(|n| {
        let mut stream = source(n);
        std::iter::from_fn(move || pollster::block_on(stream.next()))
    });
    Box::new(move |calls| {
        let _entered = handle.enter();
        all(calls)
    })
}

/// A task on the loop sends the items through a bounded channel.
fn channel(handle: &Handle, items: u64) -> impl Iterator<Item = u64> {
    let (sender, mut receiver) = mpsc::channel(1024);
    handle.spawn(async move {
        let mut stream = source(items);
        while let Some(item) = stream.next().await {
            sender.send(item).await.expect("the consumer takes all");
        }
    });
    std::iter::from_fn(move || receiver.blocking_recv())
}

fn boxed(items: u64) -> Box<dyn Iterator<Item = u64>> {
    black_box(Box::new((0..items).map(black_box)))
}
