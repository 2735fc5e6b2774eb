//! `Iter::from_iter`: a plain iterator as an `Iter`, for mocks.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::Iter;
use super::pull::Poller;
use crate::report::site::CallSite;

impl<I: Iterator> Iter<FromIter<I>> {
    /// An `Iter` over the items of an iterator: the return value of a hand-written mock of a twin.
    ///
    /// It needs no loop and holds up no thread, so it works anywhere. It never waits, so
    /// [`read_ahead`](Iter::read_ahead) and [`prefetch`](Iter::prefetch) have no effect.
    #[allow(clippy::should_implement_trait)] // `FromIterator` cannot name the stream type.
    #[track_caller]
    pub fn from_iter(items: impl IntoIterator<IntoIter = I>) -> Self {
        Iter::of(
            FromIter(items.into_iter()),
            None,
            CallSite::here(),
            Poller::AlwaysReady,
        )
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
