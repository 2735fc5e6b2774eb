//! `Producer`: the task that polls a stream ahead of its iterator.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_core::Stream;
use tokio::task::coop;

use super::shared::{End, Lent, Next, Shared};
use crate::report::unwind;

/// How long a produced item may wait for others before they are handed over together.
const SLICE: Duration = Duration::from_micros(50);

/// Polls the stream while there is room; ready when the stream has ended or is not wanted any more.
///
/// Items are handed over when the stream has no more ready, when half of the capacity is filled, or
/// when the first of them has waited for [`SLICE`]: each hand-over may cost a switch of threads.
pub(super) struct Producer<S: Stream> {
    shared: Arc<Shared<S>>,
    batch: Batch<S::Item>,
}

/// The items that have been produced, and not been handed over yet.
struct Batch<T> {
    items: VecDeque<T>,
    /// The time of the first of them.
    since: Option<Instant>,
}

// The stream is in a box of its own, and items are never pinned.
impl<S: Stream> Unpin for Producer<S> {}

impl<S: Stream> Producer<S> {
    pub(super) fn new(shared: Arc<Shared<S>>) -> Producer<S> {
        Producer {
            shared,
            batch: Batch {
                items: VecDeque::new(),
                since: None,
            },
        }
    }
}

/// The reason why no further item is taken now.
enum Over {
    /// All wanted items are there, or the first has waited long enough.
    Full,
    Pending,
    /// The loop has other tasks; this one continues after them.
    OutOfBudget,
    Ended,
}

impl<S: Stream> Future for Producer<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Producer { shared, batch } = &mut *self;
        loop {
            let (mut lent, room) = match shared.begin(cx.waker()) {
                Next::Poll(lent, room) => (lent, room),
                Next::Wait => return Poll::Pending,
                Next::Leave => return Poll::Ready(()),
            };
            let over = unwind::halt(|| batch.fill(&mut lent, room, cx));
            let end = match over {
                Ok(Over::Full) => {
                    shared.put_back(lent, batch.hand_over());
                    continue;
                }
                Ok(Over::Pending) => {
                    shared.put_back(lent, batch.hand_over());
                    return Poll::Pending;
                }
                Ok(Over::OutOfBudget) => {
                    // The task is woken at once, and keeps its items unless they have waited long
                    // enough.
                    if batch.has_waited() {
                        shared.put_back(lent, batch.hand_over());
                    } else {
                        shared.put_back(lent, &mut VecDeque::new());
                    }
                    return Poll::Pending;
                }
                Ok(Over::Ended) => End::Finished,
                Err(payload) => End::Panicked(payload),
            };
            // At its end a stream is dropped; a panic of that drop counts as the panic of the
            // stream.
            let end = match unwind::halt(|| lent.end()) {
                Ok(()) => end,
                Err(payload) => End::Panicked(payload),
            };
            shared.finish(batch.hand_over(), end);
            return Poll::Ready(());
        }
    }
}

impl<T> Batch<T> {
    /// Polls the stream, in its context, until `wanted` items are there or it is not ready.
    fn fill<S>(&mut self, lent: &mut Lent<S>, wanted: usize, cx: &mut Context<'_>) -> Over
    where
        S: Stream<Item = T>,
    {
        let Lent { stream, context } = lent;
        let _within = context.enter();
        while self.items.len() < wanted {
            // A stream that is always ready must not keep the loop from its other tasks.
            let Poll::Ready(budget) = coop::poll_proceed(cx) else {
                return Over::OutOfBudget;
            };
            match stream.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => {
                    budget.made_progress();
                    self.items.push_back(item);
                    // The clock is read only after 1, 2, 4, .. items.
                    if self.items.len().is_power_of_two() && self.has_waited() {
                        return Over::Full;
                    }
                }
                Poll::Ready(None) => return Over::Ended,
                Poll::Pending => return Over::Pending,
            }
        }
        Over::Full
    }

    fn has_waited(&mut self) -> bool {
        let now = Instant::now();
        now.duration_since(*self.since.get_or_insert(now)) >= SLICE
    }

    fn hand_over(&mut self) -> &mut VecDeque<T> {
        self.since = None;
        &mut self.items
    }
}

impl<S: Stream> Drop for Producer<S> {
    fn drop(&mut self) {
        // The loop ends, or the iterator is gone.
        self.shared.leave();
    }
}
