//! Async from sync: all items that a blocking caller uses.

mod begin;
pub(crate) mod blocking;
pub(crate) mod call;
pub(crate) mod cancel_scope;
pub(crate) mod cancellable;
pub(crate) mod cast;
pub(crate) mod fallible;
pub(crate) mod forwarded;
pub(crate) mod gather;
pub(crate) mod io;
pub(crate) mod iter;
pub(crate) mod lend;
pub(crate) mod map;
pub(crate) mod map_iter;
pub(crate) mod said;
pub(crate) mod shell;
pub(crate) mod sleep;
pub(crate) mod task;
pub(crate) mod twin;
pub(crate) mod unkoil;
pub(crate) mod wait;
