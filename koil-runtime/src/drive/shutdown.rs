//! Stopping a loop: callers first, then the runtime, each within a time limit.

use std::fmt;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::adopt::AdoptedRuntime;
use super::loop_thread::{LeftBehind, LoopThread};
use super::wait_hook;
use crate::current::{self, LoopCore, Members, Role};

/// The result of a shutdown: the callers that were released, the tasks and jobs that were
/// interrupted, and whatever did not end in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShutdownReport {
    released: usize,
    left_behind: usize,
    left_open: usize,
    workers_left: usize,
    interrupted: Vec<&'static Location<'static>>,
    still_running: Vec<&'static Location<'static>>,
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

    /// How many workers were still inside a job that does not check for a cancel when the time was
    /// up: koil's ([`run_threaded`](crate::run_threaded()) and its siblings, on a
    /// [`blocking_executor`](crate::KoilBuilder::blocking_executor) too), and those of the loop's
    /// tokio runtime (`spawn_blocking`, and with
    /// [`worker_threads`](crate::KoilBuilder::worker_threads) tasks that never yield). They end with
    /// their job; its result is not lost for a caller that awaits it elsewhere. Of an adopted
    /// runtime, only koil's.
    pub fn workers_left(&self) -> usize {
        self.workers_left
    }

    /// Where the tasks, jobs and handed-over exits were started that had not finished when the loop
    /// was stopped, the oldest first. They were cancelled; those that listen have cleaned up.
    ///
    /// ```
    /// let koil = koil::Koil::new()?;
    /// let line = line!() + 1;
    /// let task = koil.handle().wrap(|| koil::unkoil_task(std::future::pending::<()>()))();
    /// let report = koil.shutdown();
    /// assert_eq!(report.interrupted()[0].line(), line);
    /// assert!(task.result().unwrap_err().is_shutdown());
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn interrupted(&self) -> &[&'static Location<'static>] {
        &self.interrupted
    }

    /// Where the tasks and jobs were started that still run now that the time is up: they are
    /// inside code that neither awaits nor looks for a cancel. Empty for an adopted runtime.
    pub fn still_running(&self) -> &[&'static Location<'static>] {
        &self.still_running
    }

    /// True if nothing was cut short: no task and no job was interrupted, and no blocked call
    /// released. So it is after a [`Koil::drain`](crate::Koil::drain) whose time was enough.
    pub fn is_drained(&self) -> bool {
        self.released == 0 && self.interrupted.is_empty()
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

    /// True if everything ended in time: the loop, blocked calls, guards and workers, those of
    /// tokio's `spawn_blocking` included.
    pub fn is_clean(&self) -> bool {
        let left = [
            self.left_behind,
            self.left_open,
            self.workers_left,
            self.still_running.len(),
        ];
        self.loop_ended() && left == [0; 4]
    }

    /// The report of a stop that a loop makes in the background.
    pub(crate) fn of_background() -> ShutdownReport {
        ShutdownReport::of_loop(LoopEnd::OnlyAsked, 0)
    }

    fn of_loop(end: LoopEnd, released: usize) -> ShutdownReport {
        ShutdownReport {
            released,
            left_behind: 0,
            left_open: 0,
            workers_left: 0,
            interrupted: Vec::new(),
            still_running: Vec::new(),
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
        write_places(f, "interrupted", &self.interrupted)?;
        write_places(f, "still running", &self.still_running)
    }
}

/// Writes the first few of the places where work was started.
fn write_places(
    f: &mut fmt::Formatter<'_>,
    state: &str,
    places: &[&'static Location<'static>],
) -> fmt::Result {
    const SHOWN: usize = 3;
    for (at, place) in places.iter().take(SHOWN).enumerate() {
        let lead = match at {
            0 => format!("; {state}: the work started at "),
            _ => ", ".to_owned(),
        };
        write!(f, "{lead}{place}")?;
    }
    match places.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
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
        let interrupted = core.work_list.unfinished();
        let released = core.stop().unwrap_or(0);
        match self {
            Driver::Thread(thread) => thread.ask_to_end(core),
            Driver::Adopted(_) => {}
        }
        if must_not_wait_for(core) {
            if let Driver::Adopted(adopted) = self {
                adopted.let_go(core);
            }
            return ShutdownReport {
                interrupted,
                ..ShutdownReport::of_loop(LoopEnd::OnlyAsked, released)
            };
        }
        let held = core.cancel_grace.saturating_mul(core.count_held_contexts());
        let limit = core.cancel_grace.saturating_add(core.join_timeout);
        let (ended, is_adopted) = wait_hook::around(|| match self {
            Driver::Thread(thread) => {
                let limit = limit.saturating_add(core.join_timeout);
                (thread.wait_until_ended(limit.saturating_add(held)), false)
            }
            Driver::Adopted(adopted) => (Some(adopted.wait_until_ended(core, held)), true),
        });
        let workers_left = core.pool.alive();
        let still_running = if is_adopted || (ended.is_some() && workers_left == 0) {
            // Tasks have ended with their loop, and no thread runs a job. A mark that is still there
            // is that of work which another thread starts now, and which is refused. The threads of
            // an adopted runtime drop the work of koil's later, at any time.
            Vec::new()
        } else {
            core.work_list.running()
        };
        let (left, end) = if let Some(left) = ended {
            (left, LoopEnd::Ended)
        } else {
            let (callers, guards) = (core.registry.len(), core.registry.guards());
            (LeftBehind { callers, guards }, LoopEnd::Late)
        };
        ShutdownReport {
            released,
            left_behind: left.callers,
            left_open: left.guards,
            workers_left,
            interrupted,
            still_running,
            end,
        }
    }
}

/// True on threads that a loop needs for its end: the loop thread cannot wait for itself, nor for a
/// worker that waits for it; nor can a callback of a call wait for that call.
pub(crate) fn must_not_wait_for(core: &Arc<LoopCore>) -> bool {
    let here = thread::current().id();
    current::is_polling()
        || current::role() == Role::Loop
        || (core
            .registry
            .map_callers(|caller| caller.thread.id() == here))
        .contains(&true)
        || current::home().is_some_and(|home| Arc::ptr_eq(&home, core))
}

/// Lets the loop take no new tasks and jobs from other threads than its own, and waits until the
/// tasks, jobs and blocked calls on it are done, at most for `limit`.
pub(crate) fn drain(core: &LoopCore, limit: Duration) {
    wait_hook::around(|| drain_here(core, limit));
}

fn drain_here(core: &LoopCore, limit: Duration) {
    let begun = Instant::now();
    let left = || limit.saturating_sub(begun.elapsed());
    core.work_list.mark_draining();
    core.registry.mark_draining();
    let is_idle = || core.work_list.is_idle() && core.registry.len() == 0;
    // A call may end with the start of a task, and the other way round.
    while !core.registry.is_stopped() && !left().is_zero() {
        core.work_list.wait_until_idle(left());
        core.registry.wait_until_all_left(Members::Callers, left());
        if is_idle() {
            wait_for_a_turn(core, left());
            if is_idle() {
                return;
            }
        }
    }
}

/// Waits until the loop has run a new task, at most for `limit`: the output of a task is there for its
/// owner only after the task has left the list.
fn wait_for_a_turn(core: &LoopCore, limit: Duration) {
    let (turn, has_come) = mpsc::channel();
    drop(core.tokio.spawn(async move { turn.send(()) }));
    // An error: the time is up, or the loop has ended by itself.
    let _ = has_come.recv_timeout(limit);
}

/// As [`drain`], for tasks, jobs and exits alone, and without a thread that waits; then drops `owner`.
pub(crate) fn drain_in_background(
    core: &Arc<LoopCore>,
    limit: Duration,
    owner: impl Send + 'static,
) {
    core.work_list.mark_draining();
    let drained = core.clone();
    drop(core.tokio.spawn(async move {
        let _ = tokio::time::timeout(limit, drained.work_list.idle()).await;
        drop(owner);
    }));
}
