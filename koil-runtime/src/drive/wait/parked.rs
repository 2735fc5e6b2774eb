//! The wait of a call that does not drive: it parks, or polls at intervals beside a scheduler.

use super::WaitingCall;
use crate::current::Listed;
use crate::current::relay::Relay;
use crate::drive::notice::Notice;
use crate::drive::pace::Pace;
use crate::drive::terms::Terms;
use crate::drive::thread_cache::ThreadCache;
use crate::drive::work::Workload;
use crate::pool::PermitGivenBack;
use crate::report::blocked::BlockedWait;
use crate::report::error::{Error, Kind};

impl WaitingCall<'_, '_> {
    /// Sleeps between polls, listed so that a stop or a cancel wakes the caller.
    pub(super) fn wait(
        &mut self,
        wait: BlockedWait,
        cache: &ThreadCache,
        notice: Option<Notice<'_>>,
    ) -> Result<(), Error> {
        self.wait_listed(
            wait,
            cache,
            |call, listed, notice| {
                // If many threads yield to each other, none makes progress.
                if listed.is_alone() {
                    call.clock.spin_and_sleep(cache, notice);
                } else {
                    call.clock.sleep(&cache.parker, notice);
                }
            },
            notice,
        )
    }

    /// Waits on a thread whose scheduler stands still meanwhile. Fails with an error once that
    /// scheduler owes a wake to an executor inside the work.
    pub(super) fn wait_beside_scheduler(&mut self, cache: &ThreadCache) -> Result<(), Error> {
        let Terms { core, site, .. } = self.terms;
        let notice = (!self.beside.is_owed).then(|| Notice::begin(core, site));
        // The hook may have blocked, and consumed a wake of this call.
        cache.parker.notify();
        if matches!(self.work, Workload::LoopBound(_)) {
            return self.wait(BlockedWait::Parked, cache, notice);
        }
        let mut pace = Pace::new();
        self.wait_listed(
            BlockedWait::Parked,
            cache,
            |call, _, notice| {
                let has_registered = call.beside.has_registered;
                pace.rest(has_registered, &call.clock, &cache.parker, notice);
            },
            notice,
        )
    }

    /// Rests between polls, by `rest`.
    fn wait_listed(
        &mut self,
        wait: BlockedWait,
        cache: &ThreadCache,
        mut rest: impl FnMut(&mut Self, &Listed<'_>, Option<&mut Notice<'_>>),
        mut notice: Option<Notice<'_>>,
    ) -> Result<(), Error> {
        let Terms {
            core, site, limits, ..
        } = self.terms;
        let Some(listed) = core.registry.enlist(&cache.waker, site, wait) else {
            return Err(self.give_up(Kind::Shutdown, false));
        };
        let _need = core.relay.get().map(Relay::need);
        let _listening = limits.listen(&cache.waker);
        let _permit = PermitGivenBack::begin();
        loop {
            // Checked before each sleep too: a cancel may have come before we listened.
            if let Some(kind) = self.reached() {
                listed.set_wait(BlockedWait::InCleanUp);
                return Err(self.cut_short(kind, cache));
            }
            if self.beside.is_owed {
                return Err(self.give_up(Kind::Stuck, false));
            }
            self.rest(|call| rest(call, &listed, notice.as_mut()));
            // A future that became ready in the last moment wins over the reason to cut it short.
            if self.poll(cache).is_ready() {
                return self.finish();
            }
        }
    }
}
