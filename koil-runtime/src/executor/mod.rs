//! The core of `sched::Executor`: the queue of its runnable tasks, and its runners. It knows no
//! runtime.
//!
//! * A task is a slot of a [`RunQueue`], from its start until its future is gone, and has a
//!   [`Party`](crate::scope::priority::party::Party), whose effective level is its level in the queue.
//! * A task that is woken puts the right to poll it once, a [`TaskStep`], into its slot, and its key into
//!   the [`RunOrder`](run_order::RunOrder).
//! * A [`Runner`] takes one step after the other, in any task of any runtime. It hands its thread back
//!   after [`STEPS`](runner::STEPS) steps.
//!
//! All of it is behind one lock, in which neither a waker nor a step is called or dropped.

pub(crate) mod current;
#[cfg(all(test, koil_loom))]
mod models;
mod run_order;
mod run_queue;
mod runner;
mod task_info;

pub(crate) use self::run_order::PATIENCE;
pub use self::run_order::Position;
pub(crate) use self::run_queue::{RunQueue, TaskSlot};
pub(crate) use self::runner::{LoopRunner, Runner};
pub use self::task_info::{NotRunnable, TaskInfo, TaskState};
use crate::scope::priority::TaskId;

/// The right to poll a task once.
pub(crate) trait TaskStep: Sized + Send + 'static {
    /// Polls the task; returns its next step if it has yielded. A panic of its future stays in it.
    fn run(self) -> Option<Self>;
}

/// A step of a task of koil's.
pub(crate) type Runnable = async_task::Runnable<TaskId>;

impl TaskStep for Runnable {
    fn run(self) -> Option<Runnable> {
        async_task::Runnable::run(self);
        current::take_yielded()
    }
}

/// The schedule function of a task. `is_yield`: it was woken in its own step, which has just ended.
pub(crate) fn schedule(queue: &RunQueue<Runnable>, step: Runnable, is_yield: bool) {
    let id = *step.metadata();
    // Its runner puts it back when it picks again, so that a switch takes the lock once.
    let refused = if is_yield {
        current::keep_yielded(id, step)
    } else {
        Some(step)
    };
    if let Some(step) = refused {
        queue.push(id, step);
    }
}
