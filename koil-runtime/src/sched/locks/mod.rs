//! Locks whose waiters are served by priority, and the graph of all waits.

pub(super) mod condvar;
mod graph;
mod levels;
#[cfg(all(test, koil_loom))]
mod models;
pub(super) mod mutex;
mod mutex_core;
mod owner;
pub(super) mod semaphore;
mod semaphore_core;
