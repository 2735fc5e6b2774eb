//! Polling and waiting: the only module that uses tokio's `Runtime`.

pub(crate) mod adopt;
pub(crate) mod block_on;
pub(crate) mod blocked_calls;
pub(crate) mod context;
pub(crate) mod fast_path;
pub(crate) mod first_poll;
pub(crate) mod foreign;
pub(crate) mod inline_hooks;
#[cfg(feature = "signal")]
pub(crate) mod interrupt;
pub(crate) mod loop_thread;
pub(crate) mod nap;
pub(crate) mod settle;
pub(crate) mod shutdown;
pub(crate) mod terms;
pub(crate) mod thread_cache;
pub(crate) mod wait_hook;
pub(crate) mod within;
pub(crate) mod work;

mod clock;
mod deferred;
mod held_contexts;
mod lend;
mod notice;
mod pace;
pub(crate) mod relay;
mod spin;
mod stack;
pub(crate) mod wait;
