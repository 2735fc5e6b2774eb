//! The plan for worker threads: the threads on which a loop runs blocking jobs, with their hooks
//! and context.

use std::sync::{Arc, Weak};

use super::{ContextRecord, LoopCore, Mask, Role, ThreadKind, adopt_thread, base_thread_kind};
use crate::pool::{JobExecutor, PoolPlan};
use crate::report::unwind;

/// A hook that runs on threads of the loop.
pub(crate) type ThreadHook = Arc<dyn Fn() + Send + Sync>;

/// The configuration of a loop's workers.
#[derive(Clone)]
pub(crate) struct Workers {
    /// The maximum number that run at a time.
    pub(crate) limit: usize,
    /// The number of threads of its tokio runtime that run tasks.
    pub(crate) schedulers: usize,
    pub(crate) on_start: Option<ThreadHook>,
    pub(crate) on_stop: Option<ThreadHook>,
    pub(crate) stack_size: Option<usize>,
    /// Runs the jobs in place of workers.
    pub(crate) executor: Option<JobExecutor>,
}

/// The plan for the pool: a worker is a thread of its loop, and has tokio's context, as a blocking
/// thread of tokio's has.
pub(super) fn plan(name: &str, core: Weak<LoopCore>, workers: Workers) -> PoolPlan {
    let Workers {
        limit,
        schedulers,
        on_start,
        on_stop,
        stack_size,
        executor,
    } = workers;
    let guest_core = core.clone();
    let around = move |work: &mut dyn FnMut()| {
        // A job that still has to run keeps its loop alive.
        let Some(core) = core.upgrade() else {
            return work();
        };
        adopt_thread(core.clone(), Role::Worker);
        let _context = core.tokio.enter();
        // A panic of the hook must not lose the job for which this thread was made; the panic hook
        // has reported the panic.
        unwind::swallow(|| run_hook(on_start.as_ref()));
        work();
        unwind::swallow(|| run_hook(on_stop.as_ref()));
    };
    PoolPlan {
        name: name.to_owned(),
        limit,
        tokio_limit: limit.saturating_add(schedulers),
        stack_size,
        around: Arc::new(around),
        executor,
        around_guest: Arc::new(move |job| match guest_core.upgrade() {
            Some(core) => visit(&core, job),
            None => job(),
        }),
    }
}

/// Runs a job on a thread of the application, which is a worker of the loop meanwhile.
fn visit(core: &Arc<LoopCore>, job: &mut dyn FnMut()) {
    let thread = base_thread_kind().unwrap_or_else(ThreadKind::here);
    let mut mask = Mask::of_worker(core);
    let _masked = mask.put_on();
    if matches!(thread, ThreadKind::Ending) {
        return job();
    }
    let _noted = ContextRecord::begin(&thread, 0);
    let _context = core.tokio.enter();
    job();
}

pub(crate) fn run_hook(hook: Option<&ThreadHook>) {
    if let Some(hook) = hook {
        hook();
    }
}
