//! `stream` and `try_stream`: coroutines without answers, as streams.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use super::{Co, Coroutine, Resumed, coroutine};

/// Makes a stream of an async closure: the values that it yields are the items.
///
/// ```
/// use futures::StreamExt;
/// use koil::coroutine::{Co, stream};
///
/// async fn count(co: &Co<u32>, to: u32) {
///     for number in 1..=to {
///         co.yield_(number).await;
///     }
/// }
///
/// let numbers = stream(|co| async move {
///     count(&co, 2).await;
///     count(&co, 1).await;
/// });
/// assert_eq!(koil::inline::iter(numbers).collect::<Vec<_>>(), [1, 2, 1]);
/// ```
#[doc(alias = "generator")]
#[doc(alias = "async_stream")]
pub fn stream<T, F>(f: impl FnOnce(Co<T>) -> F) -> impl FusedStream<Item = T>
where
    F: Future<Output = ()>,
{
    Items {
        coroutine: coroutine(|co, ()| f(co)),
        last: |()| None,
    }
}

/// Makes a stream of results of an async closure: each value that it yields is an item, and an error
/// that it returns is the last one.
///
/// ```
/// use koil::coroutine::try_stream;
///
/// let numbers = try_stream(|co| async move {
///     for text in ["1", "2", "many"] {
///         co.yield_(text.parse::<u32>()?).await;
///     }
///     Ok::<(), std::num::ParseIntError>(())
/// });
/// let items: Vec<_> = koil::inline::iter(numbers).collect();
/// assert_eq!(items[1], Ok(2));
/// assert!(items[2].is_err());
/// ```
#[doc(alias = "async_try_stream")]
pub fn try_stream<T, E, F>(f: impl FnOnce(Co<T>) -> F) -> impl FusedStream<Item = Result<T, E>>
where
    F: Future<Output = Result<(), E>>,
{
    let results = Items {
        coroutine: coroutine(|co, ()| f(co)),
        last: |end: Result<(), E>| end.err(),
    };
    TryItems(results)
}

/// A coroutine whose values are items; `last` makes something of its result.
struct Items<T, G, F: Future, L> {
    coroutine: Coroutine<T, (), G, F>,
    last: fn(F::Output) -> Option<L>,
}

impl<T, G, F, L> Items<T, G, F, L>
where
    G: FnOnce(Co<T>, ()) -> F,
    F: Future,
{
    /// The next item; at the end, what `last` makes of the result.
    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, L>>> {
        if self.coroutine.is_finished() {
            return Poll::Ready(None);
        }
        if self.coroutine.wants_input() {
            self.coroutine.give(());
        }
        Poll::Ready(match ready!(self.coroutine.poll_body(cx)) {
            Resumed::Yielded(item) => Some(Ok(item)),
            Resumed::Complete(end) => (self.last)(end).map(Err),
        })
    }
}

impl<T, G, F> Stream for Items<T, G, F, Never>
where
    G: FnOnce(Co<T>, ()) -> F,
    F: Future<Output = ()>,
{
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.poll_item(cx).map(|item| match item? {
            Ok(item) => Some(item),
            Err(never) => match never {},
        })
    }
}

/// `last` of a stream without a result makes nothing.
enum Never {}

impl<T, G, F> FusedStream for Items<T, G, F, Never>
where
    G: FnOnce(Co<T>, ()) -> F,
    F: Future<Output = ()>,
{
    fn is_terminated(&self) -> bool {
        self.coroutine.is_finished()
    }
}

/// As `Items`, where the result may be an error.
struct TryItems<T, G, F: Future, E>(Items<T, G, F, E>);

impl<T, E, G, F> Stream for TryItems<T, G, F, E>
where
    G: FnOnce(Co<T>, ()) -> F,
    F: Future<Output = Result<(), E>>,
{
    type Item = Result<T, E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_item(cx)
    }
}

impl<T, E, G, F> FusedStream for TryItems<T, G, F, E>
where
    G: FnOnce(Co<T>, ()) -> F,
    F: Future<Output = Result<(), E>>,
{
    fn is_terminated(&self) -> bool {
        self.0.coroutine.is_finished()
    }
}
