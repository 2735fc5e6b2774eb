//! `#[threaded]` and `#[threaded_iterable]`: async twins that run a function on another thread.

mod arguments;
mod block;
mod bounds;
mod function;
mod iterators;
mod job;
mod marks;
mod pinned;
mod traits;

pub(super) use self::{block::block, function::lone_fn, traits::trait_item};
