//! The first poll of an eager task, on the thread that starts it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::context::TokioContext;
use super::deferred::Deferred;
use super::thread_cache::with_kept;
use crate::current::{self, LoopCore, Polling, ThreadKind};
use crate::report::unwind::{self, Payload};

/// The largest number of tokio contexts of koil on one thread, so of first polls on one stack.
const DEEPEST: u32 = 16;

/// The outcome of a first poll.
pub(crate) enum FirstPoll<F: Future> {
    /// The future is ready or has panicked, and has been dropped.
    Ended(Result<F::Output, Payload>),
    /// A task has to poll the future again: no wake of the first poll reaches it.
    Unfinished(Pin<Box<F>>),
}

/// Polls the future of a task of `core` once, under that loop, as inside every future that koil
/// polls.
///
/// The future is not polled if the loop has been stopped or stayed behind at a fork, if tokio's
/// thread-locals are destroyed, or if too many such polls are on this stack.
pub(crate) fn first_poll<F: Future>(core: &Arc<LoopCore>, mut future: Pin<Box<F>>) -> FirstPoll<F> {
    if core.is_forked() || core.registry.is_stopped() || current::contexts() >= DEEPEST {
        return FirstPoll::Unfinished(future);
    }
    let thread = current::base_thread_kind().unwrap_or_else(ThreadKind::here);
    let Some(_context) = TokioContext::enter(core, &thread) else {
        return FirstPoll::Unfinished(future);
    };
    let waker = waker();
    let _polling = Polling::begin();
    let polled = unwind::halt(|| {
        // The budget of a task around this call is not that of the new task.
        let mut future = tokio::task::coop::unconstrained(future.as_mut());
        Pin::new(&mut future).poll(&mut Context::from_waker(&waker))
    });
    match polled {
        Ok(Poll::Ready(output)) => FirstPoll::Ended(Ok(output)),
        Ok(Poll::Pending) => FirstPoll::Unfinished(future),
        Err(payload) => {
            unwind::swallow(|| drop(future));
            FirstPoll::Ended(Err(payload))
        }
    }
}

/// A waker that wakes nothing, unless a call around this one watches the list of the scheduler of
/// its thread: it would take an entry with that waker for one of an executor inside its future.
fn waker() -> Waker {
    let watched = with_kept(|cache| {
        let watching = cache.deferred_if_made().filter(|list| list.is_watching());
        watching.map(Deferred::waker)
    });
    watched.flatten().unwrap_or_else(|| Waker::noop().clone())
}
