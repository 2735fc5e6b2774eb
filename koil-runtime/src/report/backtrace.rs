//! Names for frames, by which std's short backtraces leave out koil's own.
//!
//! Std prints from the panic outwards. It stops at a frame whose name has
//! `__rust_begin_short_backtrace` in it, and goes on after one with `__rust_end_short_backtrace`: so
//! what lies between becomes `[... omitted 5 frames ...]`. `RUST_BACKTRACE=full` shows all.
//!
//! Outwards, a blocking call has: the poll of its work (`drive::work::Work`), which begins; a function
//! that ends and is never inlined, in `drive::ready`, `bridge::call` or, for items and bytes, in
//! `bridge::iter` and `bridge::io`; and, where names are known of inlined frames too, one more pair
//! around the layers between that and what the user called. A poll inside a task begins, and nothing
//! ends: what is outside of it is tokio's and koil's.
//!
//! An end without a begin shows too much. A begin without an end would hide the caller: so no begin
//! that may stay where its end may be inlined away.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs `f`, for whoever called this; the frames between `f` and what begins inside are left out.
#[inline(always)]
pub(crate) fn __rust_end_short_backtrace<T>(f: impl FnOnce() -> T) -> T {
    f()
}

/// Polls a future at the bottom of a task.
#[inline(never)]
pub(crate) fn __rust_begin_short_backtrace<F: Future>(
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    let polled = future.poll(cx);
    // As in std: a call in the last place would take this frame's.
    std::hint::black_box(());
    polled
}
