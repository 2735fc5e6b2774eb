//! `Iter`: a stream as a blocking iterator, polled on the thread that asks for items.

mod failures;
mod from_iter;
mod prefetch;
mod pull;
mod source;
mod timeout;
mod window;

use std::collections::VecDeque;
use std::convert;
use std::fmt;
use std::iter::FusedIterator;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;

use self::failures::Failures;
pub use self::failures::{fallible_iter, timeout_iter, timeout_map_iter};
pub use self::from_iter::FromIter;
use self::pull::Poller;
use self::source::Source;
pub use self::timeout::TimeoutIter;
use self::window::Window;
use super::panics::halted;
use crate::call::Call;
use crate::current::LoopCore;
use crate::drive::work::Workload;
use crate::report::backtrace::__rust_end_short_backtrace as called;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::current_cancel::Answer;

/// A stream as a blocking iterator: the return type of a twin whose original returns a stream.
///
/// Lazy: the stream is polled only while `next` runs, on the thread that calls it, under the loop
/// that was ambient when the iterator was made. It may move to another thread between items if the
/// stream and its items are `Send`. After the last item the stream is dropped, and each further
/// `next` returns `None`.
///
/// Three ways to read a stream, from strict to eager:
///
/// | | the stream is polled | at most ahead |
/// | --- | --- | --- |
/// | as it is | in `next`, for the item that is asked for | nothing |
/// | [`read_ahead(n)`](Iter::read_ahead) | in `next`, and on while more is ready at once | `n` items |
/// | [`prefetch(n)`](Iter::prefetch) | by a task on the loop, while the caller does other things | `n` items |
///
/// # Panics
///
/// `next` panics if the stream panics (which ends the iterator), and if the bridge fails, as
/// [`unkoil`](crate::unkoil) does; [`Iter::timeout`] and [`Iter::next_timeout`] return failures of
/// the bridge as errors. The iterator of a twin under `fallible` gives such a failure as an item,
/// an `Err`; any failure but a passed time limit ends it.
///
/// # Drop
///
/// Dropping the iterator drops the stream at once, under its loop, and the items that have been
/// read ahead.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Iter<S: Stream> {
    source: Source<S>,
    /// The items that have been taken from the source and not been asked for yet, oldest first.
    ahead: VecDeque<S::Item>,
    window: Window,
    home: Option<Arc<LoopCore>>,
    /// The place where it was made. It serves as the call site, since `next` is mostly called by
    /// code of std, which does not pass on its caller.
    made: CallSite,
    poller: Poller<S>,
    failures: Failures<S::Item>,
    /// True if panics of the stream are failures.
    catches: bool,
}

// The stream is in a box of its own, and items are never pinned.
impl<S: Stream> Unpin for Iter<S> {}

impl<S: Stream> Iter<S> {
    /// An iterator over a stream that the calling thread polls.
    pub(crate) fn new(call: &Call, stream: S) -> Iter<S> {
        Iter::of(stream, call.core().cloned(), call.site(), Poller::Caller)
    }

    /// An iterator over a stream that the loop's thread polls.
    pub(crate) fn lent(call: &Call, stream: S) -> Iter<S>
    where
        S: Send,
        S::Item: Send,
    {
        let poller = Poller::Named(|next| Workload::Lent(next));
        Iter::of(stream, call.core().cloned(), call.site(), poller)
    }

    fn of(stream: S, home: Option<Arc<LoopCore>>, made: CallSite, poller: Poller<S>) -> Iter<S> {
        Iter {
            source: Source::Fresh(Box::new(stream)),
            ahead: VecDeque::new(),
            window: Window::default(),
            home,
            made,
            poller,
            failures: Failures::Panic,
            catches: false,
        }
    }

    /// Says that the stream needs no lock of the host: where a [`WaitHook`](crate::WaitHook) is set, a
    /// call that waits for an item releases that lock once, and the stream is polled without it from
    /// then on to the end of the call. See [`unkoil_unlocked`](crate::unkoil_unlocked).
    ///
    /// Without a hook nothing changes; nor for an iterator whose stream the loop polls.
    ///
    /// ```
    /// use futures::stream;
    ///
    /// let numbers = koil::unkoil_iter(stream::iter([1, 2])).unlocked();
    /// assert_eq!(numbers.sum::<i32>(), 3);
    /// ```
    pub fn unlocked(mut self) -> Iter<S>
    where
        S: Send,
        S::Item: Send,
    {
        if matches!(self.poller, Poller::Caller) {
            self.poller = Poller::Named(|next| Workload::Unlocked(next));
        }
        self
    }

    /// Panics of the stream become failures.
    pub(in crate::bridge) fn catching(mut self) -> Iter<S> {
        self.catches = true;
        self
    }

    /// Bounds the wait for each item: the items become [`Result`]s.
    ///
    /// An item that does not come in time is an error with [`Error::is_timeout`]. The stream is
    /// kept, so that the next `next` continues to wait for the same item; the iterator ends when
    /// the stream does. Other failures of the bridge are errors too, and end it.
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
        TimeoutIter::new(self, convert::identity, Some(timeout))
    }

    /// As `next`, but waits at most for `timeout`, and returns failures of the bridge as errors.
    ///
    /// # Errors
    ///
    /// [`Error::is_timeout`] if the item does not come in time: the stream is kept, and may be
    /// asked again; but one that listens to its token has been told to stop, so this is not for waits in
    /// slices ([`unkoil_timeout`](crate::unkoil_timeout) names what is). Else as [`try_unkoil`](crate::try_unkoil).
    #[track_caller]
    pub fn next_timeout(&mut self, timeout: Duration) -> Option<Result<S::Item, Error>> {
        let site = self.called_here();
        let pulled = called(|| self.pull(Some(timeout), site, Answer::Error));
        pulled.transpose()
    }

    /// Takes up to `n` further items at once while the stream has them ready: a ready stream then
    /// costs a few nanoseconds per item. With 0, the default, nothing is read ahead.
    ///
    /// When `next` has no item in stock, it poller for one as usual, and then polls the stream
    /// further while it is ready, without a wait: for one further item at first, for twice as many
    /// each time that all were ready, up to `n`; and for one again after they were not. So at most
    /// `n` items have been produced before they were asked for. They are dropped with the iterator;
    /// an error or a panic comes after the items before it, and the stream is dropped when its end
    /// is seen.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use futures::stream;
    ///
    /// let made = Cell::new(0);
    /// let stream = stream::repeat_with(|| made.replace(made.get() + 1));
    /// let mut iter = koil::unkoil_iter(stream).read_ahead(4);
    /// assert_eq!((iter.next(), made.get()), (Some(0), 2)); // one further
    /// assert_eq!((iter.next(), made.get()), (Some(1), 2)); // from stock
    /// assert_eq!((iter.next(), made.get()), (Some(2), 5)); // two further
    /// ```
    #[doc(alias = "buffered")]
    #[doc(alias = "ready_chunks")]
    pub fn read_ahead(mut self, n: usize) -> Iter<S> {
        self.window = Window::up_to(n);
        self
    }

    /// Drops the stream now, and reports whether that happened under its loop.
    ///
    /// # Errors
    ///
    /// [`Error::is_shutdown`] if the loop has been stopped: the stream has been dropped all the
    /// same, but its drop could not spawn or wait for anything. [`Error::is_timeout`] if a stream
    /// that is [prefetched](Iter::prefetch) was in a poll during the whole `cancel_grace`: the loop
    /// drops it when that poll is over.
    ///
    /// # Panics
    ///
    /// If the drop of the stream panics, or the stream panicked before and its panic was not
    /// resumed yet.
    #[track_caller]
    pub fn close(mut self) -> Result<(), Error> {
        let stopped = self
            .home
            .as_ref()
            .filter(|core| core.registry.is_stopped())
            .map(|core| core.end());
        let site = self.called_here();
        let ended = if self.catches {
            halted(site, || self.drop_stream())?
        } else {
            self.drop_stream()
        };
        match (ended, stopped) {
            (DropOutcome::Panicked(payload), _) if self.catches => {
                Err(Error::of_panic(site, payload))
            }
            (DropOutcome::Panicked(payload), _) => unwind::resume(payload),
            (_, Some(kind)) => Err(Error::new(kind, site)),
            (DropOutcome::StillPolled(grace), _) => Err(Error::new(Kind::Timeout(grace), site)),
            (DropOutcome::Dropped, None) => Ok(()),
        }
    }

    /// The stream itself, if no item has been asked for yet.
    ///
    /// # Errors
    ///
    /// The iterator itself, once its stream has been polled.
    #[allow(clippy::result_large_err)] // Not an error to be passed on: it is what one had.
    pub fn into_inner(mut self) -> Result<S, Iter<S>> {
        match mem::replace(&mut self.source, Source::Ended) {
            Source::Fresh(stream) => Ok(*stream),
            source => {
                self.source = source;
                Err(self)
            }
        }
    }

    fn made(&self) -> CallSite {
        self.made
    }

    /// The line of the caller, with the name of the twin that made the iterator.
    #[track_caller]
    fn called_here(&self) -> CallSite {
        CallSite {
            location: CallSite::here().location,
            ..self.made
        }
    }

    /// Drops the stream, and the items that have been read ahead, under its loop, if that still
    /// runs.
    fn drop_stream(&mut self) -> DropOutcome {
        let ahead = mem::take(&mut self.ahead);
        let source = mem::replace(&mut self.source, Source::Ended);
        if matches!(source, Source::Ended) && ahead.is_empty() {
            return DropOutcome::Dropped;
        }
        if self.home.as_ref().is_some_and(|core| core.is_forked()) {
            // Their drops could signal their loop, and so wait for threads that do not exist in
            // this process.
            mem::forget((source, ahead));
            return DropOutcome::Dropped;
        }
        let call = Call::dropping(self.home.clone(), self.made);
        let _entered = call.enter();
        let ended = match source {
            Source::Prefetched(prefetched) => prefetched.close(),
            Source::Panicked(payload) => DropOutcome::Panicked(payload.into_inner()),
            stream @ (Source::Fresh(_) | Source::Pulled(_) | Source::Ended) => {
                drop(stream);
                DropOutcome::Dropped
            }
        };
        drop(ahead);
        ended
    }
}

/// The result of dropping a stream.
enum DropOutcome {
    Dropped,
    /// It had panicked, and the panic was not resumed yet.
    Panicked(unwind::Payload),
    /// It was in a poll during the whole grace time; the loop drops it.
    StillPolled(Duration),
}

impl<S: Stream> Iterator for Iter<S> {
    type Item = S::Item;

    #[inline]
    #[track_caller]
    fn next(&mut self) -> Option<S::Item> {
        if let Some(item) = self.in_stock() {
            return Some(item);
        }
        if let Failures::Items(terms) = self.failures {
            return self.next_or_failure(terms);
        }
        match called(|| self.pull(None, self.made, Answer::Output)) {
            Ok(item) => item,
            Err(error) => error.throw(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let ahead = self.ahead.len();
        let (lower, upper) = self.source.size_hint();
        let items = (
            lower.saturating_add(ahead),
            upper.and_then(|upper| upper.checked_add(ahead)),
        );
        match self.failures {
            Failures::Panic => items,
            Failures::Items(_) => failures::with_failures(items),
        }
    }
}

impl<S: Stream> FusedIterator for Iter<S> {}

impl<S: Stream> Drop for Iter<S> {
    fn drop(&mut self) {
        // A drop cannot report a failure.
        let _ = self.drop_stream();
    }
}

impl<S: Stream> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter")
            .field("state", &self.source.state())
            .field("ahead", &self.ahead.len())
            .finish_non_exhaustive()
    }
}
