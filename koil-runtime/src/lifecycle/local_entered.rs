//! `LocalAsyncEntered`: as `AsyncEntered`, for a context that stays on its thread.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::async_context::LocalAsyncContext;
use super::leave::{Road, Waits};
use super::stay::{ContextNames, Home, Open, Stay};
use super::tell;
use crate::report::exit::{Exit, Failure};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::token::CancelToken;

/// As [`AsyncEntered`](crate::AsyncEntered), for a context that stays on its thread.
///
/// # Drop
///
/// Its exit cannot be handed to another thread: close it with [`close`](LocalAsyncEntered::close).
/// A drop outside of async code, on a plain thread, waits for the exit. A drop inside of async code
/// drops the value without its exit, and reports that to
/// [`on_error`](crate::KoilBuilder::on_error). The same applies if the future of `enter` or `close`
/// is dropped before it is ready.
#[must_use = "close it: in async code its drop cannot run the exit"]
pub struct LocalAsyncEntered<C: LocalAsyncContext> {
    /// `None` once it has been closed.
    open: Option<Open<C>>,
}

impl<C: LocalAsyncContext> LocalAsyncEntered<C> {
    /// Enters `context`.
    ///
    /// # Errors
    ///
    /// The context's own error, if its `aenter` fails; the context is dropped then.
    ///
    /// # Panics
    ///
    /// If `aenter` panics.
    #[track_caller]
    pub fn enter(context: C) -> impl Future<Output = Result<LocalAsyncEntered<C>, C::Error>> {
        enter_at(CallSite::here(), context)
    }

    /// Leaves the context, and returns its value.
    ///
    /// # Errors
    ///
    /// The context's own error, with the value.
    ///
    /// # Panics
    ///
    /// If `aexit` panics.
    pub async fn close(mut self) -> Result<C, (C, C::Error)> {
        // The context stays in `exit` meanwhile: its drop reports an exit that is not awaited to
        // its end.
        let mut exit = Exiting {
            open: self.open.take(),
            cause: Exit::Closed,
        };
        let outcome = exit.leave().await;
        let Some(open) = exit.open.take() else {
            unreachable!("only this takes it out")
        };
        match outcome {
            Ok(Ok(())) => Ok(open.context),
            Ok(Err(error)) => Err((open.context, error)),
            Err(payload) => {
                drop(open);
                unwind::resume(payload)
            }
        }
    }

    fn open(&self) -> &Open<C> {
        match &self.open {
            Some(open) => open,
            None => unreachable!("`close` takes the guard"),
        }
    }
}

/// An exit that is awaited; a drop before its end is reported.
struct Exiting<C: LocalAsyncContext> {
    open: Option<Open<C>>,
    cause: Exit,
}

impl<C: LocalAsyncContext> Exiting<C> {
    /// Leaves all open parts.
    async fn leave(&mut self) -> Result<Result<(), C::Error>, unwind::Payload> {
        let Some(Open {
            context, progress, ..
        }) = &mut self.open
        else {
            return Ok(Ok(()));
        };
        let leave = async { context.__koil_leave(progress, self.cause).await };
        AssertUnwindSafe(leave).catch_unwind().await
    }
}

impl<C: LocalAsyncContext> Drop for Exiting<C> {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            let teller = open.stay.teller::<C>(self.cause);
            teller.tell(Failure::NotAwaited);
        }
    }
}

/// Enters a context in async code; called by the generated `enter` of its type.
///
/// # Errors
///
/// The context's own error.
#[track_caller]
pub fn enter_async_local<C: LocalAsyncContext>(
    names: &'static ContextNames,
    context: C,
) -> impl Future<Output = Result<LocalAsyncEntered<C>, C::Error>> {
    enter_at(CallSite::of(names.exit), context)
}

async fn enter_at<C: LocalAsyncContext>(
    site: CallSite,
    context: C,
) -> Result<LocalAsyncEntered<C>, C::Error> {
    let stay = Stay::new(Home::of_async_code(), site, CancelToken::current());
    let mut guard = LocalAsyncEntered {
        open: Some(Open::new(context, stay)),
    };
    let Some(open) = &mut guard.open else {
        unreachable!("it has just been filled")
    };
    let Open {
        context,
        progress,
        stay,
    } = open;
    let enter = AssertUnwindSafe(async { context.__koil_enter(progress).await });
    let (cause, failed) = match enter.catch_unwind().await {
        Ok(Ok(())) => {
            stay.begins();
            return Ok(guard);
        }
        Ok(Err(error)) => (Exit::Dropped, Ok(error)),
        Err(payload) => (Exit::Panicking, Err(payload)),
    };
    if let Some(open) = guard.open.take_if(|open| !open.progress.is_empty()) {
        // The exit can be awaited here; a drop could not await it.
        let teller = open.stay.teller::<C>(cause);
        let mut exit = Exiting {
            open: Some(open),
            cause,
        };
        match exit.leave().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => teller.tell(tell::text(error)),
            Err(payload) => teller.tell(Failure::Panicked(payload)),
        }
        drop(exit.open.take());
    }
    match failed {
        Ok(error) => Err(error),
        Err(payload) => unwind::resume(payload),
    }
}

impl<C: LocalAsyncContext> Deref for LocalAsyncEntered<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.open().context
    }
}

impl<C: LocalAsyncContext> DerefMut for LocalAsyncEntered<C> {
    fn deref_mut(&mut self) -> &mut C {
        match &mut self.open {
            Some(open) => &mut open.context,
            None => unreachable!("`close` takes the guard"),
        }
    }
}

impl<C: LocalAsyncContext> Drop for LocalAsyncEntered<C> {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            open.leave(&Road::<C>::STAYS, Waits::OutsideOfAsync);
        }
    }
}

impl<C: LocalAsyncContext + fmt::Debug> fmt::Debug for LocalAsyncEntered<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalAsyncEntered")
            .field(&self.open().context)
            .finish()
    }
}
