//! `Producer`: the task that polls a stream ahead of its iterator.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_core::Stream;
use tokio::task::coop;

use super::slot::{StreamEnd, StreamInContext, StreamSlot};
use crate::current::handed_over;
use crate::queue::Queue;

/// How long a produced item may wait for others before they are handed over together.
const SLICE: Duration = Duration::from_micros(50);

/// Polls the stream while there is room; ready when the stream has ended or is not wanted any more.
///
/// Items are handed over when the stream has no more ready, when half of the capacity is filled, or
/// when the first of them has waited for [`SLICE`]: each hand-over may cost a switch of threads.
pub(super) struct Producer<S: Stream> {
    slot: Arc<StreamSlot<S>>,
    queue: Arc<Queue<S::Item>>,
    /// The place in the line of senders that wait for room.
    key: Option<u64>,
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
    pub(super) fn new(slot: Arc<StreamSlot<S>>, queue: Arc<Queue<S::Item>>) -> Producer<S> {
        Producer {
            slot,
            queue,
            key: None,
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
        let Producer {
            slot,
            queue,
            key,
            batch,
        } = &mut *self;
        loop {
            let room = ready!(queue.poll_room(key, cx.waker()));
            let Some(mut stream) = slot.take() else {
                return Poll::Ready(());
            };
            let wanted = room.min(queue.half());
            let (over, handed) = handed_over::collected(|| batch.fill(&mut stream, wanted, cx));
            slot.keep(handed);
            // A task that is only out of budget is woken at once, and keeps its items unless they
            // have waited long enough.
            if !matches!(over, Ok(Over::OutOfBudget)) || batch.check_wait() {
                batch.hand_over(queue);
            }
            let end = match over {
                Ok(Over::Full) => {
                    slot.put_back(stream);
                    continue;
                }
                Ok(Over::Pending | Over::OutOfBudget) => {
                    slot.put_back(stream);
                    return Poll::Pending;
                }
                Ok(Over::Ended) => StreamEnd::Finished,
                Err(payload) => StreamEnd::Panicked(payload),
            };
            // At its end a stream is dropped; a panic of that drop counts as the panic of the
            // stream.
            let (dropped, handed) = handed_over::collected(|| stream.end());
            slot.keep(handed);
            slot.set_end(match dropped {
                Ok(()) => end,
                Err(payload) => StreamEnd::Panicked(payload),
            });
            return Poll::Ready(());
        }
    }
}

impl<T> Batch<T> {
    /// Polls the stream, in its context, until `wanted` items are there or it is not ready.
    fn fill<S>(
        &mut self,
        stream: &mut StreamInContext<S>,
        wanted: usize,
        cx: &mut Context<'_>,
    ) -> Over
    where
        S: Stream<Item = T>,
    {
        let StreamInContext { stream, context } = stream;
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
                    if self.items.len().is_power_of_two() && self.check_wait() {
                        return Over::Full;
                    }
                }
                Poll::Ready(None) => return Over::Ended,
                Poll::Pending => return Over::Pending,
            }
        }
        Over::Full
    }

    /// True if the first item has waited long enough; its time starts with the first check.
    fn check_wait(&mut self) -> bool {
        let now = Instant::now();
        now.duration_since(*self.since.get_or_insert(now)) >= SLICE
    }

    fn hand_over(&mut self, queue: &Queue<T>) {
        self.since = None;
        queue.push_all(&mut self.items);
    }
}

impl<S: Stream> Drop for Producer<S> {
    fn drop(&mut self) {
        // The stream has ended, the loop ends, or the iterator is gone.
        self.slot.abandon();
        self.queue.remove_sender();
    }
}
