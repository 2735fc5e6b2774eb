//! `run_threaded` and `run_separate`: blocking functions on worker threads; twins call `threaded`.

use super::call::{Place, ThreadedCall};
use crate::handle::Handle;
use crate::report::backtrace::__rust_begin_short_backtrace_job;
use crate::report::site::CallSite;

/// Runs `job`, which may block, on a worker of the ambient loop.
///
/// Nothing happens before the future is polled, or [started](ThreadedCall::start). Await it on any executor: a tokio runtime of either
/// flavour, smol, or [`unkoil`](crate::unkoil()).
///
/// The job has the surroundings of the call: blocking calls in it use the loop that is ambient
/// here, tokio's context of that loop is entered, and
/// [`CancelToken::current`](crate::CancelToken::current) is a child of the token that is current
/// where the future is first polled. So [`check_cancelled`](crate::check_cancelled()) and
/// [`sleep`](crate::sleep()) end when that token is cancelled.
///
/// A plain call in the job ([`unkoil`](crate::unkoil()), a plain twin) waits on when the token is
/// cancelled, and holds its worker as long; with [`unwinding`](ThreadedCall::unwinding) it gives the
/// worker back.
///
/// At most `max_blocking_threads` jobs run at a time. A job that waits inside koil (in a blocking
/// call, for a full channel) does not count, so jobs that wait for other jobs make progress however
/// deep they are nested. Jobs beyond that are served in the order of their arrival; with feature
/// `sched` by the priority that is current where the call is made, and equals by arrival. That order
/// is strict: a job waits while there are jobs of a higher priority.
///
/// # Panics
///
/// At once, if there is no loop and none can be started. Polling the future panics if the job
/// panics: its panic resumes at the await; and if the loop was stopped before the job could begin
/// ([`fallible`](ThreadedCall::fallible) returns that as an error).
///
/// ```
/// let sum = koil::unkoil(async {
///     let numbers: Vec<u64> = (1..=100).collect();
///     koil::run_threaded(move || numbers.iter().sum::<u64>()).await
/// });
/// assert_eq!(sum, 5050);
/// ```
#[doc(alias = "spawn_blocking")]
#[doc(alias = "to_thread")]
#[doc(alias = "unblock")]
#[doc(alias = "sync_to_async")]
#[track_caller]
pub fn run_threaded<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> ThreadedCall<T> {
    threaded("koil::run_threaded\nthe job", Place::Pool, job)
}

/// Runs `job` on a separate thread, which ends with it.
///
/// As [`run_threaded`], for jobs that take very long or must not share a thread: they take no place
/// in the pool of workers.
///
/// # Panics
///
/// As [`run_threaded`].
///
/// ```
/// let name = koil::unkoil(koil::run_separate(|| {
///     std::thread::current().name().map(str::to_owned)
/// }));
/// assert_eq!(name.as_deref(), Some("koil-separate"));
/// ```
#[doc(alias = "threaded_separate")]
#[track_caller]
pub fn run_separate<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> ThreadedCall<T> {
    threaded("koil::run_separate\nthe job", Place::Separate, job)
}

/// Called by the expansion of `#[threaded(handle = ..)]`: the loop of the call, to be entered when
/// the arguments have moved.
pub fn home(handle: &Handle) -> Handle {
    handle.clone()
}

/// Called by the expansion of `#[threaded]`.
#[track_caller]
pub fn threaded<T: Send + 'static>(
    names: &'static str,
    place: Place,
    job: impl FnOnce() -> T + Send + 'static,
) -> ThreadedCall<T> {
    let run = |_: &_| __rust_begin_short_backtrace_job(job);
    ThreadedCall::with_core(CallSite::of(names), place, run)
}
