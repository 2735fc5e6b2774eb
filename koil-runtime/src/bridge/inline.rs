//! Inline calls that know this runtime, also before there is a loop.

use koil_inline::{Iter, WouldBlock, private};

use crate::global::install_hooks;
use crate::report::site::CallSite;

/// As [`koil_inline::run`], which it calls: polls `future` to its end on this thread, without a
/// loop, and never waits.
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
/// // In a task of tokio the scheduler keeps the wake of a yield back; the future is polled again.
/// let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// let yielded = runtime.block_on(async { inline::run(tokio::task::yield_now()) });
/// assert!(yielded.is_ok());
/// # Ok::<(), inline::WouldBlock>(())
/// ```
#[doc(alias = "await_sync")]
#[doc(alias = "now_or_never")]
#[doc(alias = "poll_once")]
#[track_caller]
#[inline]
pub fn run<F: Future>(future: F) -> Result<F::Output, WouldBlock> {
    install_hooks();
    koil_inline::run(future)
}

/// As [`koil_inline::iter`], which it calls: the items of `stream` as an iterator that never waits.
#[doc(alias = "aiter_sync")]
#[track_caller]
pub fn iter<S: futures_core::Stream>(stream: S) -> Iter<S> {
    install_hooks();
    koil_inline::iter(stream)
}

/// A twin of an `async fn`, made with `inline`.
///
/// # Panics
///
/// If the future would have to wait.
#[track_caller]
#[inline]
pub fn inline<F: Future>(names: &'static str, future: F) -> F::Output {
    install_hooks();
    private::inline(names, future)
}

/// As [`inline`], called at this place.
///
/// # Panics
///
/// As [`inline`].
#[track_caller]
#[inline]
pub fn inline_at<F: Future>(site: &CallSite, future: F) -> F::Output {
    install_hooks();
    private::inline_at(site, future)
}

/// As [`inline`], for a fallible twin.
///
/// # Errors
///
/// The errors of the original, and [`WouldBlock`] in the type of those errors.
#[track_caller]
#[inline]
pub fn try_inline<T, E, F>(names: &'static str, future: F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: From<WouldBlock>,
{
    install_hooks();
    private::try_inline(names, future)
}

/// As [`try_inline`], called at this place.
///
/// # Errors
///
/// As [`try_inline`].
#[inline]
pub fn try_inline_at<T, E, F>(site: &CallSite, future: F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: From<WouldBlock>,
{
    install_hooks();
    private::try_inline_at(site, future)
}

/// A twin that returns a stream, made with `inline`, called at this place.
pub fn inline_iter<S: futures_core::Stream>(site: &CallSite, stream: S) -> Iter<S> {
    install_hooks();
    private::inline_iter(site, stream)
}
