//! `Caller`: a blocking call that polls its work on the calling thread, and waits between the
//! polls.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::deferred::Polled;
use super::foreign::{self, Wait};
use super::kept::{Kept, with_any};
use super::notice::Notice;
use super::pace::Pace;
use super::relay::Relay;
use super::work::Workload;
use crate::current::{self, Entry, Ground, LoopCore, Polling};
use crate::report::blocked::BlockedWait;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::ambient::{CallToken, InCall, Inside, Obeys};
use crate::scope::cancel::{ambient, token::CancelToken};

/// The number of polls of a future that wakes itself, before the caller counts as waiting.
pub(super) const SELF_WAKES: u32 = 64;

/// The terms of a blocking call: its loop, its scope, its timeout. The tokio context of the loop is
/// entered.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) core: &'a Arc<LoopCore>,
    pub(crate) ground: &'a Ground,
    pub(crate) obeys: Option<&'a Obeys>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) at_stop: AtStop,
    pub(crate) site: CallSite,
}

/// The behaviour of a call when its loop is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtStop {
    GivesUp,
    /// It is part of a clean-up: it continues as long as the loop drives.
    GoesOn,
}

/// Continues a call that was not ready at its `first` poll, or begins one that has had no poll yet.
#[inline(never)]
pub(super) fn start(
    terms: Terms<'_>,
    work: Workload<'_>,
    first: Option<Result<Poll<()>, Payload>>,
) -> Result<(), Error> {
    let token = if first.is_some() {
        ambient::take_token()
    } else {
        CallToken::new(terms.obeys)
    };
    let mut caller = Caller {
        terms,
        work,
        clock: Clock::new(terms.timeout).with_due(due(terms.obeys)),
        token,
        beside: Beside::default(),
    };
    let is_polled = first.is_some();
    let outcome = match first {
        Some(Err(payload)) => Err(payload),
        Some(Ok(_)) | None => unwind::halt(|| with_any(|kept| caller.run(is_polled, kept))),
    };
    outcome.unwrap_or_else(|payload| {
        // Panics of tokio that report only the place where the future is polled, not an error
        // of the future.
        let text = unwind::text(&payload).unwrap_or_default();
        let kind = if terms.core.registry.is_stopped()
            && text.contains("context was found, but it is being shutdown")
        {
            Kind::Shutdown
        } else if matches!(terms.ground, Ground::Ending)
            && (text.contains("context thread-local variable has been destroyed")
                || text.contains("cannot create LocalSet during thread shutdown"))
        {
            Kind::ThreadEnding
        } else {
            unwind::resume(payload)
        };
        Err(caller.give_up(kind, false))
    })
}

pub(super) struct Caller<'t, 'w> {
    pub(super) terms: Terms<'t>,
    pub(super) work: Workload<'w>,
    pub(super) clock: Clock,
    pub(super) token: CallToken,
    pub(super) beside: Beside,
}

/// The state of the scheduler that runs on the calling thread, if there is one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside {
    /// Polls look for wakers that the scheduler keeps back.
    is_watched: bool,
    /// The scheduler keeps back a waker that is not the caller's.
    pub(super) is_owed: bool,
    /// The work has cloned its waker in its last poll.
    pub(super) has_registered: bool,
}

impl Caller<'_, '_> {
    #[inline]
    fn run(&mut self, is_polled: bool, kept: &Kept) -> Result<(), Error> {
        let Terms {
            core, ground, site, ..
        } = self.terms;
        if !is_polled && is_over(&self.terms) {
            return Err(self.give_up(Kind::Shutdown, false));
        }
        let is_inside_scheduler =
            matches!(ground, Ground::Foreign(_)) && kept.deferred().is_inside_scheduler();
        if self.work.is_lent() {
            return self.lend(is_inside_scheduler, kept);
        }
        // A scheduler of this thread never gets the waker of work that only the loop wakes.
        self.beside.is_watched = is_inside_scheduler && matches!(self.work, Workload::Own(_));
        for poll in 0..SELF_WAKES {
            let is_first_done = is_polled && poll == 0;
            if !is_first_done && self.poll(kept).is_ready() {
                return self.end();
            }
            if self.interruption().is_some() || self.beside.is_owed || !kept.parker.is_notified() {
                break;
            }
        }
        match foreign::how_to_wait(ground, is_inside_scheduler) {
            Wait::Park => match Relay::for_caller(core, ground) {
                Some(relay) => self.wait_or_drive(relay, kept),
                None => self.wait(BlockedWait::Parked, kept, None),
            },
            Wait::StepAside(runtime) => {
                let notice = Notice::begin(core, site);
                // The scheduler wakes the wakers that it keeps back when this thread leaves it. Our
                // own may come before the first sleep, so there is a poll before that.
                kept.parker.notify();
                let beside = std::mem::take(&mut self.beside);
                let aside = foreign::step_aside(runtime, &core.tokio, || {
                    self.wait(BlockedWait::SteppedAside, kept, Some(notice))
                });
                aside.unwrap_or_else(|| {
                    self.beside = beside;
                    self.wait_beside_scheduler(kept)
                })
            }
            Wait::BesideScheduler => self.wait_beside_scheduler(kept),
            Wait::Never => Err(self.give_up(Kind::ForkedTask, false)),
        }
    }

    #[inline]
    pub(super) fn poll(&mut self, kept: &Kept) -> Poll<()> {
        kept.parker.reset();
        let _polling = Polling::begin();
        let _in_call = InCall::enter(&mut self.token);
        let work = self.work.get();
        if matches!(self.terms.ground, Ground::Plain) {
            return work.poll(&mut Context::from_waker(&kept.waker));
        }
        // Without the cooperative budget of a foreign task: its scheduler refills the budget only
        // between its own polls, so here it would stay used up forever.
        let mut poll = |waker: &Waker| {
            pin!(tokio::task::coop::unconstrained(
                poll_fn(|cx| work.poll(cx))
            ))
            .poll(&mut Context::from_waker(waker))
        };
        if !self.beside.is_watched {
            return poll(&kept.waker);
        }
        let Polled {
            poll,
            is_owed,
            has_registered,
        } = kept.deferred().poll(poll);
        // A wake that is owed once stays owed.
        self.beside.is_owed |= is_owed;
        self.beside.has_registered = has_registered;
        poll
    }

    pub(super) fn interruption(&mut self) -> Option<Kind> {
        interruption(&self.terms, &mut self.clock)
    }

    /// Cancels the token of the future, gives a future that listens time to finish, then drops it.
    pub(super) fn cut_short(&mut self, kind: Kind, kept: &Kept) -> Error {
        let obeys = self.terms.obeys;
        let token = self.token.made();
        let was_heard = token.is_some_and(|token| signal(token, kind, obeys));
        let acknowledged = was_heard && self.finish_in_grace(kept);
        self.give_up(kind, acknowledged)
    }

    fn finish_in_grace(&mut self, kept: &Kept) -> bool {
        let mut grace = Clock::new(Some(self.terms.core.cancel_grace));
        let mut pace = Pace::new();
        loop {
            if self.poll(kept).is_ready() {
                return true;
            }
            if grace.is_overdue() {
                return false;
            }
            if self.beside.is_watched {
                pace.rest(self.beside.has_registered, &grace, &kept.parker, None);
            } else {
                grace.sleep(&kept.parker, None);
            }
        }
    }

    /// The work is done. If it has seen the cancel of its scope, its output came too late.
    #[inline]
    pub(super) fn end(&mut self) -> Result<(), Error> {
        let obeys = self.terms.obeys;
        match self.token.made().and_then(|token| heard(obeys, token)) {
            Some(kind) => Err(self.give_up(kind, true)),
            None => Ok(()),
        }
    }

    pub(super) fn give_up(&mut self, kind: Kind, acknowledged: bool) -> Error {
        // The process-wide loop is ambient without an entry; after a shutdown it is not ambient any
        // more.
        let core = self.terms.core;
        let _ambient = (!current::is_ambient(core)).then(|| Entry::push(core.clone()));
        {
            // Drops may block to clean up, and are not cut short themselves.
            let _in_clean_up = Inside::clean_up();
            self.work.get().abandon();
        }
        let Terms { obeys, site, .. } = self.terms;
        let error = match (kind, obeys) {
            (Kind::Cancelled | Kind::Deadline(_), Some(obeys)) => obeys.error(kind, site),
            (Kind::Shutdown, _) => Error::new(core.end(), site),
            _ => Error::new(kind, site),
        };
        error.with_acknowledged(acknowledged)
    }
}

/// True if the loop is stopped and will not wait for this call. A call that continues after the
/// stop learns the end of the loop from the registry.
pub(super) fn is_over(terms: &Terms<'_>) -> bool {
    terms.at_stop == AtStop::GivesUp && terms.core.registry.is_stopped()
}

/// The reason to cut the call short, if there is one by now.
pub(super) fn interruption(terms: &Terms<'_>, clock: &mut Clock) -> Option<Kind> {
    if is_over(terms) {
        return Some(Kind::Shutdown);
    }
    if let Some(reason) = terms.obeys.and_then(Obeys::reason) {
        return Some(reason.kind());
    }
    clock
        .is_overdue()
        .then(|| Kind::Timeout(terms.timeout.unwrap_or_default()))
}

/// The reason why the call was cut short, where its future saw the cancel before the caller did.
pub(super) fn heard(obeys: Option<&Obeys>, token: &CancelToken) -> Option<Kind> {
    let reason = obeys?.token.reason()?;
    token.was_heard().then(|| reason.kind())
}

/// Cancels the token of a call that is cut short. True if the future listens to it.
pub(super) fn signal(token: &CancelToken, kind: Kind, obeys: Option<&Obeys>) -> bool {
    match kind {
        Kind::Timeout(_) => token.cancel("the call has timed out"),
        Kind::Shutdown => token.cancel("the loop is shutting down"),
        // The cancel may still be on its way down from the scope.
        _ => match obeys.and_then(|obeys| obeys.token.reason()) {
            Some(reason) => token.cancel(reason),
            None => token.cancel("the call is cancelled"),
        },
    };
    token.was_heard()
}

fn due(obeys: Option<&Obeys>) -> Option<Instant> {
    obeys.and_then(|obeys| obeys.due.as_ref()).map(|due| due.at)
}
