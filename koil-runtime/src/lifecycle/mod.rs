//! Async contexts: values that are entered before use and left after it, from blocking or async
//! code.

pub(crate) mod async_context;
pub(crate) mod async_guard;
pub(crate) mod composition;
pub(crate) mod context_fn;
pub(crate) mod entered;
pub(crate) mod entry;
pub(crate) mod held_contexts;
pub(crate) mod kind;
pub(crate) mod manager;
pub(crate) mod open_parts;
pub(crate) mod returned_guard;

mod exit;
mod step;
