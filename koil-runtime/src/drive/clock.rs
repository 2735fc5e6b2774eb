//! The deadline of a call, read only while it waits.

use std::time::{Duration, Instant};

use super::notice::Notice;
use super::park::{Parker, Unparked};

/// The timeout of a call; it starts at the first look, which is after the first pending poll.
pub(super) struct Clock {
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    /// When a sleep has to end whatever the timeout says.
    due: Option<Instant>,
}

impl Clock {
    pub(super) fn new(timeout: Option<Duration>) -> Clock {
        Clock {
            timeout,
            deadline: None,
            due: None,
        }
    }

    /// No sleep is longer than until `due`; it is the caller's to know what that means.
    pub(super) fn with_due(self, due: Option<Instant>) -> Clock {
        Clock { due, ..self }
    }

    /// True once the deadline has passed.
    pub(super) fn is_overdue(&mut self) -> bool {
        let Some(timeout) = self.timeout else {
            return false;
        };
        let now = Instant::now();
        if self.deadline.is_none() {
            // A timeout beyond the end of time is none.
            self.deadline = now.checked_add(timeout);
        }
        self.deadline.is_some_and(|deadline| now >= deadline)
    }

    /// When a sleep has to end at the latest; known after the first look.
    pub(super) fn until(&self) -> Option<Instant> {
        self.deadline.into_iter().chain(self.due).min()
    }

    /// Parks until notified or overdue, and gives the notice its moment on the way.
    pub(super) fn sleep(&self, parker: &Parker, notice: Option<&mut Notice<'_>>) {
        let until = self.until();
        if let Some(notice) = notice
            && let Some(due) = notice.due()
        {
            let until = until.map_or(due, |until| until.min(due));
            if parker.park(Some(until)) == Unparked::DeadlinePassed {
                notice.give_if_due();
            }
            return;
        }
        // Woken or late, the caller polls again and looks at the clock.
        let (Unparked::Notified | Unparked::DeadlinePassed) = parker.park(until);
    }
}
