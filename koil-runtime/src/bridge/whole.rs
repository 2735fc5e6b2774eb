//! Whole calls: what twins of `async fn`s are made of, which need no loop to make their futures.
//!
//! Each function is compiled again for each twin there is, so it does no more than to pin its future
//! and to take its output out. As in `probe`, method look-up finds out what is `Send`.

// `self` is what method look-up goes by; it knows nothing.
#![allow(clippy::unused_self)]

use std::pin::pin;
use std::time::Duration;

use super::call::Call;
use super::probe::{Probe, ProbeLocal};
use crate::drive::work::{FutureWork, Workload};
use crate::report::error::Error;
use crate::report::site::{CallSite, Names};
use crate::scope::cancel::ambient::Answer;

impl<F: Future + Send> Probe<F>
where
    F::Output: Send,
{
    /// Blocks on a future that may be finished on another thread; panics where the bridge fails.
    #[track_caller]
    #[inline]
    pub fn __koil_block_on(&self, names: &'static Names, future: F) -> F::Output {
        block_on_send(names, future)
    }

    /// Blocks on a future that may be finished on another thread, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// Where the bridge fails, or the time is up.
    #[track_caller]
    #[inline]
    pub fn __koil_try_block_on(
        &self,
        names: &'static Names,
        future: F,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error> {
        try_block_on_send(names, future, timeout)
    }
}

impl<F> ProbeLocal<F> {
    /// Blocks on a future that must stay on this thread; panics where the bridge fails.
    #[track_caller]
    #[inline]
    pub fn __koil_block_on(&self, names: &'static Names, future: F) -> F::Output
    where
        F: Future,
    {
        block_on_local(names, future)
    }

    /// Blocks on a future that must stay on this thread, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// Where the bridge fails, or the time is up.
    #[track_caller]
    #[inline]
    pub fn __koil_try_block_on(
        &self,
        names: &'static Names,
        future: F,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error>
    where
        F: Future,
    {
        try_block_on_local(names, future, timeout)
    }
}

/// Blocks on a future that may be finished on another thread; panics where the bridge fails.
#[track_caller]
#[inline]
pub fn block_on_send<F: Future + Send>(names: &'static Names, future: F) -> F::Output
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    __rust_end_short_backtrace_or_throw(names, Workload::Send(&mut work));
    work.into_output()
}

/// Blocks on a future that must stay on this thread; panics where the bridge fails.
#[track_caller]
#[inline]
pub fn block_on_local<F: Future>(names: &'static Names, future: F) -> F::Output {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    __rust_end_short_backtrace_or_throw(names, Workload::Local(&mut work));
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
    names: &'static Names,
    future: F,
    timeout: Option<Duration>,
) -> Result<F::Output, Error>
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, work_of) = (CallSite::of(names), Workload::Send(&mut work));
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
    names: &'static Names,
    future: F,
    timeout: Option<Duration>,
) -> Result<F::Output, Error> {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, work_of) = (CallSite::of(names), Workload::Local(&mut work));
    Call::__rust_begin_short_backtrace(work_of, timeout, site, Answer::Error)?;
    Ok(work.into_output())
}

/// Named for short backtraces, see `report::backtrace`.
#[track_caller]
#[inline(never)]
fn __rust_end_short_backtrace_or_throw(names: &'static Names, work: Workload<'_>) {
    let site = CallSite::of(names);
    if let Err(error) = Call::__rust_begin_short_backtrace(work, None, site, Answer::Output) {
        error.throw();
    }
}
