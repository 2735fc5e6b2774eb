//! `TimeoutIter`: an `Iter` that waits a bounded time for each item.

use std::iter::FusedIterator;
use std::time::Duration;

use futures_core::Stream;

use super::Iter;
use crate::report::backtrace::__rust_end_short_backtrace as called;
use crate::report::error::Error;
use crate::scope::cancel::current_cancel::Answer;

/// An [`Iter`] that waits a bounded time for each item; made by [`Iter::timeout`].
#[derive(Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct TimeoutIter<S: Stream> {
    iter: Iter<S>,
    timeout: Duration,
    /// An error other than a timeout has been returned; it would repeat forever.
    failed: bool,
}

impl<S: Stream> TimeoutIter<S> {
    pub(super) fn new(iter: Iter<S>, timeout: Duration) -> TimeoutIter<S> {
        TimeoutIter {
            iter,
            timeout,
            failed: false,
        }
    }

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
        let made = self.iter.made();
        let timeout = Some(self.timeout);
        let pulled = called(|| self.iter.pull(timeout, made, Answer::Error));
        // A passed deadline of a scope stays passed, so it ends the iterator too.
        self.failed = pulled.as_ref().is_err_and(|error| !error.is_own_timeout());
        pulled.transpose()
    }

    /// Errors are items too, and any number of them may come.
    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.failed {
            return (0, Some(0));
        }
        match self.iter.size_hint() {
            (0, Some(0)) => (0, Some(0)),
            (0, _) => (0, None),
            // A failure may end it before the other items.
            _ => (1, None),
        }
    }
}

impl<S: Stream> FusedIterator for TimeoutIter<S> {}
