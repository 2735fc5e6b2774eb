//! `TaskId`: the number of a task of an `Executor`.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use super::party;

/// The number of a task of an `Executor`, unique in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TaskId(u64);

impl TaskId {
    #[allow(dead_code)] // For the tasks of an `Executor`.
    pub(crate) fn next() -> TaskId {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        // ORDERING: Relaxed; only uniqueness counts.
        TaskId(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// The task whose code runs here; `None` outside of the tasks of an `Executor`, and inside a
    /// [`Priority::scope`](super::Priority::scope).
    #[allow(dead_code)]
    pub(crate) fn of_party() -> Option<TaskId> {
        party::with_current(|party| party.and_then(party::Party::task))
    }
}

impl fmt::Display for TaskId {
    /// The number alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
