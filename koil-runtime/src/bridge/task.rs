//! `KoilTask`: a future that runs on the loop while its owner does other work.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use super::cancellable::Acknowledged;
use super::new_task::NewTask;
use super::task_source::{NoOutput, TaskSource, resume};
use crate::call::{self, Call, admission};
use crate::current::LoopCore;
use crate::current::handed_over;
use crate::drive::work::{Work, Workload};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::current_cancel::Answer;
use crate::scope::cancel::token::{CancelReason, CancelToken};
#[cfg(feature = "sched")]
use crate::scope::priority::TaskId;

/// Starts `future` on the ambient loop and returns at once.
///
/// May be called anywhere, also inside a future. On a loop that has been stopped, the task is
/// finished from the start, and its result is an error with [`Error::is_shutdown`]; on a loop that
/// stayed behind at a fork, an error with [`Error::is_forked`]. A loop that is being
/// [drained](crate::Koil::drain) takes tasks of its own work only; one from elsewhere is dropped
/// unpolled, with [`Error::is_shutdown`].
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
    NewTask::at(CallSite::here()).start(future)
}

/// A task on a loop; made by [`unkoil_task`] and [`eager_task`](crate::eager_task).
///
/// Get its result in blocking code with [`result`](KoilTask::result), or await it. A panic in the
/// task is resumed where its result is taken.
///
/// # Drop
///
/// Dropping detaches the task: it runs until it is done or its loop stops. With
/// [`cancel_on_drop`](KoilTask::cancel_on_drop), dropping cancels it instead, without waiting.
#[must_use = "a dropped task is detached: its result or panic is lost; call `detach` if that is meant"]
pub struct KoilTask<T> {
    pub(super) source: TaskSource<T>,
    /// The number of a task of an executor.
    #[cfg(feature = "sched")]
    pub(super) id: Option<TaskId>,
    /// The changes that it makes in its context apply to the thread or task that takes its result.
    pub(super) brings: bool,
    /// Made when it is asked for, if the task has ended without one.
    pub(super) token: OnceLock<CancelToken>,
    pub(super) core: Arc<LoopCore>,
    pub(super) site: CallSite,
    pub(super) on_drop: OnDrop,
    /// A `result_timeout` whose time is up cancels the task.
    pub(super) cancels_on_timeout: bool,
}

/// The handling of a task whose handle is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnDrop {
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

    /// Asks the task to stop, and returns at once. True if this is the first request.
    ///
    /// A task that listens to its token ([`CancelToken::current`]) has `cancel_grace` to finish;
    /// any other is dropped as soon as the loop reaches it. In both cases its
    /// [`result`](KoilTask::result) is an error with [`Error::is_cancelled`], unless it was done
    /// before: a value that comes after the cancel is dropped, also if a job that the task awaits has
    /// seen the cancel first. No other task is affected.
    ///
    /// ```
    /// let task = koil::unkoil_task(std::future::pending::<()>());
    /// task.cancel("not needed any more");
    /// let error = task.result().unwrap_err();
    /// assert_eq!(error.cancel_reason().unwrap(), "not needed any more");
    /// ```
    pub fn cancel(&self, reason: impl Into<CancelReason>) -> bool {
        !self.is_finished() && self.token().cancel(reason)
    }

    /// The token of the task: cancelled with the task, by [`cancel`](KoilTask::cancel), by a stop of
    /// its loop, or by whoever has a clone of it, which is the same as `cancel`.
    ///
    /// It is cancelled from the moment at which the cancel is asked for, before the task has ended
    /// and whether or not it obeys. The [current](CancelToken::current) token inside the task is a
    /// child of this one.
    ///
    /// ```
    /// let task = koil::unkoil_task(async {
    ///     koil::CancelToken::current().expect("a task has a token").cancelled().await;
    /// });
    /// let stop = task.token().clone();
    /// std::thread::spawn(move || stop.cancel("the window was closed"));
    /// assert!(task.result().unwrap_err().is_cancelled());
    /// ```
    #[doc(alias = "cancelled")]
    pub fn token(&self) -> &CancelToken {
        self.token.get_or_init(|| self.core.token.child())
    }

    /// Lets the task run on, and gives up its result. The panic hook reports a panic in it; nothing
    /// else does.
    ///
    /// As a drop of this handle, but said aloud, also after
    /// [`cancel_on_drop`](KoilTask::cancel_on_drop). A [`timeout`](KoilTask::timeout) stays in force.
    ///
    /// ```
    /// let (done, is_done) = std::sync::mpsc::channel();
    /// koil::unkoil_task(async move { done.send("written").unwrap() }).detach();
    /// assert_eq!(is_done.recv(), Ok("written"));
    /// ```
    pub fn detach(mut self) {
        self.on_drop = OnDrop::Detach;
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

    /// The number of the task among those of its executor; `None` for a task of a loop without
    /// priorities.
    ///
    /// ```
    /// use koil::sched::{Executor, Priority};
    ///
    /// let executor = Executor::new();
    /// let task = executor.spawn(Priority::LOW, async {});
    /// assert_eq!(task.id(), Some(executor.tasks()[0].id()));
    /// assert_eq!(koil::unkoil_task(async {}).id(), None);
    /// ```
    #[cfg(feature = "sched")]
    pub fn id(&self) -> Option<TaskId> {
        self.id
    }

    /// True once the task has ended: its result can be taken without waiting.
    pub fn is_finished(&self) -> bool {
        self.source.is_finished()
    }

    pub(super) fn wait(&mut self, timeout: Option<Duration>, site: CallSite) -> Result<T, Error> {
        admission::may_block(Some(&self.core), site)?;
        self.site = site;
        // An eager task that was ready at once ends here.
        if !self.core.is_forked()
            && let Some(value) = self.source.take_bare_value()
        {
            return Ok(value);
        }
        let mut cx = Context::from_waker(Waker::noop());
        // The result of a finished task can be taken even after the loop has been stopped.
        if self.is_finished()
            && let Poll::Ready(result) = self.take_finished(&mut cx)
        {
            return result;
        }
        let call = match Call::admit(Some(&self.core), site, Answer::Error) {
            Ok(call) => call,
            // A drain may have stopped the loop since the first look, because the task was done.
            Err(error) => match self.poll_join(&mut cx) {
                Poll::Ready(result) => return result,
                Poll::Pending => return Err(error),
            },
        };
        let _entered = call.enter();
        let is_on_loop = self.source.is_on_loop();
        let mut join = Join {
            task: self,
            result: Poll::Pending,
        };
        let work = if is_on_loop {
            Workload::LoopBound(&mut join)
        } else {
            Workload::Own(&mut join)
        };
        let waited = call::wait(&call, work, timeout);
        if let Err(error) = waited {
            // As above, if the loop was stopped between the admission and the first poll. A task that
            // a stop cut short has no value, so this can only be one from before.
            return match error.is_shutdown().then(|| join.task.poll_join(&mut cx)) {
                Some(Poll::Ready(Ok(value))) => Ok(value),
                _ => Err(error),
            };
        }
        match join.result {
            Poll::Ready(result) => result,
            Poll::Pending => unreachable!("`block_on` returns `Ok` only after a poll was ready"),
        }
    }

    /// The result of a finished task, after the work that it has handed over.
    fn take_finished(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Error>> {
        let (polled, handed) = handed_over::collected(|| self.poll_join(cx));
        if let Some(handed) = handed {
            call::settle(&self.core, self.site, handed.works);
        }
        polled.unwrap_or_else(|payload| unwind::resume(payload))
    }

    fn poll_join(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Error>> {
        if self.core.is_forked() {
            return Poll::Ready(Err(Error::new(Kind::Forked, self.site)));
        }
        let ((outcome, changes), works) = match ready!(self.source.poll(cx)) {
            Some(Ok(ended)) => ended,
            Some(Err(error)) => return Poll::Ready(Err(self.failure(error))),
            None => return Poll::Ready(Err(Error::new(Kind::Taken, self.site))),
        };
        handed_over::keep_all(works);
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
        let reason = self.token.get().and_then(CancelToken::reason);
        match reason.filter(|reason| self.core.token.reason().as_ref() != Some(reason)) {
            Some(reason) => Error::with_source(reason.kind(), self.site, reason),
            None => self.core.end_error(self.site),
        }
    }

    fn failure(&self, end: NoOutput) -> Error {
        match end {
            NoOutput::Panicked(payload) => resume(payload),
            // koil aborts no task, and tokio does so only when the runtime ends. An adopted runtime
            // drops its tasks in any order, so that koil may not have seen its end yet.
            NoOutput::Dropped(Some(error)) => self.core.end_error(self.site).or_source(error),
            NoOutput::Dropped(None) => self.cut_short(),
            #[cfg(feature = "sched")]
            NoOutput::Refused(kind) => Error::new(kind, self.site),
        }
    }
}

/// The wait for a task.
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
            return mem::replace(&mut self.source, TaskSource::Taken).forget();
        }
        if self.on_drop == OnDrop::Cancel
            && let Some(token) = self.token.get()
        {
            token.cancel("its owner has dropped it");
        }
    }
}

// Its value is moved, never pinned.
impl<T> Unpin for KoilTask<T> {}

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
