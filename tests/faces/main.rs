//! What twins do by the words of their attributes: failures returned, loops named, builders.

// The originals are written as an SDK writes them.
#![allow(
    clippy::unused_async,
    clippy::unused_self,
    missing_docs,
    unreachable_pub
)]

mod builders;
mod fallible;
mod handle;
mod lend;
