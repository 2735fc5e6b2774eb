//! The outcome of a job: its worker sends it, its owner polls for it or gives the job up.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::job_context::JobContext;
use crate::pool::Refusal;
use crate::report::error::Kind;
use crate::report::unwind::{self, Payload};
use crate::scope::context::snapshot::Changes;

/// The outcome of a job.
pub(crate) enum JobOutcome<T> {
    /// The return value, with the changes that the job made to its context, if they were requested.
    Value(T, Changes),
    Panic(Payload),
    /// The job did not begin, because its owner no longer wanted it.
    Unwanted,
    /// The job could not begin.
    Refused(Refusal),
    /// The object that the job is for could not be had.
    NoObject(Kind),
}

/// The worker's end. The owner is always notified, however this end is dropped.
pub(crate) struct OutcomeSender<T> {
    /// `None` once the outcome has been sent.
    outcome: Option<oneshot::Sender<JobOutcome<T>>>,
    unwanted: Arc<AtomicBool>,
}

/// The owner's end.
pub(crate) struct OutcomeReceiver<T> {
    outcome: oneshot::Receiver<JobOutcome<T>>,
    /// Set by an owner that gives the job up, and may still wait for its end.
    unwanted: Arc<AtomicBool>,
}

pub(crate) fn pair<T>() -> (OutcomeSender<T>, OutcomeReceiver<T>) {
    let (sender, receiver) = oneshot::channel();
    let unwanted = Arc::new(AtomicBool::new(false));
    let answer = OutcomeSender {
        outcome: Some(sender),
        unwanted: unwanted.clone(),
    };
    let question = OutcomeReceiver {
        outcome: receiver,
        unwanted,
    };
    (answer, question)
}

impl<T> OutcomeSender<T> {
    /// Runs the job, unless its owner no longer wants it, and sends the outcome.
    pub(crate) fn run(self, mut job_context: JobContext, job: impl FnOnce() -> T) {
        if self.is_unwanted() {
            // The values that the job holds are dropped before its owner is notified of the end.
            job_context.run(|| drop(job));
            return self.give(JobOutcome::Unwanted);
        }
        self.give(match unwind::halt(|| job_context.run(job)) {
            Ok(value) => JobOutcome::Value(value, job_context.changes()),
            Err(payload) => JobOutcome::Panic(payload),
        });
    }

    /// True if the owner gave the job up: a job that has not begun need not begin.
    pub(crate) fn is_unwanted(&self) -> bool {
        let is_gone = || self.outcome.as_ref().is_none_or(oneshot::Sender::is_closed);
        // ORDERING: Relaxed; a job that begins all the same is cancelled by its token.
        self.unwanted.load(Ordering::Relaxed) || is_gone()
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
        // ORDERING: Relaxed, as in `is_unwanted`.
        self.unwanted.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_ended(&self) -> bool {
        !self.outcome.is_empty()
    }
}
