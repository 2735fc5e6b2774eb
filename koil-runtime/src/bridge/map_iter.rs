//! `MapIter`: an `Iter` that converts its items into their twins.

use std::fmt;
use std::iter::FusedIterator;
use std::time::Duration;

use futures_core::Stream;

use super::iter::{Iter, TimeoutIter};
use crate::report::error::Error;

/// An [`Iter`] that changes each item: the return type of a twin whose original returns a stream of
/// values that have twins. Made by [`Iter::map_items`].
///
/// It has the methods of [`Iter`], which an [`Iterator::map`] would hide.
///
/// ```
/// use std::time::Duration;
///
/// let mut texts = koil::unkoil_iter(futures::stream::iter([1, 2])).map_items(|n| n.to_string());
/// assert_eq!(texts.next().as_deref(), Some("1"));
/// let second = texts.next_timeout(Duration::from_secs(1));
/// assert_eq!(second.transpose()?.as_deref(), Some("2"));
/// texts.close()?;
/// # Ok::<(), koil::Error>(())
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct MapIter<S: Stream, U> {
    iter: Iter<S>,
    map: fn(S::Item) -> U,
}

impl<S: Stream> Iter<S> {
    /// Changes each item, as [`Iterator::map`] does, and keeps the methods of this type.
    pub fn map_items<U>(self, map: fn(S::Item) -> U) -> MapIter<S, U> {
        MapIter { iter: self, map }
    }
}

/// [`Iter::map_items`], as generated code calls it.
pub fn map_items<S: Stream, U>(iter: Iter<S>, map: fn(S::Item) -> U) -> MapIter<S, U> {
    iter.map_items(map)
}

impl<S: Stream, U> MapIter<S, U> {
    /// As [`Iter::timeout`]: bounds the wait for each item.
    pub fn timeout(self, timeout: Duration) -> TimeoutIter<S, U> {
        self.limited(Some(timeout))
    }

    pub(super) fn limited(self, timeout: Option<Duration>) -> TimeoutIter<S, U> {
        TimeoutIter::new(self.iter, self.map, timeout)
    }

    /// As [`Iter::next_timeout`].
    ///
    /// # Errors
    ///
    /// The errors of [`Iter::next_timeout`].
    #[track_caller]
    pub fn next_timeout(&mut self, timeout: Duration) -> Option<Result<U, Error>> {
        let item = self.iter.next_timeout(timeout)?;
        Some(item.map(self.map))
    }

    /// As [`Iter::read_ahead`].
    pub fn read_ahead(self, n: usize) -> MapIter<S, U> {
        let iter = self.iter.read_ahead(n);
        MapIter { iter, ..self }
    }

    /// As [`Iter::prefetch`].
    ///
    /// # Panics
    ///
    /// If `n` is 0.
    #[track_caller]
    pub fn prefetch(self, n: usize) -> MapIter<S, U>
    where
        S: Send + 'static,
        S::Item: Send + 'static,
    {
        let iter = self.iter.prefetch(n);
        MapIter { iter, ..self }
    }

    /// As [`Iter::close`]: drops the stream now.
    ///
    /// # Errors
    ///
    /// The errors of [`Iter::close`].
    #[track_caller]
    pub fn close(self) -> Result<(), Error> {
        self.iter.close()
    }

    /// The iterator over the items as the stream gives them.
    pub fn into_inner(self) -> Iter<S> {
        self.iter
    }
}

impl<S: Stream, U> Iterator for MapIter<S, U> {
    type Item = U;

    #[track_caller]
    fn next(&mut self) -> Option<U> {
        self.iter.next().map(self.map)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.iter.size_hint()
    }
}

impl<S: Stream, U> FusedIterator for MapIter<S, U> {}

impl<S: Stream, U> fmt::Debug for MapIter<S, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapIter")
            .field("iter", &self.iter)
            .finish_non_exhaustive()
    }
}
