//! `SharedRuntime`: the tokio runtime of a loop, which its callers may drive too.

use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::report::unwind;

/// A runtime that a loop thread shares with callers. The last owner ends it, without waiting.
pub(crate) struct SharedRuntime(Option<Runtime>);

impl SharedRuntime {
    pub(crate) fn new(runtime: Runtime) -> Arc<SharedRuntime> {
        Arc::new(SharedRuntime(Some(runtime)))
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        match &self.0 {
            Some(runtime) => runtime,
            None => unreachable!("it is taken by its last owner only"),
        }
    }

    /// The runtime itself; `None` while a caller that was left behind is inside it.
    pub(crate) fn take(self: Arc<SharedRuntime>) -> Option<Runtime> {
        Arc::into_inner(self)?.0.take()
    }
}

impl Drop for SharedRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // A runtime whose driver was lost to a panic panics here.
            unwind::swallow(|| runtime.shutdown_background());
        }
    }
}
