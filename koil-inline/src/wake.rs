//! The waker of an inline call: it marks that the future woke itself, and wakes no thread.
//!
//! A waker is the nesting depth of its call, and nothing else. So it is free to make and to clone,
//! and a waker that outlives its call does no harm.

#![allow(unsafe_code)]

use core::ptr;
use core::task::{RawWaker, RawWakerVTable, Waker};

use crate::running::set_mark;

const VTABLE: RawWakerVTable = RawWakerVTable::new(
    |depth| RawWaker::new(depth, &VTABLE),
    |depth| set_mark(depth.addr()),
    |depth| set_mark(depth.addr()),
    |_| {},
);

/// The waker of a call at this depth.
#[inline]
pub(crate) fn waker(depth: usize) -> Waker {
    let depth = ptr::without_provenance(depth);
    // SAFETY: the functions of the table never dereference the pointer, keep no state of their own,
    // and may be called on any thread.
    unsafe { Waker::from_raw(RawWaker::new(depth, &VTABLE)) }
}
