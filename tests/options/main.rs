//! Options of `#[koiled]` in use: failures returned, loops named, futures lent, builders awaited.

// The originals are written as an SDK writes them.
#![allow(
    clippy::unused_async,
    clippy::unused_self,
    missing_docs,
    unreachable_pub
)]

mod aio;
mod builders;
mod callbacks;
mod clean_up;
mod fallible;
mod fallible_streams;
mod handle;
mod lend;
mod panics;
mod returned_guards;
mod skipped;
mod values;
