//! The registry of callers that really wait: how stopping a loop releases them.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::task::Waker;
use std::time::Duration;

use crate::current::{LoopCore, Waiter, Waiters};
use crate::report::site::CallSite;

/// This caller is listed as waiting until this is dropped.
pub(crate) struct Listed<'a> {
    core: &'a LoopCore,
    id: u64,
}

impl LoopCore {
    /// Lists a caller before it parks; `None` if the loop has been stopped.
    pub(crate) fn list(&self, waker: &Waker, site: CallSite) -> Option<Listed<'_>> {
        let mut waiters = self.waiters();
        if self.is_stopped() {
            return None;
        }
        let id = waiters.next;
        waiters.next += 1;
        waiters.waiting.insert(
            id,
            Waiter {
                waker: waker.clone(),
                site,
            },
        );
        Some(Listed { core: self, id })
    }

    /// True once nobody may wait for this loop any more.
    pub(crate) fn is_stopped(&self) -> bool {
        // ORDERING: Acquire pairs with the Release of `stop_waiters`. Who lists itself asks under
        // the lock under which the flag is set, so no caller can park after the last wake.
        self.stopped.load(Ordering::Acquire)
    }

    /// Stops the loop for callers: wakes all that wait, and lets no other in.
    ///
    /// Returns how many were waiting, or `None` if the loop was stopped before.
    pub(crate) fn stop_waiters(&self) -> Option<usize> {
        let wakers: Vec<Waker> = {
            let waiters = self.waiters();
            // ORDERING: Release pairs with the Acquire of `is_stopped`; the lock does the rest.
            if self.stopped.swap(true, Ordering::Release) {
                return None;
            }
            waiters
                .waiting
                .values()
                .map(|waiter| waiter.waker.clone())
                .collect()
        };
        // Outside the lock: a waker is user code as far as this function knows.
        let released = wakers.len();
        wakers.into_iter().for_each(Waker::wake);
        Some(released)
    }

    /// Waits until no caller is listed, at most for `limit`; returns how many still are.
    pub(crate) fn wait_until_all_left(&self, limit: Duration) -> usize {
        let waiters = self.waiters();
        let somebody_waits = |waiters: &mut Waiters| !waiters.waiting.is_empty();
        let waited = self
            .all_left
            .wait_timeout_while(waiters, limit, somebody_waits);
        waited
            .unwrap_or_else(PoisonError::into_inner)
            .0
            .waiting
            .len()
    }
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        let mut waiters = self.core.waiters();
        waiters.waiting.remove(&self.id);
        if self.core.is_stopped() && waiters.waiting.is_empty() {
            self.core.all_left.notify_all();
        }
    }
}
