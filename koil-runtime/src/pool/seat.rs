//! `Seat`: the place of a thread in a bounded set of threads, given up while the thread waits.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
#[cfg(unix)]
use std::mem::forget;
use std::sync::Arc;

/// A bounded set of threads: counts the threads that run, and lets another one run in place of one
/// that waits.
pub(super) trait Seat {
    /// This thread begins to wait.
    fn leave(self: Arc<Self>);
    /// This thread runs again after its wait.
    fn rejoin(&self);
}

/// A [`Seat`] of any type, behind a pointer.
trait Place {
    fn leave(&self);
    fn rejoin(&self);
}

impl<S: Seat> Place for Arc<S> {
    fn leave(&self) {
        S::leave(self.clone());
    }

    fn rejoin(&self) {
        S::rejoin(self);
    }
}

thread_local! {
    static WAITS: Cell<u32> = const { Cell::new(0) };
    static HAS_SEAT: Cell<bool> = const { Cell::new(false) };
    static SEAT: RefCell<Option<Box<dyn Place>>> = const { RefCell::new(None) };
}

/// Assigns this thread its seat; the thread does not count as running yet.
pub(super) fn show<S: Seat + 'static>(seat: Arc<S>) {
    // The thread-locals exist: the thread has just begun.
    let _ = SEAT.try_with(|slot| slot.replace(Some(Box::new(seat))));
}

/// From now on this thread counts as running.
pub(super) fn sit() {
    let has_one = SEAT.try_with(|slot| slot.borrow().is_some());
    HAS_SEAT.set(has_one.unwrap_or(false));
}

/// From now on this thread does not count as running. A later wait on it, as in a hook or in the
/// destructor of a thread-local, has no seat to give up.
pub(super) fn stand_up() {
    HAS_SEAT.set(false);
}

/// In a forked child: takes the seat from this thread. The seat belongs to the parent, and another
/// thread may have held its lock at the fork.
#[cfg(unix)]
pub(crate) fn leave_behind() {
    HAS_SEAT.set(false);
    // Not dropped: only the parent may drop it.
    let _ = SEAT.try_with(|slot| slot.try_borrow_mut().map(|mut slot| forget(slot.take())));
}

/// This thread waits until this is dropped, and does not count as running meanwhile.
///
/// On a thread without a seat it does nothing. Waits nest; the outermost counts.
pub(crate) struct Waiting {
    _not_send: PhantomData<*const ()>,
}

impl Waiting {
    #[inline]
    pub(crate) fn begin() -> Option<Waiting> {
        HAS_SEAT.get().then(Waiting::leave)
    }

    fn leave() -> Waiting {
        let outer = WAITS.replace(WAITS.get() + 1);
        if outer == 0 {
            with_seat(|seat| seat.leave());
        }
        Waiting {
            _not_send: PhantomData,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let left = WAITS.get() - 1;
        WAITS.set(left);
        if left == 0 {
            with_seat(|seat| seat.rejoin());
        }
    }
}

fn with_seat(f: impl FnOnce(&dyn Place)) {
    if !HAS_SEAT.get() {
        return;
    }
    // Once the thread-local is destroyed, the thread has left its seat for good.
    let _ = SEAT.try_with(|seat| seat.borrow().as_deref().map(f));
}
