//! What belongs to a loop: plain data, shared by its callers and its loop thread.

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

/// What callers and the loop thread of one loop share: plain data, given behaviour by `drive`.
pub(crate) struct LoopCore {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) tokio: tokio::runtime::Handle,
    pub(crate) join_timeout: Duration,
    pub(crate) cancel_grace: Duration,
    /// The process-wide loop, which is ambient where none is entered.
    pub(crate) is_global: AtomicBool,
    /// Above the tokens of its tasks: cancelled when the loop is stopped.
    pub(crate) token: CancelToken,
    pub(crate) registry: Registry,
    /// The threads of its blocking jobs.
    pub(crate) pool: Pool,
    /// What `drive` keeps of a loop that callers may drive; nobody else looks into it.
    pub(crate) relay: OnceLock<Box<dyn Any + Send + Sync>>,
    pub(crate) on_blocking_in_async: Option<NoticeHook>,
    pub(crate) on_error: Option<ErrorHook>,
    /// What is kept open until the loop ends, the last on top.
    pub(crate) held: Mutex<Vec<Closer>>,
    /// Call sites that have been noticed: when they began to wait, and after a long wait.
    pub(crate) noticed: Mutex<HashSet<(&'static Location<'static>, bool)>>,
}

/// Told when a blocking call really waits on a thread that runs a foreign scheduler.
pub(crate) type NoticeHook = Arc<dyn Fn(&BlockingInAsync) + Send + Sync>;

/// Told what went wrong where nobody else could be.
pub(crate) type ErrorHook = Arc<dyn Fn(&ExitError) + Send + Sync>;

/// Closes something that is open until the loop ends; bounded by itself. Dropping it says that it
/// was never run.
pub(crate) type Closer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Who is told what.
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
            held: Mutex::default(),
            noticed: Mutex::default(),
        });
        let mut all = all();
        all.retain(|other| other.strong_count() > 0);
        all.push(Arc::downgrade(&core));
        core
    }

    /// True in a forked child, if the loop stayed behind: nobody drives it, and its locks may be
    /// held by threads that are not there.
    pub(crate) fn is_forked(&self) -> bool {
        self.registry.forks != fork::count()
    }

    /// Why a call cannot wait for this loop any more, once it counts as stopped.
    pub(crate) fn end(&self) -> Kind {
        if self.is_forked() {
            Kind::Forked
        } else {
            Kind::Shutdown
        }
    }

    /// Every loop of this process that somebody still knows.
    pub(crate) fn all() -> Vec<Arc<LoopCore>> {
        all().iter().filter_map(Weak::upgrade).collect()
    }
}

/// The loops of this process; taken when one is made, when somebody looks and at a fork, never by a
/// call.
pub(super) fn all() -> MutexGuard<'static, Vec<Weak<LoopCore>>> {
    static ALL: Mutex<Vec<Weak<LoopCore>>> = Mutex::new(Vec::new());
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

// What is shared is sound after any panic: locks are recovered from poison, none is held across
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

/// The callers that really wait for a loop, and whether anybody may still begin to.
pub(crate) struct Registry {
    /// Set for good under the lock of `waiting`; read anywhere.
    pub(crate) stopped: sync::AtomicBool,
    pub(crate) waiting: sync::Mutex<Waiting>,
    /// Notified when the last waiter leaves a stopped loop.
    pub(crate) all_left: sync::Condvar,
    /// The process that made it, see [`fork::count`].
    forks: u32,
}

/// The listed callers, and what else keeps a loop from its end.
#[derive(Default)]
pub(crate) struct Waiting {
    pub(crate) next: u64,
    pub(crate) callers: Slab<Waiter>,
    /// Nobody drives the loop any more: who comes now has nothing to clean up with.
    pub(crate) closed: bool,
    /// How many tasks of koil's are alive on the loop.
    pub(crate) tasks: usize,
    /// The contexts that guards keep open, with the thread that opened each.
    pub(crate) guards: BTreeMap<u64, ThreadId>,
    /// The thread that stops the loop and waits for it: it cannot close its own guards meanwhile.
    pub(crate) stopped_by: Option<ThreadId>,
    /// Woken when all have left: the loop thread, which drives meanwhile.
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
    /// Of a loop that stayed behind at a fork there are none, and nobody may come.
    pub(crate) fn waiting(&self) -> sync::MutexGuard<'_, Waiting> {
        #[cfg(not(koil_loom))]
        if self.forks != fork::count() {
            return stayed_behind();
        }
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands for the callers of every loop that a forked child has inherited.
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
