//! `wait_or_drive`: the wait of a call on a thread that may drive its loop.

use std::time::Instant;

use super::AHEAD;
use super::turn::{DriverLease, Turn};
use crate::current::Listed;
use crate::current::relay::Relay;
use crate::drive::notice::Notice;
use crate::drive::terms::Terms;
use crate::drive::thread_cache::ThreadCache;
use crate::drive::wait::WaitingCall;
use crate::report::blocked::BlockedWait;
use crate::report::error::{Error, Kind};

/// The waits of one call.
struct CallWaits<'a> {
    // Dropped before `listed`: once the registry is empty the loop thread ends the runtime, which it
    // can do only as its last owner.
    lease: Option<DriverLease>,
    listed: Listed<'a>,
    /// The kind of wait under which it is listed.
    how: BlockedWait,
    is_first: bool,
    /// The start of the first wait, if the loop thread drove then.
    cold_since: Option<Instant>,
    /// Tokio has refused to drive on this thread.
    is_refused: bool,
    /// Made at the first sleep.
    notice: Option<Notice<'a>>,
}

impl CallWaits<'_> {
    fn list_as(&mut self, how: BlockedWait) {
        if self.how != how {
            self.how = how;
            self.listed.set_wait(how);
        }
    }
}

impl<'t> WaitingCall<'t, '_> {
    /// Waits on a thread that may drive the loop, and drives it until its waker is called. It
    /// sleeps without driving if the loop thread drives already and the first wake makes the call
    /// ready. The work is always polled outside of `block_on`.
    pub(in crate::drive) fn wait_or_drive(
        &mut self,
        relay: &Relay,
        cache: &ThreadCache,
    ) -> Result<(), Error> {
        let Terms {
            core, site, limits, ..
        } = self.terms;
        let how = if relay.is_loop_driving() {
            BlockedWait::Parked
        } else {
            BlockedWait::Driving
        };
        let Some(listed) = core.registry.enlist(&cache.waker, site, how) else {
            return Err(self.give_up(Kind::Shutdown, false));
        };
        let _listening = limits.listen(&cache.waker);
        let mut waits = CallWaits {
            lease: None,
            listed,
            how,
            is_first: true,
            cold_since: None,
            is_refused: false,
            notice: None,
        };
        loop {
            // Checked before each wait too: a cancel may have come before we listened.
            if let Some(kind) = self.reached() {
                let _need = relay.need();
                waits.listed.set_wait(BlockedWait::InCleanUp);
                return Err(self.cut_short(kind, cache));
            }
            let turn = self.rest(|call| call.wait_once(relay, &mut waits, cache));
            if turn == Turn::Dead {
                return Err(self.give_up(Kind::Shutdown, false));
            }
            // A future that became ready in the last moment wins over the reason to cut it short.
            if self.poll(cache).is_ready() {
                if let Some(since) = waits.cold_since {
                    relay.end_cold_call(since);
                }
                return self.finish();
            }
            waits.cold_since = None;
        }
    }

    /// Waits until the parker is notified, or the deadline has to be checked.
    fn wait_once(&mut self, relay: &Relay, waits: &mut CallWaits<'t>, cache: &ThreadCache) -> Turn {
        let core = self.terms.core;
        let is_first = std::mem::take(&mut waits.is_first);
        let until = self.clock.until();
        let until = until.map(|until| until.checked_sub(AHEAD).unwrap_or(until));
        let is_late = until.is_some_and(|until| until <= Instant::now());
        if waits.is_refused || is_late || relay.is_crowded() {
            return self.sleep_while_loop_drives(relay, waits, cache);
        }
        if is_first && relay.is_loop_driving() && !relay.is_loop_asked() {
            waits.cold_since = Some(Instant::now());
            return self.sleep_while_loop_drives(relay, waits, cache);
        }
        let Some(inside) = relay.enter() else {
            return self.sleep_while_loop_drives(relay, waits, cache);
        };
        if until.is_some() {
            let queued = inside.queue(&cache.waker);
            if queued.has_to_wait() {
                // Woken by the queue or by the work; the caller polls in either case.
                waits.list_as(BlockedWait::Parked);
                self.clock.sleep(&cache.parker, None);
                return Turn::Over;
            }
        }
        waits.list_as(BlockedWait::Driving);
        if waits.lease.is_none() {
            waits.lease = relay.lease(core);
        }
        let Some(lease) = &mut waits.lease else {
            return Turn::Dead;
        };
        let turn = relay.drive(core, lease, inside, cache, until);
        waits.is_refused = turn == Turn::Refused;
        turn
    }

    /// Sleeps once, while the loop thread drives.
    fn sleep_while_loop_drives(
        &mut self,
        relay: &Relay,
        waits: &mut CallWaits<'t>,
        cache: &ThreadCache,
    ) -> Turn {
        waits.list_as(BlockedWait::Parked);
        let _need = relay.need();
        let Terms { core, site, .. } = self.terms;
        let notice = waits
            .notice
            .get_or_insert_with(|| Notice::of_wait(core, site));
        self.clock.sleep(&cache.parker, Some(notice));
        Turn::Over
    }
}
