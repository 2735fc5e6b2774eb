//! The first poll of an eager task, on the thread that starts it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::context::TokioContext;
use super::deferred::Deferred;
use super::thread_cache::with_kept;
use crate::current::{self, LoopCore, Polling, Role, ThreadKind};
use crate::report::unwind::{self, Payload};

/// The largest number of tokio contexts of koil on one thread, so of first polls on one stack.
const DEEPEST: u32 = 16;

/// The outcome of a first poll.
pub(crate) enum FirstPoll<T> {
    Ready(T),
    /// A task has to poll the future again: no wake of the first poll reaches it.
    Pending,
    Panicked(Payload),
    /// The loop has been stopped or stayed behind at a fork, tokio's thread-locals are destroyed,
    /// or too many such polls are on this stack.
    NotPolled,
}

/// Polls the future of a task of `core` once, under that loop, as inside every future that koil
/// polls.
///
/// A stop of the loop does not wait for this poll, as it does not for the first poll of a call.
pub(crate) fn first_poll<F: Future>(
    core: &Arc<LoopCore>,
    mut future: Pin<&mut F>,
) -> FirstPoll<F::Output> {
    if core.is_forked() || core.registry.is_stopped() || current::contexts() >= DEEPEST {
        return FirstPoll::NotPolled;
    }
    let thread = match current::role() {
        // Calls are refused there, so none asks how that thread may wait.
        Role::Loop => ThreadKind::Plain,
        Role::Worker | Role::Stranger => {
            current::base_thread_kind().unwrap_or_else(ThreadKind::here)
        }
    };
    let Some(_context) = TokioContext::enter(core, &thread) else {
        return FirstPoll::NotPolled;
    };
    let is_plain = matches!(thread, ThreadKind::Plain) && current::role() == Role::Stranger;
    let watched = watched_waker();
    let mut cx = Context::from_waker(watched.as_ref().unwrap_or(Waker::noop()));
    let _polling = Polling::begin();
    let polled = unwind::halt(|| {
        if is_plain {
            return future.as_mut().poll(&mut cx);
        }
        // The budget of a task around this call is not that of the new task.
        Pin::new(&mut tokio::task::coop::unconstrained(future.as_mut())).poll(&mut cx)
    });
    match polled {
        Ok(Poll::Ready(output)) => FirstPoll::Ready(output),
        Ok(Poll::Pending) => FirstPoll::Pending,
        Err(payload) => FirstPoll::Panicked(payload),
    }
}

/// The first poll gets a waker that wakes nothing, unless a call around it watches the list of the
/// scheduler of its thread: that call would take an entry with such a waker for one of an executor
/// inside its future.
fn watched_waker() -> Option<Waker> {
    let watched = with_kept(|cache| {
        let watching = cache.deferred_if_made().filter(|list| list.is_watching());
        watching.map(Deferred::waker)
    });
    watched.flatten()
}
