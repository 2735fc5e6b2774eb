//! `Executor`: one queue of tasks by priority, with any number of runners, in any runtime.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use crate::bridge::scheduled;
use crate::bridge::task::KoilTask;
use crate::current::WorkKind;
use crate::executor::{NotRunnable, PATIENCE, Position, RunQueue, Runnable, Runner, TaskInfo};
use crate::handle::Handle;
use crate::report::site::CallSite;
use crate::scope::priority::{Priority, TaskId};

/// Tasks in one queue by priority, run by the runtime that you have.
///
/// Of its runnable tasks the one with the highest effective priority is polled next, and equals by
/// arrival. A runner is a future, [`run`](Executor::run): spawn it once for each worker of a
/// multi-threaded runtime, and each of them takes the best task. Clones are the same executor.
///
/// ```
/// use koil::sched::{Executor, Priority};
///
/// # tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?.block_on(async {
/// let executor = Executor::new();
/// for _ in 0..2 {
///     let executor = executor.clone();
///     tokio::spawn(async move { executor.run().await });
/// }
/// for part in 0..1_000 {
///     executor.spawn(Priority::LOW, async move { part }).detach();
/// }
/// // Polled before the background tasks that have not begun.
/// let health = executor.spawn(Priority::HIGH, async { "well" });
/// assert_eq!(health.await?, "well");
/// # Ok::<(), koil::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Where it has an effect
///
/// Only among the tasks of one executor, between two polls. A poll is not interrupted, and tasks of
/// tokio itself have no priority: a runner is one of them, and hands its thread back after 61 polls.
///
/// # Levels
///
/// The level of a task is its effective priority: the one that it was started with, or a higher one
/// that it has inherited as the holder of a [`Mutex`](crate::sched::Mutex). It may change at any
/// moment, by a waiter or by [`set_priority`](Executor::set_priority). A runnable task that is raised
/// goes to the back of its new level; one that falls goes to the front.
///
/// # Starvation
///
/// Every 128 picks the level that has waited longest is served once, if it has waited for that long;
/// see [`with_patience`](Executor::with_patience).
///
/// # Drop
///
/// When the last clone is dropped, and no runner of it is left, its tasks are dropped: the result of
/// each is an error with [`Error::is_cancelled`](crate::Error::is_cancelled). A clone inside a task
/// keeps them until that task has ended.
#[derive(Clone)]
pub struct Executor(Arc<OwnedQueue>);

/// The tasks, until the last owner is gone.
struct OwnedQueue {
    queue: Arc<RunQueue<Runnable>>,
}

impl Drop for OwnedQueue {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Executor {
    /// An executor without tasks and runners.
    #[must_use]
    pub fn new() -> Executor {
        Executor::with_patience(PATIENCE)
    }

    /// As [`new`](Executor::new), with another ageing: in every `picks`-th pick, the level below the
    /// highest one that has waited longest is served, if it has waited for `picks` picks. So the first
    /// runnable task of a level waits for at most `picks` picks for each level that has runnable tasks.
    ///
    /// It counts picks and no time, so the order is the same in each run. With 1 the levels take turns,
    /// and 0 counts as 1; [`u32::MAX`] is a strict order, in which a level may starve.
    ///
    /// From asynkit's priority loop, which raises old entries by chance; here it is no chance.
    #[must_use]
    pub fn with_patience(picks: u32) -> Executor {
        Executor(Arc::new(OwnedQueue {
            queue: RunQueue::new(picks.max(1)),
        }))
    }

    /// Starts a task with this priority, and returns at once. It is polled when a runner comes to it.
    ///
    /// The task has a copy of the [context](crate::ContextVar), and belongs to the ambient loop as
    /// any [`KoilTask`]: a stop of that loop cancels it, and a drain waits for it. But the runners poll
    /// it, on their threads and with the runtime that they are in; a loop is asked for nothing but
    /// deadlines and the waits of blocking callers. Work that the task starts has the task's own
    /// priority.
    ///
    /// Without a runner the task is not polled.
    ///
    /// # Panics
    ///
    /// If the process-wide loop is needed and cannot be started.
    ///
    /// ```
    /// use koil::sched::{Executor, Priority};
    ///
    /// let executor = Executor::new();
    /// executor.run_on(&koil::global());
    /// let level = executor.spawn(Priority::HIGH, async { Priority::current() });
    /// assert_eq!(level.result()?, Priority::HIGH);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn spawn<F>(&self, priority: Priority, future: F) -> KoilTask<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        scheduled::start(&self.0.queue, priority, CallSite::here(), future)
    }

    /// Runs tasks for as long as it is polled: a runner. Never ready.
    ///
    /// Timers and sockets in the tasks need the runtime that polls this one; outside of tokio, poll
    /// `handle.within(executor.run())` with the [`Handle`] of a loop of koil's.
    ///
    /// # Cancellation and drop
    ///
    /// A runner that is dropped loses no task: the others run them, or a later one.
    pub async fn run(&self) -> Infallible {
        Runner::new(self.0.queue.clone()).await
    }

    /// Starts a runner as a task of this loop; it ends with the loop, and keeps this executor alive
    /// until then. No effect on a loop that has been stopped.
    ///
    /// While a runner is on a loop, its blocking callers leave the driving of the loop to the loop's
    /// thread, as while any task is there. For a loop whose own tasks have priorities see
    /// [`KoilBuilder::priorities`](crate::KoilBuilder::priorities).
    #[track_caller]
    pub fn run_on(&self, handle: &Handle) {
        let executor = self.clone();
        let runner = async move { executor.run().await };
        let core = handle.core();
        if !core.is_forked() {
            // Detached: it is never ready.
            drop(core.spawn(WorkKind::Runner, CallSite::here(), runner));
        }
    }

    /// The tasks that have not ended, in the order in which they were started.
    ///
    /// ```
    /// use koil::sched::{Executor, Priority, TaskState};
    ///
    /// let executor = Executor::new();
    /// let task = executor.spawn(Priority::LOW, async {});
    /// let info = &executor.tasks()[0];
    /// assert_eq!((info.priority(), info.polls()), (Priority::LOW, 0));
    /// assert!(matches!(info.state(), TaskState::Runnable { position: 0, .. }));
    /// # drop(task);
    /// ```
    #[must_use]
    pub fn tasks(&self) -> Vec<TaskInfo> {
        self.0.queue.tasks()
    }

    /// Moves a runnable task within its level.
    ///
    /// # Errors
    ///
    /// If the task is not runnable: it runs, waits or has ended, or is no task of this executor.
    ///
    /// ```
    /// use koil::sched::{Executor, Position, Priority};
    ///
    /// let executor = Executor::new();
    /// let first = executor.spawn(Priority::LOW, async {});
    /// let second = executor.spawn(Priority::LOW, async {});
    /// executor.reposition(second.id().unwrap(), Position::Front)?;
    /// # Ok::<(), koil::sched::NotRunnable>(())
    /// ```
    pub fn reposition(&self, task: TaskId, to: Position) -> Result<(), NotRunnable> {
        self.0.queue.reposition(task, to)
    }

    /// Gives a task another priority, also while it is queued or runs. An inherited level stays.
    /// False if the task has ended, or is no task of this executor.
    ///
    /// ```
    /// use koil::sched::{Executor, Priority};
    ///
    /// let executor = Executor::new();
    /// let task = executor.spawn(Priority::LOW, async {});
    /// assert!(executor.set_priority(task.id().unwrap(), Priority::HIGH));
    /// assert_eq!(executor.tasks()[0].priority(), Priority::HIGH);
    /// ```
    pub fn set_priority(&self, task: TaskId, priority: Priority) -> bool {
        use crate::executor::current::TaskQueue;
        let party = self.0.queue.party(task);
        party.is_some_and(|party| {
            party.set_base(priority);
            true
        })
    }
}

impl Default for Executor {
    fn default() -> Executor {
        Executor::new()
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor")
            .field("tasks", &self.tasks().len())
            .finish_non_exhaustive()
    }
}
