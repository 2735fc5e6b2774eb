//! `AsyncGuard`: the guard of a context that async code has entered, for both kinds of contexts.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::async_context::LocalAsyncContext;
use super::entry::{ContextNames, EntryRecord, EntryRuntime, OpenContext};
use super::exit::on_drop::{self, DropWaits};
use super::kind::{AnyThread, GuardKind, SameThread};
use super::step::{ContextStep, Fault};
use crate::report::exit::Exit;
use crate::report::site::CallSite;
use crate::scope::cancel::token::CancelToken;

/// The guard of an async context that async code has entered: [`AsyncEntered`] for a context that
/// may go to other threads, [`LocalAsyncEntered`] for one that stays on its thread.
///
/// The context is left by [`close`](AsyncGuard::close), or when the guard is dropped. The guard
/// derefs to the context and remembers the tokio runtime it was entered on.
#[must_use = "the context is left when this is dropped; close it, or give it a name that is not `_`"]
pub struct AsyncGuard<C: LocalAsyncContext, K: GuardKind<C>> {
    /// `None` once it has been closed.
    open: Option<OpenContext<C>>,
    kind: PhantomData<fn() -> K>,
}

/// An async context that async code has entered; left by [`close`](AsyncGuard::close), or when it
/// is dropped.
///
/// Made by [`AsyncEntered::enter`](AsyncGuard::enter), for a context that is an
/// [`AsyncContext`](crate::AsyncContext), [`Send`] and `'static`, and so is its error. The futures
/// of `enter` and `close` are `Send`.
///
/// # Drop
///
/// A drop cannot await. Inside async code it hands the exit to the runtime on which the context was
/// entered, as a task, and returns at once. The blocking call that polls this code returns after the
/// exit, or after [`cancel_grace`](crate::KoilBuilder::cancel_grace); then the exit goes on, and
/// [`on_error`](crate::KoilBuilder::on_error) is told. For a task of koil's, the call that takes its
/// result waits. A koil loop runs such exits to their end before it ends, within `cancel_grace`.
///
/// Code that no blocking call polls, as under `#[tokio::main]` and in detached tasks, waits for
/// nothing, and a runtime of the application may end earlier: use `close().await` there. An exit
/// that is left when the process ends is told on stderr.
///
/// Outside of async code, on a plain thread, the drop waits like that of
/// [`Entered`](crate::Entered). If the context was entered without a tokio runtime, the exit runs on
/// koil's.
///
/// If the future of `enter` is dropped before it is ready, parts of a composition that were entered
/// by then are left as by the drop of a guard. If the future of `close` is dropped before it is
/// ready, the runtime on which the context was entered continues the exit.
///
/// Errors that no caller receives, and exits that were not run, go to
/// [`on_error`](crate::KoilBuilder::on_error).
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
pub type AsyncEntered<C> = AsyncGuard<C, AnyThread>;

/// As [`AsyncEntered`], for a context that stays on its thread: neither the context nor its error
/// need be `Send`, and both may borrow.
///
/// # Drop
///
/// Its exit cannot be handed to another thread: close it with [`close`](AsyncGuard::close).
/// A drop outside of async code, on a plain thread, waits for the exit. A drop inside of async code
/// drops the value without its exit, and reports that to
/// [`on_error`](crate::KoilBuilder::on_error). The same applies if the future of `enter` or `close`
/// is dropped before it is ready.
pub type LocalAsyncEntered<C> = AsyncGuard<C, SameThread>;

impl<C: LocalAsyncContext, K: GuardKind<C>> AsyncGuard<C, K> {
    /// Enters `context`. The future is `Send` for an [`AsyncEntered`], and so is that of
    /// [`close`](AsyncGuard::close).
    ///
    /// # Errors
    ///
    /// The context's own error, if its `aenter` fails; the context is dropped then.
    ///
    /// # Panics
    ///
    /// If `aenter` panics.
    #[track_caller]
    pub fn enter(context: C) -> impl Future<Output = Result<AsyncGuard<C, K>, C::Error>> {
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
        let Some(open) = self.open.take() else {
            unreachable!("a guard is closed once")
        };
        let (open, outcome) = K::exit(open, Exit::Closed, None).await;
        open.closed(outcome)
    }

    /// Takes the open context out of its guard; from now on something else keeps it open.
    pub(super) fn into_open(mut self) -> OpenContext<C> {
        match self.open.take() {
            Some(open) => open,
            None => unreachable!("`close` takes the guard"),
        }
    }

    fn open(&self) -> &OpenContext<C> {
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
pub fn enter_async<K: GuardKind<C>, C: LocalAsyncContext>(
    names: &'static ContextNames,
    context: C,
) -> impl Future<Output = Result<AsyncGuard<C, K>, C::Error>> {
    enter_at(CallSite::of(names.exit), context)
}

async fn enter_at<C: LocalAsyncContext, K: GuardKind<C>>(
    site: CallSite,
    context: C,
) -> Result<AsyncGuard<C, K>, C::Error> {
    let runtime = EntryRuntime::of_async_code();
    let entry = EntryRecord::new(runtime, site, CancelToken::current());
    // The guard is made first, so that its drop undoes an enter at any stage.
    let mut guard = AsyncGuard {
        open: Some(OpenContext::new(context, entry)),
        kind: PhantomData,
    };
    let Some(open) = &mut guard.open else {
        unreachable!("it has just been filled")
    };
    let enter = AssertUnwindSafe(open.take_step(ContextStep::Enter));
    let (cause, fault) = match enter.catch_unwind().await {
        Ok(Ok(())) => {
            open.entry.mark_entered();
            open.entry.mark_open::<C>();
            return Ok(guard);
        }
        Ok(Err(error)) => (Exit::Dropped, Fault::Own(error)),
        Err(payload) => (Exit::Panicking, Fault::Panicked(payload)),
    };
    if let Some(open) = guard.open.take_if(|open| !open.parts.is_empty()) {
        // The exit can be awaited here; a drop could not await it.
        let reporter = open.entry.reporter::<C>(cause);
        let limit = open.entry.grace();
        let (open, outcome) = K::exit(open, cause, limit).await;
        if let Err(fault) = outcome {
            reporter.report_fault(fault, K::into_any);
        }
        drop(open);
    }
    match fault {
        Fault::Own(error) => Err(error),
        fault => fault.throw(),
    }
}

impl<C: LocalAsyncContext, K: GuardKind<C>> Deref for AsyncGuard<C, K> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.open().context
    }
}

impl<C: LocalAsyncContext, K: GuardKind<C>> DerefMut for AsyncGuard<C, K> {
    fn deref_mut(&mut self) -> &mut C {
        match &mut self.open {
            Some(open) => &mut open.context,
            None => unreachable!("`close` takes the guard"),
        }
    }
}

impl<C: LocalAsyncContext, K: GuardKind<C>> Drop for AsyncGuard<C, K> {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            on_drop::leave::<C, K>(open, DropWaits::OutsideOfAsync);
        }
    }
}

impl<C: LocalAsyncContext + fmt::Debug, K: GuardKind<C>> fmt::Debug for AsyncGuard<C, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(K::GUARD).field(&self.open().context).finish()
    }
}
