//! Whole calls: what twins of `async fn`s are made of, which need no loop to make their futures.
//!
//! Each function is compiled again for each twin there is, so it does no more than to pin its future
//! and to take its output out. As in `probe`, method look-up finds out what is `Send`.

use std::pin::pin;
use std::time::Duration;

use super::call::Call;
use super::probe::{Probe, ProbeLocal, taken};
use crate::drive::work::{FutureWork, Workload};
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::ambient::Answer;

impl<F: Future + Send> Probe<F>
where
    F::Output: Send,
{
    /// Blocks on a future that may be finished on another thread; panics where the bridge fails.
    #[track_caller]
    #[inline]
    pub fn __koil_block_on(self, names: &'static str) -> F::Output {
        // As `block_on_send`, without moving the future once more.
        let future = pin!(self.0.0);
        let mut work = FutureWork::new(future);
        __rust_end_short_backtrace_or_throw(names, Workload::Own(&mut work));
        work.into_output()
    }

    /// Blocks on a future that may be finished on another thread, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// Where the bridge fails, or the time is up.
    #[track_caller]
    #[inline]
    pub fn __koil_try_block_on(
        self,
        names: &'static str,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error> {
        try_block_on_send(names, taken(self.0.0), timeout)
    }
}

impl<F> ProbeLocal<F> {
    /// Blocks on a future that must stay on this thread; panics where the bridge fails.
    #[track_caller]
    #[inline]
    pub fn __koil_block_on(&mut self, names: &'static str) -> F::Output
    where
        F: Future,
    {
        // As `block_on_local`.
        let future = pin!(self.0.take());
        let mut work = FutureWork::new(future);
        __rust_end_short_backtrace_or_throw(names, Workload::Own(&mut work));
        work.into_output()
    }

    /// Blocks on a future that must stay on this thread, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// Where the bridge fails, or the time is up.
    #[track_caller]
    #[inline]
    pub fn __koil_try_block_on(
        &mut self,
        names: &'static str,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error>
    where
        F: Future,
    {
        try_block_on_local(names, self.take(), timeout)
    }
}

/// Blocks on a future that may be finished on another thread; panics where the bridge fails.
#[track_caller]
#[inline]
pub fn block_on_send<F: Future + Send>(names: &'static str, future: F) -> F::Output
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    __rust_end_short_backtrace_or_throw(names, Workload::Own(&mut work));
    work.into_output()
}

/// Blocks on a future that must stay on this thread; panics where the bridge fails.
#[track_caller]
#[inline]
pub fn block_on_local<F: Future>(names: &'static str, future: F) -> F::Output {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    __rust_end_short_backtrace_or_throw(names, Workload::Own(&mut work));
    work.into_output()
}

/// Blocks on a future that may be finished on another thread, at most for `timeout`.
///
/// # Errors
///
/// Where the bridge fails, or the time is up.
#[track_caller]
#[inline]
pub fn try_block_on_send<F: Future + Send>(
    names: &'static str,
    future: F,
    timeout: Option<Duration>,
) -> Result<F::Output, Error>
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, work_of) = (CallSite::of(names), Workload::Own(&mut work));
    Call::__rust_begin_short_backtrace(work_of, timeout, site, Answer::Error)?;
    Ok(work.into_output())
}

/// Blocks on a future that must stay on this thread, at most for `timeout`.
///
/// # Errors
///
/// Where the bridge fails, or the time is up.
#[track_caller]
#[inline]
pub fn try_block_on_local<F: Future>(
    names: &'static str,
    future: F,
    timeout: Option<Duration>,
) -> Result<F::Output, Error> {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, work_of) = (CallSite::of(names), Workload::Own(&mut work));
    Call::__rust_begin_short_backtrace(work_of, timeout, site, Answer::Error)?;
    Ok(work.into_output())
}

/// Named for short backtraces, see `report::backtrace`.
#[track_caller]
#[inline(never)]
fn __rust_end_short_backtrace_or_throw(names: &'static str, work: Workload<'_>) {
    let site = CallSite::of(names);
    if let Err(error) = Call::__rust_begin_short_backtrace(work, None, site, Answer::Output) {
        error.throw();
    }
}
