//! `Kind`: whether a context may go to other threads, and how it is entered and left accordingly.

use std::any::Any;
use std::time::Duration;

use super::async_context::{AsyncContext, LocalAsyncContext};
use super::entry::OpenContext;
use super::exit::close::{AwaitedExit, InPlaceExit};
use super::exit::outcome::{ContextResult, of_enter, of_exit};
use super::exit::owned::OwnedExit;
use super::open_parts::OpenParts;
use crate::bridge::call::Call;
use crate::report::exit::Exit;

/// The kind of a context that may go to other threads, and so may its exit.
#[derive(Debug)]
pub enum AnyThread {}

/// The kind of a context that stays on the thread where it was entered.
#[derive(Debug)]
pub enum SameThread {}

/// The enter and exit of a context, as its kind calls them.
pub trait Kind<C: LocalAsyncContext> {
    /// Opens the context, and records in `parts` how far it is open.
    fn enter(context: &mut C, parts: &mut OpenParts) -> impl Future<Output = Result<(), C::Error>>;

    /// Closes the open parts.
    fn leave(
        context: &mut C,
        parts: &mut OpenParts,
        cause: Exit,
    ) -> impl Future<Output = Result<(), C::Error>>;

    /// The error itself, if it may go to other threads; of any other, only its text may.
    fn into_any(error: C::Error) -> Option<Box<dyn Any + Send>>;
}

/// A kind that a guard of `C` can have.
pub trait GuardKind<C: LocalAsyncContext>: Kind<C> {
    /// The name of the async guard, for its `Debug`.
    const GUARD: &'static str;

    /// Enters the context, and blocks until that is done.
    fn block_on_enter(call: &Call, open: &mut OpenContext<C>) -> ContextResult<C::Error>;

    /// Leaves the context, and blocks until that is done; each part may take at most `limit`.
    fn block_on_exit(
        call: &Call,
        open: &mut OpenContext<C>,
        cause: Exit,
        limit: Option<Duration>,
    ) -> ContextResult<C::Error>;

    /// Leaves the context in async code. An exit that can be handed over takes at most `limit` for
    /// each part, since it continues if its future is dropped.
    fn exit(
        open: OpenContext<C>,
        cause: Exit,
        limit: Option<Duration>,
    ) -> impl Future<Output = (OpenContext<C>, ContextResult<C::Error>)>;

    /// Hands the exit to the runtime of the context, and waits for its end at most for `wait`.
    ///
    /// # Errors
    ///
    /// The context, if its exit has to run on this thread.
    fn hand_over(
        open: OpenContext<C>,
        cause: Exit,
        wait: Option<Duration>,
    ) -> Result<(), OpenContext<C>>;
}

impl<C> Kind<C> for AnyThread
where
    C: AsyncContext,
    C::Error: Send + 'static,
{
    fn enter(
        context: &mut C,
        parts: &mut OpenParts,
    ) -> impl Future<Output = Result<(), <C as AsyncContext>::Error>> {
        AsyncContext::__koil_enter(context, parts)
    }

    fn leave(
        context: &mut C,
        parts: &mut OpenParts,
        cause: Exit,
    ) -> impl Future<Output = Result<(), <C as AsyncContext>::Error>> {
        AsyncContext::__koil_leave(context, parts, cause)
    }

    fn into_any(error: <C as AsyncContext>::Error) -> Option<Box<dyn Any + Send>> {
        Some(Box::new(error))
    }
}

impl<C> GuardKind<C> for AnyThread
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    const GUARD: &'static str = "AsyncEntered";

    fn block_on_enter(
        call: &Call,
        open: &mut OpenContext<C>,
    ) -> ContextResult<<C as AsyncContext>::Error> {
        of_enter(|answer| {
            let (context, parts) = (&mut open.context, &mut open.parts);
            let enter = async { *answer = Some(Self::enter(context, parts).await) };
            call.block_on_or_lend(enter, call.is_on_ending_thread(), None)
        })
    }

    fn block_on_exit(
        call: &Call,
        open: &mut OpenContext<C>,
        cause: Exit,
        limit: Option<Duration>,
    ) -> ContextResult<<C as AsyncContext>::Error> {
        // An exit must not fail because of tasks that the scheduler of this thread keeps back: in a
        // current-thread runtime its loop polls it.
        let is_lent = call.is_on_ending_thread() || call.is_in_current_thread_runtime();
        of_exit(|answer| {
            let (context, parts) = (&mut open.context, &mut open.parts);
            let leave = async { *answer = Some(Self::leave(context, parts, cause).await) };
            call.block_on_or_lend(leave, is_lent, limit)
        })
    }

    fn exit(
        open: OpenContext<C>,
        cause: Exit,
        limit: Option<Duration>,
    ) -> impl Future<Output = (OpenContext<C>, ContextResult<<C as AsyncContext>::Error>)> {
        AwaitedExit::new(OwnedExit::new(open, cause, limit))
    }

    fn hand_over(
        open: OpenContext<C>,
        cause: Exit,
        wait: Option<Duration>,
    ) -> Result<(), OpenContext<C>> {
        // A drop may wait for its end, and a stop of the loop does: so it is bounded.
        let limit = open.entry.grace();
        let end = OwnedExit::new(open, cause, limit).hand_over();
        if let (Some(end), Some(wait)) = (end, wait) {
            end.wait(wait);
        }
        Ok(())
    }
}

impl<C: LocalAsyncContext> Kind<C> for SameThread {
    fn enter(context: &mut C, parts: &mut OpenParts) -> impl Future<Output = Result<(), C::Error>> {
        context.__koil_enter(parts)
    }

    fn leave(
        context: &mut C,
        parts: &mut OpenParts,
        cause: Exit,
    ) -> impl Future<Output = Result<(), C::Error>> {
        context.__koil_leave(parts, cause)
    }

    fn into_any(_: C::Error) -> Option<Box<dyn Any + Send>> {
        None
    }
}

impl<C: LocalAsyncContext> GuardKind<C> for SameThread {
    const GUARD: &'static str = "LocalAsyncEntered";

    fn block_on_enter(call: &Call, open: &mut OpenContext<C>) -> ContextResult<C::Error> {
        of_enter(|answer| {
            let (context, parts) = (&mut open.context, &mut open.parts);
            let enter = async { *answer = Some(Self::enter(context, parts).await) };
            call.block_on(enter, None)
        })
    }

    fn block_on_exit(
        call: &Call,
        open: &mut OpenContext<C>,
        cause: Exit,
        limit: Option<Duration>,
    ) -> ContextResult<C::Error> {
        of_exit(|answer| {
            let (context, parts) = (&mut open.context, &mut open.parts);
            let leave = async { *answer = Some(Self::leave(context, parts, cause).await) };
            call.block_on(leave, limit)
        })
    }

    fn exit(
        open: OpenContext<C>,
        cause: Exit,
        _: Option<Duration>,
    ) -> impl Future<Output = (OpenContext<C>, ContextResult<C::Error>)> {
        InPlaceExit::new(open, cause).run()
    }

    fn hand_over(open: OpenContext<C>, _: Exit, _: Option<Duration>) -> Result<(), OpenContext<C>> {
        Err(open)
    }
}
