//! `run`: polls a future to its end on this thread, and never waits.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll};

use crate::running::Running;
use crate::site::CallSite;
use crate::wake::waker;
use crate::would_block::WouldBlock;

/// How often a future may wake itself and be polled again.
const SELF_WAKES: u32 = 64;

/// Runs `future` to its end on this thread, without a loop. It never waits.
///
/// A future whose sources are always ready ends with its first poll. One that wakes itself while it
/// is polled, as `yield_now` does, is polled again, at most 64 times. Inside a task of tokio the
/// scheduler keeps such wakes back, so there a pending future is polled again in any case, as often.
///
/// This may be called anywhere: in futures, on the threads of a loop, in wakers and in drops. It
/// waits for no other thread.
///
/// # Errors
///
/// [`WouldBlock`] if the future has to wait. It has been dropped then.
///
/// ```
/// use koil::inline;
///
/// assert_eq!(inline::run(async { 42 })?, 42);
///
/// let error = inline::run(std::future::pending::<()>()).unwrap_err();
/// assert_eq!(error.polls(), 1);
/// # Ok::<(), inline::WouldBlock>(())
/// ```
#[doc(alias = "await_sync")]
#[doc(alias = "now_or_never")]
#[doc(alias = "poll_once")]
#[doc(alias = "expect_ready")]
#[track_caller]
#[inline]
pub fn run<F: Future>(future: F) -> Result<F::Output, WouldBlock> {
    run_at(CallSite::here(), future)
}

/// As [`run`], for a call site that is known.
#[inline]
pub(crate) fn run_at<F: Future>(site: CallSite, future: F) -> Result<F::Output, WouldBlock> {
    let running = Running::begin();
    // Declared after `running`, so dropped before it: its drop is part of the call.
    let mut future = pin!(future);
    poll_in(&running, site, &mut |cx| future.as_mut().poll(cx))
}

/// As [`run_at`], for the next item of a stream, which is polled again later.
#[cfg(feature = "alloc")]
#[inline]
pub(crate) fn poll_at<T>(
    site: CallSite,
    poll: &mut impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> Result<T, WouldBlock> {
    poll_in(&Running::begin(), site, poll)
}

#[inline]
fn poll_in<T>(
    running: &Running,
    site: CallSite,
    poll: &mut impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> Result<T, WouldBlock> {
    let waker = waker(running.depth());
    let mut cx = Context::from_waker(&waker);
    match poll(&mut cx) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => poll_again(running, site, &mut cx, poll),
    }
}

#[cold]
fn poll_again<T>(
    running: &Running,
    site: CallSite,
    cx: &mut Context<'_>,
    poll: &mut impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> Result<T, WouldBlock> {
    let mut polls = 1;
    while polls <= SELF_WAKES && running.may_poll_again() {
        polls += 1;
        let mut polled = Poll::Pending;
        running.unconstrained(&mut || polled = poll(cx));
        if let Poll::Ready(output) = polled {
            return Ok(output);
        }
    }
    Err(WouldBlock { site, polls })
}
