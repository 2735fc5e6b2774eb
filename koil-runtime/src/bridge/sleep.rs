//! `check_cancelled` and `sleep`: cancellation points in blocking code.

use std::time::Duration;

use crate::call::admission;
use crate::drive::nap::nap;
use crate::drive::wait_hook;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::{self, Answer, CancelPolicy, CancelSource};

/// An error if this code has been asked to stop: the current cancel token
/// ([`CancelToken::current`](crate::CancelToken::current)) is cancelled.
///
/// For long computations; call it from time to time. It takes no lock while nothing is cancelled,
/// and sees a cancel at once, and a passed deadline without the help of a loop. Outside any scope
/// it is always `Ok`, and so it is in drops that run while the thread unwinds.
///
/// # Errors
///
/// [`Error::is_cancelled`], or [`Error::is_timeout`] if a [`deadline`](crate::deadline()) passed.
///
/// ```
/// let scope = koil::CancelScope::new();
/// scope.token().cancel("enough");
/// let stopped = scope.run(|| koil::check_cancelled()).unwrap();
/// assert!(stopped.unwrap_err().is_cancelled());
/// assert!(koil::check_cancelled().is_ok());
/// ```
#[track_caller]
pub fn check_cancelled() -> Result<(), Error> {
    match current_cancel::source() {
        Some(source) => check(&source, CallSite::here()),
        None => Ok(()),
    }
}

/// Blocks this thread for `duration`, or until it is asked to stop.
///
/// A cancel ends the sleep at once, without the help of a loop; Python koil checks every 100 ms.
/// Outside any scope this is [`std::thread::sleep`], unless a [`WaitHook`](crate::WaitHook) is set.
///
/// # Errors
///
/// As [`check_cancelled`], and [`Error::would_deadlock`] inside a future that koil polls or on a
/// loop thread: await `tokio::time::sleep` there.
///
/// ```
/// use std::time::Duration;
///
/// let scope = koil::CancelScope::new();
/// let token = scope.token().clone();
/// std::thread::spawn(move || token.cancel("wake up"));
/// let slept = scope.run(|| koil::sleep(Duration::from_secs(3600))).unwrap();
/// assert_eq!(slept.unwrap_err().cancel_reason().unwrap(), "wake up");
/// ```
#[track_caller]
pub fn sleep(duration: Duration) -> Result<(), Error> {
    let site = CallSite::here();
    admission::may_block(None, site)?;
    let policy = current_cancel::policy(Answer::Error);
    let source = match &policy {
        CancelPolicy::Cancel(source) => Some(source),
        CancelPolicy::Nothing | CancelPolicy::Grace => None,
    };
    if source.is_none() && !wait_hook::is_set() {
        std::thread::sleep(duration);
        return Ok(());
    }
    let asks = !matches!(policy, CancelPolicy::Grace);
    let refusal = nap(duration, source, asks);
    source.map_or(Ok(()), |source| check(source, site))?;
    match refusal {
        Some(reason) => Err(Error::with_source(reason.kind(), site, reason)),
        None => Ok(()),
    }
}

fn check(source: &CancelSource, site: CallSite) -> Result<(), Error> {
    match source.check() {
        Some(reason) => Err(source.error(reason.kind(), site)),
        None => Ok(()),
    }
}
