//! Synchronization: the types of std or loom, locks without poison, the parker of a thread, a
//! one-time event. The only room that names std or loom for the state machines.

mod event;
mod mutex;
mod parker;

#[cfg(all(test, koil_loom))]
pub(crate) mod models;

#[cfg(not(all(test, koil_loom)))]
pub(crate) use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence};
#[cfg(all(feature = "sched", not(all(test, koil_loom))))]
pub(crate) use std::sync::atomic::{AtomicPtr, AtomicU16};
#[cfg(not(all(test, koil_loom)))]
pub(crate) use std::thread::{self, Thread};

#[cfg(all(test, koil_loom))]
pub(crate) use loom::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU16, AtomicU64, AtomicUsize, Ordering, fence,
};
#[cfg(all(test, koil_loom))]
pub(crate) use loom::thread::{self, Thread};

pub(crate) use self::event::Event;
pub(crate) use self::mutex::{Condvar, Mutex, MutexGuard};
pub(crate) use self::parker::{Parker, Unparked};

/// The identity of a thread, to be compared with the current thread: cheaper than a `ThreadId`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThreadTag(
    #[cfg(not(all(test, koil_loom)))] usize,
    #[cfg(all(test, koil_loom))] thread::ThreadId,
);

#[cfg(not(all(test, koil_loom)))]
impl ThreadTag {
    /// This thread, as the address of one of its thread-locals. A later thread may get the same
    /// address, so it says nothing about threads that have ended.
    #[inline(always)]
    pub(crate) fn current() -> ThreadTag {
        // No destructor, so it has its address at any moment of a thread's life.
        thread_local!(static TAG: u8 = const { 0 });
        ThreadTag(TAG.with(|tag| std::ptr::from_ref(tag).addr()))
    }

    #[inline(always)]
    pub(crate) fn is_current(self) -> bool {
        self.0 == ThreadTag::current().0
    }
}

#[cfg(all(test, koil_loom))]
impl ThreadTag {
    pub(crate) fn current() -> ThreadTag {
        ThreadTag(thread::current().id())
    }

    pub(crate) fn is_current(self) -> bool {
        self.0 == thread::current().id()
    }
}
