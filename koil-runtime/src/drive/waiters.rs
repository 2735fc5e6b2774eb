//! The registry of callers that really wait: how stopping a loop releases them.

use std::sync::PoisonError;
use std::task::Waker;
use std::time::{Duration, Instant};

use crate::current::{Registry, Waiter};
use crate::report::site::CallSite;
use crate::sync::Ordering;

/// This caller is listed as waiting until this is dropped.
pub(crate) struct Listed<'a> {
    registry: &'a Registry,
    id: u64,
}

impl Registry {
    /// Lists a caller before it parks; `None` if the loop has been stopped.
    pub(crate) fn list(&self, waker: &Waker, site: CallSite) -> Option<Listed<'_>> {
        let mut waiting = self.waiting();
        if self.is_stopped() {
            return None;
        }
        let id = waiting.next;
        waiting.next += 1;
        waiting.callers.insert(
            id,
            Waiter {
                waker: waker.clone(),
                site,
            },
        );
        Some(Listed { registry: self, id })
    }

    /// True once nobody may wait for this loop any more.
    pub(crate) fn is_stopped(&self) -> bool {
        // ORDERING: Acquire pairs with the Release of `stop`. Who lists itself asks under the lock
        // under which the flag is set, so no caller can park after the last wake.
        self.stopped.load(Ordering::Acquire)
    }

    /// Stops the loop for callers: wakes all that wait, and lets no other in.
    ///
    /// Returns how many were waiting, or `None` if the loop was stopped before.
    pub(crate) fn stop(&self) -> Option<usize> {
        let wakers: Vec<Waker> = {
            let waiting = self.waiting();
            // ORDERING: Release pairs with the Acquire of `is_stopped`; the lock does the rest.
            if self.stopped.swap(true, Ordering::Release) {
                return None;
            }
            waiting
                .callers
                .values()
                .map(|caller| caller.waker.clone())
                .collect()
        };
        // Outside the lock, under which a woken caller wants to leave.
        let released = wakers.len();
        wakers.into_iter().for_each(Waker::wake);
        Some(released)
    }

    /// Waits until no caller is listed, at most for `limit`; returns how many still are.
    pub(crate) fn wait_until_all_left(&self, limit: Duration) -> usize {
        let begun = Instant::now();
        let mut waiting = self.waiting();
        while !waiting.callers.is_empty() {
            let Some(left) = limit.checked_sub(begun.elapsed()) else {
                break;
            };
            let waited = self.all_left.wait_timeout(waiting, left);
            waiting = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        waiting.callers.len()
    }

    /// How many callers are listed at this moment.
    pub(crate) fn len(&self) -> usize {
        self.waiting().callers.len()
    }
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        let mut waiting = self.registry.waiting();
        waiting.callers.remove(&self.id);
        if self.registry.is_stopped() && waiting.callers.is_empty() {
            self.registry.all_left.notify_all();
        }
    }
}
