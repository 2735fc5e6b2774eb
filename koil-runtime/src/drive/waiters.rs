//! The registry of callers that really wait, through which a stop of the loop releases them.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use crate::current::{LoopCore, Registry, Waiter, Waiting};
use crate::report::blocked::BlockedWait;
use crate::report::site::CallSite;
use crate::sync::Ordering;

/// The entry of a caller in the registry; the caller counts as waiting until this is dropped.
pub(crate) struct Listed<'a> {
    registry: &'a Registry,
    entry: usize,
    is_alone: bool,
}

impl Registry {
    /// Lists a caller before it parks; `None` if the loop has ended, or stayed behind at a fork.
    ///
    /// A loop that has been stopped and still drives lists the caller too, so that it can clean up;
    /// the caller has to check whether the loop is stopped before it parks.
    pub(crate) fn list(
        &self,
        waker: &Waker,
        site: CallSite,
        wait: BlockedWait,
    ) -> Option<Listed<'_>> {
        let (since, thread) = (Instant::now(), thread::current());
        let mut waiting = self.waiting();
        if waiting.closed {
            return None;
        }
        let is_alone = waiting.callers.is_empty();
        let entry = waiting.callers.insert(Waiter {
            waker: waker.clone(),
            site,
            since,
            thread,
            wait,
        });
        drop(waiting);
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
            let waiting = self.waiting();
            // ORDERING: Release pairs with the Acquire of `is_stopped`; the lock does the rest.
            if self.stopped.swap(true, Ordering::Release) {
                return None;
            }
            waiting.wakers()
        };
        // Outside the lock, which a woken caller takes to leave.
        let released = wakers.len();
        wakers.into_iter().for_each(Waker::wake);
        Some(released)
    }

    /// Wakes all callers that wait, so that each checks its state.
    pub(crate) fn wake_all(&self) {
        let wakers = self.waiting().wakers();
        // Outside the lock, which a woken caller takes to leave.
        wakers.into_iter().for_each(Waker::wake);
    }

    /// True once no thread drives the loop any more; no new caller is listed then.
    pub(crate) fn is_closed(&self) -> bool {
        self.waiting().closed
    }

    /// Closes the registry for new callers; returns how many callers are still listed.
    pub(crate) fn close(&self) -> usize {
        let mut waiting = self.waiting();
        waiting.closed = true;
        waiting.callers.len()
    }

    /// Waits until all of `whom` have left, at most for `limit`; returns how many callers have not.
    pub(crate) fn wait_until_all_left(&self, whom: Whom, limit: Duration) -> usize {
        let waiting = self
            .all_left
            .wait_timeout_while(self.waiting(), limit, |waiting| !waiting.have_left(whom));
        waiting.callers.len()
    }

    /// Ready once all of `whom` have left; awaited by the thread that drives meanwhile. From that
    /// moment the registry is closed.
    pub(crate) async fn all_left(&self, whom: Whom) {
        poll_fn(|cx| {
            let mut waiting = self.waiting();
            if waiting.have_left(whom) {
                waiting.closed = true;
                return Poll::Ready(());
            }
            waiting.on_all_left = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Stores that `thread` stops the loop and waits for it. That thread cannot drop its own guards
    /// while it waits, so they do not count.
    pub(crate) fn is_stopped_by(&self, thread: ThreadId) {
        self.waiting().stopped_by = Some(thread);
    }

    /// How many contexts are kept open by guards.
    pub(crate) fn guards(&self) -> usize {
        self.waiting().guards.len()
    }

    /// How many callers are listed at this moment.
    pub(crate) fn len(&self) -> usize {
        self.waiting().callers.len()
    }
}

impl Listed<'_> {
    /// True if no other caller waited when this one began to.
    pub(crate) fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// Changes the listed kind of wait.
    pub(crate) fn now(&self, wait: BlockedWait) {
        if let Some(caller) = self.registry.waiting().callers.get_mut(self.entry) {
            caller.wait = wait;
        }
    }
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        // The drop of its waker, which may run foreign code, is outside the lock.
        let _left = self
            .registry
            .leave(|waiting| waiting.callers.try_remove(self.entry));
    }
}

/// The callers, tasks and guards that the end of a loop waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whom {
    Callers,
    CallersAndTasks,
    /// And the contexts that guards keep open, which their threads still have to drop.
    GuardsToo,
}

impl Waiting {
    fn wakers(&self) -> Vec<Waker> {
        self.callers
            .iter()
            .map(|(_, caller)| caller.waker.clone())
            .collect()
    }

    fn have_left(&self, whom: Whom) -> bool {
        let callers = || self.callers.is_empty();
        let tasks = || self.tasks == 0;
        let guards = || self.guards.values().all(|by| Some(*by) == self.stopped_by);
        match whom {
            Whom::Callers => callers(),
            Whom::CallersAndTasks => callers() && tasks(),
            Whom::GuardsToo => callers() && tasks() && guards(),
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
        let mut waiting = core.registry.waiting();
        let id = waiting.next;
        waiting.next += 1;
        waiting.guards.insert(id, thread::current().id());
        drop(waiting);
        GuardMark { core, id }
    }
}

impl Drop for GuardMark {
    fn drop(&mut self) {
        self.core.registry.leave(|waiting| {
            waiting.guards.remove(&self.id);
        });
    }
}

/// The mark of a task of koil's that is alive on a loop, until this is dropped.
pub(crate) struct TaskMark(Arc<LoopCore>);

impl TaskMark {
    pub(crate) fn new(core: Arc<LoopCore>) -> TaskMark {
        core.registry.waiting().tasks += 1;
        TaskMark(core)
    }

    /// `None` if no thread drives the loop any more; else it is driven until this is dropped.
    pub(crate) fn if_driven(core: &Arc<LoopCore>) -> Option<TaskMark> {
        let mut waiting = core.registry.waiting();
        if waiting.closed {
            return None;
        }
        waiting.tasks += 1;
        drop(waiting);
        Some(TaskMark(core.clone()))
    }
}

impl Drop for TaskMark {
    fn drop(&mut self) {
        // In a forked child the count is 0 already.
        self.0
            .registry
            .leave(|waiting| waiting.tasks = waiting.tasks.saturating_sub(1));
    }
}

impl Registry {
    /// Removes an entry from the registry; on a stopped loop this wakes the threads that wait for
    /// all to leave.
    fn leave<T>(&self, leave: impl FnOnce(&mut Waiting) -> T) -> T {
        let mut waiting = self.waiting();
        let left = leave(&mut waiting);
        if !self.is_stopped() {
            return left;
        }
        // The threads woken here, and the driver below, check whether all have left.
        self.all_left.notify_all();
        let driver = waiting.on_all_left.take();
        drop(waiting);
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
