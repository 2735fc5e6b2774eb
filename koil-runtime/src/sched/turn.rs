//! `yield_to` and `switch_to`: a task gives up its turn.

use std::future::poll_fn;
use std::task::Poll;

use crate::executor::{NotRunnable, Position, current};
use crate::scope::priority::TaskId;

/// Gives up the turn of this task, which is polled again when others of its level have had theirs.
///
/// `me` is its place among the runnable tasks of its level: [`Position::Back`] behind all of them,
/// [`Position::At(1)`](Position::At) behind one. Higher levels are served first whatever it is, and
/// lower ones are not served before.
///
/// In code that no [`Executor`](crate::sched::Executor) runs, it is pending once and wakes itself, so
/// that its runtime decides.
///
/// From asynkit's `sleep_insert`.
///
/// # Cancellation and drop
///
/// Dropping it has no effect.
///
/// ```
/// use koil::sched::{Executor, Position, Priority, yield_to};
///
/// let executor = Executor::new();
/// let (events, happened) = std::sync::mpsc::channel();
/// for name in ["a", "b"] {
///     let events = events.clone();
///     let task = async move {
///         for _ in 0..2 {
///             events.send(name).unwrap();
///             yield_to(Position::Back).await;
///         }
///     };
///     executor.spawn(Priority::NORMAL, task).detach();
/// }
/// executor.run_on(&koil::global());
/// assert_eq!(happened.iter().take(4).collect::<String>(), "abab");
/// ```
pub async fn yield_to(me: Position) {
    let mut has_yielded = false;
    poll_fn(|cx| {
        if has_yielded {
            return Poll::Ready(());
        }
        has_yielded = true;
        // The back is the place of each task that is woken.
        if me != Position::Back
            && let Some(task) = current::task()
        {
            task.queue.place_next(task.id, me);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Gives up the turn of this task in favour of `task`, which is picked next, whatever its level. This
/// one goes to the place `me` among the runnable tasks of its own level.
///
/// To start a task depth first, spawn it and switch to it.
///
/// From asynkit's `task_switch`.
///
/// # Errors
///
/// If `task` is not runnable: it runs, waits or has ended. If this code is no task of the same
/// executor. The turn is not given up then.
///
/// # Cancellation and drop
///
/// Dropping it after its first poll leaves `task` where it was moved to.
///
/// ```
/// use koil::sched::{Executor, Position, Priority, switch_to};
///
/// let executor = Executor::new();
/// executor.run_on(&koil::global());
/// let starter = executor.clone();
/// let (events, happened) = std::sync::mpsc::channel();
/// let task = executor.spawn(Priority::HIGH, async move {
///     let inner = events.clone();
///     let child = starter.spawn(Priority::LOW, async move { inner.send("child").unwrap() });
///     switch_to(child.id().unwrap(), Position::Front).await.unwrap();
///     events.send("parent").unwrap();
/// });
/// assert_eq!(happened.iter().collect::<Vec<_>>(), ["child", "parent"]);
/// # task.result()?;
/// # Ok::<(), koil::Error>(())
/// ```
pub async fn switch_to(task: TaskId, me: Position) -> Result<(), NotRunnable> {
    let mut has_switched = false;
    poll_fn(|cx| {
        if has_switched {
            return Poll::Ready(Ok(()));
        }
        let Some(mine) = current::task() else {
            return Poll::Ready(Err(NotRunnable::without_caller(task)));
        };
        mine.queue.switch(mine.id, task, me)?;
        has_switched = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

impl TaskId {
    /// The task whose code runs here; `None` outside of the tasks of an
    /// [`Executor`](crate::sched::Executor).
    ///
    /// ```
    /// use koil::sched::{Executor, Priority, TaskId};
    ///
    /// let executor = Executor::new();
    /// executor.run_on(&koil::global());
    /// let task = executor.spawn(Priority::LOW, async { TaskId::current() });
    /// let id = task.id();
    /// assert_eq!(task.result()?, id);
    /// assert_eq!(TaskId::current(), None);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[must_use]
    pub fn current() -> Option<TaskId> {
        current::id()
    }
}
