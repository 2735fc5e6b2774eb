//! The calls of [`calls`](super::calls), for twins that are marked `#[koil(lend)]`: the loop's thread
//! polls. The `Send` bounds are on the values that move there: the future and its output, the
//! stream and its items.

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

/// As [`block_on`](super::calls::block_on).
#[track_caller]
#[inline]
pub fn block_on_lent<F: Future + Send>(names: &'static str, future: F) -> F::Output
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    call::make_call_or_throw(names, Workload::Lent(&mut work));
    work.into_output()
}

/// As [`try_block_on`](super::calls::try_block_on).
///
/// # Errors
///
/// If the bridge fails, or the time is up; with an error that came too late as its source.
#[track_caller]
#[inline]
pub fn try_block_on_lent<F: Future + Send>(
    names: &'static str,
    future: F,
    timeout: Option<Duration>,
    late: Late<F::Output>,
) -> Result<F::Output, Error>
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, work_of) = (CallSite::of(names), Workload::Lent(&mut work));
    match call::make_call(work_of, timeout, site, Answer::Error) {
        Ok(()) => Ok(work.into_output()),
        Err(failure) => Err(with_late(failure, work.into_late_output(), late)),
    }
}

/// As [`wait`](super::calls::wait).
#[track_caller]
pub fn wait_lent<F: Future + Send>(call: &Call, future: F) -> F::Output
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    call::wait_or_throw(call, Workload::Lent(&mut work));
    work.into_output()
}

/// As [`try_wait`](super::calls::try_wait).
///
/// # Errors
///
/// If the bridge fails, or the time is up; with an error that came too late as its source.
pub fn try_wait_lent<F: Future + Send>(
    call: &Call,
    future: F,
    timeout: Option<Duration>,
    late: Late<F::Output>,
) -> Result<F::Output, Error>
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    match call::wait(call, Workload::Lent(&mut work), timeout) {
        Ok(()) => Ok(work.into_output()),
        Err(failure) => Err(with_late(failure, work.into_late_output(), late)),
    }
}

/// As [`iter`](super::calls::iter).
pub fn iter_lent<S: Stream + Send>(call: &Call, stream: S) -> Iter<S>
where
    S::Item: Send,
{
    Iter::lent(call, stream)
}

/// As [`io`](super::calls::io).
pub fn io_lent<T: Send>(call: &Call, io: T) -> Io<T> {
    Io::lent(call, io)
}

/// As [`io_futures`](super::calls::io_futures).
pub fn io_futures_lent<T: Send>(call: &Call, io: T) -> Io<FuturesIo<T>> {
    Io::lent(call, FuturesIo::new(io))
}
