//! `StreamSlot`: the stream of a prefetching iterator, which a task polls and the iterator takes
//! back.
//!
//! ```text
//! state    the stream is          next state, and its cause
//! Here     in the slot            InPoll: the task begins a poll
//!                                 Gone: the iterator is closed, and drops it
//!                                 InPoll, then Gone: the task ends, and drops it
//! InPoll   with the task          Here: the poll is over
//!                                 Gone: it has ended and has been dropped, or the iterator has
//!                                 given up
//! Gone     dropped, or about to be
//! ```
//!
//! An iterator that is closed waits while the stream is `InPoll`, for its grace time. After that it
//! has given up, and the task drops the stream.

use std::mem;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crate::current::handed_over::{self, Handed, Works};
use crate::drive::wait_hook;
use crate::report::unwind::Payload;
use crate::scope::context::snapshot::Snapshot;
use crate::sync::{Condvar, Mutex};

#[cfg(all(test, koil_loom))]
mod models;

pub(super) struct StreamSlot<S> {
    /// The lock is never held while the stream is polled or dropped.
    state: Mutex<State<S>>,
    /// Notified when a poll ends; `close` waits for that.
    poll_is_over: Condvar,
    /// The work that drops have handed over in polls of the task, for the iterator.
    works: Mutex<Works>,
}

struct State<S> {
    stream: Slot<S>,
    end: Option<StreamEnd>,
    wanted: Wanted,
}

enum Slot<S> {
    Here(StreamInContext<S>),
    InPoll,
    Gone,
}

/// A stream and the context in which it runs.
pub(super) struct StreamInContext<S> {
    pub(super) stream: Pin<Box<S>>,
    pub(super) context: Snapshot,
}

impl<S> StreamInContext<S> {
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

/// How a stream ended.
pub(super) enum StreamEnd {
    Finished,
    Panicked(Payload),
    /// The loop was stopped before the stream had ended.
    Stopped,
}

/// The result of taking a stream back.
pub(super) enum TakenBack {
    Dropped,
    /// It had ended before, and the end was not reported yet.
    Ended(StreamEnd),
    StillPolled,
}

impl<S> StreamSlot<S> {
    pub(super) fn new(stream: Pin<Box<S>>, context: Snapshot) -> StreamSlot<S> {
        StreamSlot {
            state: Mutex::new(State {
                stream: Slot::Here(StreamInContext { stream, context }),
                end: None,
                wanted: Wanted::No,
            }),
            poll_is_over: Condvar::new(),
            works: Mutex::default(),
        }
    }

    /// The task's side: the iterator has to wait for the work that has been collected.
    pub(super) fn keep(&self, handed: Option<Handed>) {
        if let Some(handed) = handed {
            self.works.lock().extend(handed.works);
        }
    }

    /// The iterator's side: the work that has been handed over so far.
    pub(super) fn take_works(&self) -> Works {
        mem::take(&mut *self.works.lock())
    }

    /// The task's side: takes the stream for some polls; `None` if the iterator wants it back, or it
    /// is gone.
    pub(super) fn take(&self) -> Option<StreamInContext<S>> {
        let mut state = self.state.lock();
        if state.wanted != Wanted::No {
            return None;
        }
        match mem::replace(&mut state.stream, Slot::InPoll) {
            Slot::Here(stream) => Some(stream),
            other => {
                state.stream = other;
                None
            }
        }
    }

    /// The task's side: puts the stream back after some polls.
    pub(super) fn put_back(&self, stream: StreamInContext<S>) {
        let mut state = self.state.lock();
        if state.wanted == Wanted::GivenUp {
            state.stream = Slot::Gone;
            drop(state);
            return stream.end();
        }
        state.stream = Slot::Here(stream);
        self.poll_is_over.notify_all();
    }

    /// The task's side: the stream has ended, and has been dropped.
    pub(super) fn set_end(&self, end: StreamEnd) {
        let mut state = self.state.lock();
        state.stream = Slot::Gone;
        state.end = Some(end);
        self.poll_is_over.notify_all();
    }

    /// The task's side: it ends. It drops the stream itself, and sets the end, unless the stream is
    /// in use or gone.
    pub(super) fn abandon(&self) {
        let mut state = self.state.lock();
        // Marked as in use meanwhile, so that a waiting `close` returns only after the drop.
        let stream = match mem::replace(&mut state.stream, Slot::InPoll) {
            Slot::Here(stream) => stream,
            // Polled to its end, or taken back.
            other => {
                state.stream = other;
                return;
            }
        };
        drop(state);
        let (dropped, handed) = handed_over::collected(|| stream.end());
        self.keep(handed);
        self.set_end(match dropped {
            Ok(()) => StreamEnd::Stopped,
            Err(payload) => StreamEnd::Panicked(payload),
        });
    }

    /// The iterator's side: how the stream ended, once.
    pub(super) fn take_end(&self) -> Option<StreamEnd> {
        self.state.lock().end.take()
    }

    /// Waits until no poll is running, at most for `limit`.
    fn wait_for_poll(&self, limit: Duration) {
        let state = self.state.lock();
        let is_in_poll = |state: &mut State<S>| matches!(state.stream, Slot::InPoll);
        drop(
            self.poll_is_over
                .wait_timeout_while(state, limit, is_in_poll),
        );
    }

    /// The iterator's side: takes the stream back and drops it. Waits while it is in a poll, at
    /// most for `grace`.
    pub(super) fn close(&self, grace: Duration) -> TakenBack {
        let begun = Instant::now();
        let mut state = self.state.lock();
        state.wanted = Wanted::Waited;
        // In a loop: the task may take the stream again after the wait, to drop it.
        while matches!(state.stream, Slot::InPoll) && begun.elapsed() < grace {
            drop(state);
            let left = grace.saturating_sub(begun.elapsed());
            wait_hook::around(|| self.wait_for_poll(left));
            state = self.state.lock();
        }
        match mem::replace(&mut state.stream, Slot::Gone) {
            Slot::Here(stream) => {
                drop(state);
                stream.end();
                TakenBack::Dropped
            }
            Slot::Gone => state
                .end
                .take()
                .map_or(TakenBack::Dropped, TakenBack::Ended),
            Slot::InPoll => {
                state.stream = Slot::InPoll;
                state.wanted = Wanted::GivenUp;
                TakenBack::StillPolled
            }
        }
    }
}
