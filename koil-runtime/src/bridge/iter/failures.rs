//! `Failures`: the treatment of a failure of the bridge by `next` of an `Iter`.

use std::convert;
use std::time::Duration;

use futures_core::Stream;

use super::{Iter, TimeoutIter};
use crate::bridge::map_iter::MapIter;
use crate::report::backtrace::__rust_end_short_backtrace as called;
use crate::report::error::Error;
use crate::report::unwind;
use crate::scope::cancel::current_cancel::Answer;

/// The treatment of a failure of the bridge by `next`.
pub(super) enum Failures<T> {
    /// It panics.
    Panic,
    /// It returns the failure as an item.
    Items(ItemTerms<T>),
}

/// The item that a failure becomes, and the longest wait for an item.
pub(super) struct ItemTerms<T> {
    failed: fn(Error) -> T,
    timeout: Option<Duration>,
}

impl<T> Clone for ItemTerms<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ItemTerms<T> {}

impl<S: Stream> Iter<S> {
    /// The next item, or a failure as an item. A failure that would repeat for ever ends the
    /// iterator; a timeout does not, since the stream may be asked again.
    pub(super) fn next_or_failure(&mut self, terms: ItemTerms<S::Item>) -> Option<S::Item> {
        let pulled = called(|| self.pull(terms.timeout, self.made, Answer::Error));
        match pulled {
            Ok(item) => item,
            Err(error) => {
                if !error.is_own_timeout() {
                    // The item reports the failure already.
                    if self.catches {
                        unwind::swallow(|| drop(self.drop_stream()));
                    } else {
                        let _ = self.drop_stream();
                    }
                }
                Some((terms.failed)(error))
            }
        }
    }
}

/// The iterator of a twin under `fallible` whose items are `Result`s: a failure is an item, made by
/// `failed`.
pub fn fallible_iter<S: Stream>(
    mut iter: Iter<S>,
    timeout: Option<Duration>,
    failed: fn(Error) -> S::Item,
) -> Iter<S> {
    iter.failures = Failures::Items(ItemTerms { failed, timeout });
    iter
}

/// The iterator of a twin under `fallible` whose items cannot hold a failure.
pub fn timeout_iter<S: Stream>(iter: Iter<S>, timeout: Option<Duration>) -> TimeoutIter<S> {
    TimeoutIter::new(iter, convert::identity, timeout)
}

/// As [`timeout_iter`], where each item becomes its twin.
pub fn timeout_map_iter<S: Stream, U>(
    iter: MapIter<S, U>,
    timeout: Option<Duration>,
) -> TimeoutIter<S, U> {
    iter.limited(timeout)
}

/// The number of items, if failures are items too: any number of them may come, and one may end the
/// iterator before the other items.
pub(super) fn with_failures(items: (usize, Option<usize>)) -> (usize, Option<usize>) {
    match items {
        (0, Some(0)) => (0, Some(0)),
        (0, _) => (0, None),
        _ => (1, None),
    }
}
