//! What is kept open until a loop ends: closed in reverse, while the loop still drives.

use std::sync::{MutexGuard, PoisonError};

use crate::current::{Closer, LoopCore};

impl LoopCore {
    /// Keeps `closer` to be run when the loop ends.
    pub(crate) fn hold(&self, closer: Closer) {
        self.held().push(closer);
    }

    /// Nobody runs what is held any more: its drops say so.
    pub(crate) fn drop_held(&self) {
        self.take_held().clear();
    }

    pub(super) fn count_held(&self) -> u32 {
        u32::try_from(self.held().len()).unwrap_or(u32::MAX)
    }

    fn take_held(&self) -> Vec<Closer> {
        std::mem::take(&mut *self.held())
    }

    /// Runs the closers, the last that came first.
    pub(super) async fn close_held(&self) {
        loop {
            // Outside the lock: a closer may hold something itself.
            let closer = self.held().pop();
            let Some(closer) = closer else { return };
            closer.await;
        }
    }

    fn held(&self) -> MutexGuard<'_, Vec<Closer>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
