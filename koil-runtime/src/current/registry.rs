//! `Registry`: the callers, tasks and guards of a loop, through which a stop releases the callers
//! and waits for all of them.
//!
//! ```text
//!          stop                       all have left, or their time is up
//! RUNNING ------> STOPPED ---------------------------------------------> CLOSED
//!
//!          a caller may be listed     listed callers
//! RUNNING  yes                        sleep or drive
//! STOPPED  yes, to clean up           have been woken; they give up, and clean up
//! CLOSED   no                         are left behind
//! ```
//!
//! A caller lists itself before it looks whether the loop is stopped, and a stop sets its flag
//! before it takes the wakers of the list, both under one lock: so no caller sleeps past a stop. A
//! fork stops the loops that the child inherits, whose lists the child cannot reach.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::thread::{self, Thread, ThreadId};
use std::time::{Duration, Instant};

use slab::Slab;

use super::LoopCore;
use crate::fork::{OfProcess, PerProcess};
use crate::report::blocked::BlockedWait;
use crate::report::site::CallSite;
use crate::sync::{AtomicBool, Condvar, Mutex, MutexGuard, Ordering};

#[cfg(all(test, koil_loom))]
mod models;

/// The callers that really wait for a loop, and whether another caller may still begin to wait.
pub(crate) struct Registry {
    /// Set once and never cleared: under the lock of `state`, or in a forked child by its only
    /// thread. Read anywhere.
    stopped: AtomicBool,
    state: OfProcess<Mutex<State>>,
    /// Notified when a member leaves a loop that is stopped or drained.
    all_left: Condvar,
}

/// The listed callers, and the tasks and guards that also delay the end of a loop.
#[derive(Default)]
struct State {
    next: u64,
    callers: Slab<ListedCaller>,
    /// No thread drives the loop any more: a caller that comes now cannot clean up on it.
    closed: bool,
    /// A thread waits until no caller is listed, though the loop is not stopped.
    is_draining: bool,
    /// The number of koil's tasks that are alive on the loop.
    tasks: usize,
    /// The contexts that guards keep open, with the thread that opened each.
    guards: BTreeMap<u64, ThreadId>,
    /// The thread that stops the loop and waits for it: it cannot drop its own guards while it
    /// waits.
    stopped_by: Option<ThreadId>,
    /// The waker for the time when all have left: of the loop thread, which drives meanwhile.
    on_all_left: Option<Waker>,
}

/// One caller that really waits.
pub(crate) struct ListedCaller {
    pub(crate) waker: Waker,
    pub(crate) site: CallSite,
    pub(crate) since: Instant,
    pub(crate) thread: Thread,
    pub(crate) wait: BlockedWait,
}

/// The entry of a caller in the registry; the caller counts as waiting until this is dropped.
pub(crate) struct Listed<'a> {
    registry: &'a Registry,
    entry: usize,
    is_alone: bool,
}

impl Registry {
    pub(crate) fn new() -> Registry {
        Registry {
            stopped: AtomicBool::new(false),
            state: OfProcess::new(Mutex::default()),
            all_left: Condvar::new(),
        }
    }

    /// True in a forked child, if the loop stayed behind.
    pub(crate) fn is_inherited(&self) -> bool {
        self.state.is_inherited()
    }

    /// The lock is never held while user code runs.
    ///
    /// A loop that stayed behind at a fork has no listed callers, and no caller can be added.
    fn state(&self) -> MutexGuard<'_, State> {
        match self.state.get() {
            Some(state) => state.lock(),
            None => stayed_behind(),
        }
    }

    /// Calls `f` with each listed caller; `f` runs no foreign code.
    pub(crate) fn map_callers<T>(&self, mut f: impl FnMut(&ListedCaller) -> T) -> Vec<T> {
        let state = self.state();
        state.callers.iter().map(|(_, caller)| f(caller)).collect()
    }

    /// Adds a caller to the list before it waits; `None` if the loop has ended, or is one of the
    /// parent process.
    ///
    /// A loop that has been stopped and still drives lists the caller too, so that it can clean up;
    /// the caller has to check whether the loop is stopped before it parks. Exits and clean-ups are
    /// listed like other calls. The waits in `drive` call this, and return `Kind::Shutdown` for `None`.
    pub(crate) fn enlist(
        &self,
        waker: &Waker,
        site: CallSite,
        wait: BlockedWait,
    ) -> Option<Listed<'_>> {
        let (since, thread) = (Instant::now(), thread::current());
        let mut state = self.state();
        if state.closed {
            return None;
        }
        let is_alone = state.callers.is_empty();
        let entry = state.callers.insert(ListedCaller {
            waker: waker.clone(),
            site,
            since,
            thread,
            wait,
        });
        drop(state);
        Some(Listed {
            registry: self,
            entry,
            is_alone,
        })
    }

    /// True once the loop is stopped: callers may not wait for it any more, except to clean up.
    pub(crate) fn is_stopped(&self) -> bool {
        // ORDERING: Acquire pairs with the Release of `stop`. A caller that lists itself takes the
        // lock under which the flag is set, and checks after that, so no caller can park after the
        // last wake.
        self.stopped.load(Ordering::Acquire)
    }

    /// Stops the loop for callers: wakes all that wait; later ones see that it is stopped.
    ///
    /// Returns how many were waiting, or `None` if the loop was stopped before.
    pub(crate) fn stop(&self) -> Option<usize> {
        let wakers: Vec<Waker> = {
            let state = self.state();
            // ORDERING: Release pairs with the Acquire of `is_stopped`; the lock does the rest.
            if self.stopped.swap(true, Ordering::Release) {
                return None;
            }
            state.wakers()
        };
        // Outside the lock, which a woken caller takes to leave.
        let released = wakers.len();
        wakers.into_iter().for_each(Waker::wake);
        Some(released)
    }

    /// In a forked child: no caller may wait for this loop, whose thread stayed behind.
    #[cfg(unix)]
    pub(super) fn mark_stayed_behind(&self) {
        // ORDERING: Relaxed; this is the only thread of the process.
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Wakes all callers that wait, so that each checks its state.
    pub(crate) fn wake_all(&self) {
        let wakers = self.state().wakers();
        // Outside the lock, which a woken caller takes to leave.
        wakers.into_iter().for_each(Waker::wake);
    }

    /// True once no thread drives the loop any more; no new caller is listed then.
    pub(crate) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Closes the registry for new callers; returns how many callers are still listed.
    pub(crate) fn close(&self) -> usize {
        let mut state = self.state();
        state.closed = true;
        state.callers.len()
    }

    /// Waits until all of `members` have left, at most for `limit`; returns how many callers have not.
    pub(crate) fn wait_until_all_left(&self, members: Members, limit: Duration) -> usize {
        let state = self
            .all_left
            .wait_timeout_while(self.state(), limit, |state| !state.have_left(members));
        state.callers.len()
    }

    /// From now on a thread may wait until all callers have left, though the loop is not stopped.
    pub(crate) fn mark_draining(&self) {
        self.state().is_draining = true;
    }

    /// Ready once all of `members` have left; awaited by the thread that drives meanwhile. From that
    /// moment the registry is closed.
    pub(crate) async fn all_left(&self, members: Members) {
        poll_fn(|cx| {
            let mut state = self.state();
            if state.have_left(members) {
                state.closed = true;
                return Poll::Ready(());
            }
            state.on_all_left = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Stores that `thread` stops the loop and waits for it. That thread cannot drop its own guards
    /// while it waits, so they do not count.
    pub(crate) fn mark_stopped_by(&self, thread: ThreadId) {
        self.state().stopped_by = Some(thread);
    }

    /// How many contexts are kept open by guards.
    pub(crate) fn guards(&self) -> usize {
        self.state().guards.len()
    }

    /// How many callers are listed at this moment.
    pub(crate) fn len(&self) -> usize {
        self.state().callers.len()
    }
}

impl Listed<'_> {
    /// True if no other caller waited when this one began to.
    pub(crate) fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// Changes the listed kind of wait.
    pub(crate) fn set_wait(&self, wait: BlockedWait) {
        if let Some(caller) = self.registry.state().callers.get_mut(self.entry) {
            caller.wait = wait;
        }
    }
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        // The drop of its waker, which may run foreign code, is outside the lock.
        let _left = self
            .registry
            .leave(|state| state.callers.try_remove(self.entry));
    }
}

/// The callers, tasks and guards that the end of a loop waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Members {
    Callers,
    CallersAndTasks,
    /// And the contexts that guards keep open, which their threads still have to drop.
    GuardsToo,
}

impl State {
    fn wakers(&self) -> Vec<Waker> {
        self.callers
            .iter()
            .map(|(_, caller)| caller.waker.clone())
            .collect()
    }

    fn have_left(&self, members: Members) -> bool {
        let callers = || self.callers.is_empty();
        let tasks = || self.tasks == 0;
        let guards = || self.guards.values().all(|by| Some(*by) == self.stopped_by);
        match members {
            Members::Callers => callers(),
            Members::CallersAndTasks => callers() && tasks(),
            Members::GuardsToo => callers() && tasks() && guards(),
        }
    }
}

/// The mark of a context that a guard keeps open, until this is dropped.
pub(crate) struct GuardMark {
    core: Arc<LoopCore>,
    id: u64,
}

impl GuardMark {
    pub(crate) fn new(core: Arc<LoopCore>) -> GuardMark {
        let mut state = core.registry.state();
        let id = state.next;
        state.next += 1;
        state.guards.insert(id, thread::current().id());
        drop(state);
        GuardMark { core, id }
    }
}

impl Drop for GuardMark {
    fn drop(&mut self) {
        self.core.registry.leave(|state| {
            state.guards.remove(&self.id);
        });
    }
}

/// The mark of a task of koil's that is alive on a loop, until this is dropped.
pub(crate) struct TaskMark(pub(crate) Arc<LoopCore>);

impl TaskMark {
    pub(crate) fn new(core: Arc<LoopCore>) -> TaskMark {
        core.registry.state().tasks += 1;
        TaskMark(core)
    }

    /// `None` if no thread drives the loop any more; else it is driven until this is dropped.
    pub(crate) fn if_driven(core: &Arc<LoopCore>) -> Option<TaskMark> {
        let mut state = core.registry.state();
        if state.closed {
            return None;
        }
        state.tasks += 1;
        drop(state);
        Some(TaskMark(core.clone()))
    }
}

impl Drop for TaskMark {
    fn drop(&mut self) {
        // In a forked child the count is 0 already.
        self.0
            .registry
            .leave(|state| state.tasks = state.tasks.saturating_sub(1));
    }
}

impl Registry {
    /// Removes an entry from the registry; on a stopped or drained loop this wakes the threads that wait for
    /// all to leave.
    fn leave<T>(&self, leave: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let left = leave(&mut state);
        if !self.is_stopped() && !state.is_draining {
            return left;
        }
        // The threads woken here, and the driver below, check whether all have left.
        self.all_left.notify_all();
        let driver = state.on_all_left.take();
        drop(state);
        driver.into_iter().for_each(Waker::wake);
        left
    }
}

impl LoopCore {
    /// Stops the loop for callers and tasks: they are cancelled, and may clean up.
    ///
    /// Returns how many callers were waiting, or `None` if the loop was stopped before.
    pub(crate) fn stop(&self) -> Option<usize> {
        let released = self.registry.stop();
        self.token.cancel("the loop is shutting down");
        released
    }
}

/// The state of all loops that a forked child has inherited: closed, without callers.
fn stayed_behind() -> MutexGuard<'static, State> {
    static CLOSED: PerProcess<Mutex<State>> = PerProcess::new(|| {
        Mutex::new(State {
            closed: true,
            ..State::default()
        })
    });
    CLOSED.get().lock()
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sites = self.map_callers(|caller| caller.site.to_string());
        f.debug_struct("Registry")
            .field("stopped", &self.stopped)
            .field("forked", &self.is_inherited())
            .field("waiting", &sites)
            .finish_non_exhaustive()
    }
}
