//! `Entered`: the guard of a context that blocking code has entered.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use super::async_context::{AsyncContext, LocalAsyncContext};
use super::entry::{ContextNames, EntryRecord, EntryRuntime, OpenContext};
use super::exit::on_drop::{self, DropWaits};
use super::kind::{AnyThread, GuardKind, SameThread};
use super::step::{ContextResult, ContextStep, Fault};
use crate::call::Call;
use crate::handle::Handle;
use crate::report::exit::Exit;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;

/// An async context that blocking code has entered; left when it is dropped.
///
/// Made by [`Entered::enter`]. It derefs to the context, remembers the loop it was entered on, and
/// may go to another thread if the context may.
///
/// # Drop
///
/// Dropping runs [`aexit`](AsyncContext::aexit) **on the spot** and waits for it, on any thread
/// that may block: plain threads, workers, tasks of other runtimes, in a `Drop` during unwinding,
/// in a cancelled [`CancelScope`](crate::CancelScope) (the exit is not cancelled with it), in the
/// destructor of a thread-local. It waits at most
/// [`cancel_grace`](crate::KoilBuilder::cancel_grace). Then the token of the exit
/// ([`CancelToken::current`](crate::CancelToken::current)) is cancelled, and an exit that uses its
/// token has that time once more. In a forked child a guard from before the fork is leaked: the
/// exit belongs to the parent process.
///
/// Where a thread must not block (inside a future that koil polls, on a loop thread) the exit is
/// handed to the loop, which runs it before it ends. A loop that has been stopped keeps driving for
/// `cancel_grace` while guards are open on other threads than the one that stops it; after that, an
/// exit is not run. Errors and panics of an exit that a drop ran go to
/// [`on_error`](crate::KoilBuilder::on_error); the drop itself never panics because of them. To get
/// the error, and the value, call [`close`](Entered::close).
#[must_use = "the context is left when this is dropped; give it a name that is not `_`"]
pub struct Entered<C: LocalAsyncContext> {
    /// `None` once it has been closed.
    open: Option<OpenContext<C>>,
    exits: ExitFns<C>,
}

/// The exit functions of a kind: `Entered` is one type for both kinds.
struct ExitFns<C: LocalAsyncContext> {
    block_on: BlockOn<C, C::Error>,
    on_drop: fn(OpenContext<C>, DropWaits),
}

type BlockOn<C, E> =
    fn(&Call, &mut OpenContext<C>, ContextStep, Option<Duration>) -> ContextResult<E>;

impl<C> Entered<C>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    /// Enters `context` on the ambient loop, and blocks until that is done.
    ///
    /// # Errors
    ///
    /// The context's own error, if its `aenter` fails; the context is dropped then.
    ///
    /// # Panics
    ///
    /// If `aenter` panics, and where the bridge fails, as [`unkoil`](crate::unkoil()) does. If the
    /// context was entered all the same, it is left first.
    ///
    /// ```
    /// let file = koil::context_fn(
    ///     || async { Ok::<_, std::convert::Infallible>(String::from("open")) },
    ///     |_file, _cause| async { Ok(()) },
    /// );
    /// let file = koil::Entered::enter(file)?;
    /// assert_eq!(**file, "open");
    /// # Ok::<(), std::convert::Infallible>(())
    /// ```
    #[track_caller]
    pub fn enter(context: C) -> Result<Entered<C>, C::Error> {
        enter_at::<C, AnyThread>(begin(None, CallSite::here()), None, context)
    }
}

impl<C: LocalAsyncContext> Entered<C> {
    /// As [`enter`](Entered::enter), for a context that stays on this thread.
    ///
    /// # Errors
    ///
    /// As [`enter`](Entered::enter).
    ///
    /// # Panics
    ///
    /// As [`enter`](Entered::enter).
    #[track_caller]
    pub fn enter_local(context: C) -> Result<Entered<C>, C::Error> {
        enter_at::<C, SameThread>(begin(None, CallSite::here()), None, context)
    }

    /// Leaves the context now, and returns its value.
    ///
    /// Waits as long as the exit takes. In a scope that unwinds, a cancel interrupts the wait like
    /// any call: if the exit has not begun by then, the drop of the guard runs it instead.
    ///
    /// # Errors
    ///
    /// The context's own error, with the value.
    ///
    /// # Panics
    ///
    /// If `aexit` panics, and where the bridge fails: where this thread may not block, or after the
    /// loop has been stopped. An exit that has not begun by then is left to the drop of the guard.
    #[track_caller]
    pub fn close(mut self) -> Result<C, (C, C::Error)> {
        let entry = &self.open().entry;
        let site = CallSite {
            location: CallSite::here().location,
            ..entry.site
        };
        let core = entry.runtime.core().cloned();
        let call = match Call::admit(core.as_ref(), site, Answer::Output) {
            Ok(call) => call,
            Err(error) => error.throw(),
        };
        let _entered = call.enter();
        let Some(mut open) = self.open.take() else {
            unreachable!("a guard is closed once")
        };
        let outcome =
            (self.exits.block_on)(&call, &mut open, ContextStep::Exit(Exit::Closed), None);
        if !open.parts.is_empty() {
            // Some parts were not reached: the drop of the guard leaves them.
            self.open = Some(open);
            match outcome {
                Ok(()) => unreachable!("an exit that ends has left all parts"),
                Err(fault) => fault.throw(),
            }
        }
        open.closed(outcome)
    }

    fn open(&self) -> &OpenContext<C> {
        match &self.open {
            Some(open) => open,
            None => unreachable!("`close` takes the guard"),
        }
    }
}

/// Enters a context for a twin, on this loop or the ambient one.
///
/// # Errors
///
/// The context's own error.
#[track_caller]
pub fn enter<K: GuardKind<C>, C: LocalAsyncContext>(
    handle: Option<&Handle>,
    names: &'static ContextNames,
    context: C,
) -> Result<Entered<C>, C::Error> {
    let call = begin(handle, CallSite::of(names.enter));
    enter_at::<C, K>(call, Some(names), context)
}

#[track_caller]
pub(super) fn begin(handle: Option<&Handle>, site: CallSite) -> Call {
    match Call::admit(handle.map(Handle::core), site, Answer::Output) {
        Ok(call) => call,
        Err(error) => error.throw(),
    }
}

#[track_caller]
pub(super) fn enter_at<C: LocalAsyncContext, K: GuardKind<C>>(
    call: Call,
    names: Option<&'static ContextNames>,
    context: C,
) -> Result<Entered<C>, C::Error> {
    let Some(core) = call.core().cloned() else {
        unreachable!("a call that was admitted has a loop")
    };
    let exit = call.site().renamed(names.map(|names| names.exit));
    let entry = EntryRecord::new(EntryRuntime::Koil(core), exit, None);
    // The guard is made first, so that its drop undoes an enter at any stage.
    let mut guard = Entered::of_open::<K>(OpenContext::new(context, entry));
    let outcome = {
        let _entered = call.enter();
        let Some(open) = &mut guard.open else {
            unreachable!("it has just been filled")
        };
        let outcome = K::block_on(&call, open, ContextStep::Enter, None);
        open.entry.mark_entered();
        if outcome.is_ok() {
            open.entry.mark_open::<C>();
        }
        outcome
    };
    match outcome {
        Ok(()) => Ok(guard),
        Err(Fault::Own(error)) => Err(error),
        Err(fault) => fault.throw(),
    }
}

impl<C: LocalAsyncContext> Entered<C> {
    /// The guard of an open context of kind `K`.
    pub(super) fn of_open<K: GuardKind<C>>(open: OpenContext<C>) -> Entered<C> {
        Entered {
            open: Some(open),
            exits: ExitFns {
                block_on: K::block_on,
                on_drop: on_drop::leave::<C, K>,
            },
        }
    }

    /// Takes the open context out of its guard; from now on something else keeps it open.
    pub(super) fn into_open(mut self) -> OpenContext<C> {
        match self.open.take() {
            Some(open) => open,
            None => unreachable!("`close` takes the guard"),
        }
    }
}

impl<C: LocalAsyncContext> Deref for Entered<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.open().context
    }
}

impl<C: LocalAsyncContext> DerefMut for Entered<C> {
    fn deref_mut(&mut self) -> &mut C {
        match &mut self.open {
            Some(open) => &mut open.context,
            None => unreachable!("`close` takes the guard"),
        }
    }
}

impl<C: LocalAsyncContext> Drop for Entered<C> {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            (self.exits.on_drop)(open, DropWaits::LikeACall);
        }
    }
}

impl<C: LocalAsyncContext + fmt::Debug> fmt::Debug for Entered<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entered")
            .field(&self.open().context)
            .finish()
    }
}
