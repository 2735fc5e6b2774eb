//! `Source`: the origin of an `Iter`'s items.

use std::mem;
use std::pin::Pin;

use futures_core::Stream;

use super::prefetch::Prefetched;
use crate::report::unwind::{self, Payload};
use crate::sync::Mutex;

pub(super) enum Source<S: Stream> {
    /// Not polled yet, so it may still be taken out.
    Fresh(Box<S>),
    Pulled(Pin<Box<S>>),
    /// A task on the loop polls it.
    Prefetched(Prefetched<S>),
    /// The stream panicked while it was read ahead, and the panic was not resumed yet.
    Panicked(Mutex<Payload>),
    Ended,
}

impl<S: Stream> Source<S> {
    /// The stream, pinned; the caller puts it back unless it has ended.
    pub(super) fn take_stream(&mut self) -> Option<Pin<Box<S>>> {
        match mem::replace(self, Source::Ended) {
            Source::Fresh(stream) => Some(Box::into_pin(stream)),
            Source::Pulled(stream) => Some(stream),
            other => {
                *self = other;
                None
            }
        }
    }

    /// The stream, polled in its place.
    #[inline]
    pub(super) fn stream(&mut self) -> Option<Pin<&mut S>> {
        if let Source::Fresh(_) = self {
            *self = self.take_stream().map_or(Source::Ended, Source::Pulled);
        }
        match self {
            Source::Pulled(stream) => Some(stream.as_mut()),
            _ => None,
        }
    }

    /// Drops the stream.
    pub(super) fn drop_stream(&mut self) {
        drop(mem::replace(self, Source::Ended));
    }

    /// Ends the source, and resumes its panic.
    #[cold]
    pub(super) fn resume_panic(&mut self) -> ! {
        match mem::replace(self, Source::Ended) {
            Source::Panicked(payload) => unwind::resume(payload.into_inner()),
            _ => unreachable!("only called for a source that has panicked"),
        }
    }

    /// Bounds of the number of items that are still to come, without the items that have been read
    /// ahead.
    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Source::Fresh(stream) => stream.size_hint(),
            Source::Pulled(stream) => stream.size_hint(),
            Source::Prefetched(prefetched) => prefetched.size_hint(),
            Source::Panicked(_) | Source::Ended => (0, Some(0)),
        }
    }

    pub(super) fn state(&self) -> &'static str {
        match self {
            Source::Fresh(_) => "fresh",
            Source::Pulled(_) => "pulled",
            Source::Prefetched(_) => "prefetched",
            Source::Panicked(_) => "panicked",
            Source::Ended => "ended",
        }
    }
}
