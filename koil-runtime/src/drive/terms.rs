//! `Terms`: the terms of a blocking call, and the one place that says what cuts it short: the stop
//! or fork of its loop, a cancel or deadline of its scope, its own timeout, the host of the process.
//!
//! The same limits are checked when a call begins and, in this order, before each of its sleeps.
//!
//! ```text
//! begins --> polls <--> sleeps
//!   | a limit is reached   | a limit is reached
//!   v                      v
//! refused       its token is cancelled --> its future listens: it has `cancel_grace` to finish
//!                          | else                              |
//!                          v                                   v
//!               the future is dropped under its loop: an error, `acknowledged` if it finished
//! ```
//!
//! A future that is ready at the same moment wins, unless it has seen the cancel.

use std::sync::Arc;
use std::task::Waker;
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::thread_cache::ThreadCache;
use crate::current::{LoopCore, ThreadKind};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::{self, Answer, CancelPolicy, CancelSource};
use crate::scope::cancel::token::{CancelToken, Listening};

/// The events that may end a call before its work is done, apart from its own timeout.
#[derive(Debug)]
pub(crate) enum Limits {
    /// The stop of its loop, or the host.
    Stop,
    /// The stop of its loop: a job makes the call, which learns of a cancel by other ways.
    Job,
    /// The stop of its loop, the cancel of its scope, or the host.
    Scope(CancelSource),
    /// The stop of its loop, or the end of `cancel_grace`: the call is made by a clean-up.
    Grace,
    /// The end of its loop, which waits for the call: it runs an exit.
    Exit,
}

impl Limits {
    /// The limits of a call that begins here.
    #[inline]
    pub(crate) fn here(answer: Answer) -> Limits {
        match current_cancel::policy(answer) {
            CancelPolicy::Nothing => Limits::Stop,
            CancelPolicy::Cancel(source) => Limits::Scope(source),
            CancelPolicy::Grace => Limits::Grace,
        }
    }

    #[inline]
    pub(super) fn source(&self) -> Option<&CancelSource> {
        match self {
            Limits::Scope(source) => Some(source),
            Limits::Stop | Limits::Job | Limits::Grace | Limits::Exit => None,
        }
    }

    /// Wakes `waker` when the scope is cancelled, until the result is dropped.
    pub(super) fn listen(&self, waker: &Waker) -> Option<Listening> {
        Listening::begin(&self.source()?.token, waker)
    }

    /// The timeout of a wait on `core`: the shorter of its own `timeout` and, in a clean-up, of
    /// `cancel_grace`.
    #[inline]
    pub(crate) fn timeout(&self, timeout: Option<Duration>, core: &LoopCore) -> Option<Duration> {
        let grace = matches!(self, Limits::Grace).then_some(core.cancel_grace);
        timeout.into_iter().chain(grace).min()
    }

    /// True if the loop has been stopped and does not wait for the call. A call that runs an exit
    /// learns the end of the loop from the registry.
    #[inline]
    pub(super) fn is_over(&self, core: &LoopCore) -> bool {
        !matches!(self, Limits::Exit) && core.registry.is_stopped()
    }

    /// The limit that a call on `core` has reached by now.
    #[inline]
    pub(crate) fn reached(&self, core: &LoopCore) -> Option<Kind> {
        if self.is_over(core) {
            return Some(Kind::Shutdown);
        }
        Some(self.source()?.check()?.kind())
    }

    /// The error of a call on `core` that `kind` has ended.
    pub(crate) fn error(&self, kind: Kind, core: &LoopCore, site: CallSite) -> Error {
        match (kind, self) {
            (Kind::Shutdown, _) => core.end_error(site),
            (Kind::Cancelled | Kind::Deadline(_), Limits::Scope(source)) => {
                source.error(kind, site)
            }
            _ => Error::new(kind, site),
        }
    }
}

/// The terms of a blocking call that has been admitted. The tokio context of its loop is entered.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) core: &'a Arc<LoopCore>,
    pub(crate) thread: &'a ThreadKind,
    pub(crate) limits: &'a Limits,
    pub(crate) timeout: Option<Duration>,
    pub(crate) site: CallSite,
    /// The calling thread, if it is known to have no other koil state than this call.
    pub(crate) free: Option<FreeThread<'a>>,
}

/// The calling thread, if its only koil state is entered loops and the tokio context of one call.
#[derive(Clone, Copy)]
pub(crate) struct FreeThread<'a> {
    pub(crate) cache: &'a ThreadCache,
    /// The flags of the thread, the context included.
    pub(crate) flags: u32,
}

impl Terms<'_> {
    /// The clock of the call; its sleeps end at the deadline of its scope too.
    pub(super) fn clock(&self) -> Clock {
        let clock = Clock::new(self.timeout).with_due(self.due());
        match self.limits {
            // A drop that runs while the thread unwinds has to finish.
            Limits::Stop | Limits::Scope(_) if !std::thread::panicking() => clock.with_questions(),
            _ => clock,
        }
    }

    fn due(&self) -> Option<Instant> {
        Some(self.limits.source()?.due.as_ref()?.at)
    }

    /// The limit that the call has reached by now.
    pub(super) fn reached(&self, clock: &mut Clock) -> Option<Kind> {
        if let Some(reached) = self.limits.reached(self.core) {
            return Some(reached);
        }
        if clock.check_overdue() {
            return Some(Kind::Timeout(self.timeout.unwrap_or_default()));
        }
        clock.ask_if_due().then_some(Kind::Cancelled)
    }

    /// Cancels the token of a call that `kind` cuts short, as `clock` has found. True if the future
    /// listens to it.
    pub(super) fn signal(&self, token: &CancelToken, kind: Kind, clock: &Clock) -> bool {
        match kind {
            Kind::Timeout(_) => token.cancel("the call has timed out"),
            Kind::Shutdown => token.cancel("the loop is shutting down"),
            // The cancel may still be on its way down from the scope.
            _ => match self
                .limits
                .source()
                .and_then(|source| source.token.reason())
                .or_else(|| clock.refusal().cloned())
            {
                Some(reason) => token.cancel(reason),
                None => token.cancel("the call is cancelled"),
            },
        };
        token.was_heard()
    }

    /// The error of a call that `kind` has ended, as `clock` has found.
    pub(super) fn error(&self, kind: Kind, clock: &Clock) -> Error {
        match (kind, clock.refusal()) {
            (Kind::Cancelled, Some(reason)) if self.limits.reached(self.core).is_none() => {
                let error = Error::with_source(kind, self.site, reason.clone());
                error.with_unwind_to(self.limits.source().and_then(CancelSource::unwinds_to))
            }
            _ => self.limits.error(kind, self.core, self.site),
        }
    }

    /// The limit that the future of the call saw before its caller did.
    pub(super) fn heard(&self, token: &CancelToken) -> Option<Kind> {
        let reason = self.limits.source()?.token.reason()?;
        token.was_heard().then(|| reason.kind())
    }
}
