//! Adopting a runtime of the application: its own threads drive it, and koil never stops it.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::AbortHandle;

use super::loop_thread::{LeftBehind, ReleaseCallers};
use crate::current::{Hooks, LoopCore, Members, Workers};

/// The maximum number of concurrent blocking jobs on an adopted runtime; tokio's own default.
const WORKERS: usize = 512;

/// The owner's end of an adopted runtime.
pub(crate) struct AdoptedRuntime {
    sentinel: AbortHandle,
}

/// Makes a loop of a runtime that the application owns; `None` for a current-thread runtime, which
/// only its own thread could drive.
pub(crate) fn adopt(
    handle: Handle,
    join_timeout: Duration,
    cancel_grace: Duration,
) -> Option<(Arc<LoopCore>, AdoptedRuntime)> {
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
            stack_size: None,
            executor: None,
        },
        Hooks::default(),
    );
    let release = ReleaseCallers(core.clone());
    // Dropped with the runtime, however the runtime ends: its callers must then stop waiting for
    // it.
    let sentinel = core.tokio.spawn(async move {
        let _release = release;
        std::future::pending::<()>().await;
    });
    Some((
        core,
        AdoptedRuntime {
            sentinel: sentinel.abort_handle(),
        },
    ))
}

impl AdoptedRuntime {
    /// Waits until callers, tasks and guards have left, closes the held contexts, and detaches from
    /// the runtime. Returns the callers and guards that are still there.
    pub(super) fn wait_until_ended(&self, core: &Arc<LoopCore>, held: Duration) -> LeftBehind {
        // The same steps as at the end of a loop thread of koil.
        let registry = &core.registry;
        registry.wait_until_all_left(Members::GuardsToo, core.cancel_grace);
        registry.wait_until_all_left(Members::CallersAndTasks, core.join_timeout);
        let callers = registry.close();
        let closed = self.let_go(core);
        // The end of the channel is the only signal: the sender is dropped after the last closer.
        let _ = closed.recv_timeout(held);
        core.pool.close();
        core.pool.wait_until_ended(core.join_timeout);
        LeftBehind {
            callers,
            guards: registry.guards(),
        }
    }

    /// Closes the held contexts, in the background, and removes koil's own task from the runtime.
    pub(super) fn let_go(&self, core: &Arc<LoopCore>) -> mpsc::Receiver<()> {
        let (closing, closed) = mpsc::channel();
        let (sentinel, runtime) = (self.sentinel.clone(), core.tokio.clone());
        let core = core.clone();
        drop(runtime.spawn(async move {
            let _closing = closing;
            core.close_held_contexts().await;
            sentinel.abort();
        }));
        closed
    }
}
