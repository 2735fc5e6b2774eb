//! `Iter`: a stream as a blocking iterator, polled on the thread that asks for items.

use std::fmt;
use std::iter::FusedIterator;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;

use super::call::Call;
use crate::current::LoopCore;
use crate::drive::work::{Work, Workload};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::scope::cancel::ambient::Answer;

/// A stream as a blocking iterator: what a twin returns where its original returns a stream.
///
/// Lazy: the stream is polled only while `next` runs, on the thread that calls it, under the loop
/// that was ambient when the iterator was made. It may move to another thread between items if the
/// stream is `Send`. After the last item the stream is dropped, and `next` goes on to answer
/// `None`.
///
/// # Panics
///
/// `next` panics if the stream panics (which ends the iterator), and where the bridge fails, as
/// [`unkoil`](crate::unkoil) does; [`Iter::timeout`] and [`Iter::next_timeout`] answer failures of
/// the bridge as errors.
///
/// # Drop
///
/// Dropping the iterator drops the stream on the spot, under its loop.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Iter<S: Stream> {
    source: Source<S>,
    home: Option<Arc<LoopCore>>,
    /// Where it was made: `next` is mostly called by code of std, which tells nobody anything.
    made: CallSite,
    waits: Waits<S>,
}

/// What the maker of an iterator knew of its stream.
enum Waits<S: Stream> {
    /// It waits on a loop, which may or may not poll it.
    OnLoop(for<'a> fn(&'a mut Next<'_, S>) -> Workload<'a>),
    /// It is always ready: no loop is needed, and no thread is held up.
    Never,
}

enum Source<S> {
    /// Not polled yet, so it may still be taken out.
    Fresh(Box<S>),
    Pulled(Pin<Box<S>>),
    Ended,
}

impl<S: Stream> Iter<S> {
    /// Over a stream that stays on the thread that asks.
    pub(crate) fn new(call: &Call, stream: S) -> Iter<S> {
        Iter {
            source: Source::Fresh(Box::new(stream)),
            home: call.core().cloned(),
            made: call.site(),
            waits: Waits::OnLoop(|next| Workload::Local(next)),
        }
    }

    /// Over a stream that the loop may poll.
    pub(crate) fn new_send(call: &Call, stream: S) -> Iter<S>
    where
        S: Send,
        S::Item: Send,
    {
        let mut iter = Iter::new(call, stream);
        iter.waits = Waits::OnLoop(|next| Workload::Send(next));
        iter
    }

    /// Bounds the wait for each item: the items become [`Result`]s.
    ///
    /// An item that does not come in time is an error with [`Error::is_timeout`]. The stream is
    /// kept, so that the next `next` goes on waiting for the same item; the iterator ends when the
    /// stream does. Other failures of the bridge are errors too, and end it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use futures::stream::{self, StreamExt};
    ///
    /// let stream = stream::iter([1, 2]).chain(stream::pending());
    /// let items: Vec<_> = koil::unkoil_iter(stream)
    ///     .timeout(Duration::from_millis(5))
    ///     .map_while(Result::ok)
    ///     .collect();
    /// assert_eq!(items, [1, 2]);
    /// ```
    pub fn timeout(self, timeout: Duration) -> TimeoutIter<S> {
        TimeoutIter {
            iter: self,
            timeout,
            failed: false,
        }
    }

    /// As `next`, but waits at most for `timeout`, and answers failures of the bridge as errors.
    ///
    /// # Errors
    ///
    /// [`Error::is_timeout`] if the item does not come in time: the stream is kept, and may be
    /// asked again. Else as [`try_unkoil`](crate::try_unkoil).
    #[track_caller]
    pub fn next_timeout(&mut self, timeout: Duration) -> Option<Result<S::Item, Error>> {
        self.pull(Some(timeout), CallSite::here(), Answer::Error)
            .transpose()
    }

    /// Drops the stream now, and says whether that happened under its loop.
    ///
    /// # Errors
    ///
    /// [`Error::is_shutdown`] if the loop has been stopped: the stream has been dropped all the
    /// same, but its drop could not spawn or wait for anything.
    ///
    /// # Panics
    ///
    /// If the drop of the stream panics.
    #[track_caller]
    pub fn close(mut self) -> Result<(), Error> {
        let stopped = self
            .home
            .as_ref()
            .is_some_and(|core| core.registry.is_stopped());
        self.end();
        if stopped {
            Err(Error::new(Kind::Shutdown, CallSite::here()))
        } else {
            Ok(())
        }
    }

    /// The stream itself, if no item has been asked for yet.
    ///
    /// # Errors
    ///
    /// Hands the iterator back once its stream has been polled.
    pub fn into_inner(mut self) -> Result<S, Iter<S>> {
        match mem::replace(&mut self.source, Source::Ended) {
            Source::Fresh(stream) => Ok(*stream),
            source => {
                self.source = source;
                Err(self)
            }
        }
    }

    fn pull(
        &mut self,
        timeout: Option<Duration>,
        site: CallSite,
        answer: Answer,
    ) -> Result<Option<S::Item>, Error> {
        if matches!(self.source, Source::Ended) {
            return Ok(None);
        }
        let Waits::OnLoop(workload) = self.waits else {
            return Ok(self.take());
        };
        let admitted = match &self.home {
            Some(core) => Call::admit_on(core, site, answer),
            None => Call::admit(site, answer),
        };
        let call = admitted.inspect_err(|error| self.end_if_stopped(error))?;
        let _entered = call.enter();
        // Taken out while it is polled: if it panics, it is dropped here and the iterator ends.
        let Some(mut stream) = self.source.take() else {
            return Ok(None);
        };
        let mut next = Next {
            stream: stream.as_mut(),
            item: Poll::Pending,
        };
        let waited = call.drive(workload(&mut next), timeout);
        let item = next.item;
        // Cut short or refused, the stream may still be asked again; at its end it is dropped here.
        if !matches!(item, Poll::Ready(None)) {
            self.source = Source::Pulled(stream);
        }
        waited.inspect_err(|error| self.end_if_stopped(error))?;
        match item {
            Poll::Ready(item) => Ok(item),
            Poll::Pending => unreachable!("`drive` returns `Ok` only after a poll was ready"),
        }
    }

    /// The next item of a stream that is always ready.
    fn take(&mut self) -> Option<S::Item> {
        let mut stream = self.source.take()?;
        let item = match stream
            .as_mut()
            .poll_next(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(item) => item?,
            Poll::Pending => unreachable!("`FromIter` is always ready"),
        };
        self.source = Source::Pulled(stream);
        Some(item)
    }

    /// A loop that has stopped will give no item any more, and its error no end.
    fn end_if_stopped(&mut self, error: &Error) {
        if error.is_shutdown() {
            self.end();
        }
    }

    /// Drops the stream under its loop, if there is one left.
    fn end(&mut self) {
        let source = mem::replace(&mut self.source, Source::Ended);
        if matches!(source, Source::Ended) {
            return;
        }
        let call = Call::on_home(self.home.as_ref(), self.made);
        let _entered = call.enter();
        drop(source);
    }
}

impl<I: Iterator> Iter<FromIter<I>> {
    /// An `Iter` over the items of an iterator: what a hand-written mock of a twin returns.
    ///
    /// It needs no loop, holds nobody up and so works anywhere.
    #[allow(clippy::should_implement_trait)] // `FromIterator` cannot name the stream type.
    #[track_caller]
    pub fn from_iter(items: impl IntoIterator<IntoIter = I>) -> Self {
        let source = Source::Fresh(Box::new(FromIter(items.into_iter())));
        Iter {
            source,
            home: None,
            made: CallSite::here(),
            waits: Waits::Never,
        }
    }
}

impl<S: Stream> Iterator for Iter<S> {
    type Item = S::Item;

    #[track_caller]
    fn next(&mut self) -> Option<S::Item> {
        match self.pull(None, self.made, Answer::Output) {
            Ok(item) => item,
            Err(error) => error.throw(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.source.size_hint()
    }
}

impl<S: Stream> FusedIterator for Iter<S> {}

impl<S: Stream> Drop for Iter<S> {
    fn drop(&mut self) {
        self.end();
    }
}

impl<S: Stream> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.source {
            Source::Fresh(_) => "fresh",
            Source::Pulled(_) => "pulled",
            Source::Ended => "ended",
        };
        f.debug_struct("Iter")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}

impl<S: Stream> Source<S> {
    /// The stream, pinned, to be put back unless it has ended.
    fn take(&mut self) -> Option<Pin<Box<S>>> {
        match mem::replace(self, Source::Ended) {
            Source::Fresh(stream) => Some(Box::into_pin(stream)),
            Source::Pulled(stream) => Some(stream),
            Source::Ended => None,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Source::Fresh(stream) => stream.size_hint(),
            Source::Pulled(stream) => stream.size_hint(),
            Source::Ended => (0, Some(0)),
        }
    }
}

/// One `next`: done when the stream gave an item or ended.
struct Next<'a, S: Stream> {
    stream: Pin<&'a mut S>,
    item: Poll<Option<S::Item>>,
}

impl<S: Stream> Work for Next<'_, S> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.stream
            .as_mut()
            .poll_next(cx)
            .map(|item| self.item = Poll::Ready(item))
    }

    /// The stream belongs to the iterator, which decides.
    fn abandon(&mut self) {}
}

/// An [`Iter`] that waits a bounded time for each item; made by [`Iter::timeout`].
#[derive(Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct TimeoutIter<S: Stream> {
    iter: Iter<S>,
    timeout: Duration,
    /// An error other than a timeout has been given; it would come again for ever.
    failed: bool,
}

impl<S: Stream> TimeoutIter<S> {
    /// The unbounded iterator.
    pub fn into_inner(self) -> Iter<S> {
        self.iter
    }
}

impl<S: Stream> Iterator for TimeoutIter<S> {
    type Item = Result<S::Item, Error>;

    fn next(&mut self) -> Option<Result<S::Item, Error>> {
        if self.failed {
            return None;
        }
        let Iter { made, .. } = self.iter;
        let pulled = self.iter.pull(Some(self.timeout), made, Answer::Error);
        // The deadline of a scope is over for good.
        self.failed = pulled.as_ref().is_err_and(|error| !error.is_own_timeout());
        pulled.transpose()
    }
}

/// An iterator as a stream that is always ready; see [`Iter::from_iter`].
#[derive(Debug, Clone)]
pub struct FromIter<I>(I);

// The iterator is never pinned: it is called by unique reference.
impl<I> Unpin for FromIter<I> {}

impl<I: Iterator> Stream for FromIter<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}
