//! What this thread is in, as flags in one word: a call reads them all at once, and where none is
//! set, as on most threads, it has nothing more to ask.

use std::cell::Cell;

thread_local! {
    // No destructor, so this can be read at any moment of a thread's life.
    static FLAGS: Cell<u32> = const { Cell::new(0) };
}

/// Two bits: what this thread is to koil; see `current::Role`.
pub(crate) const ROLE: u32 = 0b11;
pub(crate) const LOOP: u32 = 0b01;
pub(crate) const WORKER: u32 = 0b10;

/// Two bits: the innermost of what this thread is in, as far as cancelling goes.
pub(crate) const PLACE: u32 = 0b11 << 2;
/// A scope.
pub(crate) const SCOPE: u32 = 0b01 << 2;
/// The poll of a call or task.
pub(crate) const CALL: u32 = 0b10 << 2;
/// The drop of a future whose call was cut short.
pub(crate) const CLEAN_UP: u32 = 0b11 << 2;

/// A call that this thread polls has a token.
pub(crate) const TOKEN: u32 = 1 << 4;
/// This thread is inside a future that koil polls.
pub(crate) const POLLING: u32 = 1 << 5;
/// Below the contexts that koil has entered lies something that is not a plain thread.
pub(crate) const GROUND: u32 = 1 << 6;
/// A loop has been entered on this thread, or it is a thread of one.
pub(crate) const ENTERED: u32 = 1 << 7;

/// A caller drives a loop on this thread, which looks like the loop's thread meanwhile.
pub(crate) const CALLER_DRIVES: u32 = 1 << 8;

/// Sixteen bits: how many tokio contexts koil has entered on this thread, of which the last
/// number stands for more.
pub(crate) const CONTEXTS: u32 = 0xffff << 16;
/// One of them.
pub(crate) const CONTEXT: u32 = 1 << 16;

/// All flags of this thread.
#[inline(always)]
pub(crate) fn all() -> u32 {
    FLAGS.with(Cell::get)
}

/// Those of `mask`.
#[inline(always)]
pub(crate) fn get(mask: u32) -> u32 {
    all() & mask
}

/// True if one of `mask` is set.
#[inline(always)]
pub(crate) fn any(mask: u32) -> bool {
    get(mask) != 0
}

/// Sets those of `mask` as they are in `flags`, and says how they were.
#[inline(always)]
pub(crate) fn replace(mask: u32, flags: u32) -> u32 {
    let all = all();
    set(all & !mask | flags);
    all & mask
}

/// Sets all of them; for who knows what the others are.
#[inline(always)]
pub(crate) fn set(flags: u32) {
    // Not `LocalKey::set`, which is a call of its own, as is a larger closure.
    FLAGS.with(|all| all.set(flags));
}
