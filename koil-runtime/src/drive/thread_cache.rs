//! `ThreadCache`: the state that a thread keeps from one call to the next: its parker, its mark for
//! the lists of schedulers, and the loop that it has found.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;
use std::task::Waker;

use super::deferred::Deferred;

use super::spin::Spin;
use crate::current::{self, LoopCore};
use crate::sync::Parker;

thread_local! {
    static CACHE: ThreadCache = ThreadCache::fresh();
}

/// One struct, so that a call accesses the thread-local once.
pub(crate) struct ThreadCache {
    pub(super) parker: Arc<Parker>,
    /// The waker that notifies the parker.
    pub(super) waker: Waker,
    /// Made when a call waits beside a scheduler; one for all calls, so that they leave one entry
    /// in its list.
    deferred: OnceCell<Deferred>,
    pub(super) spin: Spin,
    /// The hook of a host runs on this thread, around a wait.
    pub(super) is_in_hook: Cell<bool>,
    /// The process-wide loop. Borrowed while a call uses it, so that the call need not count a
    /// reference: that would cost a ready call as much as all its other book-keeping.
    found: RefCell<Option<Arc<LoopCore>>>,
}

impl ThreadCache {
    fn fresh() -> ThreadCache {
        let parker = Arc::new(Parker::new());
        ThreadCache {
            waker: Waker::from(parker.clone()),
            parker,
            deferred: OnceCell::new(),
            spin: Spin::default(),
            is_in_hook: Cell::new(false),
            found: RefCell::new(None),
        }
    }

    /// The probe for wakers that the scheduler of this thread keeps back.
    pub(super) fn deferred(&self) -> &Deferred {
        self.deferred.get_or_init(|| Deferred::new(&self.waker))
    }

    /// The probe, if a call on this thread has needed it.
    pub(super) fn deferred_if_made(&self) -> Option<&Deferred> {
        self.deferred.get()
    }
}

/// Calls `f` with the cache of this thread; `None` if thread-locals are destroyed.
#[inline(always)]
pub(crate) fn with_kept<T>(f: impl FnOnce(&ThreadCache) -> T) -> Option<T> {
    CACHE.try_with(f).ok()
}

/// Calls `f` with the cache of this thread and with the ambient loop, if that runs and is one that
/// has been entered here, or the process-wide loop and the thread has found it before.
#[inline(always)]
pub(crate) fn with_ambient<T>(
    f: impl FnOnce(&ThreadCache, &Arc<LoopCore>) -> Option<T>,
) -> Option<T> {
    let outcome = CACHE.try_with(|cache| {
        let found = cache.found.try_borrow().ok()?;
        let entered;
        // One call of `f`, so that it is compiled once.
        let core = match found.as_ref() {
            Some(core) if current::is_ambient(core) => core,
            _ => {
                entered = current::entered();
                entered.as_ref()?
            }
        };
        if core.registry.is_stopped() {
            return None;
        }
        f(cache, core)
    });
    outcome.ok().flatten()
}

/// Keeps `core`, the process-wide loop. If thread-locals are destroyed, or a call is using the loop
/// found before, nothing is kept and the next call looks again.
pub(crate) fn keep(core: &Arc<LoopCore>) {
    let outdated = CACHE.try_with(|cache| {
        let mut found = cache.found.try_borrow_mut().ok()?;
        found.replace(core.clone())
    });
    // This may be the last reference to a loop, so it is dropped outside the borrow.
    drop(outdated);
}

/// Calls `f` with the cache of this thread, or with a new one if thread-locals are
/// destroyed.
pub(crate) fn with_any<T>(f: impl FnOnce(&ThreadCache) -> T) -> T {
    let mut f = Some(f);
    let cached = with_kept(|cache| f.take().map(|f| f(cache)));
    if let Some(Some(value)) = cached {
        return value;
    }
    let f = f
        .take()
        .expect("the closure runs once: here or with the cache");
    f(&ThreadCache::fresh())
}
