//! What a thread keeps from one call to the next: its parker, and the loop that it has found.

use std::cell::RefCell;
use std::sync::Arc;
use std::task::Waker;

use super::park::Parker;
use crate::current::{self, LoopCore};

thread_local! {
    static KEPT: Kept = Kept::fresh();
}

/// In one piece, so that a call asks for it once.
pub(crate) struct Kept {
    pub(super) parker: Arc<Parker>,
    /// It notifies the parker.
    pub(super) waker: Waker,
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
            found: RefCell::new(None),
        }
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

/// Gives `f` the parker of this thread, or a new one where thread-locals are gone.
pub(crate) fn with_parker<T>(f: impl FnOnce(&Parker, &Waker) -> T) -> T {
    let mut f = Some(f);
    let cached = with_kept(|kept| f.take().map(|f| f(&kept.parker, &kept.waker)));
    if let Some(Some(value)) = cached {
        return value;
    }
    let kept = Kept::fresh();
    let f = f
        .take()
        .expect("the closure runs once: here or with the cached parker");
    f(&kept.parker, &kept.waker)
}
