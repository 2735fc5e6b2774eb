//! The early ends of a `ThreadedCall`: it is cancelled, or closed with its stream.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use super::call::{State, ThreadedCall};
use super::outcome::JobOutcome;
use crate::report::unwind;

impl<T> ThreadedCall<T> {
    /// Cancels the token of the job and waits for its end, at most for `cancel_grace` of its loop.
    /// True if the job has ended: nothing of it runs any more.
    ///
    /// A job that has not begun never begins. A value that the job returns after the cancel is
    /// dropped.
    ///
    /// # Panics
    ///
    /// If the job panicked, before or because of the cancel: its panic resumes here.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// koil::unkoil(async {
    ///     let mut call = koil::run_threaded(|| koil::sleep(Duration::from_secs(3600)));
    ///     assert!(futures::poll!(&mut call).is_pending());
    ///     assert!(call.cancel().await, "a sleep ends at once");
    /// });
    /// ```
    pub async fn cancel(mut self) -> bool {
        let state = std::mem::replace(&mut self.state, State::Over);
        let (State::Started(mut started), Some(core)) = (state, &self.core) else {
            // Not begun, or over, or without a job.
            return true;
        };
        started.question.give_up();
        started.token.cancel("its owner has cancelled it");
        let grace = core.cancel_grace;
        // A timer of the loop, since this may be any executor. If the loop has ended, the timer
        // ends at once.
        let mut timer = core
            .tokio
            .spawn(async move { tokio::time::sleep(grace).await });
        let outcome = poll_fn(|cx| match started.question.poll(cx) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending => Pin::new(&mut timer).poll(cx).map(|_| None),
        });
        let outcome = outcome.await;
        timer.abort();
        match outcome {
            Some(JobOutcome::Panic(payload)) => unwind::resume(payload),
            Some(_) => true,
            None => false,
        }
    }

    /// Cancels the token of the job, and waits until the job has ended; `None` if it has not begun.
    pub(super) async fn end(mut self) -> Option<T> {
        let State::Started(mut started) = std::mem::replace(&mut self.state, State::Over) else {
            return None;
        };
        started.token.cancel("its owner has closed it");
        match poll_fn(|cx| started.question.poll(cx)).await {
            JobOutcome::Value(value, changes) => {
                changes.apply();
                Some(value)
            }
            JobOutcome::Panic(payload) => unwind::resume(payload),
            JobOutcome::CutShort(_)
            | JobOutcome::Unwanted
            | JobOutcome::Refused(_)
            | JobOutcome::NoObject(_) => None,
        }
    }
}
