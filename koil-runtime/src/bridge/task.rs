//! `KoilTask`: a future that runs on the loop while its owner does other work.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::task::{JoinError, JoinHandle};

use super::cancellable::{Acknowledged, cancellable};
use crate::call::{self, Call, admission};
use crate::current::LoopCore;
use crate::drive::work::{Work, Workload};
use crate::global;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::current_cancel::Answer;
use crate::scope::cancel::token::{CancelReason, CancelToken};
use crate::scope::context::in_context::InContext;
use crate::scope::context::snapshot::{Changes, Snapshot};

/// Starts `future` on the ambient loop and returns at once.
///
/// May be called anywhere, also inside a future. On a loop that has been stopped, the task is
/// finished from the start, and its result is an error with [`Error::is_shutdown`]; on a loop that
/// stayed behind at a fork, an error with [`Error::is_forked`].
///
/// # Panics
///
/// If the process-wide loop is needed and cannot be started.
///
/// ```
/// let task = koil::unkoil_task(async { 6 * 7 });
/// assert_eq!(task.result()?, 42);
/// # Ok::<(), koil::Error>(())
/// ```
#[doc(alias = "spawn")]
#[track_caller]
pub fn unkoil_task<F>(future: F) -> KoilTask<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let site = CallSite::here();
    let core = match global::ambient(site) {
        Ok(core) => core,
        Err(error) => error.throw(),
    };
    let token = core.token.child();
    // No task is given to a loop that stayed behind at a fork: its queue may stay locked forever.
    let join = (!core.is_forked()).then(|| {
        let future = cancellable(future, token.clone(), core.clone());
        core.spawn(InContext::new(Snapshot::capture(), future))
    });
    KoilTask {
        join,
        brings: false,
        token,
        core,
        site,
        on_drop: OnDrop::Detach,
    }
}

/// A task on a loop; made by [`unkoil_task`].
///
/// Get its result in blocking code with [`result`](KoilTask::result), or await it. A panic in the
/// task is resumed where its result is taken.
///
/// # Drop
///
/// Dropping detaches the task: it runs until it is done or its loop stops. With
/// [`cancel_on_drop`](KoilTask::cancel_on_drop), dropping cancels it instead, without waiting.
#[must_use = "a dropped task is detached: its result or panic is lost"]
pub struct KoilTask<T> {
    /// `None` once the result has been handed out.
    join: Option<JoinHandle<TaskOutput<T>>>,
    /// The changes that it makes in its context apply to the thread or task that takes its result.
    brings: bool,
    token: CancelToken,
    core: Arc<LoopCore>,
    site: CallSite,
    on_drop: OnDrop,
}

/// The output of the task on the loop: its result, and the changes of its context.
type TaskOutput<T> = (Result<T, Acknowledged>, Changes);

/// The handling of a task whose handle is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnDrop {
    Detach,
    Cancel,
}

impl<T> KoilTask<T> {
    /// Blocks until the task is done.
    ///
    /// # Errors
    ///
    /// [`Error::is_shutdown`] if the loop was stopped before the task was done;
    /// [`Error::would_deadlock`] if this thread may not block (await the task there).
    ///
    /// # Panics
    ///
    /// If the task panicked: its panic is resumed here.
    #[track_caller]
    pub fn result(mut self) -> Result<T, Error> {
        self.wait(None, CallSite::here())
    }

    /// Blocks until the task is done, at most for `timeout`.
    ///
    /// The task is not affected when the time is up; call this again, or drop the task.
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
        self.wait(Some(timeout), CallSite::here())
    }

    /// Asks the task to stop, and returns at once. True if this is the first request.
    ///
    /// A task that listens to its token ([`CancelToken::current`]) has `cancel_grace` to finish;
    /// any other is dropped as soon as the loop reaches it. In both cases its
    /// [`result`](KoilTask::result) is an error with [`Error::is_cancelled`], unless it was done
    /// before; no other task is affected.
    ///
    /// ```
    /// let task = koil::unkoil_task(std::future::pending::<()>());
    /// task.cancel("not needed any more");
    /// let error = task.result().unwrap_err();
    /// assert_eq!(error.cancel_reason().unwrap(), "not needed any more");
    /// ```
    pub fn cancel(&self, reason: impl Into<CancelReason>) -> bool {
        !self.is_finished() && self.token.cancel(reason)
    }

    /// Makes a drop of this handle cancel the task.
    pub fn cancel_on_drop(mut self) -> KoilTask<T> {
        self.on_drop = OnDrop::Cancel;
        self
    }

    /// Makes the changes of the task in its [context](crate::ContextVar) apply to the thread or
    /// task that takes its result, also if it was cancelled; after a panic no change applies.
    ///
    /// Only changes of the task itself apply: variables that the asking thread has set meanwhile
    /// stay, unless the task has set the same variable.
    ///
    /// ```
    /// koil::context_var! { static VISITED: u32 = 0; static USER: &'static str = "nobody" }
    ///
    /// let task = koil::unkoil_task(async { VISITED.set(VISITED.get() + 1) }).bring_context();
    /// USER.set("ada");
    /// task.result()?;
    /// assert_eq!((VISITED.get(), USER.get()), (1, "ada"));
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn bring_context(mut self) -> KoilTask<T> {
        self.brings = true;
        self
    }

    /// True once the task has ended: its result can be taken without waiting.
    pub fn is_finished(&self) -> bool {
        self.join.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn wait(&mut self, timeout: Option<Duration>, site: CallSite) -> Result<T, Error> {
        admission::may_block(site)?;
        self.site = site;
        // The result of a finished task can be taken even after the loop has been stopped.
        let mut cx = Context::from_waker(Waker::noop());
        if let Poll::Ready(result) = self.poll_join(&mut cx) {
            return result;
        }
        let call = Call::admit(Some(&self.core), site, Answer::Error)?;
        let _entered = call.enter();
        let mut join = Join {
            task: self,
            result: Poll::Pending,
        };
        call::wait(&call, Workload::LoopBound(&mut join), timeout)?;
        match join.result {
            Poll::Ready(result) => result,
            Poll::Pending => unreachable!("`block_on` returns `Ok` only after a poll was ready"),
        }
    }

    fn poll_join(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Error>> {
        if self.core.is_forked() {
            return Poll::Ready(Err(Error::new(Kind::Forked, self.site)));
        }
        let Some(join) = &mut self.join else {
            return Poll::Ready(Err(Error::new(Kind::Taken, self.site)));
        };
        let ended = std::task::ready!(Pin::new(join).poll(cx));
        self.join = None;
        let (outcome, changes) = match ended {
            Ok(ended) => ended,
            Err(error) => return Poll::Ready(Err(self.failure(error))),
        };
        if self.brings {
            changes.apply();
        }
        Poll::Ready(
            outcome.map_err(|Acknowledged(acknowledged)| {
                self.cut_short().with_acknowledged(acknowledged)
            }),
        )
    }

    /// The error of a task that was cancelled: by its owner, or with its loop.
    fn cut_short(&self) -> Error {
        let reason = self.token.reason();
        match reason.filter(|reason| self.core.token.reason().as_ref() != Some(reason)) {
            Some(reason) => Error::with_source(reason.kind(), self.site, reason),
            None => Error::new(Kind::Shutdown, self.site),
        }
    }

    fn failure(&self, error: JoinError) -> Error {
        match error.try_into_panic() {
            Ok(payload) => unwind::resume(payload),
            // koil aborts no task, and tokio does so only when the runtime ends. An adopted runtime
            // drops its tasks in any order, so that koil may not have seen its end yet.
            Err(error) => Error::with_source(Kind::Shutdown, self.site, error),
        }
    }
}

/// The wait for a task: woken by the loop that runs it, never by a scheduler of this thread.
struct Join<'a, T> {
    task: &'a mut KoilTask<T>,
    result: Poll<Result<T, Error>>,
}

impl<T> Work for Join<'_, T> {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.task
            .poll_join(cx)
            .map(|result| self.result = Poll::Ready(result))
    }

    /// The task continues without its owner.
    fn abandon(&mut self) {}
}

impl<T> Drop for KoilTask<T> {
    fn drop(&mut self) {
        if self.core.is_forked() {
            // The task is the parent's.
            return std::mem::forget(self.join.take());
        }
        if self.on_drop == OnDrop::Cancel {
            self.token.cancel("its owner has dropped it");
        }
    }
}

impl<T> Future for KoilTask<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, Error>> {
        self.poll_join(cx)
    }
}

impl<T> fmt::Debug for KoilTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KoilTask")
            .field("finished", &self.is_finished())
            .field("at", &format_args!("{}", self.site.location))
            .finish_non_exhaustive()
    }
}
