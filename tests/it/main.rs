//! Does it behave, and does it survive bad moments? One module per danger.

mod support;

mod plain_threads;
mod workers;

mod gather;
mod streams;
mod streams_dropped;
mod tasks;
mod timeouts;

mod reentry;

