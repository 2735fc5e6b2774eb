//! Compositions: several contexts entered in order and left in reverse, even if one of them fails.
//!
//! The code that `#[koilable]` generates for a struct calls these functions, part by part.

use std::any::type_name;
use std::fmt::Debug;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::async_context::{AsyncContext, LocalAsyncContext};
use super::progress::Progress;
use super::tell::{self, Teller};
use crate::report::exit::{Exit, Failure};
use crate::report::unwind::{self, Payload};

/// Enters the next part of a composition.
///
/// # Errors
///
/// The part's own error.
pub async fn enter_part<C: AsyncContext>(
    progress: &mut Progress,
    part: &mut C,
) -> Result<(), C::Error> {
    part.__koil_enter(progress.begin_part()).await?;
    progress.end_part();
    Ok(())
}

/// As [`enter_part`], for a part that stays on its thread.
///
/// # Errors
///
/// The part's own error.
pub async fn enter_local_part<C: LocalAsyncContext>(
    progress: &mut Progress,
    part: &mut C,
) -> Result<(), C::Error> {
    part.__koil_enter(progress.begin_part()).await?;
    progress.end_part();
    Ok(())
}

/// Reports an error from the exits that undo a partial enter of a composition; the error of the
/// enter is the one that is returned.
pub fn undone<C, E: Debug>(outcome: Result<(), E>) {
    if let Err(error) = outcome {
        let teller = Teller {
            core: None,
            context: type_name::<C>(),
            at: None,
            cause: Exit::Dropped,
        };
        teller.tell(tell::text(error));
    }
}

/// The exits of a composition's parts, the last part first: every exit runs.
#[derive(Debug)]
#[must_use = "`finish` says how they went"]
pub struct Exits<E> {
    cause: Exit,
    /// The result of `finish`: the first panic, or else the first error.
    panic: Option<Payload>,
    error: Option<E>,
}

impl<E> Exits<E> {
    /// The exits for this cause.
    pub fn new(cause: Exit) -> Exits<E> {
        Exits {
            cause,
            panic: None,
            error: None,
        }
    }

    /// Leaves part `index`, if it is open; an error is kept, or reported if there is one already.
    pub async fn leave<C>(
        &mut self,
        index: usize,
        progress: &mut Progress,
        part: &mut C,
        into: impl FnOnce(C::Error) -> E,
    ) where
        C: AsyncContext,
        C::Error: Send + 'static,
    {
        let at = progress.at();
        let Some(progress) = progress.last_part(index, C::__KOIL_PARTS) else {
            return;
        };
        let cause = self.cause;
        let leave = AssertUnwindSafe(async { part.__koil_leave(progress, cause).await });
        let teller = self.teller::<C>(at);
        match leave.catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if self.error.is_none() => self.error = Some(into(error)),
            Ok(Err(error)) => teller.tell(tell::moved(error)),
            Err(payload) => self.panicked(payload, &teller),
        }
    }

    /// As [`leave`](Exits::leave), for a part that stays on its thread.
    pub async fn leave_local<C: LocalAsyncContext>(
        &mut self,
        index: usize,
        progress: &mut Progress,
        part: &mut C,
        into: impl FnOnce(C::Error) -> E,
    ) {
        let at = progress.at();
        let Some(progress) = progress.last_part(index, C::__KOIL_PARTS) else {
            return;
        };
        let cause = self.cause;
        let leave = AssertUnwindSafe(async { part.__koil_leave(progress, cause).await });
        let teller = self.teller::<C>(at);
        match leave.catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if self.error.is_none() => self.error = Some(into(error)),
            Ok(Err(error)) => teller.tell(tell::text(error)),
            Err(payload) => self.panicked(payload, &teller),
        }
    }

    /// The combined result of the exits.
    ///
    /// # Errors
    ///
    /// The first error of a part; the others have been reported to the error hook.
    ///
    /// # Panics
    ///
    /// If a part has panicked: its panic resumes here.
    pub fn finish(self) -> Result<(), E>
    where
        E: Debug,
    {
        let Exits {
            cause,
            panic,
            error,
        } = self;
        match (panic, error) {
            (Some(payload), error) => {
                if let Some(error) = error {
                    let teller = Teller {
                        core: None,
                        context: type_name::<E>(),
                        at: None,
                        cause,
                    };
                    teller.tell(tell::text(error));
                }
                unwind::resume(payload)
            }
            (None, Some(error)) => Err(error),
            (None, None) => Ok(()),
        }
    }

    fn panicked(&mut self, payload: Payload, teller: &Teller) {
        match &self.panic {
            None => self.panic = Some(payload),
            Some(_) => teller.tell(Failure::Panicked(payload)),
        }
    }

    fn teller<C>(&self, at: Option<&'static std::panic::Location<'static>>) -> Teller {
        Teller {
            core: None,
            context: type_name::<C>(),
            at,
            cause: self.cause,
        }
    }
}
