//! Std or loom: the only file that names either for the state machines of `drive`.

#[cfg(not(koil_loom))]
pub(crate) use std::sync::atomic::{AtomicU8, Ordering};
#[cfg(not(koil_loom))]
pub(crate) use std::thread::{self, Thread};

#[cfg(koil_loom)]
pub(crate) use loom::sync::atomic::{AtomicU8, Ordering};
#[cfg(koil_loom)]
pub(crate) use loom::thread::{self, Thread};
