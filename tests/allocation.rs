//! Promise 18: a ready call costs no allocation. Alone in its binary: it counts every allocation.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::future::ready;
use std::task::Poll;
use std::time::Duration;

use futures::stream;
use koil::{Koil, try_unkoil, unkoil, unkoil_iter, unkoil_timeout};

#[global_allocator]
static COUNTING: Counting = Counting;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// Counts by thread, so that other threads do not disturb.
fn count() {
    COUNT.set(COUNT.get() + 1);
}

// SAFETY: every call goes to the system's allocator, as it came.
unsafe impl GlobalAlloc for Counting {
    // SAFETY: the caller keeps the contract, which is the system's.
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    // SAFETY: the caller keeps the contract, which is the system's.
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    // SAFETY: the caller keeps the contract, which is the system's.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// How often this thread allocates in `f`.
fn allocations(f: impl FnOnce()) -> usize {
    let before = COUNT.get();
    f();
    COUNT.get() - before
}

/// Runs `f` once, so that the state of the thread is there, and then counts.
fn allocations_when_warm(mut f: impl FnMut()) -> usize {
    f();
    allocations(|| (0..100).for_each(|_| f()))
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(Box::new(1))), 1);
}

#[test]
fn a_ready_future_costs_no_allocation_on_an_entered_loop() {
    let koil = Koil::new().unwrap();
    let _entered = koil.enter();
    assert_eq!(allocations_when_warm(|| unkoil(ready(()))), 0);
    assert_eq!(allocations_when_warm(|| try_unkoil(async {}).unwrap()), 0);
}

#[test]
fn a_ready_future_costs_no_allocation_on_the_process_wide_loop() {
    assert_eq!(allocations_when_warm(|| unkoil(ready(()))), 0);
}

#[test]
fn a_deadline_that_is_not_needed_costs_no_allocation() {
    let koil = Koil::new().unwrap();
    let _entered = koil.enter();
    let call = || unkoil_timeout(Duration::from_secs(1), ready(())).unwrap();
    assert_eq!(allocations_when_warm(call), 0);
}

#[test]
fn a_future_that_wakes_itself_costs_no_allocation() {
    let koil = Koil::new().unwrap();
    let _entered = koil.enter();
    let call = || {
        let mut polls = 0;
        unkoil(std::future::poll_fn(|cx| {
            polls += 1;
            cx.waker().wake_by_ref();
            if polls == 10 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }));
    };
    assert_eq!(allocations_when_warm(call), 0);
}

#[test]
fn an_item_of_a_ready_stream_costs_no_allocation() {
    let koil = Koil::new().unwrap();
    let _entered = koil.enter();
    let mut iter = unkoil_iter(stream::iter(0_u32..));
    assert_eq!(iter.next(), Some(0));
    assert_eq!(
        allocations(|| assert!(iter.by_ref().take(100).eq(1..=100))),
        0
    );
}

#[test]
fn making_an_iterator_costs_one_box() {
    let koil = Koil::new().unwrap();
    let _entered = koil.enter();
    assert_eq!(
        allocations_when_warm(|| drop(unkoil_iter(stream::iter(0..3)))),
        100
    );
}
