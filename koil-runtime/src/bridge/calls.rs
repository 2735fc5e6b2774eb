//! The blocking calls that twins make: they wait for a future, or open a stream, a reader or a
//! writer, which the calling thread polls. The calls of [`lent_calls`](super::lent_calls) are for the loop's
//! thread.
//!
//! Each function is compiled again for each twin, so it only pins its future and takes its output
//! out.

use std::pin::pin;
use std::time::Duration;

use futures_core::Stream;

use super::clean_up::{Late, with_late};
use super::io::{FuturesIo, Io};
use super::iter::Iter;
use crate::call::{self, Call};
use crate::drive::work::{FutureWork, Workload};
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;

/// Makes a whole call: blocks on a future that needed no loop to be made. Panics if the bridge
/// fails.
#[track_caller]
#[inline]
pub fn block_on<F: Future>(names: &'static str, future: F) -> F::Output {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    call::make_call_or_throw(names, Workload::Own(&mut work));
    work.into_output()
}

/// As [`block_on`], at most for `timeout`.
///
/// # Errors
///
/// If the bridge fails, or the time is up; with an error that came too late as its source.
#[track_caller]
#[inline]
pub fn try_block_on<F: Future>(
    names: &'static str,
    future: F,
    timeout: Option<Duration>,
    late: Late<F::Output>,
) -> Result<F::Output, Error> {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, work_of) = (CallSite::of(names), Workload::Own(&mut work));
    match call::make_call(work_of, timeout, site, Answer::Error) {
        Ok(()) => Ok(work.into_output()),
        Err(failure) => Err(with_late(failure, work.into_late_output(), late)),
    }
}

/// Blocks on the future of a call that has begun. Panics if the bridge fails.
#[track_caller]
pub fn wait<F: Future>(call: &Call, future: F) -> F::Output {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    call::wait_or_throw(call, Workload::Own(&mut work));
    work.into_output()
}

/// As [`wait`], at most for `timeout`.
///
/// # Errors
///
/// If the bridge fails, or the time is up; with an error that came too late as its source.
pub fn try_wait<F: Future>(
    call: &Call,
    future: F,
    timeout: Option<Duration>,
    late: Late<F::Output>,
) -> Result<F::Output, Error> {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    match call::wait(call, Workload::Own(&mut work), timeout) {
        Ok(()) => Ok(work.into_output()),
        Err(failure) => Err(with_late(failure, work.into_late_output(), late)),
    }
}

/// Makes a blocking iterator of a stream.
pub fn iter<S: Stream>(call: &Call, stream: S) -> Iter<S> {
    Iter::new(call, stream)
}

/// Makes a blocking reader or writer of an async one.
pub fn io<T>(call: &Call, io: T) -> Io<T> {
    Io::of_call(call, io)
}

/// As [`io`], of one with the traits of futures.
pub fn io_futures<T>(call: &Call, io: T) -> Io<FuturesIo<T>> {
    Io::of_call(call, FuturesIo::new(io))
}
