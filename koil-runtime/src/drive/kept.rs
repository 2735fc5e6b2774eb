//! What a thread keeps from one call to the next: its parker, its mark for the lists of schedulers, and
//! the loop that it has found.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;
use std::task::Waker;

use super::deferred::Deferred;
use super::park::Parker;
use super::spin::Spin;
use crate::current::{self, LoopCore};

thread_local! {
    static KEPT: Kept = Kept::fresh();
}

/// In one piece, so that a call asks for it once.
pub(crate) struct Kept {
    pub(super) parker: Arc<Parker>,
    /// It notifies the parker.
    pub(super) waker: Waker,
    /// Made when a call waits beside a scheduler; one for all calls, so that they leave one entry in its
    /// list.
    deferred: OnceCell<Deferred>,
    pub(super) spin: Spin,
    /// The process-wide loop. Borrowed while a call uses it, which then need not count a reference:
    /// that would cost a ready call as much as the rest of its book-keeping.
    found: RefCell<Option<Arc<LoopCore>>>,
}

impl Kept {
    fn fresh() -> Kept {
        let parker = Arc::new(Parker::new());
        Kept {
            waker: Waker::from(parker.clone()),
            parker,
            deferred: OnceCell::new(),
            spin: Spin::default(),
            found: RefCell::new(None),
        }
    }

    /// What the scheduler of this thread keeps back from wakers, as this thread finds out.
    pub(super) fn deferred(&self) -> &Deferred {
        self.deferred.get_or_init(|| Deferred::new(&self.waker))
    }
}

/// Gives `f` what this thread keeps; `None` where thread-locals are gone.
#[inline(always)]
pub(super) fn with_kept<T>(f: impl FnOnce(&Kept) -> T) -> Option<T> {
    KEPT.try_with(f).ok()
}

/// Gives `f` what this thread keeps, and the process-wide loop, if that is ambient and the thread has
/// found it before.
#[inline(always)]
pub(crate) fn with_found<T>(f: impl FnOnce(&Kept, &Arc<LoopCore>) -> Option<T>) -> Option<T> {
    let outcome = KEPT.try_with(|kept| {
        let found = kept.found.try_borrow().ok()?;
        let core = found.as_ref()?;
        if current::is_ambient(core) && !core.registry.is_stopped() {
            f(kept, core)
        } else {
            None
        }
    });
    outcome.ok().flatten()
}

/// `core` is the process-wide loop. Where thread-locals are gone, or a call is using what was found
/// before, the next call looks again.
pub(crate) fn keep(core: &Arc<LoopCore>) {
    let outdated = KEPT.try_with(|kept| {
        let mut found = kept.found.try_borrow_mut().ok()?;
        found.replace(core.clone())
    });
    // The last use of a loop, outside the borrow.
    drop(outdated);
}

/// Gives `f` what this thread keeps, or as much made anew where thread-locals are gone.
pub(crate) fn with_any<T>(f: impl FnOnce(&Kept) -> T) -> T {
    let mut f = Some(f);
    let cached = with_kept(|kept| f.take().map(|f| f(kept)));
    if let Some(Some(value)) = cached {
        return value;
    }
    let f = f
        .take()
        .expect("the closure runs once: here or with what is kept");
    f(&Kept::fresh())
}
