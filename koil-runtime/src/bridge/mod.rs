//! Async from sync: all items that a blocking caller uses.

pub(crate) mod asserted;
pub(crate) mod asserted_forwards;
pub(crate) mod asserted_io;
pub(crate) mod calls;
pub(crate) mod cancel_scope;
pub(crate) mod cancellable;
pub(crate) mod clean_up;
pub(crate) mod eager;
pub(crate) mod fallible;
pub(crate) mod forwarded;
pub(crate) mod forwarded_io;
pub(crate) mod gather;
pub(crate) mod inline;
pub(crate) mod io;
pub(crate) mod iter;
pub(crate) mod lent_calls;
pub(crate) mod map_iter;
pub(crate) mod may_block;
mod new_task;
pub(crate) mod on_loop;
pub(crate) mod panics;
#[cfg(feature = "sched")]
pub(crate) mod scheduled;
pub(crate) mod sleep;
pub(crate) mod std_argument;
pub(crate) mod task;
mod task_deadline;
mod task_source;
pub(crate) mod time_limit;
pub(crate) mod unkoil;
