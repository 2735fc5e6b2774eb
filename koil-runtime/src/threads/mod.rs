//! Blocking code for async callers: jobs on worker threads, streams of their items, and channels.

pub(crate) mod call;
pub(crate) mod capacity;
pub(crate) mod channel;
pub(crate) mod iter;
pub(crate) mod open;
pub(crate) mod parcel;
pub(crate) mod reader;
pub(crate) mod run;
pub(crate) mod shared;
pub(crate) mod writer;
pub(crate) mod yielder;

mod answer;
mod pull;
mod surroundings;
mod wait;
