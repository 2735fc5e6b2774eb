//! The drop of a guard: waits for the exit, hands it over, or reports that it can do neither.

use std::time::Duration;

use super::async_context::{AsyncContext, LocalAsyncContext};
use super::outcome::{Outcome, of_enter, of_exit};
use super::run::{self, Info};
use super::stay::{Home, Open};
use super::tell;
use crate::builder::CANCEL_GRACE;
use crate::call::{Call, admission};
use crate::current::ThreadKind;
use crate::current::TaskMark;
use crate::global;
use crate::report::exit::{Exit, Failure};
use crate::report::unwind;
use crate::scope::cancel::current_cancel::{self, Inside};

use tokio::runtime::RuntimeFlavor;

/// The operations on a context that its type allows, as far as known where it was entered.
pub(super) struct Road<C: LocalAsyncContext> {
    pub(super) enter: fn(&Call, &mut Open<C>) -> Outcome<C::Error>,
    pub(super) leave: Leave<C, C::Error>,
    /// Hands the exit to its runtime; `None` if the exit has to run on this thread.
    hand_over: Option<HandOver<C>>,
    failure: fn(C::Error) -> Failure,
}

/// Waits for an exit; each part may take at most the given time.
type Leave<C, E> = fn(&Call, &mut Open<C>, Exit, Option<Duration>) -> Outcome<E>;

/// Hands an exit to its runtime; if a time is given, waits at most that long for its end.
type HandOver<C> = fn(Open<C>, Exit, Option<Duration>);

impl<C> Road<C>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    /// For a context that may go to other threads.
    pub(super) const MOVES: Road<C> = Road {
        enter: |call, open| {
            let mut answer = None;
            let Open {
                context, progress, ..
            } = open;
            let enter =
                async { answer = Some(AsyncContext::__koil_enter(context, progress).await) };
            let waited =
                unwind::halt(|| call.block_on_or_lend(enter, call.is_on_ending_thread(), None));
            of_enter(waited, answer)
        },
        leave: |call, open, cause, limit| {
            let mut answer = None;
            let Open {
                context, progress, ..
            } = open;
            let leave =
                async { answer = Some(AsyncContext::__koil_leave(context, progress, cause).await) };
            // An exit must not fail because of tasks that the scheduler of this thread keeps back:
            // in a current-thread runtime its loop polls it.
            let is_lent = call.is_on_ending_thread() || call.is_in_current_thread_runtime();
            let waited = unwind::halt(|| call.block_on_or_lend(leave, is_lent, limit));
            of_exit(waited, answer)
        },
        hand_over: Some(|open, cause, wait| {
            let info = Info::of::<C>(&open.stay, cause);
            // A drop may wait for its end, and a stop of the loop does: so it is bounded.
            let limit = open.stay.grace();
            let done = run::hand_over(run::run(open, cause, limit), info);
            if let (Some(done), Some(wait)) = (done, wait) {
                // An exit that takes longer reports its own failure.
                let _ = done.wait(wait);
            }
        }),
        failure: tell::moved,
    };
}

impl<C: LocalAsyncContext> Road<C> {
    /// For a context that stays on its thread.
    pub(super) const STAYS: Road<C> = Road {
        enter: |call, open| {
            let mut answer = None;
            let Open {
                context, progress, ..
            } = open;
            let enter =
                async { answer = Some(LocalAsyncContext::__koil_enter(context, progress).await) };
            let waited = unwind::halt(|| call.block_on(enter, None));
            of_enter(waited, answer)
        },
        leave: |call, open, cause, limit| {
            let mut answer = None;
            let Open {
                context, progress, ..
            } = open;
            let leave = async {
                answer = Some(LocalAsyncContext::__koil_leave(context, progress, cause).await);
            };
            let waited = unwind::halt(|| call.block_on(leave, limit));
            of_exit(waited, answer)
        },
        hand_over: None,
        failure: tell::text,
    };
}

/// The places where the drop of a guard may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// Where a blocking call may wait.
    LikeACall,
    /// Only where no async code can run: async code does not expect a drop to block.
    OutsideOfAsync,
}

impl<C: LocalAsyncContext> Open<C> {
    /// Leaves the open parts, since their guard is dropped. Never panics, unless the drop of the
    /// value does.
    pub(super) fn leave(mut self, road: &Road<C>, waits: Waits) {
        if self.stay.is_forked() {
            // The context belongs to the parent process, and so does its exit.
            return std::mem::forget(self);
        }
        let cause = self.stay.cause();
        let admitted = admission::admit(self.stay.site);
        let may_wait = match (&admitted, waits) {
            (Ok(_), Waits::LikeACall) | (Ok(ThreadKind::Plain | ThreadKind::Ending), _) => true,
            (Ok(ThreadKind::Foreign(_)), Waits::OutsideOfAsync) | (Err(_), _) => false,
        };
        if self.progress.is_empty() {
            return self.drop_at_home();
        }
        if let Home::Nowhere = self.stay.home {
            match global::ambient(self.stay.site) {
                Ok(core) => self.stay.home = Home::Koil(core),
                Err(error) => {
                    self.stay.teller::<C>(cause).tell(Failure::Bridge(error));
                    return self.drop_at_home();
                }
            }
        }
        // The loop keeps driving as long as the mark lives.
        let home = self.stay.home.core().cloned();
        let driven = home.map(|core| (TaskMark::if_driven(&core), core));
        match (admitted, driven, road.hand_over) {
            (Ok(thread), Some((Some(_mark), core)), _) if may_wait => {
                let call = Call::for_exit(&core, thread, self.stay.site);
                self.leave_here(&call, road, cause);
            }
            (_, None, Some(hand_over)) => {
                // A runtime that other threads drive can be waited for; one that this thread drives
                // cannot.
                let is_driven = self.is_home_multi_threaded();
                let wait = (may_wait && is_driven).then_some(CANCEL_GRACE);
                hand_over(self, cause, wait);
            }
            (_, Some(_mark), Some(hand_over)) => hand_over(self, cause, None),
            (admitted, _, None) => {
                let failure = match admitted {
                    Ok(_) => Failure::LoopIsGone,
                    Err(refused) => Failure::Bridge(refused),
                };
                self.stay.teller::<C>(cause).tell(failure);
                self.drop_at_home();
            }
        }
    }

    /// Waits for the exit on this thread, within bounds, and drops the value.
    fn leave_here(mut self, call: &Call, road: &Road<C>, cause: Exit) {
        let teller = self.stay.teller::<C>(cause);
        let _entered = call.enter();
        // If anything was cut short, the drops in here count as a clean-up.
        let _in_clean_up = current_cancel::is_cut_short().then(Inside::clean_up);
        let grace = self.stay.grace();
        let mut context = self.stay.context();
        let within = context.enter();
        loop {
            let before = self.progress.left();
            if let Err(fault) = (road.leave)(call, &mut self, cause, grace) {
                teller.tell(fault.failure(road.failure));
            }
            if self.progress.is_empty() || self.progress.left() >= before {
                break;
            }
        }
        drop(within);
        drop(self);
    }

    /// Drops the value under the loop it was entered on.
    fn drop_at_home(self) {
        let call = Call::unblocking(self.stay.home.core().cloned(), self.stay.site);
        let _entered = call.enter();
        drop(self);
    }

    fn is_home_multi_threaded(&self) -> bool {
        match &self.stay.home {
            Home::Foreign(runtime) => runtime.runtime_flavor() == RuntimeFlavor::MultiThread,
            Home::Koil(_) | Home::Nowhere => false,
        }
    }
}
