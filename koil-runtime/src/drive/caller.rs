//! A call that blocks: polls on the calling thread, and waits while nothing happens.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::foreign::{self, Wait};
use super::hop::{Hop, Status};
use super::kept::with_parker;
use super::notice::Notice;
use super::park::Parker;
use super::relay::Relay;
use super::waiters::Listed;
use super::work::Workload;
use crate::current::{self, Entry, Ground, LoopCore, Polling};
use crate::pool::Waiting;
use crate::report::blocked::BlockedWait;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::ambient::{self, CallToken, InCall, Inside, Obeys};
use crate::scope::cancel::token::{CancelToken, Listening};

/// How often a future that wakes itself is polled again before the caller counts as waiting.
pub(super) const SELF_WAKES: u32 = 64;

/// Who blocks, on which loop, for how long at most. The tokio context of the loop is entered.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) core: &'a Arc<LoopCore>,
    pub(crate) ground: &'a Ground,
    pub(crate) obeys: Option<&'a Obeys>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) at_stop: AtStop,
    pub(crate) site: CallSite,
}

/// What a call does when its loop is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtStop {
    GivesUp,
    /// It is part of a clean-up: it goes on as long as the loop drives.
    GoesOn,
}

/// Goes on with a call that was not ready at its `first` poll, or begins one that has had none.
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
    };
    let is_polled = first.is_some();
    let outcome = match first {
        Some(Err(payload)) => Err(payload),
        Some(Ok(_)) | None => {
            unwind::halt(|| with_parker(|parker, waker| caller.run(is_polled, parker, waker)))
        }
    };
    outcome.unwrap_or_else(|payload| {
        // A poll that met the runtime in the moment of its end panics inside tokio.
        let text = unwind::text(&payload).unwrap_or_default();
        if terms.core.registry.is_stopped()
            && text.contains("context was found, but it is being shutdown")
        {
            return Err(caller.give_up(Kind::Shutdown, false));
        }
        unwind::resume(payload)
    })
}

pub(super) struct Caller<'t, 'w> {
    pub(super) terms: Terms<'t>,
    work: Workload<'w>,
    pub(super) clock: Clock,
    token: CallToken,
}

impl Caller<'_, '_> {
    #[inline]
    fn run(&mut self, is_polled: bool, parker: &Parker, waker: &Waker) -> Result<(), Error> {
        let Terms {
            core, ground, site, ..
        } = self.terms;
        let is_ending = matches!(ground, Ground::Ending);
        if is_ending && !matches!(self.work, Workload::LoopBound(_)) {
            // Without tokio's thread-locals a poll here could find no context.
            return self.hop(parker, waker);
        }
        if !is_polled && is_over(&self.terms) {
            return Err(self.give_up(Kind::Shutdown, false));
        }
        for poll in 0..SELF_WAKES {
            let is_first_done = is_polled && poll == 0;
            if !is_first_done && self.poll(parker, waker).is_ready() {
                return self.end();
            }
            if self.interruption().is_some() || !parker.is_notified() {
                break;
            }
        }
        match foreign::how_to_wait(ground) {
            Wait::Park => match Relay::for_caller(core, ground) {
                Some(relay) => self.wait_or_drive(relay, parker, waker),
                None => self.wait(BlockedWait::Parked, parker, waker, None),
            },
            Wait::StepAside(runtime) => {
                let notice = Notice::begin(core, site);
                // The scheduler we leave may owe us a wake: poll again before the first sleep.
                parker.notify();
                let aside = foreign::step_aside(runtime, &core.tokio, || {
                    self.wait(BlockedWait::SteppedAside, parker, waker, Some(notice))
                });
                aside.unwrap_or_else(|| self.wait_beside_scheduler(parker, waker))
            }
            Wait::Hop => self.wait_beside_scheduler(parker, waker),
            Wait::Never => Err(self.give_up(Kind::ForkedTask, false)),
        }
    }

    /// Waits on a thread whose scheduler may owe the work a wake.
    fn wait_beside_scheduler(&mut self, parker: &Parker, waker: &Waker) -> Result<(), Error> {
        let Terms { core, site, .. } = self.terms;
        match self.work {
            Workload::LoopBound(_) => {
                let notice = Notice::begin(core, site);
                // Its hook may have blocked, and taken a wake for its own.
                parker.notify();
                self.wait(BlockedWait::Parked, parker, waker, Some(notice))
            }
            Workload::Local(_) | Workload::Send(_) => self.hop(parker, waker),
        }
    }

    /// Sleeps between polls, listed so that a stop or a cancel wakes us.
    pub(super) fn wait(
        &mut self,
        wait: BlockedWait,
        parker: &Parker,
        waker: &Waker,
        notice: Option<Notice<'_>>,
    ) -> Result<(), Error> {
        let Terms { core, site, .. } = self.terms;
        let Some(listed) = core.registry.list(waker, site, wait) else {
            return Err(self.give_up(Kind::Shutdown, false));
        };
        self.wait_listed(&listed, parker, waker, notice)
    }

    /// The same of one that is listed already, with this waker.
    pub(super) fn wait_listed(
        &mut self,
        listed: &Listed<'_>,
        parker: &Parker,
        waker: &Waker,
        mut notice: Option<Notice<'_>>,
    ) -> Result<(), Error> {
        let Terms { core, obeys, .. } = self.terms;
        let _need = Relay::need_of(core);
        let _listening = obeys.and_then(|obeys| Listening::begin(&obeys.token, waker));
        let _waiting = Waiting::begin();
        loop {
            // Asked before each sleep too: a cancel may have come before we listened.
            if let Some(kind) = self.interruption() {
                listed.now(BlockedWait::InCleanUp);
                return Err(self.cut_short(kind, parker, waker));
            }
            self.clock.sleep(parker, notice.as_mut());
            // A future that became ready in the last moment wins over what cuts it short.
            if self.poll(parker, waker).is_ready() {
                return self.end();
            }
        }
    }

    /// Lends the work to the loop and sleeps until it is back; refused if it may not move.
    fn hop(&mut self, parker: &Parker, waker: &Waker) -> Result<(), Error> {
        let Terms {
            core,
            ground,
            obeys,
            site,
            ..
        } = self.terms;
        if !matches!(self.work, Workload::Send(_)) {
            if let Some(kind) = self.interruption() {
                let _listed = core.registry.list(waker, site, BlockedWait::InCleanUp);
                return Err(self.cut_short(kind, parker, waker));
            }
            let kind = match ground {
                Ground::Ending => Kind::ThreadEnding,
                _ => Kind::Stuck,
            };
            return Err(self.give_up(kind, false));
        }
        let Some(listed) = core.registry.list(waker, site, BlockedWait::Hopped) else {
            return Err(self.give_up(Kind::Shutdown, false));
        };
        let _need = Relay::need_of(core);
        let _listening = obeys.and_then(|obeys| Listening::begin(&obeys.token, waker));
        let _waiting = Waiting::begin();
        let Err((kind, acknowledged)) = self.lend(&listed, parker, waker) else {
            return Ok(());
        };
        Err(self.give_up(kind, acknowledged))
    }

    /// The time during which the loop has the work; it is back when this returns or unwinds.
    /// On `Err`: what cut the call short, and whether the work acknowledged it.
    fn lend(
        &mut self,
        listed: &Listed<'_>,
        parker: &Parker,
        waker: &Waker,
    ) -> Result<(), (Kind, bool)> {
        let Terms {
            core,
            ground,
            obeys,
            site,
            ..
        } = self.terms;
        // The loop is in no scope of this thread, so the token has to be there before.
        let token = self.token.make();
        let mut notice = (!matches!(ground, Ground::Ending)).then(|| Notice::begin(core, site));
        let Workload::Send(work) = &mut self.work else {
            unreachable!("`hop` refuses the others")
        };
        let hop = Hop::lend(core, *work, token.clone(), parker, waker);
        let mut cut = None;
        while hop.status() == Status::Lent && cut.is_none() {
            parker.reset();
            cut = interruption(&self.terms, &mut self.clock);
            if cut.is_none() && hop.status() == Status::Lent {
                self.clock.sleep(parker, notice.as_mut());
            }
        }
        let Some(kind) = cut else {
            hop.resume_panic();
            // Unasked, the loop lets go of it only because it ends.
            return match hop.status() {
                Status::Finished => match heard(obeys, &token) {
                    Some(kind) => Err((kind, true)),
                    None => Ok(()),
                },
                Status::Returned | Status::Lent => Err((Kind::Shutdown, false)),
            };
        };
        listed.now(BlockedWait::InCleanUp);
        let was_heard = signal(&token, kind, obeys);
        let mut grace = Clock::new(was_heard.then_some(core.cancel_grace));
        while was_heard && hop.status() == Status::Lent && !grace.is_overdue() {
            grace.sleep(parker, None);
            parker.reset();
        }
        let back = hop.take_back();
        hop.resume_panic();
        match back {
            // It was ready before it could know.
            Status::Finished if !was_heard => Ok(()),
            Status::Finished => Err((kind, true)),
            Status::Returned | Status::Lent => Err((kind, false)),
        }
    }

    #[inline]
    pub(super) fn poll(&mut self, parker: &Parker, waker: &Waker) -> Poll<()> {
        parker.reset();
        self.poll_once(waker)
    }

    #[inline]
    pub(super) fn poll_once(&mut self, waker: &Waker) -> Poll<()> {
        let _polling = Polling::begin();
        let _in_call = InCall::enter(&mut self.token);
        let work = self.work.get();
        let cx = &mut Context::from_waker(waker);
        if matches!(self.terms.ground, Ground::Plain) {
            return work.poll(cx);
        }
        // Without the cooperative budget of a foreign task: its scheduler refills that between
        // polls of its own only, so here it would be used up for ever.
        pin!(tokio::task::coop::unconstrained(
            poll_fn(|cx| work.poll(cx))
        ))
        .poll(cx)
    }

    pub(super) fn interruption(&mut self) -> Option<Kind> {
        interruption(&self.terms, &mut self.clock)
    }

    /// Tells the future, and gives one that listens time to finish; then lets go of it.
    pub(super) fn cut_short(&mut self, kind: Kind, parker: &Parker, waker: &Waker) -> Error {
        let obeys = self.terms.obeys;
        let token = self.token.made();
        let was_heard = token.is_some_and(|token| signal(token, kind, obeys));
        let acknowledged = was_heard && self.finish_in_grace(parker, waker);
        self.give_up(kind, acknowledged)
    }

    fn finish_in_grace(&mut self, parker: &Parker, waker: &Waker) -> bool {
        let mut grace = Clock::new(Some(self.terms.core.cancel_grace));
        loop {
            if self.poll(parker, waker).is_ready() {
                return true;
            }
            if grace.is_overdue() {
                return false;
            }
            grace.sleep(parker, None);
        }
    }

    /// The work is done. If it has heard that its scope was cancelled, that came too late.
    #[inline]
    pub(super) fn end(&mut self) -> Result<(), Error> {
        let obeys = self.terms.obeys;
        match self.token.made().and_then(|token| heard(obeys, token)) {
            Some(kind) => Err(self.give_up(kind, true)),
            None => Ok(()),
        }
    }

    pub(super) fn give_up(&mut self, kind: Kind, acknowledged: bool) -> Error {
        // The process-wide loop is ambient without an entry; once shut down, it is so no more.
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

/// The loop will not wait for this call. One that goes on learns it from the registry.
fn is_over(terms: &Terms<'_>) -> bool {
    terms.at_stop == AtStop::GivesUp && terms.core.registry.is_stopped()
}

/// What cuts the call short, if anything does by now.
fn interruption(terms: &Terms<'_>, clock: &mut Clock) -> Option<Kind> {
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

/// What cut a call short whose future heard of it before the caller did.
fn heard(obeys: Option<&Obeys>, token: &CancelToken) -> Option<Kind> {
    let reason = obeys?.token.reason()?;
    token.was_heard().then(|| reason.kind())
}

/// Cancels the token of a call that is cut short. True if somebody listens to it.
fn signal(token: &CancelToken, kind: Kind, obeys: Option<&Obeys>) -> bool {
    match kind {
        Kind::Timeout(_) => token.cancel("the call has timed out"),
        Kind::Shutdown => token.cancel("the loop is shutting down"),
        // It may still be on its way down from the scope.
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
