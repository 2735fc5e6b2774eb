//! `EntryRecord`: where and how a context was entered, which decides how it is left.

use std::any::type_name;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::RuntimeFlavor;

use super::async_context::LocalAsyncContext;
use super::exit::ExitLimit;
use super::open_parts::OpenParts;
use super::step::{ContextResult, ContextStep, Fault};
use crate::call::reporter::Reporter;
use crate::current::GuardMark;
use crate::current::LoopCore;
use crate::global;
use crate::report::error::Error;
use crate::report::exit::{Exit, Origin, OriginKind};
use crate::report::process_end::OpenMark;
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::current_cancel;
use crate::scope::cancel::token::CancelToken;
use crate::scope::context::snapshot::Snapshot;

/// The names of a context's enter and exit, for error texts; each has a line for the twin and one
/// for the original.
///
/// Used by generated code; not meant to be written by hand.
#[derive(Debug, Clone, Copy)]
pub struct ContextNames {
    /// `BlockingPool::enter` and `Pool::enter`.
    pub enter: &'static str,
    /// The drop of the guard, and the method to await instead.
    pub exit: &'static str,
}

/// The runtime that a context was entered on.
#[derive(Clone)]
pub(super) enum EntryRuntime {
    Koil(Arc<LoopCore>),
    /// A runtime of the application.
    Foreign(tokio::runtime::Handle),
    /// No tokio runtime.
    None,
}

impl EntryRuntime {
    /// The runtime of the async code that runs here.
    pub(super) fn of_async_code() -> EntryRuntime {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return EntryRuntime::None;
        };
        let mut loops = LoopCore::all().into_iter();
        match loops.find(|core| core.tokio.id() == runtime.id()) {
            Some(core) => EntryRuntime::Koil(core),
            None => EntryRuntime::Foreign(runtime),
        }
    }

    /// This runtime; the ambient loop if there is none.
    pub(super) fn or_ambient(self, site: CallSite) -> Result<EntryRuntime, Error> {
        match self {
            EntryRuntime::None => global::ambient(site).map(EntryRuntime::Koil),
            runtime => Ok(runtime),
        }
    }

    pub(super) fn core(&self) -> Option<&Arc<LoopCore>> {
        match self {
            EntryRuntime::Koil(core) => Some(core),
            EntryRuntime::Foreign(_) | EntryRuntime::None => None,
        }
    }

    /// True if this thread can wait for a task of it: other threads drive it, whatever this one does.
    pub(super) fn has_other_drivers(&self) -> bool {
        match self {
            EntryRuntime::Koil(_) => true,
            EntryRuntime::Foreign(runtime) => {
                runtime.runtime_flavor() == RuntimeFlavor::MultiThread
            }
            EntryRuntime::None => false,
        }
    }

    /// True in a forked child, if the context was entered before the fork.
    pub(super) fn is_forked(&self) -> bool {
        self.core().is_some_and(|core| core.is_forked())
    }
}

/// The circumstances in which a context was entered.
pub(super) struct EntryRecord {
    pub(super) runtime: EntryRuntime,
    /// The call site of the enter, with the names of the exit.
    pub(super) site: CallSite,
    was_panicking: bool,
    /// The token of the call or task it was entered in.
    token: Option<CancelToken>,
    /// The context variables as the enter left them: an exit that a drop runs finds them again.
    // Only cloned and replaced, so it is whole after any panic.
    variables: AssertUnwindSafe<Snapshot>,
    /// The mark that makes the loop wait for the guard.
    mark: Option<GuardMark>,
    /// Set once the context has been entered: an end of the process before its exit is told.
    open_mark: Option<OpenMark>,
}

impl EntryRecord {
    pub(super) fn new(
        runtime: EntryRuntime,
        site: CallSite,
        token: Option<CancelToken>,
    ) -> EntryRecord {
        EntryRecord {
            mark: runtime.core().cloned().map(GuardMark::new),
            runtime,
            site,
            was_panicking: std::thread::panicking(),
            token,
            variables: AssertUnwindSafe(Snapshot::capture()),
            open_mark: None,
        }
    }

    /// The reason why a guard is dropped at this moment.
    pub(super) fn cause(&self) -> Exit {
        if let Some(core) = self.runtime.core()
            && core.registry.is_stopped()
        {
            return Exit::Shutdown;
        }
        // A guard made by a drop during an unwinding is not dropped because of that panic.
        if std::thread::panicking() && !self.was_panicking {
            return if unwind::is_cutting() {
                Exit::Cancelled
            } else {
                Exit::Panicking
            };
        }
        if current_cancel::is_cut_short()
            || self.token.as_ref().is_some_and(CancelToken::is_cancelled)
        {
            return Exit::Cancelled;
        }
        Exit::Dropped
    }

    /// The time limit of an exit on a koil loop. `None` on a runtime of the application: no loop
    /// waits for that exit, and a drop that waits bounds only its own wait.
    pub(super) fn grace(&self) -> Option<Duration> {
        self.runtime.core().map(|core| core.cancel_grace)
    }

    /// The limit of an exit that is handed to the runtime.
    pub(super) fn limit_of_handed_over(&self) -> ExitLimit {
        self.runtime.core().map_or(ExitLimit::None, |core| {
            ExitLimit::UntilStop(core.cancel_grace, core.token.clone())
        })
    }

    /// The context variables for the exit.
    pub(super) fn variables(&self) -> Snapshot {
        self.variables.clone()
    }

    /// Records the context variables of the moment at which the enter has ended.
    pub(super) fn mark_entered(&mut self) {
        self.variables = AssertUnwindSafe(Snapshot::capture());
    }

    /// From now on a guard of this thread keeps the context open, outside of the call in which it
    /// was entered.
    pub(super) fn without_call(mut self) -> EntryRecord {
        self.token = None;
        // The first mark is dropped after the second is made, so that the loop sees one always.
        self.mark = self.runtime.core().cloned().map(GuardMark::new);
        self
    }

    /// Records that the context `C` has been entered, until this is dropped.
    pub(super) fn mark_open<C>(&mut self) {
        self.open_mark = Some(OpenMark::new(self.origin::<C>()));
    }

    fn origin<C>(&self) -> Origin {
        Origin {
            kind: OriginKind::Context,
            name: type_name::<C>(),
            at: Some(self.site.location),
        }
    }

    /// From now on the loop keeps the context open, instead of a guard.
    pub(super) fn without_guard(mut self) -> EntryRecord {
        self.mark = None;
        self
    }

    pub(super) fn reporter<C>(&self, cause: Exit) -> Reporter {
        Reporter {
            core: self.runtime.core().cloned(),
            origin: self.origin::<C>(),
            cause,
        }
    }
}

/// A context that is entered, in part or as a whole. Plain data: its guard decides when to leave
/// it.
pub struct OpenContext<C> {
    pub(super) context: C,
    pub(super) parts: OpenParts,
    pub(super) entry: EntryRecord,
}

impl<C> OpenContext<C> {
    /// A context that is not entered yet.
    pub(super) fn new(context: C, entry: EntryRecord) -> OpenContext<C> {
        OpenContext {
            context,
            parts: OpenParts::new(entry.site.location),
            entry,
        }
    }

    /// The result of a `close`, once the context has been left.
    #[track_caller]
    pub(super) fn closed<E>(self, outcome: ContextResult<E>) -> Result<C, (C, E)> {
        match outcome {
            Ok(()) => Ok(self.context),
            Err(Fault::Own(error)) => Err((self.context, error)),
            Err(fault) => {
                drop(self);
                fault.throw()
            }
        }
    }
}

impl<C: LocalAsyncContext> OpenContext<C> {
    /// Takes a step. A panic of `aenter` or `aexit` before its first await is one of this future,
    /// too.
    pub(super) async fn take_step(&mut self, step: ContextStep) -> Result<(), C::Error> {
        let (context, parts) = (&mut self.context, &mut self.parts);
        match step {
            ContextStep::Enter => context.__koil_enter(parts).await,
            ContextStep::Exit(cause) => context.__koil_leave(parts, cause).await,
        }
    }
}
