//! `TaskSource`: the place where the output of a task is found.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::task::{JoinError, JoinHandle};

use super::cancellable::Acknowledged;
use crate::call::collected::split_panic;
use crate::current::handed_over::{self, Works};
use crate::report::unwind::{self, Payload};
use crate::scope::context::snapshot::Changes;
use crate::sync::Mutex;

/// The place where the output of a task is found.
pub(super) enum TaskSource<T> {
    /// The task is on the loop.
    Loop(JoinHandle<TaskOutput<T>>),
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
            TaskSource::Loop(_) | TaskSource::Taken => None,
        }
    }

    /// Takes the output; `None` if it was taken before.
    ///
    /// # Panics
    ///
    /// If the task has panicked where it was started: its panic is resumed.
    #[inline]
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<TaskOutput<T>, JoinError>>> {
        let joined = match self {
            TaskSource::Loop(join) => Some(ready!(Pin::new(join).poll(cx))),
            TaskSource::Here(_) | TaskSource::Taken => None,
        };
        Poll::Ready(match mem::replace(self, TaskSource::Taken) {
            TaskSource::Here(ended) => match ended.into_inner() {
                Ok(output) => Some(Ok(output)),
                Err(payload) => resume(payload),
            },
            TaskSource::Loop(_) | TaskSource::Taken => joined,
        })
    }
}

/// Resumes the panic of a task; the work that it has handed over counts for this thread.
pub(super) fn resume(payload: Payload) -> ! {
    let (payload, works) = split_panic(payload);
    handed_over::keep_all(works);
    unwind::resume(payload)
}
