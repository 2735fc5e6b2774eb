//! The first polls of a call, on a thread without other koil state: nothing is prepared for them.

use std::task::{Context, Poll};

use super::terms::{FreeThread, Terms};
use super::thread_cache;
use super::work::{Work, Workload};
use crate::current::ThreadKind;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::call_timeout::{self, CallTimeout};
use crate::scope::cancel::current_cancel;
use crate::scope::flags;

/// The number of polls of a future that wakes itself, before the caller counts as waiting.
pub(super) const SELF_WAKES: u32 = 64;

/// The outcome of the first polls; `None` if there were none.
pub(super) type FirstPolls = Option<Result<Poll<()>, Payload>>;

/// Polls `work`, and again while the future wakes itself, if this thread has no other koil state.
///
/// Many calls end here: they are made on such a thread, and ready at their first poll.
#[inline(always)]
pub(super) fn first_polls(terms: &Terms<'_>, work: &mut Workload<'_>) -> FirstPolls {
    if work.is_lent() {
        return None;
    }
    if let Some(thread) = terms.free {
        return Some(poll(thread, terms, work.get()));
    }
    let flags = flags::all();
    let is_free = matches!(terms.thread, ThreadKind::Plain)
        && terms.limits.source().is_none()
        && flags::are_in_first_context(flags)
        && !terms.core.registry.is_stopped();
    if !is_free {
        return None;
    }
    thread_cache::with_kept(|cache| poll(FreeThread { cache, flags }, terms, work.get()))
}

/// As `WaitingCall::poll`, but all flags are known and no panic leaves this function, so no guard is
/// needed.
#[inline(always)]
fn poll(
    thread: FreeThread<'_>,
    terms: &Terms<'_>,
    work: &mut dyn Work,
) -> Result<Poll<()>, Payload> {
    let FreeThread { cache, flags } = thread;
    let parker = &*cache.parker;
    // Copied, so that the closures below do not force all of the terms into memory.
    let (core, has_timeout) = (terms.core, terms.timeout.is_some());
    if let Some(timeout) = terms.timeout {
        call_timeout::set(CallTimeout::new(timeout, None, terms.site.location));
    }
    flags::begin_first_poll(flags);
    // `wait` checks all other conditions.
    let may_repeat = || {
        let has_more_to_mind = has_timeout || flags::has_token() || core.registry.is_stopped();
        parker.is_notified() && !has_more_to_mind
    };
    // Two closures, of which the first has no loop: with one alone, the compiler does not inline
    // the function that catches its panics.
    let first = unwind::halt(|| {
        parker.reset();
        work.poll(&mut Context::from_waker(&cache.waker))
    });
    let polled = match first {
        Ok(Poll::Pending) if may_repeat() => unwind::halt(|| {
            for _ in 1..SELF_WAKES {
                parker.reset();
                if work.poll(&mut Context::from_waker(&cache.waker)).is_ready() {
                    return Poll::Ready(());
                }
                if !may_repeat() {
                    break;
                }
            }
            Poll::Pending
        }),
        first => first,
    };
    let is_ready = matches!(polled, Ok(Poll::Ready(())));
    // Otherwise the token and the timeout stay in their places, for `wait`.
    if flags::end_first_poll() && is_ready {
        drop(current_cancel::take_token());
    }
    if has_timeout && is_ready {
        call_timeout::take();
    }
    polled
}
