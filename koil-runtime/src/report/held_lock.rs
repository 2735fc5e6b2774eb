//! `HeldLock`: the mutex for which a blocked call waits, and the code that holds it.

use std::fmt;
use std::panic::Location;
use std::sync::OnceLock;
use std::thread::ThreadId;

use super::task_id::TaskId;

/// A [`Mutex`](crate::sched::Mutex) for which a blocked call waits; see
/// [`Blocked::lock`](crate::Blocked::lock).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldLock {
    pub(crate) taken_at: Option<&'static Location<'static>>,
    pub(crate) task: Option<TaskId>,
    pub(crate) is_circle: bool,
}

impl HeldLock {
    /// The line that has taken the lock. `None` for a moment between two holders.
    #[must_use]
    pub fn taken_at(&self) -> Option<&'static Location<'static>> {
        self.taken_at
    }

    /// The task that holds the lock, if it is one of an [`Executor`](crate::sched::Executor) or of a
    /// loop with priorities.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        self.task
    }

    /// True if the holder waits for the call itself, through any number of locks: a dead lock, unless
    /// one of the waits ends by a deadline or a cancel.
    #[must_use]
    pub fn is_circle(&self) -> bool {
        self.is_circle
    }
}

impl fmt::Display for HeldLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.taken_at {
            Some(place) => write!(f, "the lock taken at {place}")?,
            None => f.write_str("a lock that changes hands")?,
        }
        if let Some(task) = self.task {
            write!(f, " by task {task}")?;
        }
        if self.is_circle {
            f.write_str(", whose holder waits for this call: a dead lock")?;
        }
        Ok(())
    }
}

/// Finds the lock for which the blocking call of a thread waits.
type Finder = fn(ThreadId) -> Option<HeldLock>;

static FINDER: OnceLock<Finder> = OnceLock::new();

/// Sets the function that knows the waits; only the first call counts.
pub(crate) fn set_finder(finder: Finder) {
    let _ = FINDER.set(finder);
}

/// The lock for which the blocking call of this thread waits.
pub(crate) fn of_thread(thread: ThreadId) -> Option<HeldLock> {
    FINDER.get()?(thread)
}
