//! The one function that blocks: polls on the calling thread, and waits while nothing happens.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::clock::Clock;
use super::foreign::{self, Wait};
use super::hop::{Hop, Status};
use super::notice::Notice;
use super::park::{Parker, with_parker};
use super::work::Workload;
use crate::current::{Ground, LoopCore, Polling};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;

/// How often a future that wakes itself is polled again before the caller counts as waiting.
const SELF_WAKES: u32 = 64;

/// Who blocks, on which loop, for how long at most. The tokio context of the loop is entered.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) core: &'a Arc<LoopCore>,
    pub(crate) ground: &'a Ground,
    pub(crate) timeout: Option<Duration>,
    pub(crate) site: CallSite,
}

/// Does `work` until it is ready, the timeout passes or the loop stops.
///
/// The timeout counts from the first poll that is pending, so that a ready call pays nothing.
pub(crate) fn drive(terms: Terms<'_>, work: Workload<'_>) -> Result<(), Error> {
    let mut caller = Caller {
        terms,
        work,
        clock: Clock::new(terms.timeout),
    };
    let outcome = unwind::halt(|| with_parker(|parker, waker| caller.run(parker, waker)));
    outcome.unwrap_or_else(|payload| {
        // A poll that met the runtime in the moment of its end panics inside tokio.
        let text = unwind::text(&payload).unwrap_or_default();
        if terms.core.registry.is_stopped()
            && text.contains("context was found, but it is being shutdown")
        {
            return Err(caller.give_up(Kind::Shutdown));
        }
        unwind::resume(payload)
    })
}

struct Caller<'t, 'w> {
    terms: Terms<'t>,
    work: Workload<'w>,
    clock: Clock,
}

impl Caller<'_, '_> {
    fn run(&mut self, parker: &Parker, waker: &Waker) -> Result<(), Error> {
        let Terms {
            core, ground, site, ..
        } = self.terms;
        let is_ending = matches!(ground, Ground::Ending);
        if is_ending && !matches!(self.work, Workload::LoopBound(_)) {
            // Without tokio's thread-locals a poll here could find no context.
            return self.hop(parker, waker);
        }
        for _ in 0..SELF_WAKES {
            if core.registry.is_stopped() {
                return Err(self.give_up(Kind::Shutdown));
            }
            if self.poll(parker, waker)?.is_ready() {
                return Ok(());
            }
            if !parker.is_notified() {
                break;
            }
        }
        match foreign::how_to_wait(ground) {
            Wait::Park => self.wait(parker, waker, None),
            Wait::StepAside(runtime) => {
                let notice = Notice::begin(core, site);
                // The scheduler we leave may owe us a wake: poll again before the first sleep.
                parker.notify();
                let aside = foreign::step_aside(runtime, &core.tokio, || {
                    self.wait(parker, waker, Some(notice))
                });
                aside.unwrap_or_else(|| self.wait_beside_scheduler(parker, waker))
            }
            Wait::Hop => self.wait_beside_scheduler(parker, waker),
        }
    }

    /// Waits on a thread whose scheduler may owe the work a wake.
    fn wait_beside_scheduler(&mut self, parker: &Parker, waker: &Waker) -> Result<(), Error> {
        let Terms { core, site, .. } = self.terms;
        match self.work {
            Workload::LoopBound(_) => {
                let notice = Notice::begin(core, site);
                self.wait(parker, waker, Some(notice))
            }
            Workload::Local(_) | Workload::Send(_) => self.hop(parker, waker),
        }
    }

    /// Sleeps between polls, listed so that a stop wakes us.
    fn wait(
        &mut self,
        parker: &Parker,
        waker: &Waker,
        mut notice: Option<Notice<'_>>,
    ) -> Result<(), Error> {
        let core = self.terms.core;
        let Some(_listed) = core.registry.list(waker, self.terms.site) else {
            return Err(self.give_up(Kind::Shutdown));
        };
        loop {
            self.clock.sleep(parker, notice.as_mut());
            if core.registry.is_stopped() {
                return Err(self.give_up(Kind::Shutdown));
            }
            // A future that became ready in the last moment wins over its deadline.
            if self.poll(parker, waker)?.is_ready() {
                return Ok(());
            }
        }
    }

    /// Lends the work to the loop and sleeps until it is back; refused if it may not move.
    fn hop(&mut self, parker: &Parker, waker: &Waker) -> Result<(), Error> {
        let Terms {
            core, ground, site, ..
        } = self.terms;
        if !matches!(self.work, Workload::Send(_)) {
            return Err(self.give_up(match ground {
                Ground::Ending => Kind::ThreadEnding,
                _ => Kind::Stuck,
            }));
        }
        let Some(_listed) = core.registry.list(waker, site) else {
            return Err(self.give_up(Kind::Shutdown));
        };
        match self.lend(parker, waker) {
            Lent::Finished => Ok(()),
            Lent::Overdue => Err(self.timed_out()),
            Lent::Stopped => Err(self.give_up(Kind::Shutdown)),
        }
    }

    /// The time during which the loop has the work; it is back when this returns or unwinds.
    fn lend(&mut self, parker: &Parker, waker: &Waker) -> Lent {
        let Terms {
            core, ground, site, ..
        } = self.terms;
        let Workload::Send(work) = &mut self.work else {
            unreachable!("`hop` refuses the others")
        };
        let mut notice = (!matches!(ground, Ground::Ending)).then(|| Notice::begin(core, site));
        let hop = Hop::lend(core, *work, parker, waker);
        loop {
            parker.reset();
            let overdue = self.clock.is_overdue();
            let back = if overdue || core.registry.is_stopped() {
                hop.take_back()
            } else {
                hop.status()
            };
            match back {
                Status::Lent => self.clock.sleep(parker, notice.as_mut()),
                Status::Finished => {
                    hop.resume_panic();
                    return Lent::Finished;
                }
                Status::Returned if overdue => return Lent::Overdue,
                // The stop of the loop has taken it back, or its end has let go of it.
                Status::Returned => return Lent::Stopped,
            }
        }
    }

    /// Polls once; a pending poll looks at the clock.
    fn poll(&mut self, parker: &Parker, waker: &Waker) -> Result<Poll<()>, Error> {
        parker.reset();
        let polled = {
            let _polling = Polling::begin();
            self.poll_unbudgeted(&mut Context::from_waker(waker))
        };
        if polled.is_pending() && self.clock.is_overdue() {
            return Err(self.timed_out());
        }
        Ok(polled)
    }

    /// Polls without the cooperative budget of a foreign task, which would be used up for ever:
    /// its scheduler refills it between polls of its own only.
    fn poll_unbudgeted(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let work = self.work.get();
        if matches!(self.terms.ground, Ground::Plain) {
            return work.poll(cx);
        }
        pin!(tokio::task::coop::unconstrained(
            poll_fn(|cx| work.poll(cx))
        ))
        .poll(cx)
    }

    fn timed_out(&mut self) -> Error {
        self.give_up(Kind::Timeout(self.terms.timeout.unwrap_or_default()))
    }

    fn give_up(&mut self, kind: Kind) -> Error {
        self.work.get().abandon();
        Error::new(kind, self.terms.site)
    }
}

/// How a loan to the loop ended.
enum Lent {
    Finished,
    Overdue,
    Stopped,
}
