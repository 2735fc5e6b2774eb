//! Something for `cargo doc` to read: the docs of twins, with all their links.

// Examples need no reason to be async.
#![allow(clippy::unused_async)]

#[path = "../../pass/docs.rs"]
pub mod docs;
