//! The task whose step runs on this thread.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::{NotRunnable, Position, Runnable};
use crate::scope::priority::TaskId;
use crate::scope::priority::party::Party;

/// The queue of a task, as its own code and the senders of interrupts use it.
pub(crate) trait TaskQueue: Send + Sync {
    /// When the task becomes runnable next, it takes this place in its level.
    fn place_next(&self, task: TaskId, position: Position);

    /// The task is the first of its level: now, or when it becomes runnable next.
    fn bring_forward(&self, task: TaskId);

    /// Makes a runnable task the next one that is picked; the caller takes `mine` when it is put
    /// back.
    fn switch(&self, from: TaskId, to: TaskId, mine: Position) -> Result<(), NotRunnable>;

    /// The party of a task that has not ended.
    fn party(&self, task: TaskId) -> Option<Party>;
}

thread_local! {
    // No destructor, so this can be read at any moment of a thread's life.
    static TASK: Cell<Option<TaskId>> = const { Cell::new(None) };

    /// The next step of that task, if it has yielded, between the end of its step and the next pick.
    static YIELDED: RefCell<Option<Runnable>> = const { RefCell::new(None) };

    static QUEUE: RefCell<Option<Arc<dyn TaskQueue>>> = const { RefCell::new(None) };
}

/// The task whose code runs here, and its queue.
#[derive(Clone)]
pub(crate) struct CurrentTask {
    pub(crate) id: TaskId,
    pub(crate) queue: Arc<dyn TaskQueue>,
}

/// The task whose code runs here; `None` outside of the tasks of an executor.
pub(crate) fn id() -> Option<TaskId> {
    TASK.get()
}

pub(crate) fn task() -> Option<CurrentTask> {
    let id = id()?;
    let queue = QUEUE.try_with(|queue| queue.borrow().clone());
    queue.ok().flatten().map(|queue| CurrentTask { id, queue })
}

/// Keeps the next step of the task that runs here for its runner. Gives back one of another task.
pub(super) fn keep_yielded(task: TaskId, step: Runnable) -> Option<Runnable> {
    if id() != Some(task) {
        return Some(step);
    }
    let mut step = Some(step);
    // The thread is ending if there is no place for it.
    let _ = YIELDED.try_with(|kept| *kept.borrow_mut() = step.take());
    step
}

pub(super) fn take_yielded() -> Option<Runnable> {
    YIELDED
        .try_with(|kept| kept.borrow_mut().take())
        .ok()
        .flatten()
}

/// A runner of this queue works on this thread until this is dropped.
pub(super) struct EnteredQueue {
    outer: Option<Arc<dyn TaskQueue>>,
    task: Option<TaskId>,
}

impl EnteredQueue {
    pub(super) fn enter(queue: Arc<dyn TaskQueue>) -> EnteredQueue {
        let outer = QUEUE.try_with(|slot| slot.replace(Some(queue)));
        EnteredQueue {
            outer: outer.unwrap_or_default(),
            task: TASK.take(),
        }
    }

    /// The code of this task runs next.
    #[allow(clippy::unused_self)] // It ends with this.
    pub(super) fn set_task(&self, task: TaskId) {
        TASK.set(Some(task));
    }
}

impl Drop for EnteredQueue {
    fn drop(&mut self) {
        TASK.set(self.task);
        let outer = self.outer.take();
        // Dropped outside the borrow.
        drop(QUEUE.try_with(|slot| slot.replace(outer)));
    }
}
