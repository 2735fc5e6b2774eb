//! The flags of the current thread, in one word, of which a runtime has its share: so that a call of
//! either kind reads and writes one word.

use std::cell::Cell;
use std::thread_local;

thread_local! {
    // No destructor, so this can be read at any moment of a thread's life.
    static FLAGS: Cell<u32> = const { Cell::new(0) };
}

/// This thread is inside a future that the runtime polls.
pub const POLLING: u32 = 1 << 5;
/// With [`POLLING`]: the future is that of this thread's own call, so code in it that is marked as
/// blocking may block.
pub const OWN_POLL: u32 = 1 << 14;
/// This thread is in blocking code that its own future runs; it is not in a poll, unless
/// [`POLLING`] or [`INLINE`] is set too.
pub const CALLBACK: u32 = 1 << 15;
/// This thread is inside a future that an inline call polls. The flags that are not here are the
/// runtime's.
pub const INLINE: u32 = 1 << 11;
/// The inline call has asked whether it may block this thread, and it may. Only beside [`INLINE`].
pub const MAY_BLOCK: u32 = 1 << 12;

/// All flags of this thread.
#[inline(always)]
#[must_use]
pub fn all() -> u32 {
    FLAGS.with(Cell::get)
}

/// Sets all flags; for code that knows all their values.
#[inline(always)]
pub fn set(flags: u32) {
    // Not `LocalKey::set`, which is a call of its own, as is a larger closure.
    FLAGS.with(|all| all.set(flags));
}

/// Sets the flags in `mask` to their values in `flags`.
#[inline(always)]
pub(crate) fn replace(mask: u32, flags: u32) {
    set(all() & !mask | flags & mask);
}
