//! How a call waits on a thread that may drive its loop.

use std::task::{Poll, Waker};
use std::time::Instant;

use super::Relay;
use super::turn::{Outcome, Turn};
use crate::drive::caller::{Caller, Terms};
use crate::drive::park::Parker;
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
        let Terms {
            core, obeys, site, ..
        } = self.terms;
        let Some(listed) = core.registry.list(waker, site, BlockedWait::Parked) else {
            return Err(self.give_up(Kind::Shutdown, false));
        };
        let cancel = obeys.map(|obeys| &obeys.token);
        let begun = Instant::now();
        // Beside the loop thread a deadline is kept by this thread itself, whatever tasks do.
        let keeps_time = self.clock.until().is_some();
        let mut has_slept = false;
        while relay.is_loop_driving() && (keeps_time || !(has_slept || relay.is_loop_asked())) {
            let _need = relay.need();
            let _listening = cancel.and_then(|token| Listening::begin(token, waker));
            if let Some(kind) = self.interruption() {
                listed.now(BlockedWait::InCleanUp);
                return Err(self.cut_short(kind, parker, waker));
            }
            self.clock.sleep(parker, None);
            if self.poll(parker, waker).is_ready() {
                relay.end_cold_call(begun);
                return self.end();
            }
            has_slept = true;
        }
        listed.now(BlockedWait::Driving);
        let until = self.clock.until();
        match relay.drive_until(core, &listed, cancel, until, self) {
            Outcome::Ready => self.end(),
            Outcome::Panicked(payload) => unwind::resume(payload),
            Outcome::Dead => Err(self.give_up(Kind::Shutdown, false)),
            Outcome::Cut(kind) => {
                let _need = relay.need();
                listed.now(BlockedWait::InCleanUp);
                Err(self.cut_short(kind, parker, waker))
            }
            Outcome::Refused => {
                drop(listed);
                parker.notify();
                self.wait(BlockedWait::Parked, parker, waker, None)
            }
        }
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
