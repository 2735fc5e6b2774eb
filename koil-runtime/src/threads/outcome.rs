//! The outcome of a job: its worker sends it, its owner polls for it or gives the job up.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::job_context::{Halted, JobContext};
use crate::pool::Refusal;
use crate::report::error::{Error, Kind};
use crate::report::unwind::{self, Payload};
use crate::scope::context::snapshot::Changes;

/// The outcome of a job.
pub(crate) enum JobOutcome<T> {
    /// The return value, with the changes that the job made to its context, if they were requested.
    Value(T, Changes),
    Panic(Payload),
    /// A plain call of the job was cut short, and has unwound to its end.
    CutShort(Error),
    /// The job did not begin, because its owner no longer wanted it.
    Unwanted,
    /// The job could not begin.
    Refused(Refusal),
    /// The object that the job is for could not be had.
    NoObject(Kind),
}

impl<T> From<Halted> for JobOutcome<T> {
    fn from(halted: Halted) -> JobOutcome<T> {
        match halted {
            Halted::Panic(payload) => JobOutcome::Panic(payload),
            Halted::CutShort(error) => JobOutcome::CutShort(error),
        }
    }
}

impl<T> JobOutcome<T> {
    /// The value of a future, which runs in the context of its owner.
    pub(super) fn of(value: T) -> JobOutcome<T> {
        JobOutcome::Value(value, Changes::default())
    }
}

/// The interest of the owner in the job; written by the owner alone.
const WANTED: u8 = 0;
/// The owner has given the job up, or is gone.
const UNWANTED: u8 = 1;
/// The owner is gone, and the job runs without one.
const DETACHED: u8 = 2;

/// The worker's end. The owner is always notified, however this end is dropped.
pub(crate) struct OutcomeSender<T> {
    /// `None` once the outcome has been sent.
    outcome: Option<oneshot::Sender<JobOutcome<T>>>,
    interest: Arc<AtomicU8>,
}

/// The owner's end.
pub(crate) struct OutcomeReceiver<T> {
    outcome: oneshot::Receiver<JobOutcome<T>>,
    /// An owner that gives the job up may still wait for its end.
    interest: Arc<AtomicU8>,
}

pub(crate) fn pair<T>() -> (OutcomeSender<T>, OutcomeReceiver<T>) {
    let (sender, receiver) = oneshot::channel();
    let interest = Arc::new(AtomicU8::new(WANTED));
    let answer = OutcomeSender {
        outcome: Some(sender),
        interest: interest.clone(),
    };
    let question = OutcomeReceiver {
        outcome: receiver,
        interest,
    };
    (answer, question)
}

impl<T> OutcomeSender<T> {
    /// Runs the job, unless its owner no longer wants it, and sends the outcome.
    pub(crate) fn run(self, mut job_context: JobContext, job: impl FnOnce() -> T) {
        if self.is_unwanted() {
            // The values that the job holds are dropped before its owner is notified of the end.
            job_context.run_plainly(|| drop(job));
            return self.give(JobOutcome::Unwanted);
        }
        self.give(match job_context.run(job) {
            Ok(value) => JobOutcome::Value(value, job_context.changes()),
            Err(halted) => halted.into(),
        });
    }

    /// True if the owner gave the job up: a job that has not begun need not begin.
    pub(crate) fn is_unwanted(&self) -> bool {
        // ORDERING: Relaxed; a job that begins all the same is cancelled by its token.
        self.interest.load(Ordering::Relaxed) == UNWANTED
    }

    /// Sends the outcome. A value that the owner no longer wants is dropped here, on the worker.
    pub(crate) fn give(mut self, outcome: JobOutcome<T>) {
        self.send(outcome);
    }

    fn send(&mut self, outcome: JobOutcome<T>) {
        let is_late = self.is_unwanted() && matches!(outcome, JobOutcome::Value(..));
        let Some(sender) = self.outcome.take() else {
            return;
        };
        if !is_late {
            drop(sender.send(outcome));
            return;
        }
        let dropped = unwind::halt(|| drop(outcome));
        // An owner that cancels the job waits for its end, so it is notified even if the drop
        // panicked.
        drop(sender.send(JobOutcome::Unwanted));
        if let Err(payload) = dropped {
            unwind::resume(payload);
        }
    }
}

impl<T> Drop for OutcomeSender<T> {
    fn drop(&mut self) {
        self.send(JobOutcome::Refused(Refusal::Closed));
    }
}

impl<T> OutcomeReceiver<T> {
    /// The outcome, once.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<JobOutcome<T>> {
        let outcome = Pin::new(&mut self.outcome).poll(cx);
        // The other end sends an outcome before it is dropped.
        outcome.map(|sent| sent.unwrap_or(JobOutcome::Refused(Refusal::Closed)))
    }

    /// Gives the job up: if it has not begun it need not begin, and its value is not wanted.
    pub(crate) fn give_up(&self) {
        self.set_interest(UNWANTED);
    }

    /// Lets the job run without an owner.
    pub(crate) fn detach(&self) {
        self.set_interest(DETACHED);
    }

    fn set_interest(&self, interest: u8) {
        // ORDERING: Relaxed, as in `is_unwanted`.
        self.interest.store(interest, Ordering::Relaxed);
    }

    pub(crate) fn has_ended(&self) -> bool {
        !self.outcome.is_empty()
    }
}

impl<T> Drop for OutcomeReceiver<T> {
    fn drop(&mut self) {
        // ORDERING: Relaxed; this thread alone writes it.
        if self.interest.load(Ordering::Relaxed) == WANTED {
            self.give_up();
        }
    }
}
