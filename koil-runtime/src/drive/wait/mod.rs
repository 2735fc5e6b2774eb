//! `WaitingCall`: a blocking call that was not ready at once, and waits between its polls.

mod parked;

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::clock::Clock;
use super::deferred::Polled;
use super::fast_path::{FirstPolls, SELF_WAKES};
use super::foreign::{self, WaitMode};
use super::notice::{Notice, UiNotice};
use super::pace::Pace;
use super::terms::Terms;
use super::thread_cache::{ThreadCache, with_any};
use super::wait_hook;
use super::work::Workload;
use crate::current::handed_over;
use crate::current::relay::Relay;
use crate::current::{self, Entry, LoopCore, Polling, ThreadKind};
use crate::report::blocked::BlockedWait;
use crate::report::error::{Error, Kind};
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::call_timeout::{self, InTimeout};
use crate::scope::cancel::current_cancel::{self, CallToken, InCall, Inside};

/// Continues a call that was not ready at its first polls, or begins one that has had no poll yet.
#[inline(never)]
pub(super) fn wait(terms: Terms<'_>, work: Workload<'_>, first: FirstPolls) -> Result<(), Error> {
    let token = if first.is_some() {
        current_cancel::take_token()
    } else {
        CallToken::new(terms.limits.source())
    };
    let mut clock = terms.clock();
    if first.is_some()
        && terms.timeout.is_some()
        && let Some(begun) = call_timeout::take()
    {
        clock.begin_at(begun);
    }
    let mut call = WaitingCall {
        terms,
        work,
        clock,
        token,
        beside: Beside::default(),
        is_unlocked: false,
    };
    let is_polled = first.is_some();
    let outcome = match first {
        Some(Err(payload)) => Err(payload),
        Some(Ok(_)) | None => unwind::halt(|| with_any(|cache| call.run(is_polled, cache))),
    };
    wait_hook::pass_wakes_on();
    outcome.unwrap_or_else(|payload| match kind_of_panic(&terms, &payload) {
        Some(kind) => Err(call.give_up(kind, false)),
        None => unwind::resume(payload),
    })
}

/// The kind of error that a panic of tokio reports, if it reports only the place where the future is
/// polled, not an error of the future.
fn kind_of_panic(terms: &Terms<'_>, payload: &Payload) -> Option<Kind> {
    if is_of_shutdown(terms.core, payload) {
        return Some(Kind::Shutdown);
    }
    let text = unwind::text(payload).unwrap_or_default();
    let is_of_ending_thread = text.contains("context thread-local variable has been destroyed")
        || text.contains("cannot create LocalSet during thread shutdown");
    (is_of_ending_thread && matches!(terms.thread, ThreadKind::Ending))
        .then_some(Kind::ThreadEnding)
}

/// True for a panic of tokio that says no more than that `core` has come to its end.
pub(crate) fn is_of_shutdown(core: &LoopCore, payload: &Payload) -> bool {
    core.registry.is_stopped()
        && unwind::text(payload)
            .is_some_and(|text| text.contains("context was found, but it is being shutdown"))
}

pub(super) struct WaitingCall<'t, 'w> {
    pub(super) terms: Terms<'t>,
    pub(super) work: Workload<'w>,
    pub(super) clock: Clock,
    pub(super) token: CallToken,
    pub(super) beside: Beside,
    /// The lock of a host is released for the rest of the call.
    is_unlocked: bool,
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

impl WaitingCall<'_, '_> {
    #[inline]
    fn run(&mut self, is_polled: bool, cache: &ThreadCache) -> Result<(), Error> {
        let Terms { core, thread, .. } = self.terms;
        if !is_polled && self.terms.limits.is_over(core) {
            return Err(self.give_up(Kind::Shutdown, false));
        }
        let is_inside_scheduler =
            matches!(thread, ThreadKind::Foreign(_)) && cache.deferred().is_inside_scheduler();
        if self.work.is_lent() {
            let _told = UiNotice::begin(core, self.terms.site);
            return self.lend(is_inside_scheduler, cache);
        }
        // A scheduler of this thread never gets the waker of work that only the loop wakes.
        self.beside.is_watched =
            is_inside_scheduler && matches!(self.work, Workload::Own(_) | Workload::Unlocked(_));
        for poll in 0..SELF_WAKES {
            let is_first_done = is_polled && poll == 0;
            if !is_first_done && self.poll(cache).is_ready() {
                return self.finish();
            }
            if self.reached().is_some() || self.beside.is_owed || !cache.parker.is_notified() {
                break;
            }
        }
        if matches!(self.work, Workload::Unlocked(_)) {
            self.is_unlocked = true;
            return wait_hook::around(|| self.wait_for_work(is_inside_scheduler, cache));
        }
        self.wait_for_work(is_inside_scheduler, cache)
    }

    /// Waits as this thread may, and polls between the sleeps.
    #[inline]
    fn wait_for_work(
        &mut self,
        is_inside_scheduler: bool,
        cache: &ThreadCache,
    ) -> Result<(), Error> {
        let Terms {
            core, thread, site, ..
        } = self.terms;
        let _told = UiNotice::begin(core, site);
        match foreign::how_to_wait(thread, is_inside_scheduler) {
            WaitMode::Park => {
                if let Some(relay) = Relay::for_caller(core, thread) {
                    self.wait_or_drive(relay, cache)
                } else {
                    let notice = Notice::of_wait(core, site);
                    self.wait(BlockedWait::Parked, cache, Some(notice))
                }
            }
            WaitMode::StepAside(runtime) => {
                let notice = Notice::begin(core, site);
                // The scheduler wakes the wakers that it keeps back when this thread leaves it. Our
                // own may come before the first sleep, so there is a poll before that.
                cache.parker.notify();
                let beside = std::mem::take(&mut self.beside);
                let aside = foreign::step_aside(runtime, &core.tokio, || {
                    self.wait(BlockedWait::SteppedAside, cache, Some(notice))
                });
                aside.unwrap_or_else(|| {
                    self.beside = beside;
                    self.wait_beside_scheduler(cache)
                })
            }
            WaitMode::BesideScheduler => self.wait_beside_scheduler(cache),
            WaitMode::Never => Err(self.give_up(Kind::ForkedTask, false)),
        }
    }

    /// Sleeps once, by `sleep`, in which the work is not polled.
    pub(super) fn rest<T>(&mut self, sleep: impl FnOnce(&mut Self) -> T) -> T {
        if self.is_unlocked {
            sleep(self)
        } else {
            wait_hook::around(|| sleep(self))
        }
    }

    #[inline]
    pub(super) fn poll(&mut self, cache: &ThreadCache) -> Poll<()> {
        let called_at = self.terms.site.location;
        let Some(timeout) = self.clock.for_callbacks(called_at) else {
            return self.poll_work(cache);
        };
        let timeout = InTimeout::enter(timeout);
        let poll = self.poll_work(cache);
        if let Some(begun) = timeout.begun() {
            self.clock.begin_at(begun);
        }
        poll
    }

    #[inline]
    fn poll_work(&mut self, cache: &ThreadCache) -> Poll<()> {
        cache.parker.reset();
        let _polling = Polling::begin_own();
        let _in_call = InCall::enter(&mut self.token);
        let work = self.work.get();
        if matches!(self.terms.thread, ThreadKind::Plain) {
            return work.poll(&mut Context::from_waker(&cache.waker));
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
            return poll(&cache.waker);
        }
        let Polled {
            poll,
            is_owed,
            has_registered,
        } = cache.deferred().poll(poll);
        // A wake that is owed once stays owed.
        self.beside.is_owed |= is_owed;
        self.beside.has_registered = has_registered;
        poll
    }

    /// The limit that the call has reached by now.
    pub(super) fn reached(&mut self) -> Option<Kind> {
        self.terms.reached(&mut self.clock)
    }

    /// Cancels the token of the future, gives a future that listens time to finish, then drops it.
    pub(super) fn cut_short(&mut self, kind: Kind, cache: &ThreadCache) -> Error {
        handed_over::mark_cut();
        let token = self.token.made();
        let was_heard = token.is_some_and(|token| self.terms.signal(token, kind, &self.clock));
        let acknowledged = was_heard && self.finish_in_grace(cache);
        self.give_up(kind, acknowledged)
    }

    fn finish_in_grace(&mut self, cache: &ThreadCache) -> bool {
        let mut grace = Clock::new(Some(self.terms.core.cancel_grace));
        let mut pace = Pace::new();
        loop {
            if self.poll(cache).is_ready() {
                return true;
            }
            if grace.check_overdue() {
                return false;
            }
            self.rest(|call| {
                if call.beside.is_watched {
                    pace.rest(call.beside.has_registered, &grace, &cache.parker, None);
                } else {
                    grace.sleep(&cache.parker, None);
                }
            });
        }
    }

    /// The work is done. If it has seen the cancel of its scope, its output came too late.
    #[inline]
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        match self.token.made().and_then(|token| self.terms.heard(token)) {
            Some(kind) => Err(self.give_up(kind, true)),
            None => Ok(()),
        }
    }

    /// Drops the work, under its loop; returns the error of the call.
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
        let error = self.terms.error(kind, &self.clock);
        error.with_acknowledged(acknowledged)
    }
}
