//! The held contexts of a loop: open until the loop ends, then closed in reverse order while it
//! still drives.

use crate::current::{Closer, LoopCore};
use crate::sync::MutexGuard;

impl LoopCore {
    /// Keeps `closer` to be run when the loop ends.
    pub(crate) fn hold_context(&self, closer: Closer) {
        self.closers().push(closer);
    }

    /// Drops the closers without running them: their drops report this.
    pub(crate) fn drop_held_contexts(&self) {
        let closers = std::mem::take(&mut *self.closers());
        // Outside the lock: each drop reports to the error hook.
        drop(closers);
    }

    pub(super) fn count_held_contexts(&self) -> u32 {
        u32::try_from(self.closers().len()).unwrap_or(u32::MAX)
    }

    /// Runs the closers, the newest first.
    pub(super) async fn close_held_contexts(&self) {
        loop {
            // Outside the lock: a closer may add closers itself.
            let closer = self.closers().pop();
            let Some(closer) = closer else { return };
            closer.await;
        }
    }

    fn closers(&self) -> MutexGuard<'_, Vec<Closer>> {
        self.held_contexts.lock()
    }
}
