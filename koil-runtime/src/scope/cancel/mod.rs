//! Cancelling: a tree of tokens, and looking at the ambient one.

pub(crate) mod ambient;
pub(crate) mod node;
pub(crate) mod root;
pub(crate) mod token;

#[cfg(all(test, koil_loom))]
mod models;
