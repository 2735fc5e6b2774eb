//! Names for stack frames that make std's short backtraces leave out koil's own frames.
//!
//! Std prints frames from the panic outwards. It stops printing at a frame whose name contains
//! `__rust_begin_short_backtrace`, and resumes after a frame whose name contains
//! `__rust_end_short_backtrace`. The frames between them become `[... omitted 5 frames ...]`.
//! `RUST_BACKTRACE=full` shows all frames.
//!
//! From the panic outwards, a blocking call has these frames:
//!
//! * the poll of its work (`drive::work::Work`), a begin frame;
//! * an end frame that is never inlined: one of `call::frames` or, for items and bytes, [the one
//!   below](__rust_end_short_backtrace);
//! * the function that the user called.
//!
//! The poll inside a task, the job on a worker and the read of a threaded reader are begin frames
//! without an end frame: all frames outside of them belong to std, tokio and koil.
//!
//! An end frame without a begin frame shows too much. A begin frame without an end frame hides the
//! caller. So an end frame must not be inlined, or its name may be unknown.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs `f`, as an end frame: the frames from the begin frame inside `f` out to this one are left
/// out.
#[inline(never)]
pub(crate) fn __rust_end_short_backtrace<T>(f: impl FnOnce() -> T) -> T {
    let value = f();
    // As in std: without this, a tail call would replace this frame.
    std::hint::black_box(());
    value
}

/// Polls a future at the bottom of a task, as a begin frame.
#[inline(never)]
pub(crate) fn __rust_begin_short_backtrace<F: Future>(
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    let polled = future.poll(cx);
    // As in std: a call in tail position could reuse this frame.
    std::hint::black_box(());
    polled
}

/// Runs a job, or a piece of it, at the bottom of a worker, as a begin frame.
#[inline(never)]
pub(crate) fn __rust_begin_short_backtrace_job<T>(job: impl FnOnce() -> T) -> T {
    let value = job();
    // As above.
    std::hint::black_box(());
    value
}
