//! Std or loom: the only file that names either for the state machines.

#[cfg(not(koil_loom))]
pub(crate) use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence};
#[cfg(not(koil_loom))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
#[cfg(not(koil_loom))]
pub(crate) use std::thread::{self, Thread};

#[cfg(koil_loom)]
pub(crate) use loom::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence,
};
#[cfg(koil_loom)]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
#[cfg(koil_loom)]
pub(crate) use loom::thread::{self, Thread};
