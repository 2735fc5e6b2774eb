//! `Stay`: where and how a context was entered, which decides how it is left.

use std::any::type_name;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use super::progress::Progress;
use super::tell::Teller;
use crate::current::GuardMark;
use crate::current::LoopCore;
use crate::report::exit::Exit;
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
pub(super) enum Home {
    Koil(Arc<LoopCore>),
    /// A runtime of the application.
    Foreign(tokio::runtime::Handle),
    /// No tokio runtime.
    Nowhere,
}

impl Home {
    /// The runtime of the async code that runs here.
    pub(super) fn of_async_code() -> Home {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return Home::Nowhere;
        };
        let mut loops = LoopCore::all().into_iter();
        match loops.find(|core| core.tokio.id() == runtime.id()) {
            Some(core) => Home::Koil(core),
            None => Home::Foreign(runtime),
        }
    }

    pub(super) fn core(&self) -> Option<&Arc<LoopCore>> {
        match self {
            Home::Koil(core) => Some(core),
            Home::Foreign(_) | Home::Nowhere => None,
        }
    }
}

/// The circumstances in which a context was entered.
pub(super) struct Stay {
    pub(super) home: Home,
    /// The call site of the enter, with the names of the exit.
    pub(super) site: CallSite,
    was_panicking: bool,
    /// The token of the call or task it was entered in.
    token: Option<CancelToken>,
    /// The context variables as the enter left them: an exit that a drop runs finds them again.
    // Only cloned and replaced, so it is whole after any panic.
    context: AssertUnwindSafe<Snapshot>,
    /// The mark that makes the loop wait for the guard.
    mark: Option<GuardMark>,
}

impl Stay {
    pub(super) fn new(home: Home, site: CallSite, token: Option<CancelToken>) -> Stay {
        Stay {
            mark: home.core().cloned().map(GuardMark::new),
            home,
            site,
            was_panicking: std::thread::panicking(),
            token,
            context: AssertUnwindSafe(Snapshot::capture()),
        }
    }

    /// The reason why a guard is dropped at this moment.
    pub(super) fn cause(&self) -> Exit {
        if let Some(core) = self.home.core()
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

    /// True in a forked child, if it was entered before the fork.
    pub(super) fn is_forked(&self) -> bool {
        self.home.core().is_some_and(|core| core.is_forked())
    }

    /// The time limit of an exit on a koil loop. `None` on a runtime of the application: no loop
    /// waits for that exit, and a drop that waits bounds only its own wait.
    pub(super) fn grace(&self) -> Option<Duration> {
        self.home.core().map(|core| core.cancel_grace)
    }

    /// The context variables for the exit.
    pub(super) fn context(&self) -> Snapshot {
        self.context.clone()
    }

    /// Records that the context has been entered, with the context variables of this moment.
    pub(super) fn begins(&mut self) {
        self.context = AssertUnwindSafe(Snapshot::capture());
    }

    /// From now on its loop keeps the context open, and no longer a guard.
    pub(super) fn without_guard(mut self) -> Stay {
        self.mark = None;
        self
    }

    pub(super) fn teller<C>(&self, cause: Exit) -> Teller {
        Teller {
            core: self.home.core().cloned(),
            context: type_name::<C>(),
            at: Some(self.site.location),
            cause,
        }
    }
}

/// A context that is entered, in part or as a whole. Plain data: its guard decides when to leave
/// it.
pub(super) struct Open<C> {
    pub(super) context: C,
    pub(super) progress: Progress,
    pub(super) stay: Stay,
}

impl<C> Open<C> {
    /// A context that is not entered yet.
    pub(super) fn new(context: C, stay: Stay) -> Open<C> {
        Open {
            context,
            progress: Progress::new(stay.site.location),
            stay,
        }
    }
}
