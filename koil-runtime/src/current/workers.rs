//! What surrounds the threads on which a loop runs blocking jobs.

use std::sync::{Arc, Weak};

use super::{LoopCore, Role, adopt_thread};
use crate::pool;
use crate::report::unwind;

/// A hook that runs on threads of the loop.
pub(crate) type ThreadHook = Arc<dyn Fn() + Send + Sync>;

/// What the workers of a loop are to be like.
#[derive(Clone)]
pub(crate) struct Workers {
    /// How many may run at a time.
    pub(crate) limit: usize,
    /// Threads of its tokio runtime that run tasks.
    pub(crate) schedulers: usize,
    pub(crate) on_start: Option<ThreadHook>,
    pub(crate) on_stop: Option<ThreadHook>,
}

/// A worker is a thread of its loop, and finds tokio's context there, as a blocking thread of
/// tokio's does.
pub(super) fn plan(name: &str, core: Weak<LoopCore>, workers: Workers) -> pool::Plan {
    let Workers {
        limit,
        schedulers,
        on_start,
        on_stop,
    } = workers;
    let around = move |work: &mut dyn FnMut()| {
        // A job that is still to be done keeps its loop alive.
        let Some(core) = core.upgrade() else {
            return work();
        };
        adopt_thread(core.clone(), Role::Worker);
        let _context = core.tokio.enter();
        // A hook that panics must not take the job with it that this thread was made for; the panic
        // hook has told of it.
        unwind::swallow(|| run_hook(on_start.as_ref()));
        work();
        unwind::swallow(|| run_hook(on_stop.as_ref()));
    };
    pool::Plan {
        name: name.to_owned(),
        limit,
        tokio_limit: limit.saturating_add(schedulers),
        around: Arc::new(around),
    }
}

pub(crate) fn run_hook(hook: Option<&ThreadHook>) {
    if let Some(hook) = hook {
        hook();
    }
}
