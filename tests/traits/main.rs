//! Do twins of traits, of graphs of handles and of readers and writers behave as if hand-written?

// What the originals are made of matters little here; how they are declared is the question.
#![allow(
    clippy::elidable_lifetime_names,
    clippy::unused_async,
    clippy::unused_self
)]

mod back_ends;
mod declarations;
mod graphs;
mod io;
mod supertraits;
