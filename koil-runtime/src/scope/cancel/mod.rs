//! Cancelling: the tree of cancel tokens, and the current token of a thread.

pub(crate) mod call_timeout;
mod call_token;
pub(crate) mod current_cancel;
pub(crate) mod node;
pub(crate) mod polled_limits;
pub(crate) mod root;
pub(crate) mod token;
pub(crate) mod unwinding;

#[cfg(all(test, koil_loom))]
mod models;
