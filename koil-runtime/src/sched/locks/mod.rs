//! Locks whose waiters are served by priority: `Mutex`, and the graph of all waits.

mod graph;
mod levels;
pub(super) mod mutex;
mod mutex_core;
mod owner;
