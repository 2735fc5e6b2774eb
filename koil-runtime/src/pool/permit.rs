//! The permit of a thread to run, one of a bounded number, which it returns while it waits.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
#[cfg(unix)]
use std::mem::forget;
use std::sync::Arc;

/// The owner of permits: counts the threads that run, and lets another one run in place of one that
/// waits.
pub(super) trait Permits {
    /// This thread begins to wait.
    fn give_back(self: Arc<Self>);
    /// This thread runs again after its wait.
    fn take_again(&self);
}

/// [`Permits`] of any type, behind a pointer.
trait AnyPermits {
    fn give_back(&self);
    fn take_again(&self);
}

impl<P: Permits> AnyPermits for Arc<P> {
    fn give_back(&self) {
        P::give_back(self.clone());
    }

    fn take_again(&self) {
        P::take_again(self);
    }
}

thread_local! {
    // No destructor, so this can be read at any time of a thread's life.
    /// The number of waits in which this thread is; `None` if it has no permit.
    static WAITS: Cell<Option<u32>> = const { Cell::new(None) };
    static PERMITS: RefCell<Option<Box<dyn AnyPermits>>> = const { RefCell::new(None) };
}

/// Sets the owner of this thread's permit; the thread does not count as running yet.
pub(super) fn set_owner<P: Permits + 'static>(permits: Arc<P>) {
    // The thread-locals exist: the thread has just begun.
    let _ = PERMITS.try_with(|slot| slot.replace(Some(Box::new(permits))));
}

/// From now on this thread counts as running, if its permit has an owner.
pub(super) fn mark_running() {
    let has_owner = PERMITS.try_with(|slot| slot.borrow().is_some());
    WAITS.set(has_owner.unwrap_or(false).then_some(0));
}

/// From now on this thread does not count as running. A later wait on it, as in a hook or in the
/// destructor of a thread-local, has no permit to give back.
pub(super) fn mark_idle() {
    WAITS.set(None);
}

/// In a forked child: takes the permit from this thread. It belongs to the parent, and another
/// thread may have held the lock of its owner at the fork.
#[cfg(unix)]
pub(crate) fn leave_behind() {
    WAITS.set(None);
    // Not dropped: only the parent may drop it.
    let _ = PERMITS.try_with(|slot| slot.try_borrow_mut().map(|mut slot| forget(slot.take())));
}

/// A thread of someone else runs a job with a permit of this owner, until this is dropped. The
/// permit that the thread may have had is put aside meanwhile.
pub(super) struct PermitOnLoan {
    waits: Option<u32>,
    owner: Option<Box<dyn AnyPermits>>,
    _not_send: PhantomData<*const ()>,
}

impl PermitOnLoan {
    pub(super) fn begin<P: Permits + 'static>(permits: Arc<P>) -> PermitOnLoan {
        PermitOnLoan {
            // Where the thread-local is destroyed, the thread has no permit to give back.
            owner: PERMITS
                .try_with(|slot| slot.replace(Some(Box::new(permits))))
                .unwrap_or_default(),
            waits: WAITS.replace(Some(0)),
            _not_send: PhantomData,
        }
    }
}

impl Drop for PermitOnLoan {
    fn drop(&mut self) {
        WAITS.set(self.waits);
        let owner = self.owner.take();
        // Dropped outside the borrow: it may be the last use of the pool.
        drop(PERMITS.try_with(|slot| slot.replace(owner)));
    }
}

/// This thread waits until this is dropped, and has given its permit back meanwhile.
///
/// On a thread without a permit it does nothing. Waits nest; the outermost counts.
pub(crate) struct PermitGivenBack {
    _not_send: PhantomData<*const ()>,
}

impl PermitGivenBack {
    #[inline]
    pub(crate) fn begin() -> Option<PermitGivenBack> {
        WAITS.get().map(PermitGivenBack::nested_in)
    }

    fn nested_in(waits: u32) -> PermitGivenBack {
        WAITS.set(Some(waits + 1));
        if waits == 0 {
            with_owner(|permits| permits.give_back());
        }
        PermitGivenBack {
            _not_send: PhantomData,
        }
    }
}

impl Drop for PermitGivenBack {
    fn drop(&mut self) {
        // `None` if the thread has lost its permit meanwhile: at a fork.
        let Some(waits) = WAITS.get() else {
            return;
        };
        WAITS.set(Some(waits - 1));
        if waits == 1 {
            with_owner(|permits| permits.take_again());
        }
    }
}

fn with_owner(f: impl FnOnce(&dyn AnyPermits)) {
    // Once the thread-local is destroyed, the thread has given its permit back for good.
    let _ = PERMITS.try_with(|permits| permits.borrow().as_deref().map(f));
}
