//! Do twins of traits, of graphs of handles and of readers and writers behave as if hand-written?

// These tests are about how the originals are declared, not about their bodies.
#![allow(
    clippy::elidable_lifetime_names,
    clippy::unused_async,
    clippy::unused_self
)]

mod back_ends;
mod declarations;
mod forwarded;
mod found;
mod graphs;
mod io;
mod io_futures;
mod signatures;
mod supertraits;
