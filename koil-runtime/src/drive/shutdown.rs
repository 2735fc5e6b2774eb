//! Stopping a loop: callers first, then the runtime, each within a bound.

use std::sync::Arc;

use super::loop_thread::LoopThread;
use crate::current::{self, LoopCore, Role};

/// What a shutdown did: who was released, and who did not go in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShutdownReport {
    released: usize,
    left_behind: usize,
    loop_ended: bool,
}

impl ShutdownReport {
    /// How many blocked callers were woken to return an error with `is_shutdown`.
    pub fn released(&self) -> usize {
        self.released
    }

    /// How many of them had not returned when the time was up: their own futures are stuck
    /// inside a poll or a drop, which nothing can interrupt.
    pub fn left_behind(&self) -> usize {
        self.left_behind
    }

    /// Whether the loop thread has ended. `false` if it did not in time (a task that never
    /// yields), or if the shutdown was asked for on a
    /// thread of that very loop and goes on behind it.
    pub fn loop_ended(&self) -> bool {
        self.loop_ended
    }

    /// Everything ended in time.
    pub fn is_clean(&self) -> bool {
        self.loop_ended && self.left_behind == 0
    }
}

/// Stops a loop: wakes every caller, lets the runtime end after them, and waits for it, at most
/// twice the `join_timeout` of the loop. On a thread that must not wait, it only asks.
pub(crate) fn shutdown(core: &Arc<LoopCore>, thread: &mut LoopThread) -> ShutdownReport {
    let released = core.stop_waiters().unwrap_or(0);
    thread.ask_to_end();
    // The loop thread cannot wait for itself, nor for a worker that waits for it.
    let must_not_wait = current::is_polling()
        || current::role() == Role::Loop
        || current::home().is_some_and(|home| Arc::ptr_eq(&home, core));
    if must_not_wait {
        return ShutdownReport {
            released,
            left_behind: 0,
            loop_ended: false,
        };
    }
    match thread.wait_until_ended(core.join_timeout.saturating_mul(2)) {
        Some(left_behind) => ShutdownReport {
            released,
            left_behind,
            loop_ended: true,
        },
        None => ShutdownReport {
            released,
            left_behind: core.waiters().waiting.len(),
            loop_ended: false,
        },
    }
}
