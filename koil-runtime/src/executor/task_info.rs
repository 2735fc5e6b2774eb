//! `TaskInfo`: a task of an `Executor`, as a look at it finds it.

use std::fmt;
use std::panic::Location;

use crate::scope::priority::{Priority, TaskId};

/// A task of an [`Executor`](crate::sched::Executor) at one moment; see
/// [`Executor::tasks`](crate::sched::Executor::tasks).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskInfo {
    pub(super) id: TaskId,
    pub(super) place: &'static Location<'static>,
    pub(super) priority: Priority,
    pub(super) effective: Priority,
    pub(super) polls: u64,
    pub(super) state: TaskState,
}

impl TaskInfo {
    /// The number of the task.
    #[must_use]
    pub fn id(&self) -> TaskId {
        self.id
    }

    /// The line that has started the task.
    #[must_use]
    pub fn place(&self) -> &'static Location<'static> {
        self.place
    }

    /// The priority that was given to the task.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.priority
    }

    /// The level at which the task is served: its priority, or a higher one that it has inherited,
    /// because others wait for a lock that it holds.
    #[must_use]
    pub fn effective(&self) -> Priority {
        self.effective
    }

    /// The polls that have begun so far.
    #[must_use]
    pub fn polls(&self) -> u64 {
        self.polls
    }

    /// The state of the task at that moment.
    #[must_use]
    pub fn state(&self) -> TaskState {
        self.state
    }
}

/// The state of a task of an [`Executor`](crate::sched::Executor).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TaskState {
    /// A runner polls it.
    Running,
    /// It will be polled; so many others of its level will be polled before.
    #[non_exhaustive]
    Runnable {
        /// The number of runnable tasks of the same level before this one.
        position: usize,
    },
    /// It waits until it is woken.
    Waiting,
}

/// The error of an operation on a task that is not runnable: it runs, waits, or has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRunnable {
    pub(super) task: TaskId,
    pub(super) why: NotRunnableWhy,
}

/// The state of a task that is not runnable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotRunnableWhy {
    Running,
    Waiting,
    /// It has ended, or is a task of another executor.
    Unknown,
    /// The code that asks to be switched away from is no task.
    NoCaller,
}

impl NotRunnableWhy {
    pub(super) fn of(self, task: TaskId) -> NotRunnable {
        NotRunnable { task, why: self }
    }
}

impl NotRunnable {
    /// Of a switch that no task of an executor asks for.
    pub(crate) fn without_caller(task: TaskId) -> NotRunnable {
        NotRunnableWhy::NoCaller.of(task)
    }

    /// The task that was to be moved.
    #[must_use]
    pub fn task(&self) -> TaskId {
        self.task
    }
}

impl fmt::Display for NotRunnable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let task = self.task;
        match self.why {
            NotRunnableWhy::Running => write!(f, "task {task} cannot be moved: it is running"),
            NotRunnableWhy::Waiting => {
                write!(f, "task {task} cannot be moved: it waits until it is woken")
            }
            NotRunnableWhy::Unknown => write!(
                f,
                "task {task} cannot be moved: this executor has no such task, or it has ended"
            ),
            NotRunnableWhy::NoCaller => write!(
                f,
                "no switch to task {task}: this code is no task of its `Executor`; call \
                 `Executor::reposition` here"
            ),
        }
    }
}

impl std::error::Error for NotRunnable {}
