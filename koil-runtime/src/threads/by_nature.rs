//! Calls and streams that are async by nature: they run no job, and need no worker and no loop.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::call::ThreadedCall;
use super::iter::ThreadedIter;
use crate::report::site::CallSite;
use crate::sync::Mutex;

/// A future instead of a job; `None` once it has ended. The lock makes the call `Sync`.
pub(super) struct OwnFuture<T>(Mutex<Option<BoxFuture<T>>>);

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<T> OwnFuture<T> {
    /// A panic in the future is its end.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<T> {
        let Some(mut future) = self.0.get_mut().take() else {
            panic!("a `ThreadedCall` was polled after it was ready");
        };
        let polled = future.as_mut().poll(cx);
        if polled.is_pending() {
            *self.0.get_mut() = Some(future);
        }
        polled
    }
}

/// A stream instead of a producer; `None` once it has ended. The lock makes it `Sync`.
pub(super) struct OwnStream<T>(Mutex<Option<BoxStream<T>>>);

type BoxStream<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

impl<T> OwnStream<T> {
    /// A panic in the stream is its end.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Some(mut stream) = self.0.get_mut().take() else {
            return Poll::Ready(None);
        };
        let item = stream.as_mut().poll_next(cx);
        if !matches!(item, Poll::Ready(None)) {
            *self.0.get_mut() = Some(stream);
        }
        item
    }

    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        // Held while the stream answers; no other code can take this lock, which is there for `Sync`.
        let stream = self.0.lock();
        stream.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

impl<T> ThreadedCall<T> {
    /// A call that is async by nature, for a type that implements the async twin of a `#[threaded]`
    /// trait by hand: `future` is polled where the call is awaited, and no worker and no loop is
    /// used.
    ///
    /// Options of jobs have no effect on it: the future sees the [context](crate::ContextVar) of the
    /// task that awaits it, and runs only while it is polled, also after
    /// [`start`](ThreadedCall::start).
    /// [`fallible`](ThreadedCall::fallible) returns `Ok`.
    ///
    /// # Cancellation and drop
    ///
    /// Dropping the call drops the future, at once, on this thread. So does
    /// [`cancel`](ThreadedCall::cancel), which returns `true`, and
    /// [`detach`](ThreadedCall::detach).
    ///
    /// # Panics
    ///
    /// None here. A panic in the future comes out at the await.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use koil::{ThreadedCall, threaded};
    ///
    /// #[threaded]
    /// pub trait Bus: Send + Sync + 'static {
    ///     fn read(&self, at: u8) -> u8;
    /// }
    ///
    /// /// Has an async driver of its own.
    /// struct Dma;
    ///
    /// impl AsyncBus for Dma {
    ///     fn read(&self, at: u8) -> ThreadedCall<u8> {
    ///         ThreadedCall::from_future(async move {
    ///             tokio::time::sleep(Duration::from_millis(1)).await;
    ///             at + 1
    ///         })
    ///     }
    /// }
    ///
    /// assert_eq!(koil::unkoil(Dma.read(1)), 2);
    /// ```
    #[track_caller]
    pub fn from_future<F>(future: F) -> ThreadedCall<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        ThreadedCall::own(
            CallSite::here(),
            OwnFuture(Mutex::new(Some(Box::pin(future)))),
        )
    }

    /// A call whose value is there already, for mocks of a `#[threaded]` trait: the first poll
    /// returns it.
    ///
    /// As [`from_future`](ThreadedCall::from_future) with [`std::future::ready`].
    ///
    /// # Cancellation and drop
    ///
    /// Dropping the call drops the value, and so does [`cancel`](ThreadedCall::cancel), which
    /// returns `true`.
    ///
    /// ```
    /// use koil::ThreadedCall;
    ///
    /// let answer = futures::executor::block_on(ThreadedCall::ready(42));
    /// assert_eq!(answer, 42);
    /// ```
    #[track_caller]
    pub fn ready(value: T) -> ThreadedCall<T>
    where
        T: Send + 'static,
    {
        ThreadedCall::from_future(std::future::ready(value))
    }
}

impl<T> ThreadedIter<T> {
    /// A stream that is async by nature, for a type that implements the async twin of a
    /// `#[threaded]` trait by hand: `stream` is polled where this is polled, and no worker and no
    /// loop is used. It is not polled after its end.
    ///
    /// # Cancellation and drop
    ///
    /// Dropping drops the stream, at once, on this thread; so does
    /// [`close`](ThreadedIter::close), which returns `None`.
    ///
    /// # Panics
    ///
    /// None here. A panic in the stream comes out where this is polled, and is the end of the
    /// stream.
    ///
    /// ```
    /// use futures::{StreamExt, stream};
    /// use koil::ThreadedIter;
    ///
    /// let items = ThreadedIter::from_stream(stream::iter([1, 2, 3]));
    /// let items: Vec<i32> = futures::executor::block_on(items.collect());
    /// assert_eq!(items, [1, 2, 3]);
    /// ```
    pub fn from_stream<S>(stream: S) -> ThreadedIter<T>
    where
        S: Stream<Item = T> + Send + 'static,
    {
        ThreadedIter::own(OwnStream(Mutex::new(Some(Box::pin(stream)))))
    }
}
