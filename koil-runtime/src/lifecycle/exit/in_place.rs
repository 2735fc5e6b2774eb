//! `InPlaceExit`: an exit of a context that stays on its thread, awaited there.

use super::{ExitLimit, leave_all};
use crate::lifecycle::async_context::LocalAsyncContext;
use crate::lifecycle::entry::OpenContext;
use crate::lifecycle::step::ContextResult;
use crate::report::exit::{Exit, Failure};

/// An exit that nothing else can continue: a drop before its end is reported.
pub(crate) struct InPlaceExit<C: LocalAsyncContext> {
    /// `None` once it has ended.
    open: Option<OpenContext<C>>,
    cause: Exit,
}

impl<C: LocalAsyncContext> InPlaceExit<C> {
    pub(crate) fn new(open: OpenContext<C>, cause: Exit) -> InPlaceExit<C> {
        InPlaceExit {
            open: Some(open),
            cause,
        }
    }

    pub(crate) async fn run(mut self) -> (OpenContext<C>, ContextResult<C::Error>) {
        let Some(open) = &mut self.open else {
            unreachable!("an exit runs once")
        };
        // The context stays in `self` meanwhile, for the drop.
        let outcome = leave_all(open, self.cause, &ExitLimit::None, |_| None).await;
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
