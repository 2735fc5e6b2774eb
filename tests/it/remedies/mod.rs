//! Each remedy in a text of the runtime, done in the situation in which it is given.
//!
//! `assert_told` says which words; `koil-macros/src/mistakes/refusals.rs` holds that none is missing.

mod exits;
mod loops;
mod refused;
mod values;
