//! The place where a worker leaves what its job came to, and where its owner looks for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::surroundings::Surroundings;
use crate::pool::Refusal;
use crate::report::unwind::{self, Payload};
use crate::scope::context::snapshot::Changes;

/// What became of a job.
pub(crate) enum Outcome<T> {
    /// With what the job has changed in its context, if that was asked for.
    Value(T, Changes),
    Panic(Payload),
    /// It was not begun, since nobody wanted it any more.
    Unwanted,
    /// It could not be begun.
    Refused(Refusal),
}

struct Shared<T> {
    outcome: Option<Outcome<T>>,
    /// The owner waits for the outcome.
    owner: Option<Waker>,
    unwanted: bool,
    has_ended: bool,
}

/// The worker's end. However it is dropped, the owner learns of it.
pub(crate) struct Answer<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

/// The owner's end.
pub(crate) struct Question<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

pub(crate) fn pair<T>() -> (Answer<T>, Question<T>) {
    let shared = Arc::new(Mutex::new(Shared {
        outcome: None,
        owner: None,
        unwanted: false,
        has_ended: false,
    }));
    let answer = Answer {
        shared: shared.clone(),
    };
    (answer, Question { shared })
}

impl<T> Answer<T> {
    /// Runs the job, unless nobody wants it any more, and leaves what it comes to.
    pub(crate) fn run(self, mut surroundings: Surroundings, job: impl FnOnce() -> T) {
        if self.is_unwanted() {
            // What the job holds is dropped before its owner hears of its end.
            surroundings.run(|| drop(job));
            return self.give(Outcome::Unwanted);
        }
        self.give(match unwind::halt(|| surroundings.run(job)) {
            Ok(value) => Outcome::Value(value, surroundings.changes()),
            Err(payload) => Outcome::Panic(payload),
        });
    }

    /// A job that has not begun need not begin.
    pub(crate) fn is_unwanted(&self) -> bool {
        lock(&self.shared).unwanted
    }

    /// Leaves the outcome. One that nobody wants is dropped here, on the worker.
    pub(crate) fn give(&self, outcome: Outcome<T>) {
        let mut shared = lock(&self.shared);
        if shared.has_ended {
            return;
        }
        shared.has_ended = true;
        let owner = shared.owner.take();
        let late = if shared.unwanted && matches!(outcome, Outcome::Value(..)) {
            shared.outcome = Some(Outcome::Unwanted);
            Some(outcome)
        } else {
            shared.outcome.replace(outcome)
        };
        drop(shared);
        let dropped = unwind::halt(|| drop(late));
        // Whoever cancels the job waits for its end, and hears of it even so.
        owner.into_iter().for_each(Waker::wake);
        if let Err(payload) = dropped {
            unwind::resume(payload);
        }
    }
}

impl<T> Drop for Answer<T> {
    fn drop(&mut self) {
        self.give(Outcome::Refused(Refusal::Closed));
    }
}

impl<T> Question<T> {
    /// The outcome, once: it is taken away.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<Outcome<T>> {
        let waker = cx.waker().clone();
        let mut shared = lock(&self.shared);
        if let Some(outcome) = shared.outcome.take() {
            return Poll::Ready(outcome);
        }
        let last = shared.owner.replace(waker);
        drop(shared);
        drop(last);
        Poll::Pending
    }

    /// A job that has not begun need not begin, and its value is of no interest.
    pub(crate) fn give_up(&self) {
        lock(&self.shared).unwanted = true;
    }

    pub(crate) fn has_ended(&self) -> bool {
        lock(&self.shared).has_ended
    }
}

impl<T> Drop for Question<T> {
    fn drop(&mut self) {
        let mut shared = lock(&self.shared);
        shared.unwanted = true;
        let left = (shared.outcome.take(), shared.owner.take());
        drop(shared);
        drop(left);
    }
}

/// Never held while a waker, a job or a drop of its values runs.
fn lock<T>(shared: &Mutex<Shared<T>>) -> MutexGuard<'_, Shared<T>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
