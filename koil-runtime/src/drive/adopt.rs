//! Adopting a runtime of the application: its threads drive, and koil never stops it.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::AbortHandle;

use crate::current::LoopCore;

/// The owner's end of an adopted runtime.
pub(crate) struct Adopted {
    sentinel: AbortHandle,
}

/// Makes a loop of a runtime that others own; `None` if only its own thread could drive it.
pub(crate) fn adopt(
    handle: Handle,
    join_timeout: Duration,
    cancel_grace: Duration,
) -> Option<(Arc<LoopCore>, Adopted)> {
    if handle.runtime_flavor() != RuntimeFlavor::MultiThread {
        return None;
    }
    let core = LoopCore::new(
        "adopted".to_owned(),
        handle,
        join_timeout,
        cancel_grace,
        None,
    );
    let release = ReleaseCallers(core.clone());
    // Dropped with the runtime, however that ends: its callers must not wait for it any more.
    let sentinel = core.tokio.spawn(async move {
        let _release = release;
        std::future::pending::<()>().await;
    });
    Some((
        core,
        Adopted {
            sentinel: sentinel.abort_handle(),
        },
    ))
}

impl Adopted {
    /// Takes back what koil has put into the runtime.
    pub(super) fn let_go(&self) {
        self.sentinel.abort();
    }
}

/// However a loop ends, by request or by a panic, nobody goes on waiting for it.
pub(super) struct ReleaseCallers(pub(super) Arc<LoopCore>);

impl Drop for ReleaseCallers {
    fn drop(&mut self) {
        self.0.stop();
        self.0.registry.close();
    }
}
