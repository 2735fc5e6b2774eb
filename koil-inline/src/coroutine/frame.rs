//! `Frame`: the coroutines that are polled on this thread, found by the yields inside of them.
//!
//! A yield knows its coroutine by an id that is given once. The frame of that coroutine is on the
//! stack of its poll, and points to the slot where a yielded value and its answer lie.

#![allow(unsafe_code)]

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr;
use std::task::Waker;
use std::thread_local;

use super::slot::Slot;

/// The identity of a coroutine. Ids are never used again, so the types of a slot follow from its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(u64);

impl Id {
    #[cfg(target_has_atomic = "64")]
    pub(super) fn new() -> Id {
        use std::sync::atomic::{AtomicU64, Ordering};

        static NEXT: AtomicU64 = AtomicU64::new(0);
        // ORDERING: the number is unique, and publishes nothing.
        Id(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    #[cfg(not(target_has_atomic = "64"))]
    pub(super) fn new() -> Id {
        use std::sync::{Mutex, PoisonError};

        static NEXT: Mutex<u64> = Mutex::new(0);
        let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
        *next += 1;
        Id(*next)
    }
}

/// A coroutine that is polled on this thread.
struct Frame {
    id: Id,
    /// A `Slot` of the types of this coroutine; null while the coroutine is dropped.
    slot: *mut (),
    /// The waker that the poll of the coroutine was given.
    waker: *const Waker,
    outer: *const Frame,
}

thread_local! {
    static INNERMOST: Cell<*const Frame> = const { Cell::new(ptr::null()) };
}

/// Removes the innermost frame, also on a panic.
struct Pop<'a> {
    outer: *const Frame,
    _frame: PhantomData<&'a Frame>,
}

impl Drop for Pop<'_> {
    #[inline]
    fn drop(&mut self) {
        INNERMOST.set(self.outer);
    }
}

#[inline]
fn push(frame: &Frame) -> Pop<'_> {
    INNERMOST.set(frame);
    Pop {
        outer: frame.outer,
        _frame: PhantomData,
    }
}

/// Runs `poll`, in which yields of this coroutine find `slot`.
#[inline]
pub(super) fn polled<Y, R, T>(
    id: Id,
    slot: &mut Slot<Y, R>,
    waker: &Waker,
    poll: impl FnOnce() -> T,
) -> T {
    let frame = Frame {
        id,
        slot: ptr::from_mut(slot).cast(),
        waker,
        outer: INNERMOST.get(),
    };
    let _pop = push(&frame);
    poll()
}

/// Runs `drop`, in which yields of this coroutine may be dropped.
pub(super) fn dropped(id: Id, drop: impl FnOnce()) {
    let frame = Frame {
        id,
        slot: ptr::null_mut(),
        waker: ptr::null(),
        outer: INNERMOST.get(),
    };
    let _pop = push(&frame);
    drop();
}

/// The place where a yield is polled or dropped.
pub(super) enum Found<T> {
    /// Inside of a poll of its coroutine.
    Polled(T),
    /// While its coroutine is dropped.
    Dropped,
    /// Anywhere else.
    Outside,
}

/// Calls `f` with the slot of this coroutine and the waker of its poll, if it is polled on this
/// thread.
///
/// `f` must not run code of users (drops of their values, wakers): that code may look for the slot,
/// too.
///
/// # Safety
///
/// `Y` and `R` are the types of the coroutine that has this id.
#[inline]
pub(super) unsafe fn find<Y, R, T>(
    id: Id,
    f: impl FnOnce(&mut Slot<Y, R>, &Waker) -> T,
) -> Found<T> {
    let mut at = INNERMOST.get();
    while !at.is_null() {
        // SAFETY: a pointer in this list points to a frame in `polled` or `dropped` further up this
        // thread's stack, which takes it from the list before it returns.
        let frame = unsafe { &*at };
        if frame.id != id {
            at = frame.outer;
            continue;
        }
        if frame.slot.is_null() {
            return Found::Dropped;
        }
        // SAFETY: `polled` has exclusive access to the slot, and holds no reference to it while its
        // `poll` runs. The types are those of the caller's contract. `f` is the only code that has a
        // reference to it, since it runs no code that could call this function again.
        let slot = unsafe { &mut *frame.slot.cast::<Slot<Y, R>>() };
        // SAFETY: `polled` borrows the waker for as long as the frame is in the list.
        let waker = unsafe { &*frame.waker };
        return Found::Polled(f(slot, waker));
    }
    Found::Outside
}
