//! How a call waits on a thread that may drive its loop.

use std::task::{Poll, Waker};
use std::time::Instant;

use super::turn::{Outcome, Turn};
use super::{AHEAD, Relay};
use crate::drive::caller::{Caller, Terms};
use crate::drive::park::Parker;
use crate::drive::waiters::Listed;
use crate::report::blocked::BlockedWait;
use crate::report::error::{Error, Kind};
use crate::report::unwind;
use crate::scope::cancel::token::Listening;

impl Caller<'_, '_> {
    /// Waits on a thread that may drive the loop: drives it, unless the loop thread does and the
    /// first wake is the last.
    pub(in crate::drive) fn wait_or_drive(
        &mut self,
        relay: &Relay,
        parker: &Parker,
        waker: &Waker,
    ) -> Result<(), Error> {
        let Terms { core, site, .. } = self.terms;
        let Some(listed) = core.registry.list(waker, site, BlockedWait::Parked) else {
            return Err(self.give_up(Kind::Shutdown, false));
        };
        match self.sleep_or_drive(relay, &listed, parker, waker) {
            Outcome::Ready => self.end(),
            Outcome::Panicked(payload) => unwind::resume(payload),
            Outcome::Dead => Err(self.give_up(Kind::Shutdown, false)),
            Outcome::Cut(kind) => {
                let _need = relay.need();
                listed.now(BlockedWait::InCleanUp);
                Err(self.cut_short(kind, parker, waker))
            }
            Outcome::Left | Outcome::Refused => {
                listed.now(BlockedWait::Parked);
                listed.wake_by(waker);
                // The work has been polled with another waker.
                parker.notify();
                self.wait_listed(&listed, parker, waker, None)
            }
        }
    }

    fn sleep_or_drive(
        &mut self,
        relay: &Relay,
        listed: &Listed<'_>,
        parker: &Parker,
        waker: &Waker,
    ) -> Outcome {
        let Terms { core, obeys, .. } = self.terms;
        let begun = Instant::now();
        let until = self.clock.until();
        let until = until.map(|until| until.checked_sub(AHEAD).unwrap_or(begun));
        if until.is_some_and(|until| until <= begun) {
            return Outcome::Left;
        }
        if relay.is_loop_driving() && !relay.is_loop_asked() {
            let _need = relay.need();
            if let Some(outcome) = self.sleep(relay, begun, parker, waker) {
                return outcome;
            }
        }
        let inside = relay.enter();
        if until.is_some() {
            let queued = inside.queue(waker);
            while queued.has_to_wait() {
                if let Some(outcome) = self.sleep(relay, begun, parker, waker) {
                    return outcome;
                }
            }
        }
        listed.now(BlockedWait::Driving);
        let cancel = obeys.map(|obeys| &obeys.token);
        relay.drive_until(core, inside, listed, cancel, until, self)
    }

    /// Sleeps once, while the loop thread drives.
    fn sleep(
        &mut self,
        relay: &Relay,
        begun: Instant,
        parker: &Parker,
        waker: &Waker,
    ) -> Option<Outcome> {
        let obeys = self.terms.obeys;
        let _listening = obeys.and_then(|obeys| Listening::begin(&obeys.token, waker));
        if let Some(kind) = self.interruption() {
            return Some(Outcome::Cut(kind));
        }
        self.clock.sleep(parker, None);
        if self.poll(parker, waker).is_pending() {
            return None;
        }
        relay.end_cold_call(begun);
        Some(Outcome::Ready)
    }
}

impl Turn for Caller<'_, '_> {
    fn poll(&mut self, waker: &Waker) -> Poll<()> {
        self.poll_once(waker)
    }

    fn interruption(&mut self) -> Option<Kind> {
        Caller::interruption(self)
    }
}
