//! How much stack the current thread has left: tasks run on it where their caller drives.

use std::cell::Cell;
use std::ops::Range;

/// A caller with less does not drive: what tasks need is theirs to say, and an overflow aborts.
const ENOUGH: usize = 256 * 1024;

thread_local! {
    /// Where the stack of this thread lies; looked up once, since the main thread reads a file for it.
    // No destructor, so that it can be read at any moment of a thread's life.
    static STACK: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// True if tasks may run on this thread. Where the bounds are not known, or the stack in use is another
/// one (a coroutine's), they may not.
pub(super) fn is_enough_left() -> bool {
    let (low, high) = STACK.get().unwrap_or_else(|| {
        let stack = bounds().unwrap_or(0..0);
        STACK.set(Some((stack.start, stack.end)));
        (stack.start, stack.end)
    });
    let marker = 0_u8;
    let here = std::ptr::from_ref(&marker).addr();
    (low..high).contains(&here) && here - low >= ENOUGH
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn bounds() -> Option<Range<usize>> {
    use std::mem::MaybeUninit;
    use std::ptr;

    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    // SAFETY: `attributes` is initialised by the call, if that says so; on FreeBSD by the one before.
    unsafe {
        #[cfg(target_os = "freebsd")]
        if libc::pthread_attr_init(attributes.as_mut_ptr()) != 0 {
            return None;
        }
        #[cfg(target_os = "freebsd")]
        let found = libc::pthread_attr_get_np(libc::pthread_self(), attributes.as_mut_ptr());
        #[cfg(not(target_os = "freebsd"))]
        let found = libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr());
        if found != 0 {
            return None;
        }
    }
    let (mut low, mut size) = (ptr::null_mut(), 0);
    // SAFETY: they are initialised, see above, and destroyed once, after their last use.
    let got = unsafe {
        let got = libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut low, &raw mut size);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        got
    };
    (got == 0).then(|| low.addr()..low.addr() + size)
}

#[cfg(target_vendor = "apple")]
fn bounds() -> Option<Range<usize>> {
    // SAFETY: both only read what the system keeps for the calling thread.
    let (high, size) = unsafe {
        let thread = libc::pthread_self();
        (
            libc::pthread_get_stackaddr_np(thread).addr(),
            libc::pthread_get_stacksize_np(thread),
        )
    };
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
    target_os = "freebsd",
    target_vendor = "apple",
    windows
)))]
fn bounds() -> Option<Range<usize>> {
    None
}
