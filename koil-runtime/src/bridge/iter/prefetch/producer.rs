//! The task that polls a stream ahead of its iterator.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::task::coop;

use super::shared::{End, Lent, Next, Shared};
use crate::bridge::iter::window::Window;
use crate::report::unwind;

/// How many items are produced at most before the iterator gets them.
const BATCH: usize = 64;

/// Polls the stream while there is room; ready when the stream has ended or is not wanted any more.
pub(super) struct Producer<S: Stream> {
    shared: Arc<Shared<S>>,
    /// What has been produced in this poll, and not handed over yet.
    items: VecDeque<S::Item>,
    batch: Window,
}

// The stream is in a box of its own.
impl<S: Stream> Unpin for Producer<S> {}

impl<S: Stream> Producer<S> {
    pub(super) fn new(shared: Arc<Shared<S>>) -> Producer<S> {
        Producer {
            shared,
            items: VecDeque::new(),
            batch: Window::up_to(BATCH),
        }
    }
}

/// Why a batch is over.
enum Over {
    /// As many items as there were to be.
    Filled,
    Pending,
    Ended,
}

impl<S: Stream> Future for Producer<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Producer {
            shared,
            items,
            batch,
        } = &mut *self;
        loop {
            let (mut lent, room) = match shared.begin(cx.waker()) {
                Next::Poll(lent, room) => (lent, room),
                Next::Wait => return Poll::Pending,
                Next::Leave => return Poll::Ready(()),
            };
            let wanted = room.min(batch.size());
            let over = unwind::halt(|| fill(&mut lent, items, wanted, cx));
            let end = match over {
                Ok(Over::Filled) => {
                    batch.was_filled();
                    shared.put_back(lent, items);
                    continue;
                }
                Ok(Over::Pending) => {
                    batch.was_not_filled();
                    shared.put_back(lent, items);
                    return Poll::Pending;
                }
                Ok(Over::Ended) => End::Finished,
                Err(payload) => End::Panicked(payload),
            };
            // At its end a stream is dropped; a panic in that is the panic of the stream.
            let end = match unwind::halt(|| lent.end()) {
                Ok(()) => end,
                Err(payload) => End::Panicked(payload),
            };
            shared.finish(items, end);
            return Poll::Ready(());
        }
    }
}

/// Polls the stream, in its context, until so many items are there or it is not ready.
fn fill<S: Stream>(
    lent: &mut Lent<S>,
    items: &mut VecDeque<S::Item>,
    wanted: usize,
    cx: &mut Context<'_>,
) -> Over {
    let Lent { stream, context } = lent;
    let _within = context.enter();
    for _ in 0..wanted {
        // A stream that is always ready must not keep the loop from its other tasks.
        let Poll::Ready(budget) = coop::poll_proceed(cx) else {
            return Over::Pending;
        };
        match stream.as_mut().poll_next(cx) {
            Poll::Ready(Some(item)) => {
                budget.made_progress();
                items.push_back(item);
            }
            Poll::Ready(None) => return Over::Ended,
            Poll::Pending => return Over::Pending,
        }
    }
    Over::Filled
}

impl<S: Stream> Drop for Producer<S> {
    fn drop(&mut self) {
        // The loop ends, or the iterator is gone.
        self.shared.leave();
    }
}
