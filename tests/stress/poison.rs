//! An allocator that overwrites freed memory, so that a use after free shows.

use std::alloc::{GlobalAlloc, Layout, System};

pub(crate) struct Poison;

// SAFETY: all is done by `System`; memory is written to only while it is still allocated.
unsafe impl GlobalAlloc for Poison {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the contract is the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the place is valid for its layout until the next line.
        unsafe { place.write_bytes(0xA5, layout.size()) };
        // SAFETY: the contract is the caller's.
        unsafe { System.dealloc(place, layout) }
    }
}
