//! `Pace`: the times at which a future is polled again that may have yielded to the scheduler of
//! its blocked thread.
//!
//! ```text
//! polls without pauses, for `AT_ONCE` --> pause --> polls, for a share of the pause --> pause x 2
//!   ^                                                                                     |
//!   +------------------------------- the waker was called --------------------------------+
//! ```
//!
//! Such a yield cannot be detected (`drive::deferred`), and its wake comes only after the call. So
//! the caller polls again at intervals: without a pause for a while, since yields often come in
//! rows, then after pauses that grow while nothing happens. After each pause it polls without a
//! pause again for a share of that pause, which bounds the cost of the polls.

use std::thread;
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::notice::Notice;
use crate::sync::{Parker, Unparked};

const SHORTEST_PAUSE: Duration = Duration::from_micros(50);
const LONGEST_PAUSE: Duration = Duration::from_millis(10);

/// How long a future is polled without pauses before the first pause, if it has cloned its waker in
/// its last poll: most such futures wait for an event.
const AT_ONCE: Duration = Duration::from_micros(100);
/// The same for a future that has not: nothing else can wake it, so it has yielded, or is
/// pending forever.
const AT_ONCE_UNREGISTERED: Duration = Duration::from_millis(1);

/// The share of a pause that the polls after it may take: one part in this number.
const SHARE: u32 = 16;
/// The same after the longest pauses of a future that has cloned its waker.
const LAST_SHARE: u32 = 512;

/// How often the other threads of this core get a turn while a future is polled without pauses.
const TURN: Duration = Duration::from_micros(100);

/// The pauses of one wait.
pub(super) struct Pace {
    pause: Duration,
    /// Until then the future is polled without pauses; known after the first poll.
    at_once_until: Option<Instant>,
    last_turn: Option<Instant>,
}

impl Pace {
    pub(super) fn new() -> Pace {
        Pace {
            pause: SHORTEST_PAUSE,
            at_once_until: None,
            last_turn: None,
        }
    }

    /// Waits until the next poll is due. `has_registered`: the future has cloned its waker in the
    /// last poll.
    pub(super) fn rest(
        &mut self,
        has_registered: bool,
        clock: &Clock,
        parker: &Parker,
        notice: Option<&mut Notice<'_>>,
    ) {
        if parker.is_notified() {
            *self = Pace::new();
            return;
        }
        let now = Instant::now();
        let at_once = if has_registered {
            AT_ONCE
        } else {
            AT_ONCE_UNREGISTERED
        };
        if now < *self.at_once_until.get_or_insert(now + at_once) {
            self.give_turn(now);
            return;
        }
        match clock.sleep_until(Some(now + self.pause), parker, notice) {
            Unparked::Notified => *self = Pace::new(),
            Unparked::DeadlinePassed => {
                let is_longest = self.pause == LONGEST_PAUSE;
                let share = if is_longest && has_registered {
                    LAST_SHARE
                } else {
                    SHARE
                };
                self.at_once_until = Some(Instant::now() + self.pause / share);
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            }
        }
    }

    /// Yields, since the loop thread may be on this core. The time that other threads take is not
    /// charged to the polls: on a busy machine it is much longer than the whole polling phase.
    fn give_turn(&mut self, now: Instant) {
        if now - *self.last_turn.get_or_insert(now) >= TURN {
            thread::yield_now();
            let back = Instant::now();
            self.last_turn = Some(back);
            if let Some(until) = &mut self.at_once_until {
                *until += back - now;
            }
        }
    }
}
