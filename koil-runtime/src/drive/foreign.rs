//! Threads of other tokio runtimes: what runs on them, and how a blocking call treats them.

use tokio::runtime::{Handle, RuntimeFlavor};

use super::kept::with_any;
use crate::current::{self, Ground};
use crate::report::unwind;

/// What this thread stands on, where koil has entered no context on it.
#[inline]
pub(super) fn ground() -> Ground {
    match Handle::try_current() {
        Ok(runtime) if current::is_home(&runtime) => Ground::Plain,
        Ok(runtime) => Ground::Foreign(runtime),
        Err(error) if error.is_thread_local_destroyed() => Ground::Ending,
        Err(_) => Ground::Plain,
    }
}

/// True where no tokio context is entered, on a thread that can tell.
#[inline]
pub(super) fn has_no_context() -> bool {
    matches!(Handle::try_current(), Err(error) if error.is_missing_context())
}

/// True if a tokio scheduler is running a task on this thread, right now and here.
pub(super) fn is_inside_scheduler() -> bool {
    with_any(|kept| kept.deferred().is_inside_scheduler())
}

/// How a thread may wait for a future that it polls.
pub(super) enum Wait<'a> {
    /// Park on it.
    Park,
    /// Hand the scheduler of this worker over to another thread first, then park.
    StepAside(&'a Handle),
    /// Poll it by the clock too: the scheduler of this thread stands still, and may keep wakes back.
    BesideScheduler,
    /// Not at all: this is a forked child, and the other threads of the scheduler are not here.
    Never,
}

/// `is_inside_scheduler`: as [`is_inside_scheduler`] has said.
pub(super) fn how_to_wait(ground: &Ground, is_inside_scheduler: bool) -> Wait<'_> {
    match ground {
        Ground::Plain | Ground::Ending => Wait::Park,
        // The root of a `block_on`, a blocking thread, or a mere `enter` guard: nothing else runs.
        Ground::Foreign(_) if !is_inside_scheduler => Wait::Park,
        Ground::Foreign(runtime) if current::inherited_runtime() == Some(runtime.id()) => {
            Wait::Never
        }
        Ground::Foreign(runtime) => match runtime.runtime_flavor() {
            RuntimeFlavor::MultiThread => Wait::StepAside(runtime),
            _ => Wait::BesideScheduler,
        },
    }
}

/// Runs `wait` after handing the scheduler of this worker over to another thread.
///
/// `None` if that cannot be: a context that somebody entered by hand may have hidden that the
/// scheduler of this thread is a current-thread one, and tokio tells by a panic only.
pub(super) fn step_aside<T>(
    runtime: &Handle,
    koil: &Handle,
    wait: impl FnOnce() -> T,
) -> Option<T> {
    let mut is_aside = false;
    // The thread that takes over comes from the pool of the runtime whose context is entered: it
    // must be the worker's own, or its tasks would go on on a thread of koil's.
    let own = runtime.enter();
    let outcome = unwind::halt(|| {
        tokio::task::block_in_place(|| {
            is_aside = true;
            let _koil = koil.enter();
            wait()
        })
    });
    drop(own);
    match outcome {
        Ok(outcome) => Some(outcome),
        Err(payload) if is_aside => unwind::resume(payload),
        Err(_) => None,
    }
}
