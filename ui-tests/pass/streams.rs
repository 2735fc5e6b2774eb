//! Streams that twins iterate: streams of every spelling, alone and inside `Result` and `Option`.
#![deny(warnings)]

use std::cell::Cell;
use std::fmt::Display;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use futures::stream::{self, BoxStream, LocalBoxStream, Stream, StreamExt};
use koil::koiled;
use tokio::task::yield_now;

type Numbers = stream::Iter<std::ops::Range<u32>>;

#[koiled]
fn returned(n: u32) -> impl Stream<Item = u32> {
    stream::iter(0..n)
}

#[koiled]
fn with_bounds(n: u32) -> impl Stream<Item = u32> + Send + Unpin + 'static {
    stream::iter(0..n)
}

#[koiled]
fn by_path(n: u32) -> impl ::futures::stream::Stream<Item = u32> {
    stream::iter(0..n)
}

#[koiled]
fn boxed(text: &str) -> BoxStream<'_, char> {
    stream::iter(text.chars()).boxed()
}

#[koiled]
fn local_boxed(n: Rc<u32>) -> LocalBoxStream<'static, u32> {
    stream::once(async move {
        yield_now().await;
        *n
    })
    .boxed_local()
}

#[koiled]
fn pinned(n: u32) -> Pin<Box<dyn Stream<Item = u32> + Send>> {
    Box::pin(stream::iter(0..n))
}

#[koiled]
fn unpin_object(n: u32) -> Box<dyn Stream<Item = u32> + Unpin + Send> {
    Box::new(stream::iter(0..n))
}

#[koiled]
fn results(n: u32) -> impl Stream<Item = Result<u32, String>> {
    stream::iter(0..n).map(|n| if n == 1 { Err(n.to_string()) } else { Ok(n) })
}

#[koiled]
fn opaque_items(n: u32) -> impl Stream<Item = impl Display> {
    stream::iter(0..n)
}

#[koiled]
fn maybe(n: u32) -> Option<impl Stream<Item = u32>> {
    (n > 0).then(|| stream::iter(0..n))
}

#[koiled]
fn checked(n: u32) -> Result<BoxStream<'static, u32>, String> {
    if n > 0 {
        Ok(stream::iter(0..n).boxed())
    } else {
        Err("none".into())
    }
}

#[koiled]
async fn awaited(n: u32) -> impl Stream<Item = u32> {
    yield_now().await;
    stream::iter(0..n)
}

#[koiled]
async fn awaited_checked(n: u32) -> Result<impl Stream<Item = u32>, String> {
    yield_now().await;
    if n > 0 {
        Ok(stream::iter(0..n))
    } else {
        Err("none".into())
    }
}

#[koiled]
async fn awaited_io(n: u32) -> io::Result<Pin<Box<dyn Stream<Item = io::Result<u32>> + Send>>> {
    Ok(Box::pin(stream::iter(0..n).map(Ok)))
}

#[koiled]
async fn awaited_option(n: u32) -> Option<BoxStream<'static, u32>> {
    Some(stream::iter(0..n).boxed())
}

#[koiled]
async fn deep(n: u32) -> Result<Option<impl Stream<Item = u32>>, ()> {
    Ok(Some(stream::iter(0..n)))
}

#[koiled]
async fn beside_other_things(n: u32) -> (u32, impl Stream<Item = u32>) {
    (n, stream::iter(0..n))
}

#[koiled]
async fn two_at_once(n: u32) -> (impl Stream<Item = u32>, BoxStream<'static, char>) {
    (stream::iter(0..n), stream::iter("ab".chars()).boxed())
}

#[koiled]
async fn several(n: u32) -> Vec<BoxStream<'static, u32>> {
    vec![stream::iter(0..n).boxed(), stream::iter(0..n).boxed()]
}

#[koiled]
fn future_of_stream(n: u32) -> impl Future<Output = impl Stream<Item = u32>> {
    async move { stream::iter(0..n) }
}

#[koiled]
fn future_of_result_of_stream(n: u32) -> impl Future<Output = Result<impl Stream<Item = u32>, ()>> {
    async move { Ok(stream::iter(0..n)) }
}

#[koiled]
#[koil(iter)]
fn named(n: u32) -> Numbers {
    stream::iter(0..n)
}

#[koiled]
#[koil(iter)]
fn named_in_result(n: u32) -> Result<Numbers, String> {
    Ok(stream::iter(0..n))
}

#[koiled]
#[koil(iter)]
async fn named_awaited(n: u32) -> Option<Numbers> {
    Some(stream::iter(0..n))
}

#[koiled]
#[koil(iter)]
fn generic<S: Stream + Unpin>(stream: S) -> S
where
    S::Item: Display,
{
    stream
}

#[koiled]
#[koil(iter)]
fn kept_here(n: Rc<u32>) -> stream::Repeat<Rc<u32>> {
    stream::repeat(n)
}

#[koiled]
#[koil(lend)]
fn lent(n: u32) -> impl Stream<Item = u32> {
    stream::iter(0..n)
}

/// Needs tokio's context when it is made, and again whenever it is polled.
#[koiled]
fn ticks(every: Duration) -> impl Stream<Item = u32> {
    let interval = tokio::time::interval(every);
    stream::unfold((0, interval), |(n, mut interval)| async move {
        interval.tick().await;
        Some((n, (n + 1, interval)))
    })
}

#[koiled]
fn nothing() -> impl Stream<Item = u32> {
    stream::empty()
}

#[koiled]
fn borrowed<'a, T>(items: &'a [T]) -> impl Stream<Item = &'a T> + 'a {
    stream::iter(items)
}

/// Counts what has been asked for, and whether it has been dropped.
struct Watch<'a> {
    asked: &'a Cell<u32>,
    dropped: &'a Cell<bool>,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.dropped.set(true);
    }
}

#[koiled]
fn watched<'a>(asked: &'a Cell<u32>, dropped: &'a Cell<bool>) -> impl Stream<Item = u32> + 'a {
    let watch = Watch { asked, dropped };
    stream::repeat(0).map(move |_| {
        watch.asked.set(watch.asked.get() + 1);
        watch.asked.get()
    })
}

#[koiled]
struct Feed {
    items: Vec<String>,
}

#[koiled]
impl Feed {
    fn all(&self) -> impl Stream<Item = &str> + '_ {
        stream::iter(&self.items).map(String::as_str)
    }

    fn drain(&mut self) -> impl Stream<Item = String> + '_ {
        stream::iter(self.items.drain(..))
    }

    fn into_all(self) -> impl Stream<Item = String> {
        stream::iter(self.items)
    }

    async fn matching<'a>(
        &'a self,
        word: &'a str,
    ) -> Result<impl Stream<Item = &'a str> + 'a, String> {
        if word.is_empty() {
            return Err("empty".into());
        }
        Ok(stream::iter(&self.items)
            .map(String::as_str)
            .filter(move |item| {
                let matches = item.contains(word);
                async move { matches }
            }))
    }

    fn boxed(&self) -> BoxStream<'_, Result<&str, String>> {
        stream::iter(&self.items)
            .map(|item| Ok(item.as_str()))
            .boxed()
    }

    #[koil(iter)]
    fn named(&self) -> stream::Iter<std::slice::Iter<'_, String>> {
        stream::iter(&self.items)
    }

    /// The stream itself.
    #[koil(raw)]
    fn untouched(&self) -> BoxStream<'static, u32> {
        stream::iter(0..2).boxed()
    }

    #[koil(raw)]
    async fn untouched_awaited() -> Numbers {
        stream::iter(0..2)
    }
}

fn list<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.collect()
}

pub(crate) fn main() {
    assert_eq!(list(returned_blocking(2)), [0, 1]);
    assert_eq!(list(with_bounds_blocking(2)), [0, 1]);
    assert_eq!(list(by_path_blocking(2)), [0, 1]);
    assert_eq!(list(boxed_blocking("ab")), ['a', 'b']);
    assert_eq!(list(local_boxed_blocking(Rc::new(3))), [3]);
    assert_eq!(list(pinned_blocking(2)), [0, 1]);
    assert_eq!(list(unpin_object_blocking(2)), [0, 1]);
    assert_eq!(
        results_blocking(3).collect::<Result<Vec<_>, _>>(),
        Err("1".to_owned())
    );
    assert_eq!(
        opaque_items_blocking(2)
            .map(|item| item.to_string())
            .collect::<String>(),
        "01"
    );
    assert!(maybe_blocking(0).is_none());
    assert_eq!(list(maybe_blocking(2).unwrap()), [0, 1]);
    assert!(checked_blocking(0).is_err());
    assert_eq!(list(checked_blocking(2).unwrap()), [0, 1]);
    assert_eq!(list(awaited_blocking(2)), [0, 1]);
    assert!(awaited_checked_blocking(0).is_err());
    assert_eq!(list(awaited_checked_blocking(2).unwrap()), [0, 1]);
    assert_eq!(
        awaited_io_blocking(3)
            .unwrap()
            .sum::<io::Result<u32>>()
            .unwrap(),
        3
    );
    assert_eq!(list(awaited_option_blocking(2).unwrap()), [0, 1]);
    assert_eq!(list(deep_blocking(2).unwrap().unwrap()), [0, 1]);
    let (n, items) = beside_other_things_blocking(2);
    assert_eq!((n, list(items)), (2, vec![0, 1]));
    let (numbers, letters) = two_at_once_blocking(2);
    assert_eq!((list(numbers), list(letters)), (vec![0, 1], vec!['a', 'b']));
    assert_eq!(
        list(several_blocking(2).into_iter().flatten()),
        [0, 1, 0, 1]
    );
    assert_eq!(list(future_of_stream_blocking(2)), [0, 1]);
    assert_eq!(
        list(future_of_result_of_stream_blocking(2).unwrap()),
        [0, 1]
    );
    assert_eq!(list(named_blocking(2)), [0, 1]);
    assert_eq!(list(named_in_result_blocking(2).unwrap()), [0, 1]);
    assert_eq!(list(named_awaited_blocking(2).unwrap()), [0, 1]);
    assert_eq!(list(generic_blocking(stream::iter([1]))), [1]);
    assert_eq!(list(kept_here_blocking(Rc::new(1)).take(2)).len(), 2);
    assert_eq!(list(lent_blocking(2)), [0, 1]);
    assert_eq!(
        list(ticks_blocking(Duration::from_millis(1)).take(3)),
        [0, 1, 2]
    );
    assert_eq!(list(nothing_blocking()), []);
    assert_eq!(list(borrowed_blocking(&["a"])), [&"a"]);

    let (asked, dropped) = (Cell::new(0), Cell::new(false));
    let mut items = watched_blocking(&asked, &dropped);
    assert_eq!(asked.get(), 0);
    assert_eq!(items.next(), Some(1));
    assert_eq!(asked.get(), 1);
    drop(items);
    assert!(dropped.get());

    let mut feed = Feed {
        items: vec!["ab".into(), "bc".into()],
    }
    .into_blocking();
    assert_eq!(list(feed.all()), ["ab", "bc"]);
    assert_eq!(list(feed.matching("c").unwrap()), ["bc"]);
    assert!(feed.matching("").is_err());
    assert_eq!(
        feed.boxed().collect::<Result<Vec<_>, _>>().unwrap(),
        ["ab", "bc"]
    );
    assert_eq!(list(feed.named()).len(), 2);
    assert_eq!(list(koil::unkoil_iter(feed.untouched())), [0, 1]);
    assert_eq!(
        list(koil::unkoil_iter(BlockingFeed::untouched_awaited())),
        [0, 1]
    );
    let drained: Vec<String> = feed.drain().take(1).collect();
    assert_eq!(drained, ["ab"]);
    assert!(list(feed.into_all()).is_empty());
}
