//! `ContextKind`: whether a context may go to other threads, and what that means for its exit.

use std::any::Any;
use std::time::Duration;

use super::async_context::{AsyncContext, LocalAsyncContext};
use super::entry::OpenContext;
use super::exit::in_place::InPlaceExit;
use super::exit::owned::OwnedExit;
use super::step::{ContextResult, ContextStep};
use crate::call::Call;
use crate::report::exit::Exit;

/// The kind of a context that may go to other threads, and so may its exit.
#[derive(Debug)]
pub enum AnyThread {}

/// The kind of a context that stays on the thread where it was entered.
#[derive(Debug)]
pub enum SameThread {}

/// A kind that `C` can have as a part of a composition.
pub trait ContextKind<C: LocalAsyncContext> {
    /// The error itself, if it may go to other threads; of any other, only its text may.
    fn into_any(error: C::Error) -> Option<Box<dyn Any + Send>>;
}

/// A kind that the guard of `C` can have.
pub trait GuardKind<C: LocalAsyncContext>: ContextKind<C> {
    /// The name of the async guard, for its `Debug`.
    const GUARD: &'static str;

    /// Takes a step, and blocks until it is done. Each part may take at most `limit`.
    fn block_on(
        call: &Call,
        open: &mut OpenContext<C>,
        step: ContextStep,
        limit: Option<Duration>,
    ) -> ContextResult<C::Error>;

    /// Leaves the context in async code. An exit that continues if its future is dropped takes at
    /// most `limit` for each part.
    fn exit(
        open: OpenContext<C>,
        cause: Exit,
        limit: Option<Duration>,
    ) -> impl Future<Output = (OpenContext<C>, ContextResult<C::Error>)>;

    /// Hands the exit to the runtime of the context, and waits for its end at most for `wait`.
    /// Returns the context if its exit has to run on this thread.
    fn hand_over(
        open: OpenContext<C>,
        cause: Exit,
        wait: Option<Duration>,
    ) -> Option<OpenContext<C>>;
}

impl<C> ContextKind<C> for AnyThread
where
    C: AsyncContext,
    C::Error: Send + 'static,
{
    fn into_any(error: C::Error) -> Option<Box<dyn Any + Send>> {
        Some(Box::new(error))
    }
}

impl<C> GuardKind<C> for AnyThread
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    const GUARD: &'static str = "AsyncEntered";

    fn block_on(
        call: &Call,
        open: &mut OpenContext<C>,
        step: ContextStep,
        limit: Option<Duration>,
    ) -> ContextResult<C::Error> {
        // An exit must not fail because of tasks that the scheduler of this thread keeps back: in a
        // current-thread runtime its loop polls it.
        let is_lent =
            call.is_on_ending_thread() || step.is_exit() && call.is_in_current_thread_runtime();
        step.outcome(|answer| {
            let taken = async { *answer = Some(open.take_step(step).await) };
            call.block_on_or_lend(taken, is_lent, limit)
        })
    }

    fn exit(
        open: OpenContext<C>,
        cause: Exit,
        limit: Option<Duration>,
    ) -> impl Future<Output = (OpenContext<C>, ContextResult<C::Error>)> {
        OwnedExit::new(open, cause, limit.into())
    }

    fn hand_over(
        open: OpenContext<C>,
        cause: Exit,
        wait: Option<Duration>,
    ) -> Option<OpenContext<C>> {
        let limit = open.entry.limit_of_handed_over();
        let work = OwnedExit::new(open, cause, limit).hand_over();
        if let (Some(work), Some(wait)) = (work, wait) {
            work.wait(wait);
        }
        None
    }
}

impl<C: LocalAsyncContext> ContextKind<C> for SameThread {
    fn into_any(_: C::Error) -> Option<Box<dyn Any + Send>> {
        None
    }
}

impl<C: LocalAsyncContext> GuardKind<C> for SameThread {
    const GUARD: &'static str = "LocalAsyncEntered";

    fn block_on(
        call: &Call,
        open: &mut OpenContext<C>,
        step: ContextStep,
        limit: Option<Duration>,
    ) -> ContextResult<C::Error> {
        step.outcome(|answer| {
            let taken = async { *answer = Some(open.take_step(step).await) };
            call.block_on(taken, limit)
        })
    }

    fn exit(
        open: OpenContext<C>,
        cause: Exit,
        _: Option<Duration>,
    ) -> impl Future<Output = (OpenContext<C>, ContextResult<C::Error>)> {
        InPlaceExit::new(open, cause).run()
    }

    fn hand_over(open: OpenContext<C>, _: Exit, _: Option<Duration>) -> Option<OpenContext<C>> {
        Some(open)
    }
}
