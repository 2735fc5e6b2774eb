//! `LoopCore`: the state of a loop, which its callers and its loop thread share.

use std::collections::HashSet;
use std::fmt;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use super::inherited;
use super::polled_work::PollSlot;
use super::registry::Registry;
use super::relay::Relay;
use super::work_list::WorkList;
use super::workers::{self, Workers};
#[cfg(feature = "sched")]
use crate::executor::{RunQueue, Runnable};
use crate::fork::{self, PerProcess};
use crate::pool::Pool;
use crate::report::blocking_in_async::BlockingInAsync;
use crate::report::error::{DriverPanic, Error, Kind};
use crate::report::exit::ExitError;
use crate::report::site::CallSite;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::token::CancelToken;
use crate::sync::{Mutex, MutexGuard};

/// The state that the callers and the loop thread of one loop share. Its registry and its relay have
/// their operations beside them; polling and driving is in `drive`.
pub(crate) struct LoopCore {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) tokio: tokio::runtime::Handle,
    pub(crate) join_timeout: Duration,
    pub(crate) cancel_grace: Duration,
    /// Set for the process-wide loop, which is ambient where none is entered.
    pub(crate) is_global: AtomicBool,
    /// Calls are refused on threads that run tasks of another tokio runtime.
    refuses_in_async: AtomicBool,
    /// The parent of its tasks' tokens: cancelled when the loop is stopped.
    pub(crate) token: CancelToken,
    pub(crate) registry: Registry,
    pub(crate) work_list: WorkList,
    /// The poll that the loop thread is in, if that thread alone polls the work of koil's.
    pub(crate) loop_slot: PollSlot,
    /// The polls that other threads are in.
    pub(crate) poll_slots: Mutex<Vec<Arc<PollSlot>>>,
    /// The threads of its blocking jobs.
    pub(crate) pool: Pool,
    /// Set before the loop has its first call, if callers may drive it.
    pub(crate) relay: OnceLock<Relay>,
    /// Set before the loop has its first task, if its tasks have priorities.
    #[cfg(feature = "sched")]
    pub(crate) priorities: OnceLock<Arc<RunQueue<Runnable>>>,
    /// Set if a panic in the driver ends the loop.
    driver_panic: OnceLock<DriverPanic>,
    pub(crate) on_blocking_in_async: Option<NoticeHook>,
    pub(crate) on_error: Option<ErrorHook>,
    /// The closers that run when the loop ends, the newest last.
    pub(crate) held_contexts: Mutex<Vec<Closer>>,
    /// The places that have been reported, for each kind of notice.
    pub(crate) noticed: Mutex<HashSet<(&'static Location<'static>, NoticeKind)>>,
}

/// The kinds of notices, each of which is given once per place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum NoticeKind {
    /// A call begins to wait on a thread with a foreign scheduler.
    Begin,
    /// Its wait is long.
    Long,
    /// A thread of a loop does not come back to it.
    Stuck,
    /// A call has waited on a UI thread.
    Ui,
}

/// The hook that is called when a blocking call really waits on a thread that runs a foreign
/// scheduler.
pub(crate) type NoticeHook = Arc<dyn Fn(&BlockingInAsync) + Send + Sync>;

/// The hook that is called with an error that no caller can receive.
pub(crate) type ErrorHook = Arc<dyn Fn(&ExitError) + Send + Sync>;

/// Closes a held context, within its own time limit. A closer that is dropped before it was run
/// reports that.
pub(crate) type Closer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The hooks that calls and exits run. The hooks of threads are `ThreadHook`s
/// of the `LoopPlan`.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) on_blocking_in_async: Option<NoticeHook>,
    pub(crate) on_error: Option<ErrorHook>,
}

impl LoopCore {
    pub(crate) fn new(
        name: String,
        tokio: tokio::runtime::Handle,
        join_timeout: Duration,
        cancel_grace: Duration,
        workers: Workers,
        hooks: Hooks,
    ) -> Arc<LoopCore> {
        fork::watch();
        inherited::watch();
        let core = Arc::new_cyclic(|core| LoopCore {
            id: next_id(),
            pool: Pool::new(workers::plan(&name, core.clone(), workers)),
            name,
            tokio,
            join_timeout,
            cancel_grace,
            is_global: AtomicBool::new(false),
            refuses_in_async: AtomicBool::new(false),
            token: CancelToken::new(),
            registry: Registry::new(),
            work_list: WorkList::new(),
            loop_slot: PollSlot::new(),
            poll_slots: Mutex::default(),
            relay: OnceLock::new(),
            #[cfg(feature = "sched")]
            priorities: OnceLock::new(),
            driver_panic: OnceLock::new(),
            on_blocking_in_async: hooks.on_blocking_in_async,
            on_error: hooks.on_error,
            held_contexts: Mutex::default(),
            noticed: Mutex::default(),
        });
        let mut all = all();
        all.retain(|other| other.strong_count() > 0);
        all.push(Arc::downgrade(&core));
        core
    }

    /// True in a forked child, if the loop stayed behind: no thread drives it, and its locks may be
    /// held by threads that do not exist in the child.
    pub(crate) fn is_forked(&self) -> bool {
        self.registry.is_inherited()
    }

    /// The reason why a loop takes no call, task or job any more, once it counts as stopped or is
    /// drained.
    pub(crate) fn end(&self) -> Kind {
        if self.is_forked() {
            Kind::Forked
        } else if !self.registry.is_stopped() && self.work_list.is_draining() {
            Kind::Draining
        } else {
            Kind::Shutdown
        }
    }

    /// The error of a call, task or job that this loop does not take, or not any more.
    pub(crate) fn end_error(&self, site: CallSite) -> Error {
        match (self.end(), self.driver_panic.get()) {
            (Kind::Shutdown, Some(panic)) => {
                Error::with_source(Kind::Shutdown, site, panic.clone())
            }
            (kind, _) => Error::new(kind, site),
        }
    }

    /// Stores the panic that has ended this loop; only the first counts.
    pub(crate) fn set_driver_panic(&self, payload: &Payload) {
        let text = unwind::text(payload).unwrap_or("a payload without a text");
        let _ = self.driver_panic.set(DriverPanic(text.to_owned()));
    }

    pub(crate) fn set_refuses_in_async(&self, refuses: bool) {
        if refuses {
            mark_refusals();
        }
        // ORDERING: Relaxed; a call that races with this may see either value.
        self.refuses_in_async.store(refuses, Ordering::Relaxed);
    }

    pub(crate) fn refuses_in_async(&self) -> bool {
        // ORDERING: Relaxed; see `set_refuses_in_async`.
        self.refuses_in_async.load(Ordering::Relaxed)
    }

    /// Every loop of this process that still has an owner or a handle.
    pub(crate) fn all() -> Vec<Arc<LoopCore>> {
        all().iter().filter_map(Weak::upgrade).collect()
    }
}

/// Set once a loop refuses calls in async code, and never cleared: until then no call asks for it.
static REFUSALS: AtomicBool = AtomicBool::new(false);

/// From now on each call asks whether its loop refuses calls in async code.
pub(crate) fn mark_refusals() {
    // ORDERING: Relaxed; as in `set_refuses_in_async`.
    REFUSALS.store(true, Ordering::Relaxed);
}

/// True if there may be a loop that refuses calls in async code.
#[inline(always)]
pub(crate) fn are_refusals_marked() -> bool {
    // ORDERING: Relaxed; as in `set_refuses_in_async`.
    REFUSALS.load(Ordering::Relaxed)
}

/// The loops of this process; locked when a loop is made, when all loops are listed and at a fork,
/// never by a call.
pub(super) fn all() -> MutexGuard<'static, Vec<Weak<LoopCore>>> {
    static ALL: PerProcess<Mutex<Vec<Weak<LoopCore>>>> = PerProcess::new(Mutex::default);
    ALL.get().lock()
}

// The shared state is sound after any panic: locks are recovered from poison, none is held across
// user code, and hooks are called by reference, as after a panic on another thread.
impl UnwindSafe for LoopCore {}
impl RefUnwindSafe for LoopCore {}

impl fmt::Debug for LoopCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoopCore")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("registry", &self.registry)
            .finish_non_exhaustive()
    }
}

fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    // ORDERING: Relaxed; only uniqueness counts.
    NEXT.fetch_add(1, Ordering::Relaxed)
}
