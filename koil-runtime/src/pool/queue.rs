//! `JobQueue`: the jobs that no thread has taken yet. With feature `sched` they are served by
//! priority, and equals in the order of their arrival; without it, all in the order of their arrival.

#[cfg(not(feature = "sched"))]
mod by_arrival;
#[cfg(feature = "sched")]
mod by_priority;

#[cfg(not(feature = "sched"))]
pub(crate) use self::by_arrival::ByArrival as JobQueue;
#[cfg(feature = "sched")]
pub(crate) use self::by_priority::ByPriority as JobQueue;
use crate::scope::context::snapshot::Snapshot;
#[cfg(feature = "sched")]
use crate::scope::priority::{Priority, party};

/// The level of a job: its priority; without feature `sched` there is one level, which takes no room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JobLevel {
    #[cfg(feature = "sched")]
    priority: Priority,
}

#[cfg(not(feature = "sched"))]
impl JobLevel {
    /// The level of a job that runs in this context.
    #[inline]
    pub(crate) fn of(_: &Snapshot) -> JobLevel {
        JobLevel {}
    }
}

#[cfg(feature = "sched")]
impl JobLevel {
    /// The level of a job that runs in this context: its priority, or the one that the code which
    /// hands it over has inherited, if that is higher.
    pub(crate) fn of(context: &Snapshot) -> JobLevel {
        let own = context.priority();
        JobLevel {
            priority: party::inherited().map_or(own, |inherited| own.max(inherited)),
        }
    }

    fn number(self) -> usize {
        self.priority.level().into()
    }
}
