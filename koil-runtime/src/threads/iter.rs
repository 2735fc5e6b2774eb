//! `ThreadedIter`: the items of a producer on a worker, as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::by_nature::OwnStream;
use super::call::{Place, ThreadedCall};
use super::channel::{self, receiver::Receiver};
use super::outcome::JobOutcome;
use super::yielder::{self, YieldEnd, Yielder};
use super::{capacity, pooled_iter};
use crate::report::error::Error;
use crate::report::site::CallSite;

/// Makes a stream of an iterator that blocks; workers of the ambient loop run it.
///
/// `make` runs on a worker, after the first poll of the stream. Its loop, context and token are as
/// for [`run_threaded`](crate::run_threaded()).
///
/// At most `capacity` items are ahead of the consumer, and the producer holds one more. A producer
/// that has reached this limit holds no thread: it continues, perhaps on another worker, when half
/// of the capacity is free. So the iterator has to be `Send`; for an iterator that is not `Send`,
/// there is [`iterate_separate`].
///
/// # Panics
///
/// If `capacity` is 0, or if there is no loop and none can be started. Polling the stream panics if
/// the iterator panics: its panic resumes where the stream is polled, after the items before it;
/// and if its loop is stopped before its end.
///
/// ```
/// use futures::StreamExt;
///
/// let squares = koil::unkoil(async {
///     let numbers = koil::iterate_threaded(64, || (1..=4).map(|n| n * n));
///     numbers.collect::<Vec<_>>().await
/// });
/// assert_eq!(squares, [1, 4, 9, 16]);
/// ```
#[doc(alias = "threaded_iterable")]
#[track_caller]
pub fn iterate_threaded<I>(
    capacity: usize,
    make: impl FnOnce() -> I + Send + 'static,
) -> ThreadedIter<I::Item>
where
    I: IntoIterator,
    I::IntoIter: Send + 'static,
    I::Item: Send + 'static,
{
    let site = CallSite::of("koil::iterate_threaded\nthe iterator");
    let (sender, items) = channel::pair(capacity::checked(capacity));
    let call = ThreadedCall::with_begin(site, Place::Pool, |core, answer| {
        let core = core.clone();
        move |job_context| match job_context {
            Ok(job_context) => {
                pooled_iter::begin(core, sender, answer, job_context, || make().into_iter());
            }
            Err(why) => {
                drop((make, sender));
                answer.give(JobOutcome::Refused(why));
            }
        }
    });
    ThreadedIter::new(items, call)
}

/// Makes a stream of an iterator that blocks, on a separate thread, which ends with it.
///
/// As [`iterate_threaded`], for iterators that must stay on one thread (they need not be `Send`)
/// and for sources that never end: it takes no place in the pool of workers.
///
/// # Panics
///
/// As [`iterate_threaded`].
///
/// ```
/// use std::rc::Rc;
///
/// use futures::StreamExt;
///
/// let lines = koil::iterate_separate(64, || {
///     let shared = Rc::new(String::from("a line"));
///     (0..3).map(move |n| format!("{shared} {n}"))
/// });
/// assert_eq!(koil::unkoil(lines.collect::<Vec<_>>())[2], "a line 2");
/// ```
#[doc(alias = "threaded_iterable_separate")]
#[track_caller]
pub fn iterate_separate<I>(
    capacity: usize,
    make: impl FnOnce() -> I + Send + 'static,
) -> ThreadedIter<I::Item>
where
    I: IntoIterator,
    I::Item: Send + 'static,
{
    let names = "koil::iterate_separate\nthe iterator";
    threaded_yield(names, Place::Separate, Some(capacity), move |out| {
        yielder::feed(out, make());
    })
}

/// Called by the expansion of `#[threaded_iterable]`.
#[track_caller]
pub fn threaded_yield<T, R>(
    names: &'static str,
    place: Place,
    capacity: Option<usize>,
    run: impl FnOnce(&mut Yielder<T>) -> R + Send + 'static,
) -> ThreadedIter<R::Item>
where
    T: Send + 'static,
    R: YieldEnd<T>,
{
    let site = CallSite::of(names);
    let (sender, items) = channel::pair(capacity::or_default(capacity));
    let call = ThreadedCall::with_core(site, place, move |core| {
        yielder::produce(sender, core, site, run)
    });
    ThreadedIter::new(items, call)
}

/// The end of a producer: its last item, if it has one; or the error that its loop was stopped.
pub(super) type ProducerEnd<T> = Result<Option<T>, Error>;

/// The items of a producer on a worker, as a [`Stream`]; made by [`iterate_threaded`] and by the
/// async twins of `#[threaded_iterable]`.
///
/// The producer starts when the stream is first polled. The items it has made come first, in order;
/// then its error, if it returned one, as the last item. A panic resumes where the stream is
/// polled, also after the items before it. After its end the stream only returns `None`.
///
/// # Drop
///
/// Dropping stops the producer at its next item, and ends its [`sleep`](crate::sleep()) and the
/// calls that obey its token at once; the values it holds are dropped on its worker. Dropping does
/// not wait: [`close`](ThreadedIter::close) waits. Items that have been made and not taken are
/// dropped.
#[must_use = "a stream does nothing unless it is polled"]
pub struct ThreadedIter<T> {
    /// `None` after the last item, and once the stream is closed.
    items: Option<Receiver<T>>,
    /// The producer; `None` once its end is known.
    call: Option<ThreadedCall<ProducerEnd<T>>>,
    /// The stream of a type that is async by nature.
    own: Option<OwnStream<T>>,
}

impl<T> ThreadedIter<T> {
    pub(super) fn new(items: Receiver<T>, call: ThreadedCall<ProducerEnd<T>>) -> ThreadedIter<T> {
        ThreadedIter {
            items: Some(items),
            call: Some(call),
            own: None,
        }
    }

    /// A stream without a producer.
    pub(super) fn own(stream: OwnStream<T>) -> ThreadedIter<T> {
        ThreadedIter {
            items: None,
            call: None,
            own: Some(stream),
        }
    }

    /// Applies the changes that the producer makes to its [context](crate::ContextVar) to the
    /// context of the caller that takes the end of the stream or closes it. Call it before the
    /// first poll.
    pub fn bring_context(mut self) -> ThreadedIter<T> {
        self.call = self.call.take().map(ThreadedCall::bring_context);
        self
    }

    /// Makes an early end of the stream release the plain calls of the producer too: a plain twin
    /// that waits when the stream is dropped or closed, or its token cancelled, unwinds to the end
    /// of the producer, as with [`ThreadedCall::unwinding`]. Call it before the first poll.
    ///
    /// If the stream is polled nevertheless, it panics with the text of the plain call's error,
    /// after the items before it.
    ///
    /// ```
    /// use futures::StreamExt;
    ///
    /// koil::unkoil(async {
    ///     let numbers = koil::iterate_threaded(8, || {
    ///         (0..).map(|n| {
    ///             if n > 0 {
    ///                 koil::unkoil(std::future::pending::<()>());
    ///             }
    ///             n
    ///         })
    ///     });
    ///     let mut numbers = numbers.unwinding();
    ///     assert_eq!(numbers.next().await, Some(0));
    ///     numbers.close().await; // Does not wait for ever.
    /// });
    /// ```
    pub fn unwinding(mut self) -> ThreadedIter<T> {
        self.call = self.call.take().map(ThreadedCall::unwinding);
        self
    }

    /// Stops the producer and waits until it has ended, its own drops included.
    ///
    /// Returns the error it ended with, if that has not been taken as an item yet, in the form of
    /// an item; after a `?` on [`Yielder::push`] this may be the error that the stream was closed.
    /// Items that have been made and not taken are dropped. A producer that never started never
    /// runs.
    ///
    /// The wait lasts until the producer ends: at its next item, or at once in
    /// [`sleep`](crate::sleep()). A timeout can limit it, as for any future.
    ///
    /// # Panics
    ///
    /// If the producer panicked: its panic resumes here.
    ///
    /// ```
    /// use futures::StreamExt;
    ///
    /// koil::unkoil(async {
    ///     let mut lines = koil::iterate_threaded(8, || std::iter::repeat("a line"));
    ///     assert_eq!(lines.next().await, Some("a line"));
    ///     lines.close().await;
    ///     // Nothing of the iterator is left.
    /// });
    /// ```
    pub async fn close(mut self) -> Option<T> {
        self.items = None;
        let call = self.call.take()?;
        // A producer that is cut short by the end of its loop has ended, too.
        call.end().await?.ok().flatten()
    }

    /// In a forked child the producer stayed behind, and may hold the lock of the items forever.
    fn leak_if_forked(&mut self) {
        if self.call.as_mut().is_some_and(ThreadedCall::leak_if_forked) {
            std::mem::forget(self.items.take());
        }
    }

    /// The next item; an error if the producer could not begin or its loop was stopped under it.
    pub(super) fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<T>, Error>> {
        self.leak_if_forked();
        if let (Some(items), Some(call)) = (&mut self.items, &mut self.call) {
            call.hand_over();
            if let Some(item) = ready!(items.poll_recv(cx)) {
                return Poll::Ready(Ok(Some(item)));
            }
            self.items = None;
        }
        if let Some(stream) = &mut self.own {
            return stream.poll_next(cx).map(Ok);
        }
        let Some(call) = &mut self.call else {
            return Poll::Ready(Ok(None));
        };
        let end = ready!(call.poll_outcome(cx));
        // Taken out first, since `result_of` may throw: a later poll finds the end.
        let Some(call) = self.call.take() else {
            unreachable!("it has just been polled")
        };
        Poll::Ready(call.result_of(end).and_then(|end| end))
    }
}

impl<T> Drop for ThreadedIter<T> {
    fn drop(&mut self) {
        self.leak_if_forked();
    }
}

impl<T> Stream for ThreadedIter<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        match ready!(self.poll_item(cx)) {
            Ok(item) => Poll::Ready(item),
            Err(error) => error.throw(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        if let Some(stream) = &self.own {
            return stream.size_hint();
        }
        match (&self.items, &self.call) {
            (Some(items), _) => items.size_hint(),
            (None, Some(_)) => (0, Some(1)),
            (None, None) => (0, Some(0)),
        }
    }
}

// Items are moved, never pinned.
impl<T> Unpin for ThreadedIter<T> {}

impl<T> fmt::Debug for ThreadedIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadedIter")
            .field("items", &self.items)
            .field("producer", &self.call)
            .finish_non_exhaustive()
    }
}
