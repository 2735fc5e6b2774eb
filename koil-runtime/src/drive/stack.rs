//! The free stack of the current thread: tasks run on it while their caller drives.

#![allow(unsafe_code)]

use std::cell::Cell;
use std::ops::Range;

/// A caller with less does not drive: the stack that tasks need is not known, and an overflow
/// aborts.
const ENOUGH: usize = 256 * 1024;

thread_local! {
    /// The bounds of this thread's stack; looked up once, since the main thread reads a file for
    /// it.
    // No destructor, so that it can be read at any moment of a thread's life.
    static BOUNDS: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// True if tasks may run on this thread. If the bounds are not known, or the stack in use is
/// another one (a coroutine's), they may not.
pub(super) fn is_enough_left() -> bool {
    let (low, high) = BOUNDS.get().unwrap_or_else(|| {
        let stack = bounds().unwrap_or(0..0);
        BOUNDS.set(Some((stack.start, stack.end)));
        (stack.start, stack.end)
    });
    let marker = 0_u8;
    let here = std::ptr::from_ref(&marker).addr();
    (low..high).contains(&here) && here - low >= ENOUGH
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn bounds() -> Option<Range<usize>> {
    use std::mem::MaybeUninit;
    use std::ptr;

    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    // SAFETY: a place for the attributes of the calling thread, which the call initialises.
    let found = unsafe { libc::pthread_getattr_np(this_thread(), attributes.as_mut_ptr()) };
    if found != 0 {
        return None;
    }
    // SAFETY: it is initialised, since the call says that it has found them.
    let attributes = unsafe { attributes.assume_init_mut() };
    let (mut low, mut size) = (ptr::null_mut(), 0);
    // SAFETY: the attributes are initialised; `low` and `size` are places for one word each.
    let got = unsafe { libc::pthread_attr_getstack(attributes, &raw mut low, &raw mut size) };
    // SAFETY: the attributes are initialised, and not used after this. The result carries no other
    // information.
    let _ = unsafe { libc::pthread_attr_destroy(attributes) };
    (got == 0).then(|| low.addr()..low.addr() + size)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn this_thread() -> libc::pthread_t {
    // SAFETY: it has no conditions.
    unsafe { libc::pthread_self() }
}

#[cfg(target_vendor = "apple")]
fn bounds() -> Option<Range<usize>> {
    // SAFETY: it reads what the system keeps for the calling thread.
    let high = unsafe { libc::pthread_get_stackaddr_np(this_thread()) }.addr();
    // SAFETY: as above.
    let size = unsafe { libc::pthread_get_stacksize_np(this_thread()) };
    Some(high - size..high)
}

#[cfg(windows)]
fn bounds() -> Option<Range<usize>> {
    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetCurrentThreadStackLimits(low: *mut usize, high: *mut usize);
    }

    let (mut low, mut high) = (0, 0);
    // SAFETY: both are places for one word, which the call writes.
    unsafe { GetCurrentThreadStackLimits(&raw mut low, &raw mut high) };
    Some(low..high)
}

#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_vendor = "apple",
    windows
)))]
fn bounds() -> Option<Range<usize>> {
    None
}
