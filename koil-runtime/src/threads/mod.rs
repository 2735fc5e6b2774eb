//! Blocking code for async callers: jobs on worker threads, streams of their items, and channels.

pub(crate) mod arguments;
pub(crate) mod call;
pub(crate) mod capacity;
pub(crate) mod channel;
pub(crate) mod iter;
pub(crate) mod jobs;
pub(crate) mod opening;
pub(crate) mod pinned;
pub(crate) mod reader;
mod rest;
pub(crate) mod shared;
pub(crate) mod writer;
pub(crate) mod yielder;

mod by_nature;
mod call_options;
mod early_end;
mod job_context;
mod outcome;
mod pooled_iter;
