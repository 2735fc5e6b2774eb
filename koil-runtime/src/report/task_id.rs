//! `TaskId`: the number of a task of an `Executor`.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of a task of an [`Executor`](crate::sched::Executor), unique in this process.
///
/// Of [`KoilTask::id`](crate::KoilTask::id), [`TaskInfo::id`](crate::sched::TaskInfo::id) and, inside
/// a task, [`TaskId::current`]. Its `Display` is the number alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId {
    number: u64,
    /// The slot of the task in its executor.
    slot: u32,
}

impl TaskId {
    /// The next number, for the task in this slot.
    pub(crate) fn next(slot: u32) -> TaskId {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        // ORDERING: Relaxed; only uniqueness counts.
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        TaskId { number, slot }
    }

    pub(crate) fn slot(self) -> u32 {
        self.slot
    }
}

impl fmt::Display for TaskId {
    /// The number alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}
