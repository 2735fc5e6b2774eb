//! Closers of a loop: contexts that are kept open until the loop ends, and closed in reverse order
//! while it still drives.

use crate::current::{Closer, LoopCore};
use crate::sync::MutexGuard;

impl LoopCore {
    /// Keeps `closer` to be run when the loop ends.
    pub(crate) fn hold(&self, closer: Closer) {
        self.held().push(closer);
    }

    /// Drops the closers without running them: their drops report this.
    pub(crate) fn drop_held(&self) {
        self.take_held().clear();
    }

    pub(super) fn count_held(&self) -> u32 {
        u32::try_from(self.held().len()).unwrap_or(u32::MAX)
    }

    fn take_held(&self) -> Vec<Closer> {
        std::mem::take(&mut *self.held())
    }

    /// Runs the closers, the newest first.
    pub(super) async fn close_held(&self) {
        loop {
            // Outside the lock: a closer may add closers itself.
            let closer = self.held().pop();
            let Some(closer) = closer else { return };
            closer.await;
        }
    }

    fn held(&self) -> MutexGuard<'_, Vec<Closer>> {
        self.held.lock()
    }
}
