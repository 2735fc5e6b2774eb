//! `LoopCore`: the state of a loop, plain data that its callers and its loop thread share.

use std::any::Any;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::Waker;
use std::thread::{Thread, ThreadId};
use std::time::{Duration, Instant};

use slab::Slab;

use super::inherited;
use super::workers::{self, Workers};
use crate::fork;
use crate::pool::Pool;
use crate::report::blocked::BlockedWait;
use crate::report::error::Kind;
use crate::report::exit::ExitError;
use crate::report::notice::BlockingInAsync;
use crate::report::site::CallSite;
use crate::scope::cancel::token::CancelToken;
use crate::sync;

/// The state that the callers and the loop thread of one loop share: plain data, with its behaviour
/// in `drive`.
pub(crate) struct LoopCore {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) tokio: tokio::runtime::Handle,
    pub(crate) join_timeout: Duration,
    pub(crate) cancel_grace: Duration,
    /// Set for the process-wide loop, which is ambient where none is entered.
    pub(crate) is_global: AtomicBool,
    /// The parent of its tasks' tokens: cancelled when the loop is stopped.
    pub(crate) token: CancelToken,
    pub(crate) registry: Registry,
    /// The threads of its blocking jobs.
    pub(crate) pool: Pool,
    /// The state of `drive` for a loop that callers may drive; other modules do not read it.
    pub(crate) relay: OnceLock<Box<dyn Any + Send + Sync>>,
    pub(crate) on_blocking_in_async: Option<NoticeHook>,
    pub(crate) on_error: Option<ErrorHook>,
    /// The closers that run when the loop ends, the newest last.
    pub(crate) held_contexts: Mutex<Vec<Closer>>,
    /// Call sites that have been reported: when they began to wait, and after a long wait.
    pub(crate) noticed: Mutex<HashSet<(&'static Location<'static>, bool)>>,
}

/// The hook that is called when a blocking call really waits on a thread that runs a foreign
/// scheduler.
pub(crate) type NoticeHook = Arc<dyn Fn(&BlockingInAsync) + Send + Sync>;

/// The hook that is called with an error that no caller can receive.
pub(crate) type ErrorHook = Arc<dyn Fn(&ExitError) + Send + Sync>;

/// Closes a context that is open until the loop ends; it bounds its own time. Its drop without a
/// run reports that it was never run.
pub(crate) type Closer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The hooks of a loop.
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
            token: CancelToken::new(),
            registry: Registry::new(),
            relay: OnceLock::new(),
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
        self.registry.forks != fork::count()
    }

    /// The reason why a call cannot wait for this loop any more, once it counts as stopped.
    pub(crate) fn end(&self) -> Kind {
        if self.is_forked() {
            Kind::Forked
        } else {
            Kind::Shutdown
        }
    }

    /// Every loop of this process that still has an owner or a handle.
    pub(crate) fn all() -> Vec<Arc<LoopCore>> {
        all().iter().filter_map(Weak::upgrade).collect()
    }
}

/// The loops of this process; locked when a loop is made, when all loops are listed and at a fork,
/// never by a call.
pub(super) fn all() -> MutexGuard<'static, Vec<Weak<LoopCore>>> {
    static ALL: Mutex<Vec<Weak<LoopCore>>> = Mutex::new(Vec::new());
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
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

/// The callers that really wait for a loop, and whether another caller may still begin to wait.
pub(crate) struct Registry {
    /// Set once, under the lock of `waiting`, and never cleared; read anywhere.
    pub(crate) stopped: sync::AtomicBool,
    pub(crate) waiting: sync::Mutex<Waiting>,
    /// Notified when the last waiter leaves a stopped loop.
    pub(crate) all_left: sync::Condvar,
    /// The process that made it, see [`fork::count`].
    forks: u32,
}

/// The listed callers, and the tasks and guards that also delay the end of a loop.
#[derive(Default)]
pub(crate) struct Waiting {
    pub(crate) next: u64,
    pub(crate) callers: Slab<Waiter>,
    /// No thread drives the loop any more: a caller that comes now cannot clean up on it.
    pub(crate) closed: bool,
    /// The number of koil's tasks that are alive on the loop.
    pub(crate) tasks: usize,
    /// The contexts that guards keep open, with the thread that opened each.
    pub(crate) guards: BTreeMap<u64, ThreadId>,
    /// The thread that stops the loop and waits for it: it cannot drop its own guards while it
    /// waits.
    pub(crate) stopped_by: Option<ThreadId>,
    /// The waker for the time when all have left: of the loop thread, which drives meanwhile.
    pub(crate) on_all_left: Option<Waker>,
}

/// One caller that really waits.
pub(crate) struct Waiter {
    pub(crate) waker: Waker,
    pub(crate) site: CallSite,
    pub(crate) since: Instant,
    pub(crate) thread: Thread,
    pub(crate) wait: BlockedWait,
}

impl Registry {
    pub(crate) fn new() -> Registry {
        Registry {
            stopped: sync::AtomicBool::new(false),
            waiting: sync::Mutex::new(Waiting::default()),
            all_left: sync::Condvar::new(),
            forks: fork::count(),
        }
    }

    /// The listed callers; never held across user code.
    ///
    /// A loop that stayed behind at a fork has no listed callers, and no caller can be added.
    pub(crate) fn waiting(&self) -> sync::MutexGuard<'_, Waiting> {
        #[cfg(not(koil_loom))]
        if self.forks != fork::count() {
            return stayed_behind();
        }
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The callers of all loops that a forked child has inherited: an empty, closed list.
#[cfg(not(koil_loom))]
fn stayed_behind() -> sync::MutexGuard<'static, Waiting> {
    static NOBODY: fork::PerProcess<sync::Mutex<Waiting>> = fork::PerProcess::new(|| {
        sync::Mutex::new(Waiting {
            closed: true,
            ..Waiting::default()
        })
    });
    NOBODY.get().lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.waiting();
        let sites: Vec<_> = waiting
            .callers
            .iter()
            .map(|(_, caller)| caller.site.to_string())
            .collect();
        f.debug_struct("Registry")
            .field("stopped", &self.stopped)
            .field("forked", &(self.forks != fork::count()))
            .field("waiting", &sites)
            .finish_non_exhaustive()
    }
}
