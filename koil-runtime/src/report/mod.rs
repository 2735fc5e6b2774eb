//! Errors, notices and call sites, and panics that cross threads.

pub(crate) mod backtrace;
pub(crate) mod blocked;
pub(crate) mod blocking_in_async;
pub(crate) mod error;
pub(crate) mod exit;
#[cfg(feature = "sched")]
pub(crate) mod held_lock;
pub(crate) mod process_end;
pub(crate) mod site;
#[cfg(feature = "sched")]
pub(crate) mod task_id;
pub(crate) mod unwind;
