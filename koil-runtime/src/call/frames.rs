//! The functions through which blocking calls are made: end frames of short backtraces, see
//! `report::backtrace`. Each is imported under the name that `call` gives it.
//!
//! None of them is generic: a future adds no more than its polls to the code of its call.

use std::time::Duration;

use super::{Call, whole};
use crate::drive::block_on::block_on_apart;
use crate::drive::work::Workload;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;

/// Blocks until `work` is done, in a call that has been admitted, under the tokio context of its loop.
#[inline(never)]
pub(crate) fn __rust_end_short_backtrace_wait(
    call: &Call,
    work: Workload<'_>,
    timeout: Option<Duration>,
) -> Result<(), Error> {
    block_on_apart(&call.terms(timeout), work)
}

/// As [`wait`](super::wait), for a twin that can return only its output.
///
/// # Panics
///
/// If the bridge fails.
#[track_caller]
#[inline(never)]
pub(crate) fn __rust_end_short_backtrace_wait_or_throw(call: &Call, work: Workload<'_>) {
    if let Err(error) = block_on_apart(&call.terms(None), work) {
        error.throw();
    }
}

/// Makes a whole call on the ambient loop: blocks until `work` is done, and drops it.
#[inline(never)]
pub(crate) fn __rust_end_short_backtrace_whole(
    work: Workload<'_>,
    timeout: Option<Duration>,
    site: CallSite,
    answer: Answer,
) -> Result<(), Error> {
    whole::call(work, timeout, site, answer)
}

/// As [`make_call`](super::make_call), for a twin that can return only its output.
///
/// # Panics
///
/// If the bridge fails.
#[track_caller]
#[inline(never)]
pub(crate) fn __rust_end_short_backtrace_whole_or_throw(names: &'static str, work: Workload<'_>) {
    let site = CallSite::of(names);
    if let Err(error) = __rust_end_short_backtrace_whole(work, None, site, Answer::Output) {
        error.throw();
    }
}
