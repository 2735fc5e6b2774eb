//! Threads of foreign tokio runtimes: their state, and how a blocking call waits on them.

use std::task::{Context, Poll, Waker};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::coop::poll_proceed;

use super::thread_cache::with_any;
use crate::current::{self, ThreadKind};
use crate::report::unwind;

/// True if no tokio context is entered; false also where tokio's thread-locals are destroyed.
#[inline]
pub(crate) fn has_no_context() -> bool {
    matches!(Handle::try_current(), Err(error) if error.is_missing_context())
}

/// True if a tokio scheduler is running a task on this thread at this moment.
pub(crate) fn is_inside_scheduler() -> bool {
    with_any(|cache| cache.deferred().is_inside_scheduler())
}

/// True if this thread, whose kind is `Foreign`, polls a future of its runtime at this moment: a
/// task, or the root of a `block_on`. False in `spawn_blocking` and `block_in_place`, and where a
/// context is entered only.
pub(crate) fn is_in_async() -> bool {
    is_inside_scheduler() || has_a_budget()
}

/// True if the code on this thread has a cooperative budget, spent or not: tokio gives one to all
/// that it polls, the root of a multi-threaded `block_on` included, where no scheduler runs.
fn has_a_budget() -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    // The drop of this guard gives the whole budget back.
    let Poll::Ready(_before) = poll_proceed(&mut cx) else {
        return true;
    };
    // A budget is a number of 8 bits.
    (0..=u8::MAX).any(|_| match poll_proceed(&mut cx) {
        Poll::Ready(taken) => {
            taken.made_progress();
            false
        }
        Poll::Pending => true,
    })
}

/// How a thread may wait for a future that it polls.
pub(super) enum WaitMode<'a> {
    /// Park until it is woken.
    Park,
    /// Hand the scheduler of this worker over to another thread first, then park.
    StepAside(&'a Handle),
    /// Poll it at intervals too: the scheduler of this thread stands still, and may keep wakes
    /// back.
    BesideScheduler,
    /// Not at all: this is a forked child, and the other threads of the scheduler are not here.
    Never,
}

/// `is_inside_scheduler`: the result of [`is_inside_scheduler`].
pub(super) fn how_to_wait(thread: &ThreadKind, is_inside_scheduler: bool) -> WaitMode<'_> {
    match thread {
        ThreadKind::Plain | ThreadKind::Ending => WaitMode::Park,
        // The root of a `block_on`, a blocking thread, or a mere `enter` guard: no task is being
        // run here.
        ThreadKind::Foreign(_) if !is_inside_scheduler => WaitMode::Park,
        ThreadKind::Foreign(runtime) if current::inherited_runtime() == Some(runtime.id()) => {
            WaitMode::Never
        }
        ThreadKind::Foreign(runtime) => match runtime.runtime_flavor() {
            RuntimeFlavor::MultiThread => WaitMode::StepAside(runtime),
            _ => WaitMode::BesideScheduler,
        },
    }
}

/// Runs `wait` after handing the scheduler of this worker over to another thread.
///
/// `None` if that is impossible: a context that the application entered by hand may have hidden
/// that the scheduler of this thread is a current-thread one, and tokio reports this only by a
/// panic.
pub(super) fn step_aside<T>(
    runtime: &Handle,
    koil: &Handle,
    wait: impl FnOnce() -> T,
) -> Option<T> {
    let mut is_aside = false;
    // The thread that takes over comes from the pool of the runtime whose context is entered. It
    // must be the worker's own runtime, or its tasks would continue on a thread of koil's.
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
