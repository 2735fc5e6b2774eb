//! The drop of a guard: waits for the exit, hands it over, or says that neither can be.

use std::time::Duration;

use super::async_context::{AsyncContext, LocalAsyncContext};
use super::outcome::{Outcome, of_enter, of_exit};
use super::run::{self, Info};
use super::stay::{Home, Open};
use super::tell;
use crate::bridge::call::Call;
use crate::builder::CANCEL_GRACE;
use crate::current::Ground;
use crate::drive::admit;
use crate::drive::waiters::TaskMark;
use crate::global;
use crate::report::exit::{Exit, Failure};
use crate::report::unwind;
use crate::scope::cancel::ambient::{self, Inside};

use tokio::runtime::RuntimeFlavor;

/// What can be done with a context, by what was known of its type where it was entered.
pub(super) struct Road<C: LocalAsyncContext> {
    pub(super) enter: fn(&Call, &mut Open<C>) -> Outcome<C::Error>,
    pub(super) leave: Leave<C, C::Error>,
    /// Others may run the exit, and this gives it to them.
    hand_over: Option<HandOver<C>>,
    failure: fn(C::Error) -> Failure,
}

/// Waits for an exit; for each part, at most so long.
type Leave<C, E> = fn(&Call, &mut Open<C>, Exit, Option<Duration>) -> Outcome<E>;

/// Gives an exit to its runtime, and waits so long for it.
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
            // An exit is not refused for what a scheduler keeps back: its loop polls it there.
            let is_lent = call.is_on_ending_thread() || call.is_in_current_thread_runtime();
            let waited = unwind::halt(|| call.block_on_or_lend(leave, is_lent, limit));
            of_exit(waited, answer)
        },
        hand_over: Some(|open, cause, wait| {
            let info = Info::of::<C>(&open.stay, cause);
            // Somebody may wait for its end, and a stop of the loop does: so it is bounded.
            let limit = open.stay.grace();
            let done = run::hand_over(run::run(open, cause, limit), info);
            if let (Some(done), Some(wait)) = (done, wait) {
                done.wait(wait);
            }
        }),
        failure: tell::moved,
    };
}

impl<C: LocalAsyncContext> Road<C> {
    /// For a context that stays where it is.
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

/// Where the drop of a guard may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// Where a blocking call may.
    LikeACall,
    /// Where no async code can run: it would not expect a drop to block.
    OutsideOfAsync,
}

impl<C: LocalAsyncContext> Open<C> {
    /// Leaves what is open, since its guard is dropped. Never panics, unless the value's own drop
    /// does.
    pub(super) fn leave(mut self, road: &Road<C>, waits: Waits) {
        if self.stay.is_forked() {
            // The context is the parent's, and so is its exit.
            return std::mem::forget(self);
        }
        let cause = self.stay.cause();
        let admitted = admit::admit(self.stay.site);
        let may_wait = match (&admitted, waits) {
            (Ok(_), Waits::LikeACall) | (Ok(Ground::Plain | Ground::Ending), _) => true,
            (Ok(Ground::Foreign(_)), Waits::OutsideOfAsync) | (Err(_), _) => false,
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
        // As long as the mark lives, the loop drives.
        let home = self.stay.home.core().cloned();
        let driven = home.map(|core| (TaskMark::if_driven(&core), core));
        match (admitted, driven, road.hand_over) {
            (Ok(ground), Some((Some(_mark), core)), _) if may_wait => {
                let call = Call::to_leave(&core, ground, self.stay.site);
                self.leave_here(&call, road, cause);
            }
            (_, None, Some(hand_over)) => {
                // A runtime that others drive can be waited for; one that this thread drives not.
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
        // What drops in here is a clean-up, if anything was cut short.
        let _in_clean_up = ambient::is_cut_short().then(Inside::clean_up);
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
        let call = Call::on_home(self.stay.home.core(), self.stay.site);
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
