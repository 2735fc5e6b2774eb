//! Whole calls: admitted, begun and ended by one function, the fast way where the thread allows it.

use std::sync::Arc;
use std::time::Duration;

use super::Call;
use super::fast_call::FastCall;
use crate::current::{self, LoopCore};
use crate::drive::block_on::{block_on, block_on_apart};
use crate::drive::terms::Terms;
use crate::drive::thread_cache::with_ambient;
use crate::drive::work::Workload;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;

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
    mut f: impl FnMut(&Terms<'_>) -> T,
) -> Result<T, Error> {
    let fast = FastCall::with(home, answer, |fast| f(&fast.terms(timeout, site)));
    if let Some(done) = fast {
        return Ok(done);
    }
    let call = Call::admit(home, site, answer)?;
    let _entered = call.enter();
    Ok(f(&call.terms(timeout)))
}

/// A whole call on the ambient loop: blocks until `work` is done, and drops it.
#[inline(always)]
pub(super) fn call(
    mut work: Workload<'_>,
    timeout: Option<Duration>,
    site: CallSite,
    answer: Answer,
) -> Result<(), Error> {
    let fast = with_ambient(|cache, core| {
        FastCall::enter(cache, core, answer, |fast| {
            let work = Abandoned(&mut work);
            block_on(&fast.terms(timeout, site), work.0.again())
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
        let work = Abandoned(&mut work);
        block_on_apart(terms, work.0.again())
    })?
}

/// Drops the work, however its call ended: under the loop, but outside any poll.
struct Abandoned<'a, 'w>(&'a mut Workload<'w>);

impl Drop for Abandoned<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        self.0.get().abandon();
    }
}
