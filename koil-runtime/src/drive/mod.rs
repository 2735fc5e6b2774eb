//! Polling and waiting: the only module that uses tokio's `Runtime`.

pub(crate) mod admit;
pub(crate) mod adopt;
pub(crate) mod blocked;
pub(crate) mod caller;
pub(crate) mod context;
#[cfg(feature = "signal")]
pub(crate) mod interrupt;
pub(crate) mod kept;
pub(crate) mod loop_thread;
pub(crate) mod nap;
pub(crate) mod ready;
pub(crate) mod shutdown;
pub(crate) mod work;

mod clock;
mod deferred;
mod foreign;
mod held_contexts;
mod lend;
mod notice;
mod pace;
mod park;
pub(crate) mod relay;
mod spin;
mod stack;
mod wait;
pub(crate) mod waiters;

#[cfg(all(test, koil_loom))]
mod models;
