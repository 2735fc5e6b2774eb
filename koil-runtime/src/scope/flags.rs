//! Flags of the current thread, in one word: a call reads all of them at once. On most threads none
//! is set, and a call has nothing more to check.

use koil_inline::private::flags::set;
pub(crate) use koil_inline::private::flags::{CALLBACK, INLINE, MAY_BLOCK, OWN_POLL, POLLING, all};

/// Two bits: the role of this thread; see `current::Role`.
pub(crate) const ROLE: u32 = 0b11;
pub(crate) const LOOP: u32 = 0b01;
pub(crate) const WORKER: u32 = 0b10;

/// Two bits: the innermost scope, call or clean-up of this thread, which decides the cancel token
/// that a call obeys.
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
pub(crate) const INSIDE_POLL: u32 = POLLING | INLINE;
/// The thread was not a plain one when koil entered its outermost tokio context on it; see
/// `current::base_thread_kind`.
pub(crate) const NOT_PLAIN: u32 = 1 << 6;
/// A loop has been entered on this thread, or the thread belongs to a loop.
pub(crate) const ENTERED: u32 = 1 << 7;

/// A caller drives a loop on this thread, which looks like the loop thread meanwhile.
pub(crate) const CALLER_DRIVES: u32 = 1 << 8;

/// A call or a task on this thread collects the work that drops hand over; see
/// `current::handed_over`.
pub(crate) const COLLECTS: u32 = 1 << 9;
/// Work has been handed over, or a grace time has begun, since the innermost collecting began.
pub(crate) const HANDED: u32 = COLLECTS << 1;
/// The future that koil polls here belongs to an executor, whose thread may not be blocked. Only
/// beside `POLLING`.
pub(crate) const EXECUTOR: u32 = 1 << 13;

// More bits are those of inline calls and of blocking code.
const _: () =
    assert!((INLINE | MAY_BLOCK | OWN_POLL | CALLBACK) & (0x7ff | EXECUTOR | UI | CONTEXTS) == 0);

/// Two bits: the answer to blocking calls on the thread of a `Ui`; see `ui::BlockingOnUi`.
pub(crate) const UI: u32 = 0b11 << 16;
/// Calls that wait are told.
pub(crate) const UI_TELLS: u32 = 0b01 << 16;
/// Calls are refused.
pub(crate) const UI_REFUSES: u32 = 0b10 << 16;

/// Fourteen bits: the number of tokio contexts that koil has entered on this thread. The highest
/// value stands for every larger number too.
pub(crate) const CONTEXTS: u32 = 0x3fff << 18;
/// The unit of `CONTEXTS`: one context.
pub(crate) const CONTEXT: u32 = 1 << 18;

/// The flags in `mask`.
#[inline(always)]
pub(crate) fn get(mask: u32) -> u32 {
    all() & mask
}

/// True if a flag in `mask` is set.
#[inline(always)]
pub(crate) fn any(mask: u32) -> bool {
    get(mask) != 0
}

/// Sets the flags in `mask` to their values in `flags`, and returns their previous values.
#[inline(always)]
pub(crate) fn replace(mask: u32, flags: u32) -> u32 {
    let all = all();
    set(all & !mask | flags);
    all & mask
}

/// The flags of this thread, if it has no koil state but loops that have been entered.
///
/// With the functions below: the fast path of a call. It knows all flags of such a thread, and so
/// writes them without a read where it can.
#[inline(always)]
pub(crate) fn if_bare() -> Option<u32> {
    let flags = all();
    (flags & !ENTERED == 0).then_some(flags)
}

/// True for the flags of a bare thread on which one context has been entered, by a call or not.
#[inline(always)]
pub(crate) fn are_in_first_context(flags: u32) -> bool {
    flags & !(ENTERED | COLLECTS) == CONTEXT
}

/// The first context is entered on a bare thread, by a call; returns its flags from now on.
#[inline(always)]
pub(crate) fn enter_first_context(bare: u32) -> u32 {
    let flags = bare | CONTEXT | COLLECTS;
    set(flags);
    flags
}

/// The context is left, and its call collects no more. Other flags stay: the future may have entered
/// a loop, and its guard may live longer.
#[inline(always)]
pub(crate) fn leave_first_context() {
    replace(CONTEXTS | COLLECTS, 0);
}

/// A call is polled whose context is the only one; its token has not been made.
#[inline(always)]
pub(crate) fn begin_first_poll(flags: u32) {
    set(flags | POLLING | OWN_POLL | CALL);
}

/// The poll is over; true if the future has asked for its token. The future may also have entered a
/// loop.
#[inline(always)]
pub(crate) fn end_first_poll() -> bool {
    let flags = all();
    set(flags & !(POLLING | OWN_POLL | PLACE));
    flags & TOKEN != 0
}

/// True if a call that this thread polls has a token.
#[inline(always)]
pub(crate) fn has_token() -> bool {
    any(TOKEN)
}
