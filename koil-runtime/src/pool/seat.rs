//! The seat of a thread in a bounded set of threads, given up while it waits.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::sync::Arc;

/// Counts the threads that run, and lets another one run in place of one that waits.
pub(super) trait Seat {
    /// This thread begins to wait.
    fn leave(self: Arc<Self>);
    /// It goes on.
    fn rejoin(&self);
}

/// What leaving and rejoining needs, whichever set of threads it is.
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

/// Gives this thread a seat for the rest of its life.
pub(super) fn take<S: Seat + 'static>(seat: Arc<S>) {
    let taken = SEAT.try_with(|slot| slot.replace(Some(Box::new(seat))));
    HAS_SEAT.set(taken.is_ok());
}

/// In a forked child: the seat stayed behind, with whatever lock another thread held.
#[cfg(unix)]
pub(crate) fn leave_behind() {
    HAS_SEAT.set(false);
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
    // Where thread-locals are gone, the thread has left its seat for good.
    let _ = SEAT.try_with(|seat| seat.borrow().as_deref().map(f));
}
