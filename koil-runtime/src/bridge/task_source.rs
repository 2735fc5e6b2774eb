//! `TaskSource`: the place where the output of a task is found.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::task::{JoinError, JoinHandle};

use super::cancellable::Acknowledged;
#[cfg(feature = "sched")]
use super::scheduled::ScheduledTask;
use crate::call::collected::split_panic;
use crate::current::handed_over::{self, Works};
#[cfg(feature = "sched")]
use crate::report::error::Kind;
use crate::report::unwind::{self, Payload};
use crate::scope::context::snapshot::Changes;
use crate::sync::Mutex;

/// The place where the output of a task is found.
pub(super) enum TaskSource<T> {
    /// The task is on the loop.
    Loop(JoinHandle<TaskOutput<T>>),
    /// The task is on an executor.
    #[cfg(feature = "sched")]
    Scheduled(ScheduledTask<T>),
    /// No executor has taken the task, for this reason.
    #[cfg(feature = "sched")]
    Refused(Kind),
    /// The task has ended where it was started. The lock is never taken: it makes the handle `Sync`
    /// where `T` is not.
    Here(Mutex<Result<TaskOutput<T>, Payload>>),
    /// The result has been handed out, or there never was a task.
    Taken,
}

/// The output of the task: its result, the changes of its context, and the work that it has handed over.
pub(super) type TaskOutput<T> = ((Result<T, Acknowledged>, Changes), Works);

impl<T> TaskSource<T> {
    /// The value of a task that has ended where it was started, and has neither handed work over nor
    /// changed its context: nothing but the value is to be taken.
    #[inline]
    pub(super) fn take_bare_value(&mut self) -> Option<T> {
        let TaskSource::Here(ended) = self else {
            return None;
        };
        match ended.get_mut() {
            Ok(((Ok(_), changes), works)) if changes.is_empty() && works.is_empty() => {}
            _ => return None,
        }
        match mem::replace(self, TaskSource::Taken) {
            TaskSource::Here(ended) => ended.into_inner().ok()?.0.0.ok(),
            _ => None,
        }
    }

    /// True once the output can be taken without waiting.
    pub(super) fn is_finished(&self) -> bool {
        match self {
            TaskSource::Loop(join) => join.is_finished(),
            #[cfg(feature = "sched")]
            TaskSource::Scheduled(task) => task.is_finished(),
            #[cfg(feature = "sched")]
            TaskSource::Refused(_) => true,
            TaskSource::Here(_) | TaskSource::Taken => true,
        }
    }

    /// True if the loop runs the task, so that no scheduler of the waiting thread wakes it.
    pub(super) fn is_on_loop(&self) -> bool {
        match self {
            #[cfg(feature = "sched")]
            TaskSource::Scheduled(_) => false,
            _ => true,
        }
    }

    /// Takes the output; `None` if it was taken before.
    #[inline]
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<TaskOutput<T>, NoOutput>>> {
        let outcome = match self {
            TaskSource::Loop(join) => {
                let joined = ready!(Pin::new(join).poll(cx));
                Some(joined.map_err(|error| match error.try_into_panic() {
                    Ok(payload) => NoOutput::Panicked(payload),
                    Err(error) => NoOutput::Dropped(Some(error)),
                }))
            }
            #[cfg(feature = "sched")]
            TaskSource::Scheduled(task) => Some(match ready!(task.poll(cx)) {
                Some(outcome) => outcome.map_err(NoOutput::Panicked),
                None => Err(NoOutput::Dropped(None)),
            }),
            #[cfg(feature = "sched")]
            TaskSource::Refused(kind) => Some(Err(NoOutput::Refused(*kind))),
            TaskSource::Here(_) | TaskSource::Taken => None,
        };
        Poll::Ready(match mem::replace(self, TaskSource::Taken) {
            TaskSource::Here(ended) => Some(ended.into_inner().map_err(NoOutput::Panicked)),
            _ => outcome,
        })
    }

    /// In a forked child: leaves a task to the parent, whose it is.
    pub(super) fn forget(self) {
        match self {
            TaskSource::Loop(join) => mem::forget(join),
            #[cfg(feature = "sched")]
            TaskSource::Scheduled(task) => task.forget(),
            _ => {}
        }
    }
}

/// The end of a task without an output.
pub(super) enum NoOutput {
    Panicked(Payload),
    /// Its runtime has dropped it, or its executor, which gives no error of its own.
    Dropped(Option<JoinError>),
    #[cfg(feature = "sched")]
    Refused(Kind),
}

/// Resumes the panic of a task; the work that it has handed over counts for this thread.
pub(super) fn resume(payload: Payload) -> ! {
    let (payload, works) = split_panic(payload);
    handed_over::keep_all(works);
    unwind::resume(payload)
}
