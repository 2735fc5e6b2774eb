//! `AsyncEntered`: the guard of a context that async code has entered.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::async_context::AsyncContext;
use super::closing::Closing;
use super::leave::{Road, Waits};
use super::outcome::Fault;
use super::run::{self, Info};
use super::stay::{ContextNames, Home, Open, Stay};
use crate::report::exit::Exit;
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::token::CancelToken;

/// An async context that async code has entered; left by [`close`](AsyncEntered::close), or when it
/// is dropped.
///
/// Made by [`AsyncEntered::enter`]. It derefs to the context and remembers the tokio runtime it was
/// entered on.
///
/// # Drop
///
/// A drop cannot await. Inside async code it hands the exit to the runtime on which the context was
/// entered, as a task, and returns at once. A koil loop runs such exits to their end before it
/// ends, each at most [`cancel_grace`](crate::KoilBuilder::cancel_grace). A runtime of the
/// application may end earlier: use `close().await` where that matters. Outside of async code, on a
/// plain thread, the drop waits like that of [`Entered`](crate::Entered). If the context was
/// entered without a tokio runtime, the exit runs on koil's.
///
/// Errors that no caller receives, and exits that were not run, go to
/// [`on_error`](crate::KoilBuilder::on_error).
#[must_use = "the context is left when this is dropped; give it a name that is not `_`"]
pub struct AsyncEntered<C>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    /// `None` once it has been closed.
    open: Option<Open<C>>,
}

impl<C> AsyncEntered<C>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    /// Enters `context`.
    ///
    /// If the future is dropped before it is ready, parts of a composition that were entered by
    /// then are left as by the drop of a guard.
    ///
    /// # Errors
    ///
    /// The context's own error, if its `aenter` fails; the context is dropped then.
    ///
    /// # Panics
    ///
    /// If `aenter` panics.
    ///
    /// ```
    /// let answer = koil::unkoil(async {
    ///     let six = koil::context_fn(
    ///         || async { Ok::<_, std::convert::Infallible>(6) },
    ///         |_six, _cause| async { Ok(()) },
    ///     );
    ///     let six = koil::AsyncEntered::enter(six).await?;
    ///     let answer = **six * 7;
    ///     six.close().await.map_err(|(_, error)| error)?;
    ///     Ok::<_, std::convert::Infallible>(answer)
    /// });
    /// assert_eq!(answer, Ok(42));
    /// ```
    #[track_caller]
    pub fn enter(context: C) -> impl Future<Output = Result<AsyncEntered<C>, C::Error>> + Send {
        enter_at(CallSite::here(), context)
    }

    /// Leaves the context, and returns its value.
    ///
    /// If the future is dropped before it is ready, the runtime on which the context was entered
    /// continues the exit.
    ///
    /// # Errors
    ///
    /// The context's own error, with the value.
    ///
    /// # Panics
    ///
    /// If `aexit` panics.
    pub async fn close(mut self) -> Result<C, (C, C::Error)> {
        let Some(open) = self.open.take() else {
            unreachable!("a guard is closed once")
        };
        let info = Info::of::<C>(&open.stay, Exit::Closed);
        let (open, outcome) = Closing::new(run::run(open, Exit::Closed, None), info).await;
        match outcome {
            Ok(()) => Ok(open.context),
            Err(Fault::Own(error)) => Err((open.context, error)),
            Err(Fault::Panicked(payload)) => {
                drop(open);
                unwind::resume(payload)
            }
            Err(Fault::Bridge(error)) => error.throw(),
        }
    }

    fn open(&self) -> &Open<C> {
        match &self.open {
            Some(open) => open,
            None => unreachable!("`close` takes the guard"),
        }
    }
}

/// Enters a context in async code; called by the generated `enter` of its type.
///
/// # Errors
///
/// The context's own error.
#[track_caller]
pub fn enter_async<C>(
    names: &'static ContextNames,
    context: C,
) -> impl Future<Output = Result<AsyncEntered<C>, C::Error>> + Send
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    enter_at(CallSite::of(names.exit), context)
}

async fn enter_at<C>(site: CallSite, context: C) -> Result<AsyncEntered<C>, C::Error>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    let stay = Stay::new(Home::of_async_code(), site, CancelToken::current());
    // The guard is made first, so that its drop undoes an enter at any stage.
    let mut guard = AsyncEntered {
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
    // A panic of `aenter` before its first await is caught here too.
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
        let info = Info::of::<C>(&open.stay, cause);
        let teller = info.teller.clone();
        let limit = open.stay.grace();
        let (open, outcome) = Closing::new(run::run(open, cause, limit), info).await;
        if let Err(fault) = outcome {
            teller.tell(fault.failure(super::tell::moved));
        }
        drop(open);
    }
    match failed {
        Ok(error) => Err(error),
        Err(payload) => unwind::resume(payload),
    }
}

impl<C> Deref for AsyncEntered<C>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    type Target = C;

    fn deref(&self) -> &C {
        &self.open().context
    }
}

impl<C> DerefMut for AsyncEntered<C>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    fn deref_mut(&mut self) -> &mut C {
        match &mut self.open {
            Some(open) => &mut open.context,
            None => unreachable!("`close` takes the guard"),
        }
    }
}

impl<C> Drop for AsyncEntered<C>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            open.leave(&Road::<C>::MOVES, Waits::OutsideOfAsync);
        }
    }
}

impl<C> fmt::Debug for AsyncEntered<C>
where
    C: AsyncContext + Send + fmt::Debug + 'static,
    C::Error: Send + 'static,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AsyncEntered")
            .field(&self.open().context)
            .finish()
    }
}
