//! Adopting a runtime of the application: its threads drive, and koil never stops it.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::AbortHandle;

use super::loop_thread::LeftBehind;
use super::waiters::Whom;
use crate::current::{Hooks, LoopCore, Workers};

/// How many blocking jobs may run at a time beside an adopted runtime; tokio's own default.
const WORKERS: usize = 512;

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
        Workers {
            limit: WORKERS,
            schedulers: 0,
            on_start: None,
            on_stop: None,
        },
        Hooks::default(),
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
    /// Waits until all have left, closes what was held, and lets go; who is left.
    pub(super) fn end(&self, core: &Arc<LoopCore>, held: Duration) -> LeftBehind {
        // As a loop thread of our own does it.
        let registry = &core.registry;
        registry.wait_until_all_left(Whom::GuardsToo, core.cancel_grace);
        registry.wait_until_all_left(Whom::CallersAndTasks, core.join_timeout);
        let callers = registry.close();
        let closed = self.let_go(core);
        // Its end is all that is said: the other side is dropped then.
        let _ = closed.recv_timeout(held);
        core.pool.close();
        core.pool.wait_until_ended(core.join_timeout);
        LeftBehind {
            callers,
            guards: registry.guards(),
        }
    }

    /// Closes what was held, in the background, and takes back what koil has put into the runtime.
    pub(super) fn let_go(&self, core: &Arc<LoopCore>) -> mpsc::Receiver<()> {
        let (closing, closed) = mpsc::channel();
        let (sentinel, runtime) = (self.sentinel.clone(), core.tokio.clone());
        let core = core.clone();
        drop(runtime.spawn(async move {
            let _closing = closing;
            core.close_held().await;
            sentinel.abort();
        }));
        closed
    }
}

/// However a loop ends, by request or by a panic, nobody goes on waiting for it.
pub(super) struct ReleaseCallers(pub(super) Arc<LoopCore>);

impl Drop for ReleaseCallers {
    fn drop(&mut self) {
        self.0.stop();
        self.0.registry.close();
        self.0.drop_held();
        self.0.pool.close();
    }
}
