//! Compile-time tests of koil: see `tests/ui.rs`.
