//! Async contexts: values that are entered before use and left after it, from blocking or async
//! code.

pub(crate) mod async_context;
pub(crate) mod async_entered;
pub(crate) mod compose;
pub(crate) mod context_fn;
pub(crate) mod entered;
pub(crate) mod hold;
pub(crate) mod local_entered;
pub(crate) mod progress;

mod closing;
mod leave;
mod outcome;
mod run;
pub(crate) mod stay;
mod tell;
