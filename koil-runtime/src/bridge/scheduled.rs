//! `ScheduledTask`: a task that an executor of koil polls.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_task::{Builder, FallibleTask, ScheduleInfo, WithInfo};
use pin_project_lite::pin_project;

use super::new_task::NewTask;
use super::task::KoilTask;
use super::task_source::{TaskOutput, TaskSource};
use crate::current::{LoopCore, Polling, WorkKind, WorkMark};
use crate::drive::relay::Gated;
use crate::executor::{self, RunQueue, Runnable, TaskSlot};
use crate::report::site::CallSite;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::token::CancelToken;
use crate::scope::priority::{Priority, TaskId};

/// The output of a task of an executor, or its panic.
type TaskOutcome<T> = Result<TaskOutput<T>, Payload>;

pin_project! {
    /// The future of a task. Its panics are part of its output; one in its drop ends there, since
    /// async-task aborts the process otherwise.
    struct ScheduledFuture<F> {
        // `None` once it is dropped.
        #[pin]
        future: Option<Gated<F>>,
        // Dropped after the future: the task has ended once that is gone.
        slot: TaskSlot<Runnable>,
    }

    impl<F> PinnedDrop for ScheduledFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut future = this.project().future;
            if future.is_some() {
                unwind::swallow(|| future.set(None));
            }
        }
    }
}

impl<F: Future> Future for ScheduledFuture<F> {
    type Output = Result<F::Output, Payload>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let _polling = Polling::begin();
        let future = this.future.as_pin_mut();
        let future = future.expect("a task is not polled after its end");
        match unwind::halt(|| future.poll(cx)) {
            Ok(polled) => polled.map(Ok),
            Err(payload) => Poll::Ready(Err(payload)),
        }
    }
}

/// Starts a task of the ambient loop on this executor.
///
/// # Panics
///
/// If the process-wide loop is needed and cannot be started.
#[track_caller]
pub(crate) fn start<F>(
    queue: &Arc<RunQueue<Runnable>>,
    priority: Priority,
    site: CallSite,
    future: F,
) -> KoilTask<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    NewTask::at(site).on(queue, priority).start(future)
}

/// Gives the future of a task to the executor of its slot. A loop that is being drained takes none.
pub(super) fn spawn<F, T>(
    core: &Arc<LoopCore>,
    site: CallSite,
    slot: TaskSlot<Runnable>,
    token: CancelToken,
    future: F,
) -> TaskSource<T>
where
    F: Future<Output = TaskOutput<T>> + Send + 'static,
    T: Send + 'static,
{
    let Some(mark) = WorkMark::unless_drained(core, WorkKind::Task, site) else {
        return TaskSource::Refused(core.end());
    };
    let (id, queue) = (slot.id(), slot.queue().clone());
    let is_of_loop = core
        .priorities
        .get()
        .is_some_and(|own| Arc::ptr_eq(own, &queue));
    let future = if is_of_loop {
        Gated::new(core, future, Some(mark))
    } else {
        Gated::elsewhere(future, mark)
    };
    let future = ScheduledFuture {
        future: Some(future),
        slot,
    };
    let pushed = queue.clone();
    let schedule = move |step: Runnable, info: ScheduleInfo| {
        executor::schedule(&pushed, step, info.woken_while_running);
    };
    let builder = Builder::new().metadata(id);
    let (step, task) = builder.spawn(move |_| future, WithInfo(schedule));
    queue.start(id, step, token);
    TaskSource::Scheduled(ScheduledTask(Some(task.fallible())))
}

/// The handle of a task of an executor. Its drop detaches the task.
pub(super) struct ScheduledTask<T>(Option<FallibleTask<TaskOutcome<T>, TaskId>>);

impl<T> ScheduledTask<T> {
    pub(super) fn is_finished(&self) -> bool {
        self.0.as_ref().is_none_or(FallibleTask::is_finished)
    }

    /// The output; `None` if the task was dropped before it was done.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<TaskOutcome<T>>> {
        match &mut self.0 {
            Some(task) => Pin::new(task).poll(cx),
            None => Poll::Ready(None),
        }
    }

    /// In a forked child: the task is the parent's.
    pub(super) fn forget(mut self) {
        mem::forget(self.0.take());
    }
}

impl<T> Drop for ScheduledTask<T> {
    fn drop(&mut self) {
        if let Some(task) = self.0.take() {
            task.detach();
        }
    }
}
