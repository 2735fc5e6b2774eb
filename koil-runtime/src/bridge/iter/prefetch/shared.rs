//! `Shared`: the state shared by the iterator and the task that polls its stream: the stream, and a
//! bounded buffer.

use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::task::Waker;
use std::time::Duration;

use futures_core::Stream;

use crate::fork::OfProcess;
use crate::report::unwind::{self, Payload};
use crate::scope::context::snapshot::Snapshot;
use crate::sync::{Condvar, Mutex, MutexGuard};

pub(super) struct Shared<S: Stream> {
    state: Mutex<State<S>>,
    /// Notified when a poll ends; `close` waits for that.
    poll_is_over: Condvar,
    /// The process that made it.
    process: OfProcess<()>,
    capacity: usize,
}

struct State<S: Stream> {
    stream: Slot<S>,
    queue: VecDeque<S::Item>,
    /// The number of produced items that were not asked for yet, here and in the iterator, as far
    /// as the iterator has reported.
    ahead: usize,
    end: Option<End>,
    /// Woken when there are items, or the end, to take.
    consumer: Option<Waker>,
    /// Woken when there is room.
    producer: Option<Waker>,
    wanted: Wanted,
}

/// The place of the stream. No lock is held while it is polled or dropped.
enum Slot<S> {
    Here(Lent<S>),
    InPoll,
    Gone,
}

/// A stream and the context in which it runs.
pub(super) struct Lent<S> {
    pub(super) stream: Pin<Box<S>>,
    pub(super) context: Snapshot,
}

impl<S> Lent<S> {
    /// Drops the stream in its context.
    pub(super) fn end(mut self) {
        let _within = self.context.enter();
        drop(self.stream);
    }
}

/// Whether the iterator wants the stream back.
#[derive(PartialEq, Eq)]
enum Wanted {
    No,
    Waited,
    /// It does not wait any longer: the side that has the stream drops it.
    GivenUp,
}

pub(super) enum End {
    Finished,
    Panicked(Payload),
    /// The loop was stopped before the stream had ended.
    Stopped,
}

pub(super) enum Took {
    Nothing,
    Items,
    End(End),
}

pub(super) enum LetGo {
    Dropped,
    /// It had ended before, and the end was not reported yet.
    Ended(End),
    StillPolled,
}

/// The next step of the task.
pub(super) enum Next<S> {
    /// Poll the stream until the batch has this many items, with the ones that have not been handed
    /// over.
    Poll(Lent<S>, usize),
    /// Wait for room.
    Wait,
    /// Leave: the iterator does not want the stream any more, or the stream is not here.
    Leave,
}

impl<S: Stream> Shared<S> {
    /// `ahead` items have been read ahead before.
    pub(super) fn new(
        stream: Pin<Box<S>>,
        context: Snapshot,
        capacity: usize,
        ahead: usize,
    ) -> Shared<S> {
        Shared {
            state: Mutex::new(State {
                stream: Slot::Here(Lent { stream, context }),
                queue: VecDeque::new(),
                ahead,
                end: None,
                consumer: None,
                producer: None,
                wanted: Wanted::No,
            }),
            poll_is_over: Condvar::new(),
            process: OfProcess::new(()),
            capacity,
        }
    }

    /// True in a forked child: the task stayed behind, and the lock may stay held forever.
    fn is_forked(&self) -> bool {
        self.process.is_inherited()
    }

    fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock()
    }

    /// The task's side: gets the stream, if there is room for an item.
    pub(super) fn begin(&self, waker: &Waker) -> Next<S> {
        let mut state = self.state();
        if state.wanted != Wanted::No {
            return Next::Leave;
        }
        let room = self.capacity.saturating_sub(state.ahead);
        if room == 0 {
            state.producer = Some(waker.clone());
            return Next::Wait;
        }
        match mem::replace(&mut state.stream, Slot::InPoll) {
            // Half of the capacity at most, so that one side can produce while the other consumes.
            Slot::Here(lent) => Next::Poll(lent, room.min(self.capacity.div_ceil(2))),
            other => {
                state.stream = other;
                Next::Leave
            }
        }
    }

    /// The task's side: puts the stream back after some polls, with the items that they produced.
    pub(super) fn put_back(&self, lent: Lent<S>, items: &mut VecDeque<S::Item>) {
        let mut state = self.state();
        let consumer = state.add(items);
        let orphan = match state.wanted {
            Wanted::GivenUp => {
                state.stream = Slot::Gone;
                Some(lent)
            }
            Wanted::No | Wanted::Waited => {
                state.stream = Slot::Here(lent);
                self.poll_is_over.notify_all();
                None
            }
        };
        drop(state);
        consumer.into_iter().for_each(Waker::wake);
        orphan.into_iter().for_each(Lent::end);
    }

    /// The task's side: adds the last items and the end. The stream has been dropped.
    pub(super) fn finish(&self, items: &mut VecDeque<S::Item>, end: End) {
        let mut state = self.state();
        let mut consumer = state.add(items);
        state.stream = Slot::Gone;
        state.end = Some(end);
        consumer = consumer.or_else(|| state.consumer.take());
        self.poll_is_over.notify_all();
        drop(state);
        consumer.into_iter().for_each(Waker::wake);
    }

    /// The task's side: it ends. It drops the stream itself, unless the stream is in use or gone.
    pub(super) fn leave(&self) {
        let mut state = self.state();
        let stream = match mem::replace(&mut state.stream, Slot::Gone) {
            Slot::Here(lent) => lent,
            // Polled to its end, or taken back.
            Slot::InPoll | Slot::Gone => return,
        };
        // The slot is marked as in use meanwhile, so that a waiting `close` returns only after the
        // drop.
        state.stream = Slot::InPoll;
        drop(state);
        let end = match unwind::halt(|| stream.end()) {
            Ok(()) => End::Stopped,
            Err(payload) => End::Panicked(payload),
        };
        self.finish(&mut VecDeque::new(), end);
    }

    /// The iterator's side: this many more items have been handed out.
    pub(super) fn handed_out(&self, items: usize) {
        if self.is_forked() {
            return;
        }
        let mut state = self.state();
        state.ahead -= items;
        let producer = state.producer.take();
        drop(state);
        producer.into_iter().for_each(Waker::wake);
    }

    /// The iterator's side: takes all items into `ahead`, which is empty, after `handed_out` more
    /// items. If there are none, `waker` is woken when one comes.
    pub(super) fn take(
        &self,
        ahead: &mut VecDeque<S::Item>,
        handed_out: usize,
        waker: Option<&Waker>,
    ) -> Took {
        if self.is_forked() {
            return Took::Nothing;
        }
        let mut state = self.state();
        state.ahead -= handed_out;
        let producer = if state.ahead < self.capacity {
            state.producer.take()
        } else {
            None
        };
        let took = if !state.queue.is_empty() {
            mem::swap(&mut state.queue, ahead);
            Took::Items
        } else if let Some(end) = state.end.take() {
            Took::End(end)
        } else {
            state.consumer = waker.cloned();
            Took::Nothing
        };
        drop(state);
        producer.into_iter().for_each(Waker::wake);
        took
    }

    /// The iterator's side: takes the stream back and drops it. Waits while it is in a poll, at
    /// most for `grace`.
    pub(super) fn close(&self, grace: Duration) -> LetGo {
        let mut state = self.state();
        state.wanted = Wanted::Waited;
        let waited = self
            .poll_is_over
            .wait_timeout_while(state, grace, |state| matches!(state.stream, Slot::InPoll));
        state = waited;
        let items = mem::take(&mut state.queue);
        let let_go = match mem::replace(&mut state.stream, Slot::Gone) {
            Slot::Here(lent) => Ok(lent),
            Slot::Gone => Err(state.end.take().map_or(LetGo::Dropped, LetGo::Ended)),
            Slot::InPoll => {
                state.stream = Slot::InPoll;
                state.wanted = Wanted::GivenUp;
                Err(LetGo::StillPolled)
            }
        };
        drop(state);
        drop(items);
        match let_go {
            Ok(lent) => {
                lent.end();
                LetGo::Dropped
            }
            Err(let_go) => let_go,
        }
    }
}

impl<S: Stream> State<S> {
    /// Adds the items that the task has produced; returns the waker of the consumer, which the
    /// caller must wake.
    fn add(&mut self, items: &mut VecDeque<S::Item>) -> Option<Waker> {
        if items.is_empty() {
            return None;
        }
        self.ahead += items.len();
        if self.queue.is_empty() {
            mem::swap(&mut self.queue, items);
        } else {
            self.queue.append(items);
        }
        self.consumer.take()
    }
}
