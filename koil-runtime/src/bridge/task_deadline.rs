//! Deadlines of tasks: one that the loop keeps, and one that the waiting thread keeps.

use std::future::poll_fn;
use std::mem;
use std::panic::Location;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::cancellable::Acknowledged;
use super::task::KoilTask;
use super::task_source::{NoOutput, TaskOutput, TaskSource};
use crate::current::handed_over::Works;
use crate::current::{TaskMark, WorkKind};
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::token::CancelReason;
use crate::scope::context::snapshot::Changes;

impl<T> KoilTask<T> {
    /// Blocks until the task is done, at most for `timeout`.
    ///
    /// The task is not affected when the time is up; call this again, or drop the task. With
    /// [`cancel_on_timeout`](KoilTask::cancel_on_timeout) it is cancelled.
    ///
    /// # Errors
    ///
    /// [`Error::is_timeout`] if the time is up; an error too if the result was taken before. Else
    /// as [`result`](KoilTask::result).
    ///
    /// # Panics
    ///
    /// If the task panicked: its panic is resumed here.
    #[track_caller]
    pub fn result_timeout(&mut self, timeout: Duration) -> Result<T, Error> {
        let site = CallSite::here();
        match self.wait(Some(timeout), site) {
            Err(late) if self.cancels_on_timeout && late.is_own_timeout() => {
                self.cancel(CancelReason::deadline(timeout, site.location));
                match self.wait(Some(self.core.cancel_grace), site) {
                    // The loop has not come to the cancel in time.
                    Err(error) if error.is_own_timeout() => Err(late),
                    ended => ended,
                }
            }
            outcome => outcome,
        }
    }

    /// Makes a [`result_timeout`](KoilTask::result_timeout) whose time is up cancel the task.
    ///
    /// It then waits until the task has ended, at most for `cancel_grace`: a task that listens to
    /// its token may finish, any other is dropped at once, and the error says whether it
    /// [acknowledged](Error::acknowledged) the cancel. A task that is done in the last moment still
    /// has its result. If the loop is stuck, the error comes at the end of that time all the same;
    /// the task stays cancelled.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let mut task = koil::unkoil_task(std::future::pending::<()>()).cancel_on_timeout();
    /// assert!(task.result_timeout(Duration::from_millis(5)).unwrap_err().is_timeout());
    /// assert!(task.is_finished());
    /// ```
    pub fn cancel_on_timeout(mut self) -> KoilTask<T> {
        self.cancels_on_timeout = true;
        self
    }

    /// Cancels the task if it is not done after `after`. The loop keeps this deadline, also if
    /// nobody asks for the result.
    ///
    /// The time counts from this call; of several deadlines the first to pass counts. It is the
    /// deadline of the task itself: [`result_timeout`](KoilTask::result_timeout) bounds only the
    /// wait for it. The task is cut short as by [`cancel`](KoilTask::cancel): if it listens to its
    /// token it has `cancel_grace` to finish, else it is dropped; its result is an error with
    /// [`Error::is_timeout`] that names `after` and this line. A task that is done at the same
    /// moment has its result.
    ///
    /// No effect on a task that is finished, or whose loop has been stopped.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let task = koil::unkoil_task(std::future::pending::<()>()).timeout(Duration::from_millis(5));
    /// assert!(task.result().unwrap_err().is_timeout());
    ///
    /// // Dropped by the loop in a minute, if it has not ended by then.
    /// koil::unkoil_task(async { "tell the others" }).timeout(Duration::from_secs(60)).detach();
    /// ```
    #[doc(alias = "unkoil_task_with_timeout")]
    #[track_caller]
    #[must_use = "the handle is handed back: keep it, or call `detach`"]
    pub fn timeout(mut self, after: Duration) -> KoilTask<T>
    where
        T: Send + 'static,
    {
        if self.is_finished() || self.core.is_forked() {
            return self;
        }
        // The loop lives until the result has been handed on. One that has ended cancels anyway.
        let Some(mark) = TaskMark::if_driven(&self.core) else {
            return self;
        };
        let reason = CancelReason::deadline(after, Location::caller());
        let (token, begun) = (self.token().clone(), Instant::now());
        let task = mem::replace(&mut self.source, TaskSource::Taken);
        let bounded = async move {
            let _mark = mark;
            let left = after.saturating_sub(begun.elapsed());
            until_deadline(task, left, || token.cancel(reason)).await
        };
        let bounded = self.core.spawn(WorkKind::Deadline, self.site, bounded);
        self.source = TaskSource::Loop(bounded);
        self
    }
}

/// Waits for `task`; calls `cancel`, once, if it is not done after `left`.
async fn until_deadline<T>(
    mut task: TaskSource<T>,
    left: Duration,
    cancel: impl FnOnce() -> bool,
) -> TaskOutput<T> {
    let mut deadline = pin!(tokio::time::sleep(left));
    let ended = poll_fn(|cx| match task.poll(cx) {
        Poll::Ready(ended) => Poll::Ready(Some(ended)),
        Poll::Pending => deadline.as_mut().poll(cx).map(|()| None),
    });
    let ended = if let Some(ended) = ended.await {
        ended
    } else {
        cancel();
        poll_fn(|cx| task.poll(cx)).await
    };
    match ended {
        Some(Ok(output)) => output,
        Some(Err(NoOutput::Panicked(payload))) => unwind::resume(payload),
        // The runtime or the executor has ended, and with it the task.
        Some(Err(_)) | None => ((Err(Acknowledged(false)), Changes::default()), Works::new()),
    }
}
