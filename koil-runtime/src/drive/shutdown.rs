//! Stopping a loop: callers first, then the runtime, each within a bound.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::adopt::Adopted;
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

    /// Whether the loop thread has ended (of an adopted runtime, which goes on: whether koil has
    /// let go of it). `false` if it did not in time (a task that never
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

/// Who drives a loop, as its owner sees it.
pub(crate) enum Driver {
    /// A loop thread of our own.
    Thread(LoopThread),
    /// The threads of a runtime that belongs to the application.
    Adopted(Adopted),
}

// As tokio's `Runtime`: its channel and its flags are whole after any panic.
impl UnwindSafe for Driver {}
impl RefUnwindSafe for Driver {}

impl Driver {
    /// Stops a loop: wakes every caller, lets the runtime end after them, and waits for it, at
    /// most `cancel_grace` and twice the `join_timeout` of the loop. On a thread that must not wait, it only asks.
    pub(crate) fn shutdown(&mut self, core: &Arc<LoopCore>) -> ShutdownReport {
        let released = core.stop().unwrap_or(0);
        match self {
            Driver::Thread(thread) => thread.ask_to_end(),
            Driver::Adopted(adopted) => adopted.let_go(),
        }
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
        let limit = core.cancel_grace.saturating_add(core.join_timeout);
        let ended = match self {
            Driver::Thread(thread) => {
                thread.wait_until_ended(limit.saturating_add(core.join_timeout))
            }
            Driver::Adopted(_) => Some(core.registry.wait_until_all_left(limit)),
        };
        match ended {
            Some(left_behind) => ShutdownReport {
                released,
                left_behind,
                loop_ended: true,
            },
            None => ShutdownReport {
                released,
                left_behind: core.registry.len(),
                loop_ended: false,
            },
        }
    }
}
