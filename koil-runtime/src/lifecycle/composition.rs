//! Compositions: several contexts entered in order and left in reverse, even if one of them fails.
//!
//! The code that `#[koilable]` generates for a struct calls these functions, part by part.

use std::any::type_name;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location};

use futures_util::FutureExt;

use super::async_context::LocalAsyncContext;
use super::kind::ContextKind;
use super::open_parts::OpenParts;
use crate::call::reporter::Reporter;
use crate::report::exit::{Exit, Failure, Origin, OriginKind};
use crate::report::unwind::{self, Payload};

/// Enters the next part of a composition of kind `K`, which its parts must have too.
///
/// # Errors
///
/// The part's own error.
pub async fn enter_part<K: ContextKind<C>, C: LocalAsyncContext>(
    parts: &mut OpenParts,
    part: &mut C,
) -> Result<(), C::Error> {
    part.__koil_enter(parts.begin_part()).await?;
    parts.end_part();
    Ok(())
}

/// Reports an error from the exits that undo a partial enter of a composition; the error of the
/// enter is the one that is returned.
pub fn undone<K: ContextKind<C>, C: LocalAsyncContext>(outcome: Result<(), C::Error>) {
    if let Err(error) = outcome {
        reporter::<C>(None, Exit::Dropped).report_error(error, K::into_any);
    }
}

/// The exits of a composition's parts, the last part first: every exit runs.
#[derive(Debug)]
#[must_use = "`finish` says how they went"]
pub struct Exits<K, E> {
    cause: Exit,
    /// The result of `finish`: the first panic, or else the first error.
    panic: Option<Payload>,
    error: Option<E>,
    kind: PhantomData<fn() -> K>,
}

impl<K, E> Exits<K, E> {
    /// The exits for this cause.
    pub fn new(cause: Exit) -> Exits<K, E> {
        Exits {
            cause,
            panic: None,
            error: None,
            kind: PhantomData,
        }
    }

    /// Leaves part `index`, if it is open; an error is kept, or reported if there is one already.
    pub async fn leave<C: LocalAsyncContext>(
        &mut self,
        index: usize,
        parts: &mut OpenParts,
        part: &mut C,
        into: impl FnOnce(C::Error) -> E,
    ) where
        K: ContextKind<C>,
    {
        let at = parts.at();
        let Some(parts) = parts.last_part(index, C::__KOIL_PARTS) else {
            return;
        };
        let cause = self.cause;
        let leave = AssertUnwindSafe(async { part.__koil_leave(parts, cause).await });
        let reporter = reporter::<C>(at, cause);
        match leave.catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if self.error.is_none() => self.error = Some(into(error)),
            Ok(Err(error)) => reporter.report_error(error, K::into_any),
            Err(payload) if self.panic.is_none() => self.panic = Some(payload),
            Err(payload) => reporter.report(Failure::Panicked(payload)),
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
    pub fn finish<C: LocalAsyncContext<Error = E>>(self) -> Result<(), E>
    where
        K: ContextKind<C>,
        E: Debug,
    {
        let Some(payload) = self.panic else {
            return self.error.map_or(Ok(()), Err);
        };
        if let Some(error) = self.error {
            reporter::<C>(None, self.cause).report_error(error, K::into_any);
        }
        unwind::resume(payload)
    }
}

/// A reporter to the ambient loop: a part does not know the loop of its composition.
fn reporter<C>(at: Option<&'static Location<'static>>, cause: Exit) -> Reporter {
    Reporter {
        core: None,
        origin: Origin {
            kind: OriginKind::Context,
            name: type_name::<C>(),
            at,
        },
        cause,
    }
}
