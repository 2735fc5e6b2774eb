//! The caller's side of a loan: it sleeps while the thread of the loop polls.

use super::{Loan, Status};
use crate::current::Listed;
use crate::current::handed_over;
use crate::current::relay::Relay;
use crate::drive::clock::Clock;
use crate::drive::foreign::{self, WaitMode};
use crate::drive::notice::Notice;
use crate::drive::terms::Terms;
use crate::drive::thread_cache::ThreadCache;
use crate::drive::wait::WaitingCall;
use crate::drive::wait_hook;
use crate::drive::work::Workload;
use crate::pool::PermitGivenBack;
use crate::report::blocked::BlockedWait;
use crate::report::error::{Error, Kind};

impl WaitingCall<'_, '_> {
    /// Makes the loop poll the work, from the first poll on, and sleeps until it is back.
    pub(in crate::drive) fn lend(
        &mut self,
        is_inside_scheduler: bool,
        cache: &ThreadCache,
    ) -> Result<(), Error> {
        let Terms {
            core, thread, site, ..
        } = self.terms;
        let notice = || {
            if is_inside_scheduler {
                Notice::new(core, site)
            } else {
                Notice::of_wait(core, site)
            }
        };
        match foreign::how_to_wait(thread, is_inside_scheduler) {
            WaitMode::Park | WaitMode::BesideScheduler => self.sleep_until_back(cache, notice()),
            WaitMode::StepAside(runtime) => {
                let aside = foreign::step_aside(runtime, &core.tokio, || {
                    self.sleep_until_back(cache, notice())
                });
                aside.unwrap_or_else(|| self.sleep_until_back(cache, notice()))
            }
            WaitMode::Never => Err(self.give_up(Kind::ForkedTask, false)),
        }
    }

    fn sleep_until_back(&mut self, cache: &ThreadCache, notice: Notice<'_>) -> Result<(), Error> {
        let Terms {
            core, limits, site, ..
        } = self.terms;
        let Some(listed) = core.registry.enlist(&cache.waker, site, BlockedWait::Lent) else {
            return Err(self.give_up(Kind::Shutdown, false));
        };
        let _need = core.relay.get().map(Relay::need);
        let _listening = limits.listen(&cache.waker);
        let _permit = PermitGivenBack::begin();
        match self.until_back(&listed, cache, notice) {
            Ok(()) => Ok(()),
            Err((kind, acknowledged)) => Err(self.give_up(kind, acknowledged)),
        }
    }

    /// Waits while the loop has the work; the work is back when this returns or unwinds. On `Err`:
    /// the reason why the call is cut short, and whether the work acknowledged it.
    fn until_back(
        &mut self,
        listed: &Listed<'_>,
        cache: &ThreadCache,
        mut notice: Notice<'_>,
    ) -> Result<(), (Kind, bool)> {
        let Terms { core, site, .. } = self.terms;
        // The task on the loop is in no scope of this thread, so the token has to exist before.
        let token = self.token.make();
        let Workload::Lent(work) = &mut self.work else {
            unreachable!("only lent work comes here")
        };
        let parker = &*cache.parker;
        let mut is_untold = notice.has_hook();
        let loan = Loan::lend(core, *work, token.clone(), cache, is_untold, site);
        let mut cut = None;
        while loan.status() == Status::Lent && cut.is_none() {
            parker.reset();
            if is_untold && loan.has_waited() {
                is_untold = false;
                notice.tell_begin();
            }
            cut = self.terms.reached(&mut self.clock);
            if cut.is_none() && loan.status() == Status::Lent {
                wait_hook::around(|| self.clock.sleep(parker, Some(&mut notice)));
            }
        }
        let Some(kind) = cut else {
            loan.resume_panic();
            // Without a request, the loop returns the work unfinished only because the loop ends.
            return match loan.status() {
                Status::Finished => match self.terms.heard(&token) {
                    Some(kind) => Err((kind, true)),
                    None => Ok(()),
                },
                Status::Returned | Status::Lent => Err((Kind::Shutdown, false)),
            };
        };
        listed.set_wait(BlockedWait::InCleanUp);
        handed_over::mark_cut();
        let was_heard = self.terms.signal(&token, kind, &self.clock);
        let mut grace = Clock::new(was_heard.then_some(core.cancel_grace));
        while was_heard && loan.status() == Status::Lent && !grace.check_overdue() {
            wait_hook::around(|| grace.sleep(parker, None));
            parker.reset();
        }
        let back = loan.take_back();
        loan.resume_panic();
        match back {
            // The work was ready before it could see the cancel.
            Status::Finished if !was_heard => Ok(()),
            Status::Finished => Err((kind, true)),
            Status::Returned | Status::Lent => Err((kind, false)),
        }
    }
}
