//! `unkoil`: blocking on one future, with and without a timeout, and on the items of a stream.

use std::pin::pin;
use std::time::Duration;

use futures_core::Stream;

use super::iter::Iter;
use crate::call::{Call, make_call};
use crate::drive::work::{FutureWork, Workload};
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;

/// Blocks this thread until `future` is ready.
///
/// The future is polled *here*, on the calling thread, under the tokio context of the ambient loop
/// (see [`Handle`](crate::Handle)): it may borrow and need not be `Send`, and a ready future costs
/// no more than its poll. While it is pending the thread drives the loop itself, or parks if it may
/// not (see [`Drivers`](crate::Drivers)). Taken from Python koil's `unkoil`, which takes a function
/// instead of a future.
///
/// On a thread that runs tasks of another tokio runtime these tasks stand still meanwhile, unless
/// that runtime is multi-threaded. A wait that only they could end never ends: give it a deadline
/// ([`unkoil_timeout`]), or await the future there.
///
/// # Panics
///
/// If the future panics; and if the bridge fails, with a message that names this call and the way
/// out: inside a future that koil polls or on a loop thread (it could hang forever); if the loop
/// has been stopped or cannot be started; and on a thread that runs tasks of a current-thread
/// runtime, if an executor inside the future waits for a wake that this runtime keeps back (see
/// [`unkoil_lend`]). [`try_unkoil`] returns these as errors.
///
/// ```
/// let name = String::from("koil");
/// let length = koil::unkoil(async {
///     tokio::time::sleep(std::time::Duration::from_millis(1)).await;
///     name.len()
/// });
/// assert_eq!(length, 4);
/// ```
#[doc(alias = "block_on")]
#[doc(alias = "sync_await")]
#[doc(alias = "await_sync")]
#[track_caller]
pub fn unkoil<F: Future>(future: F) -> F::Output {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, own) = (CallSite::here(), Workload::Own(&mut work));
    match make_call(own, None, site, Answer::Output) {
        Ok(()) => work.into_output(),
        Err(error) => error.throw(),
    }
}

/// Blocks this thread until `future` is ready, while the thread of the loop polls it.
///
/// As [`unkoil`], but the calling thread polls nothing: the loop does, from the first poll to the
/// last, while the future stays in its place and may borrow. So its frames are on the loop's stack,
/// which helps callers with small stacks, and a panic unwinds there first. Thread-locals and
/// `tokio::task_local!` of the caller are not visible in it; context variables are.
///
/// It works also where [`unkoil`] is refused: on the thread of a current-thread runtime with an
/// executor inside the future whose children yield, and in the destructors of thread-locals. Twins
/// do the same if they are marked `#[koil(lend)]`.
///
/// Each call costs two wakes of other threads. While it waits no caller drives the loop.
///
/// # Panics
///
/// As [`unkoil`].
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use futures::stream::{FuturesUnordered, StreamExt};
///
/// let yields = [(); 3].map(|()| tokio::task::yield_now());
/// let all = FuturesUnordered::from_iter(yields).count();
/// assert_eq!(koil::unkoil_lend(all), 3);
/// # });
/// ```
#[track_caller]
pub fn unkoil_lend<F: Future + Send>(future: F) -> F::Output
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, lent) = (CallSite::here(), Workload::Lent(&mut work));
    match make_call(lent, None, site, Answer::Output) {
        Ok(()) => work.into_output(),
        Err(error) => error.throw(),
    }
}

/// Blocks this thread until `future` is ready, and returns failures of the bridge as errors.
///
/// # Errors
///
/// If [`unkoil`] would panic because the bridge fails. The future is dropped before this returns.
///
/// # Panics
///
/// If the future panics.
///
/// ```
/// let nested = koil::unkoil(async { koil::try_unkoil(async {}) });
/// assert!(nested.unwrap_err().would_deadlock());
/// ```
#[track_caller]
pub fn try_unkoil<F: Future>(future: F) -> Result<F::Output, Error> {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, own) = (CallSite::here(), Workload::Own(&mut work));
    make_call(own, None, site, Answer::Error)?;
    Ok(work.into_output())
}

/// As [`try_unkoil`], for a future that needs no lock of the host: where a
/// [`WaitHook`](crate::WaitHook) is set, the lock is released once, when the call first waits, and taken
/// back when it ends.
///
/// Any other call takes the lock back before each poll, which may take long beside a thread that
/// computes with it. The polls before the first wait have the lock as the caller has it: a call that is
/// ready releases nothing. The future is polled and dropped on the calling thread, as by `try_unkoil`; a callback in
/// it that needs the lock takes it for itself.
///
/// The bounds are the proof, as far as types can give one: a value that is tied to a held lock is not
/// `Send`. Without a hook this is `try_unkoil`.
///
/// # Errors
///
/// As [`try_unkoil`]; [`Error::is_cancelled`] also if the host has cancelled the call.
///
/// # Panics
///
/// If the future panics.
///
/// ```
/// assert_eq!(koil::unkoil_unlocked(async { 42 })?, 42);
/// # Ok::<(), koil::Error>(())
/// ```
#[doc(alias = "allow_threads")]
#[doc(alias = "detach")]
#[doc(alias = "nogvl")]
#[track_caller]
pub fn unkoil_unlocked<F: Future + Send>(future: F) -> Result<F::Output, Error>
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, unlocked) = (CallSite::here(), Workload::Unlocked(&mut work));
    make_call(unlocked, None, site, Answer::Error)?;
    Ok(work.into_output())
}

/// Blocks this thread until `future` is ready, at most for `timeout`.
///
/// The caller parks with a deadline; no timer is set. The time counts from the first poll that is
/// pending, so that a ready future pays no cost, and a future that is ready in the last moment
/// wins. Tokio's test utilities that pause or advance time do not move this deadline.
///
/// Not for waits in slices, with something to check between them: the end of a slice cancels the token of
/// its call, so a future that listens (also one that is passed by reference) stops for good. Cancel a
/// [`CancelScope`](crate::CancelScope) from elsewhere; a host whose threads have to hear its signals
/// sets a [`WaitHook`](crate::WaitHook).
///
/// # Errors
///
/// [`Error::is_timeout`] if the time is up; the future has then been dropped, on this thread. Else
/// as [`try_unkoil`].
///
/// # Panics
///
/// If the future panics.
///
/// ```
/// use std::time::Duration;
///
/// let silence = std::future::pending::<()>();
/// let error = koil::unkoil_timeout(Duration::from_millis(5), silence).unwrap_err();
/// assert!(error.is_timeout());
/// assert_eq!(koil::unkoil_timeout(Duration::ZERO, async { 1 }).unwrap(), 1);
/// ```
#[track_caller]
pub fn unkoil_timeout<F: Future>(timeout: Duration, future: F) -> Result<F::Output, Error> {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    let (site, own) = (CallSite::here(), Workload::Own(&mut work));
    make_call(own, Some(timeout), site, Answer::Error)?;
    Ok(work.into_output())
}

/// Makes a blocking iterator of `stream`: each `next` polls it here until an item is there.
///
/// No item is produced before it is asked for. A drop of the iterator runs the stream's drop before
/// it returns. The iterator remembers the loop that is ambient now.
///
/// ```
/// let stream = futures::stream::iter(["a", "b", "c"]);
/// let upper: Vec<_> = koil::unkoil_iter(stream).map(str::to_uppercase).collect();
/// assert_eq!(upper, ["A", "B", "C"]);
/// ```
#[doc(alias = "unkoil_gen")]
#[doc(alias = "wrap_iter")]
#[doc(alias = "aiter_sync")]
#[track_caller]
pub fn unkoil_iter<S: Stream>(stream: S) -> Iter<S> {
    Iter::new(&Call::open_at(CallSite::here()), stream)
}
