//! The exits that an async `close` awaits: `AwaitedExit` goes on without it, `InPlaceExit` cannot.

use std::fmt::Debug;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::leave_all;
use super::outcome::ContextResult;
use super::owned::OwnedExit;
use crate::lifecycle::async_context::LocalAsyncContext;
use crate::lifecycle::entry::OpenContext;
use crate::lifecycle::kind::SameThread;
use crate::report::exit::{Exit, Failure};

/// Awaits an exit. If this is dropped before its end, the runtime of the context continues it.
pub(in crate::lifecycle) struct AwaitedExit<C: Send + 'static, E: Debug + Send + 'static> {
    /// `None` once it has ended, and after a panic: such a future is not polled again.
    exit: Option<OwnedExit<C, E>>,
}

impl<C: Send + 'static, E: Debug + Send + 'static> AwaitedExit<C, E> {
    pub(in crate::lifecycle) fn new(exit: OwnedExit<C, E>) -> Self {
        AwaitedExit { exit: Some(exit) }
    }
}

impl<C: Send + 'static, E: Debug + Send + 'static> Future for AwaitedExit<C, E> {
    type Output = (OpenContext<C>, ContextResult<E>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(mut exit) = self.exit.take() else {
            unreachable!("a future is not polled after its end")
        };
        let polled = exit.poll(cx);
        if polled.is_pending() {
            self.exit = Some(exit);
        }
        polled
    }
}

impl<C: Send + 'static, E: Debug + Send + 'static> Drop for AwaitedExit<C, E> {
    fn drop(&mut self) {
        match self.exit.take() {
            // The context belongs to the parent process, and so does its exit.
            Some(exit) if exit.is_forked() => std::mem::forget(exit),
            // This drop does not wait; the runtime decides whether it waits for the exit.
            Some(exit) => drop(exit.hand_over()),
            None => {}
        }
    }
}

/// An exit of a context that stays on its thread; a drop before its end is reported.
pub(in crate::lifecycle) struct InPlaceExit<C: LocalAsyncContext> {
    /// `None` once it has ended.
    open: Option<OpenContext<C>>,
    cause: Exit,
}

impl<C: LocalAsyncContext> InPlaceExit<C> {
    pub(in crate::lifecycle) fn new(open: OpenContext<C>, cause: Exit) -> InPlaceExit<C> {
        InPlaceExit {
            open: Some(open),
            cause,
        }
    }

    pub(in crate::lifecycle) async fn run(mut self) -> (OpenContext<C>, ContextResult<C::Error>) {
        let Some(open) = &mut self.open else {
            unreachable!("an exit runs once")
        };
        // The context stays in `self` meanwhile, for the drop.
        let outcome = leave_all::<C, SameThread>(open, self.cause, None).await;
        match self.open.take() {
            Some(open) => (open, outcome),
            None => unreachable!("only this takes it out"),
        }
    }
}

impl<C: LocalAsyncContext> Drop for InPlaceExit<C> {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            let reporter = open.entry.reporter::<C>(self.cause);
            reporter.report(Failure::NotAwaited);
        }
    }
}
