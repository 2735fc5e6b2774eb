//! Whole calls: admitted, begun and ended by one function, the fast way where the thread allows it.

use std::sync::Arc;
use std::time::Duration;

use super::Call;
use super::fast_call::FastCall;
use crate::current::{self, LoopCore};
use crate::drive::block_on::block_on;
use crate::drive::terms::Terms;
use crate::drive::thread_cache::with_found;
use crate::drive::work::Workload;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::ambient::Answer;

/// Calls `f` with the terms of a call on `home`, or on the ambient loop; at most once, and under the
/// tokio context of the loop.
///
/// # Errors
///
/// If this thread may not block, or a limit of the call has been reached; `f` is not called then.
#[inline(always)]
pub(crate) fn within<T>(
    home: Option<&Arc<LoopCore>>,
    timeout: Option<Duration>,
    site: CallSite,
    answer: Answer,
    mut f: impl FnMut(Terms<'_>) -> T,
) -> Result<T, Error> {
    let fast = FastCall::with(home, answer, |fast| f(fast.terms(timeout, site)));
    if let Some(done) = fast {
        return Ok(done);
    }
    let call = Call::admit(home, site, answer)?;
    let _entered = call.enter();
    Ok(f(call.terms(timeout)))
}

/// A whole call on the ambient loop: blocks until `work` is done, and drops it. Named for short
/// backtraces, see `report::backtrace`.
#[inline(always)]
pub(crate) fn __rust_begin_short_backtrace(
    work: Workload<'_>,
    timeout: Option<Duration>,
    site: CallSite,
    answer: Answer,
) -> Result<(), Error> {
    __rust_end_short_backtrace(work, timeout, site, answer)
}

/// As [`__rust_begin_short_backtrace`], for a twin that can return only its output.
///
/// # Panics
///
/// If the bridge fails.
#[track_caller]
#[inline(never)]
pub(crate) fn __rust_end_short_backtrace_or_throw(names: &'static str, work: Workload<'_>) {
    let site = CallSite::of(names);
    if let Err(error) = __rust_begin_short_backtrace(work, None, site, Answer::Output) {
        error.throw();
    }
}

/// A plain function, so that a ready call is one piece of code, and each future adds to it only its
/// polls.
#[inline(never)]
fn __rust_end_short_backtrace(
    work: Workload<'_>,
    timeout: Option<Duration>,
    site: CallSite,
    answer: Answer,
) -> Result<(), Error> {
    call(work, timeout, site, answer)
}

#[inline(always)]
fn call(
    mut work: Workload<'_>,
    timeout: Option<Duration>,
    site: CallSite,
    answer: Answer,
) -> Result<(), Error> {
    let fast = with_found(|cache, core| {
        FastCall::enter(cache, core, answer, |fast| {
            block_on_and_drop(fast.terms(timeout, site), &mut work)
        })
    });
    match fast {
        Some(outcome) => outcome,
        None => call_anywhere(work, timeout, site, answer),
    }
}

#[inline(never)]
fn call_anywhere(
    mut work: Workload<'_>,
    timeout: Option<Duration>,
    site: CallSite,
    answer: Answer,
) -> Result<(), Error> {
    let entered = current::entered();
    within(entered.as_ref(), timeout, site, answer, |terms| {
        block_on_and_drop(terms, &mut work)
    })?
}

#[inline(always)]
fn block_on_and_drop(terms: Terms<'_>, work: &mut Workload<'_>) -> Result<(), Error> {
    let work = Abandoned(work);
    block_on(terms, work.0.again())
}

/// Drops the work, however its call ended: under the loop, but outside any poll.
struct Abandoned<'a, 'w>(&'a mut Workload<'w>);

impl Drop for Abandoned<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        self.0.get().abandon();
    }
}
