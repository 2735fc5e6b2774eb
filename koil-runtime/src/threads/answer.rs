//! The result slot of a job: the worker stores the outcome, and the owner polls for it.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::job_context::JobContext;
use crate::pool::Refusal;
use crate::report::unwind::{self, Payload};
use crate::scope::context::snapshot::Changes;
use crate::sync::{Mutex, MutexGuard};

/// The outcome of a job.
pub(crate) enum Outcome<T> {
    /// The return value, with the changes that the job made to its context, if they were requested.
    Value(T, Changes),
    Panic(Payload),
    /// The job did not begin, because its owner no longer wanted it.
    Unwanted,
    /// The job could not begin.
    Refused(Refusal),
}

struct Shared<T> {
    outcome: Option<Outcome<T>>,
    /// The waker of the owner, which waits for the outcome.
    owner: Option<Waker>,
    unwanted: bool,
    has_ended: bool,
}

/// The worker's end. The owner is always notified, however this end is dropped.
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
    /// Runs the job, unless its owner no longer wants it, and stores the outcome.
    pub(crate) fn run(self, mut job_context: JobContext, job: impl FnOnce() -> T) {
        if self.is_unwanted() {
            // The values that the job holds are dropped before its owner is notified of the end.
            job_context.run(|| drop(job));
            return self.give(Outcome::Unwanted);
        }
        self.give(match unwind::halt(|| job_context.run(job)) {
            Ok(value) => Outcome::Value(value, job_context.changes()),
            Err(payload) => Outcome::Panic(payload),
        });
    }

    /// True if the owner gave the job up: a job that has not begun need not begin.
    pub(crate) fn is_unwanted(&self) -> bool {
        lock(&self.shared).unwanted
    }

    /// Stores the outcome. A value that the owner no longer wants is dropped here, on the worker.
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
        // A caller that cancels the job waits for its end, so it is woken even if the drop
        // panicked.
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
    /// The outcome. It is taken out, so it is returned only once.
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

    /// Gives the job up: if it has not begun it need not begin, and its value is not wanted.
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

/// The lock is never held while a waker, a job or a drop of its values runs.
fn lock<T>(shared: &Mutex<Shared<T>>) -> MutexGuard<'_, Shared<T>> {
    shared.lock()
}
