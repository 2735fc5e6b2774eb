//! `TimeoutIter`: an `Iter` that waits a bounded time for each item.

use std::fmt;
use std::iter::FusedIterator;
use std::time::Duration;

use futures_core::Stream;

use super::Iter;
use super::failures::with_failures;
use crate::report::backtrace::__rust_end_short_backtrace as called;
use crate::report::error::Error;
use crate::scope::cancel::current_cancel::Answer;

/// An [`Iter`] whose items are [`Result`]s: it waits a bounded time for each item, and returns
/// failures of the bridge as errors.
///
/// Made by [`Iter::timeout`] and [`MapIter::timeout`](crate::MapIter::timeout), which changes each
/// item into a `U`; and by twins under `fallible` whose items cannot hold a failure themselves.
///
/// An item that does not come in time is an error with [`Error::is_timeout`]; the stream is kept,
/// and the next `next` waits for the same item. Any other failure is the last item.
/// [`into_inner`](TimeoutIter::into_inner) has the iterator without the errors.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct TimeoutIter<S: Stream, U = <S as Stream>::Item> {
    iter: Iter<S>,
    map: fn(S::Item) -> U,
    /// The longest wait for an item; `None` for any.
    timeout: Option<Duration>,
    /// An error other than a timeout has been returned; it would repeat forever.
    failed: bool,
}

impl<S: Stream, U> TimeoutIter<S, U> {
    pub(in crate::bridge) fn new(
        iter: Iter<S>,
        map: fn(S::Item) -> U,
        timeout: Option<Duration>,
    ) -> TimeoutIter<S, U> {
        TimeoutIter {
            iter,
            map,
            timeout,
            failed: false,
        }
    }

    /// The unbounded iterator over the items as the stream gives them.
    pub fn into_inner(self) -> Iter<S> {
        self.iter
    }
}

impl<S: Stream, U> Iterator for TimeoutIter<S, U> {
    type Item = Result<U, Error>;

    fn next(&mut self) -> Option<Result<U, Error>> {
        if self.failed {
            return None;
        }
        let (made, timeout) = (self.iter.made(), self.timeout);
        let pulled = called(|| self.iter.pull(timeout, made, Answer::Error));
        // A passed deadline of a scope stays passed, so it ends the iterator too.
        self.failed = pulled.as_ref().is_err_and(|error| !error.is_own_timeout());
        Some(pulled.transpose()?.map(self.map))
    }

    /// Errors are items too, and any number of them may come.
    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.failed {
            return (0, Some(0));
        }
        with_failures(self.iter.size_hint())
    }
}

impl<S: Stream, U> FusedIterator for TimeoutIter<S, U> {}

impl<S: Stream, U> fmt::Debug for TimeoutIter<S, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeoutIter")
            .field("iter", &self.iter)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
