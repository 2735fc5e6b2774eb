//! `eager_task`: a task whose first poll is made by the thread that starts it.

use super::cancellable::{Acknowledged, Cancellable};
use super::new_task::NewTask;
use super::task::KoilTask;
use super::task_source::TaskOutput;
use crate::call::collected::{Collected, own_payload, split_panic};
use crate::current::LoopCore;
use crate::drive::first_poll::{FirstPoll, first_poll};
use crate::drive::wait::is_of_shutdown;
use crate::report::backtrace::__rust_end_short_backtrace;
use crate::report::site::CallSite;
use crate::report::unwind::{self, Payload};
use crate::scope::context::in_context::InContext;
use crate::scope::context::snapshot::Changes;

/// As [`unkoil_task`](crate::unkoil_task), but polls `future` here and now first. One that is ready
/// needs no loop, no wake and no thread.
///
/// The first part of the future, up to its first wait, runs before this function returns, on this
/// thread, and the rest as a task on the ambient loop. The order is depth first: the caller, the
/// future until it waits, the caller again.
///
/// The first part is part of the task: it runs under the loop, with the task's own
/// [token](crate::CancelToken::current) and its own copy of the [context](crate::ContextVar). A
/// scope or deadline of the caller does not reach it. Blocking calls in it are refused, as in every
/// future that koil polls. Only [`tokio::task::try_id`] and its siblings return the caller's.
///
/// May be called anywhere, also inside a future. First parts nest at most 16 deep, the calls of koil
/// around them included; a start below that is a plain [`unkoil_task`](crate::unkoil_task), so that
/// no stack overflows. On a loop that has been stopped, and on one that stayed behind at a fork,
/// nothing is polled, and the result is the error of an [`unkoil_task`](crate::unkoil_task).
///
/// # Locks and borrows
///
/// The first part runs inside this call, so with all that the caller holds at this moment. A lock
/// that is held over the call and taken in the first part is a dead lock, and a thread-local
/// `RefCell` that is borrowed over it panics: release both before. The first part also keeps its
/// caller waiting if it computes for long, or for ever if it never waits.
///
/// # Cancellation
///
/// As any task: [`KoilTask::cancel`] and a stop of the loop cancel its token. They come too late
/// for a task that was ready at once. A stop waits for a task that is pending, not for a first part
/// that runs on another thread.
///
/// # Drop
///
/// Dropping the task detaches it, or cancels it with [`KoilTask::cancel_on_drop`]; a value that is
/// there is dropped with it.
///
/// # Errors
///
/// None here; see [`KoilTask::result`].
///
/// # Panics
///
/// If the process-wide loop is needed and cannot be started. A panic in the first part is kept, and
/// is resumed where the result is taken.
///
/// ```
/// use std::sync::mpsc;
///
/// let (events, happened) = mpsc::channel();
/// let inner = events.clone();
/// events.send("a")?;
/// let task = koil::eager_task(async move {
///     inner.send("1").unwrap();
///     tokio::task::yield_now().await;
///     inner.send("2").unwrap();
///     6 * 7
/// });
/// events.send("b")?;
/// assert_eq!(happened.iter().take(2).collect::<Vec<_>>(), ["a", "1"]);
/// assert_eq!(task.result()?, 42);
///
/// // A cache that hits, for example, wakes no loop.
/// let task = koil::eager_task(async { "cached" });
/// assert!(task.is_finished());
/// assert_eq!(task.result()?, "cached");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Tasks of a tokio runtime of your own need no koil for this:
///
/// ```
/// use futures::FutureExt;
///
/// # async fn start() -> Result<u32, tokio::task::JoinError> {
/// let mut future = Box::pin(async { 1 });
/// let value = match (&mut future).now_or_never() {
///     Some(value) => value,
///     None => tokio::spawn(future).await?,
/// };
/// # Ok(value)
/// # }
/// # assert_eq!(koil::unkoil(start()).unwrap(), 1);
/// ```
#[doc(alias = "eager")]
#[doc(alias = "create_task")]
#[track_caller]
pub fn eager_task<F>(future: F) -> KoilTask<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let new = NewTask::at(CallSite::here());
    let cancellable = Cancellable::eager(future, &new.core);
    let future = InContext::new(new.context(), cancellable);
    let mut future = Box::pin(Collected::new(future));
    let polled = __rust_end_short_backtrace(|| first_poll(&new.core, future.as_mut()));
    let is_polled = match polled {
        FirstPoll::Ready(output) => return new.ended(Ok(output)),
        FirstPoll::Panicked(payload) => {
            unwind::swallow(|| drop(future));
            let outcome = panicked(&new.core, payload);
            return new.ended(outcome);
        }
        FirstPoll::Pending => true,
        FirstPoll::NotPolled => false,
    };
    let unfinished = future.as_mut().inner().inner();
    let unfinished = unfinished.expect("a future that was not ready is still there");
    let token = unfinished.go_on(&new.core, is_polled);
    new.spawn(token, future)
}

/// The outcome of a first part that has panicked. A panic of tokio that says no more than that the
/// loop came to its end meanwhile is the end of the task.
fn panicked<T>(core: &LoopCore, payload: Payload) -> Result<TaskOutput<T>, Payload> {
    if !is_of_shutdown(core, own_payload(&payload)) {
        return Err(payload);
    }
    let (_, works) = split_panic(payload);
    Ok(((Err(Acknowledged(false)), Changes::default()), works))
}
