//! The deadline of a call, read only while it waits.
//!
//! `sync::parker`, `relay::wait` and `relay::turn` compare the same deadline with `Instant::now`.
//! All of them must read one clock: a parker that is late before `check_overdue` makes the caller spin.

use std::panic::Location;
use std::time::{Duration, Instant};

use super::notice::Notice;
use super::thread_cache::ThreadCache;
use super::wait_hook::Questions;
use crate::scope::cancel::call_timeout::CallTimeout;
use crate::scope::cancel::token::CancelReason;
use crate::sync::{Parker, Unparked};

/// The timeout of a call; it starts at the first check: after the first pending poll, or for a lent
/// call when the future has been lent. A call in a callback starts it too.
pub(super) struct Clock {
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    /// The latest end of a sleep, whatever the timeout is.
    due: Option<Instant>,
    /// If the host is asked now and then.
    questions: Option<Questions>,
}

impl Clock {
    pub(super) fn new(timeout: Option<Duration>) -> Clock {
        Clock {
            timeout,
            deadline: None,
            due: None,
            questions: None,
        }
    }

    /// No sleep lasts longer than until `due`; `Limits` decide what that time means.
    pub(super) fn with_due(self, due: Option<Instant>) -> Clock {
        Clock { due, ..self }
    }

    /// The host may cancel the call.
    pub(super) fn with_questions(self) -> Clock {
        Clock {
            questions: Questions::begin(),
            ..self
        }
    }

    /// True once the host has cancelled the call; asks it if that is due.
    pub(super) fn ask_if_due(&mut self) -> bool {
        self.questions.as_mut().is_some_and(Questions::ask_if_due)
    }

    /// Why the host has cancelled the call.
    pub(super) fn refusal(&self) -> Option<&CancelReason> {
        self.questions.as_ref()?.refusal()
    }

    /// True once the deadline has passed. The first check starts the timeout.
    pub(super) fn check_overdue(&mut self) -> bool {
        let Some(timeout) = self.timeout else {
            return false;
        };
        let now = Instant::now();
        if self.deadline.is_none() {
            // A timeout that `Instant` cannot represent is no timeout.
            self.deadline = now.checked_add(timeout);
        }
        self.deadline.is_some_and(|deadline| now >= deadline)
    }

    /// Starts the timeout at `begun`, if it has not started: a call in a callback has waited since.
    pub(super) fn begin_at(&mut self, begun: Instant) {
        if let (None, Some(timeout)) = (self.deadline, self.timeout) {
            self.deadline = begun.checked_add(timeout);
        }
    }

    /// The timeout, as calls in a callback of this call obey it.
    pub(super) fn for_callbacks(
        &self,
        called_at: &'static Location<'static>,
    ) -> Option<CallTimeout> {
        let timeout = self.timeout?;
        let begun = self.deadline.and_then(|end| end.checked_sub(timeout));
        Some(CallTimeout::new(timeout, begun, called_at))
    }

    /// The latest end of a sleep; known after the first check.
    pub(super) fn until(&self) -> Option<Instant> {
        let question = self.questions.as_ref().map(Questions::next);
        let ends = self.deadline.into_iter().chain(self.due);
        ends.chain(question).min()
    }

    /// Parks until notified or overdue, and gives the notice when it is due.
    pub(super) fn sleep(&self, parker: &Parker, notice: Option<&mut Notice<'_>>) {
        // Notified or late, the caller polls again and checks the clock.
        let (Unparked::Notified | Unparked::DeadlinePassed) =
            self.sleep_until(None, parker, notice);
    }

    /// As [`sleep`](Clock::sleep), after a short time in which the thread only yields, if recent
    /// yields avoided a sleep.
    pub(super) fn spin_and_sleep(&self, cache: &ThreadCache, notice: Option<&mut Notice<'_>>) {
        let ThreadCache { parker, spin, .. } = cache;
        if !parker.is_notified()
            && let Some(mut spinning) = spin.begin()
        {
            while spinning.goes_on() {
                if parker.is_notified() {
                    return spinning.hit();
                }
            }
        }
        self.sleep(parker, notice);
    }

    /// As [`sleep`](Clock::sleep), at most until `limit`.
    pub(super) fn sleep_until(
        &self,
        limit: Option<Instant>,
        parker: &Parker,
        notice: Option<&mut Notice<'_>>,
    ) -> Unparked {
        let end = self.until().into_iter().chain(limit).min();
        let Some(notice) = notice else {
            return parker.park(end);
        };
        loop {
            let unparked = parker.park(end.into_iter().chain(notice.due()).min());
            if unparked == Unparked::Notified {
                return unparked;
            }
            // The hook may have blocked on this thread, and taken a wake of this call.
            if notice.give_if_due() || end.is_some_and(|end| end <= Instant::now()) {
                return unparked;
            }
        }
    }
}
