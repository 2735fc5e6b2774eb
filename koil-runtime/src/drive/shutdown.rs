//! Stopping a loop: callers first, then the runtime, each within a time limit.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::thread;

use super::adopt::AdoptedRuntime;
use super::loop_thread::{LeftBehind, LoopThread};
use crate::current::{self, LoopCore, Role};

/// The result of a shutdown: the callers that were released, and the callers, contexts and workers
/// that did not end in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShutdownReport {
    released: usize,
    left_behind: usize,
    left_open: usize,
    workers_left: usize,
    end: LoopEnd,
}

/// How far the loop itself has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LoopEnd {
    Ended,
    /// Not within its time limits.
    Late,
    /// The thread that asked must not wait for the loop.
    OnlyAsked,
    /// The loop stayed behind at a fork.
    Forked,
}

impl ShutdownReport {
    /// How many blocked callers were woken to return an error with `is_shutdown`.
    pub fn released(&self) -> usize {
        self.released
    }

    /// How many of them had not returned when the time was up: their own futures are stuck inside a
    /// poll or a drop, which nothing can interrupt.
    pub fn left_behind(&self) -> usize {
        self.left_behind
    }

    /// How many contexts were still kept open by their guards: by the thread that asked for the
    /// shutdown, or by others that have not dropped them within `cancel_grace`. Their exits will be
    /// reported to [`on_error`](crate::KoilBuilder::on_error), and not run.
    pub fn left_open(&self) -> usize {
        self.left_open
    }

    /// How many of koil's workers ([`run_threaded`](crate::run_threaded()) and its siblings) still
    /// ran a job that does not check for a cancel when the time was up. They end with their job;
    /// its result is not lost for a caller that awaits it elsewhere.
    pub fn workers_left(&self) -> usize {
        self.workers_left
    }

    /// Whether the loop thread has ended (of an adopted runtime, which continues: whether koil has
    /// detached from it). `false` if it did not end in time (a task that never yields), if the
    /// shutdown was asked for on a thread of that very loop and continues in the background, or in
    /// a forked child, which has no loop thread.
    pub fn loop_ended(&self) -> bool {
        self.end == LoopEnd::Ended
    }

    /// Whether the shutdown was asked for where a thread must not wait for the loop, so that it
    /// continues in the background.
    pub(crate) fn was_only_asked(&self) -> bool {
        self.end == LoopEnd::OnlyAsked
    }

    /// True if everything ended in time that koil knows of: the loop, blocked calls, guards and
    /// koil's workers. Jobs of tokio's `spawn_blocking` are not among them; tokio does not say
    /// whether one still runs.
    pub fn is_clean(&self) -> bool {
        let left = [self.left_behind, self.left_open, self.workers_left];
        self.loop_ended() && left == [0; 3]
    }

    fn of_loop(end: LoopEnd, released: usize) -> ShutdownReport {
        ShutdownReport {
            released,
            left_behind: 0,
            left_open: 0,
            workers_left: 0,
            end,
        }
    }
}

/// The result in words, for a log: what did not end in time, or that all did.
impl fmt::Display for ShutdownReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.end {
            LoopEnd::Ended => "the loop has ended",
            LoopEnd::Late => "the loop has not ended in time: it is inside code that never awaits",
            LoopEnd::OnlyAsked => {
                "the loop was asked to stop by a thread that must not wait for it, and stops in the \
                 background"
            }
            LoopEnd::Forked => "the loop stayed behind in the parent of this forked process",
        })?;
        let left = [
            (self.left_behind, "blocked call", "inside its own code"),
            (self.left_open, "context", "open, and its exit will not run"),
            (self.workers_left, "worker", "inside its job"),
        ];
        for (count, one, state) in left.into_iter().filter(|(count, ..)| *count > 0) {
            match count {
                1 => write!(f, "; 1 {one} is still {state}")?,
                _ => write!(f, "; {count} {one}s are still {state}")?,
            }
        }
        Ok(())
    }
}

/// The driver of a loop, for its owner.
pub(crate) enum Driver {
    /// A loop thread of our own.
    Thread(LoopThread),
    /// The threads of a runtime that belongs to the application.
    Adopted(AdoptedRuntime),
}

// As for tokio's `Runtime`: its channel and its flags are sound after any panic.
impl UnwindSafe for Driver {}
impl RefUnwindSafe for Driver {}

impl Driver {
    /// In a forked child: the loop continues in the parent, and must get no signal from here.
    pub(crate) fn leave_behind(&mut self) {
        match self {
            Driver::Thread(thread) => thread.leave_behind(),
            // A reference, and not the last: its drop has no effect.
            Driver::Adopted(_) => {}
        }
    }

    /// Stops a loop: wakes every caller, lets the runtime end after them, and waits for it, at most
    /// `cancel_grace` and twice the `join_timeout` of the loop. On a thread that must not wait, it
    /// only asks the loop to stop.
    pub(crate) fn shutdown(&mut self, core: &Arc<LoopCore>) -> ShutdownReport {
        if core.is_forked() {
            self.leave_behind();
            return ShutdownReport::of_loop(LoopEnd::Forked, 0);
        }
        core.registry.mark_stopped_by(thread::current().id());
        let released = core.stop().unwrap_or(0);
        match self {
            Driver::Thread(thread) => thread.ask_to_end(core),
            Driver::Adopted(_) => {}
        }
        // The loop thread cannot wait for itself, nor for a worker that waits for it.
        let must_not_wait = current::is_polling()
            || current::role() == Role::Loop
            || current::home().is_some_and(|home| Arc::ptr_eq(&home, core));
        if must_not_wait {
            if let Driver::Adopted(adopted) = self {
                adopted.let_go(core);
            }
            return ShutdownReport::of_loop(LoopEnd::OnlyAsked, released);
        }
        let held = core.cancel_grace.saturating_mul(core.count_held_contexts());
        let limit = core.cancel_grace.saturating_add(core.join_timeout);
        let ended = match self {
            Driver::Thread(thread) => thread
                .wait_until_ended(limit.saturating_add(core.join_timeout).saturating_add(held)),
            Driver::Adopted(adopted) => Some(adopted.wait_until_ended(core, held)),
        };
        match ended {
            Some(LeftBehind { callers, guards }) => ShutdownReport {
                released,
                left_behind: callers,
                left_open: guards,
                workers_left: core.pool.alive(),
                end: LoopEnd::Ended,
            },
            None => ShutdownReport {
                released,
                left_behind: core.registry.len(),
                left_open: core.registry.guards(),
                workers_left: core.pool.alive(),
                end: LoopEnd::Late,
            },
        }
    }
}
