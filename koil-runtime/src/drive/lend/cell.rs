//! `LendCell`: the access control for a value that its owner has lent to another thread.
//!
//! There is one owner, the thread that lent the value and sleeps, and one user, a task on the loop.
//!
//! ```text
//!             use begins                 use ends: finished
//! IDLE <-----------------------> IN_USE -------------------> FINISHED
//!  |    use ends: not finished     |                            ^
//!  |                               | owner asks back            | use ends: finished
//!  | owner asks back,              v                            |
//!  | or the task is dropped      WANTED ------------------------+
//!  v                               | use ends: not finished
//! RETURNED <-----------------------+
//! ```
//!
//! The user alone may touch the value in `IN_USE` and `WANTED`, the owner alone in `RETURNED` and
//! `FINISHED`, which are final. Both sides change the state by atomic read-modify-write operations;
//! the one plain store is made while the owner only waits.

use std::fmt;
use std::ptr::NonNull;

use crate::sync::{AtomicU8, Ordering};

/// Lent, and neither side touches the value: either side may claim it.
const IDLE: u8 = 0;
/// The user is inside the value.
const IN_USE: u8 = 1;
/// The user is inside the value, and the owner waits to take it back after this use.
const WANTED: u8 = 2;
/// The owner has it back, unfinished: the owner asked, or the user went away. Final.
const RETURNED: u8 = 3;
/// The user has finished with it, and the owner has it back. Final.
const FINISHED: u8 = 4;

/// A value on its owner's stack, and the state of the loan.
pub(super) struct LendCell<T: ?Sized> {
    state: AtomicU8,
    value: NonNull<T>,
}

// SAFETY: the value is touched by one thread at a time, handed over through `state`, and may move
// between threads (`T: Send`).
unsafe impl<T: ?Sized + Send> Send for LendCell<T> {}
// SAFETY: as for `Send`; shared access to the cell gives unique access to the value only by a
// claim.
unsafe impl<T: ?Sized + Send> Sync for LendCell<T> {}

/// The state of the loan, for the owner.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// The user has it.
    Lent,
    /// It is back, unfinished.
    Returned,
    /// It is back, finished.
    Finished,
}

/// The answer to the owner's request.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AskedBack {
    /// It is back, unfinished.
    Returned,
    /// It is back, finished.
    Finished,
    /// It is in use at this moment; the owner is woken after that, and asks again.
    InPoll,
}

/// The result of one use by the user.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum UseOutcome {
    /// It needs another use later.
    Pending,
    /// It is done.
    Finished,
}

/// The user's next step after one use.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AfterUse {
    /// Wait for the next wake.
    StillLent,
    /// Wake the owner and end: the value is the owner's again.
    WakeOwner,
    /// End: it was not lent any more.
    NotLent,
}

impl<T: ?Sized> LendCell<T> {
    /// A loan of `value`.
    ///
    /// # Safety
    ///
    /// `value` must be valid, and touched through this cell only, until `status`, `ask_back` or
    /// `give_back` has reported that it is back.
    pub(super) unsafe fn new(value: NonNull<T>) -> LendCell<T> {
        LendCell {
            state: AtomicU8::new(IDLE),
            value,
        }
    }

    /// The user's side: uses the value once, if it is still lent. `use_value` must not unwind.
    pub(super) fn use_once(&self, use_value: impl FnOnce(&mut T) -> UseOutcome) -> AfterUse {
        // ORDERING: Acquire pairs with the Release of the last use, and with the hand-over of the
        // cell itself for the first.
        if self
            .state
            .compare_exchange(IDLE, IN_USE, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            return AfterUse::NotLent;
        }
        let mut value = self.value;
        // SAFETY: IN_USE was set by this very swap, so no other thread touches the value until the
        // state changes below; the owner keeps it alive meanwhile (`new`'s contract).
        let progress = use_value(unsafe { value.as_mut() });
        match progress {
            UseOutcome::Finished => {
                // ORDERING: Release publishes the use to the owner. Nothing is touched after this.
                // A swap, so that no WANTED of the owner can come in between, unseen.
                self.state.swap(FINISHED, Ordering::Release);
                AfterUse::WakeOwner
            }
            UseOutcome::Pending => self.end_use(),
        }
    }

    fn end_use(&self) -> AfterUse {
        // ORDERING: Release publishes the use to the side that claims the value next.
        match self
            .state
            .compare_exchange(IN_USE, IDLE, Ordering::Release, Ordering::Relaxed)
        {
            Ok(_) => AfterUse::StillLent,
            Err(_wanted) => {
                // ORDERING: as above. The owner has set WANTED and waits, so no other thread
                // writes.
                self.state.store(RETURNED, Ordering::Release);
                AfterUse::WakeOwner
            }
        }
    }

    /// The user's side: gives the value back. True if this call returned it, so that the owner must
    /// be woken.
    pub(super) fn give_back(&self) -> bool {
        // ORDERING: Release publishes earlier uses; they were on this side.
        self.state
            .compare_exchange(IDLE, RETURNED, Ordering::Release, Ordering::Relaxed)
            .is_ok()
    }

    /// The owner's side: reads the state.
    pub(super) fn status(&self) -> Status {
        // ORDERING: Acquire pairs with the Release of the last use.
        match self.state.load(Ordering::Acquire) {
            RETURNED => Status::Returned,
            FINISHED => Status::Finished,
            _ => Status::Lent,
        }
    }

    /// The owner's side: takes the value back, or announces that it wants it back.
    pub(super) fn ask_back(&self) -> AskedBack {
        loop {
            // ORDERING: Acquire pairs with the Release of the last use, in both arms: the owner
            // touches the value after this.
            let idle =
                self.state
                    .compare_exchange(IDLE, RETURNED, Ordering::Acquire, Ordering::Acquire);
            match idle {
                Ok(_) | Err(RETURNED) => return AskedBack::Returned,
                Err(FINISHED) => return AskedBack::Finished,
                Err(WANTED) => return AskedBack::InPoll,
                Err(_in_use) => {
                    // ORDERING: Relaxed; the answer comes with the Release of the end of the use.
                    let wanted = self.state.compare_exchange(
                        IN_USE,
                        WANTED,
                        Ordering::Relaxed,
                        Ordering::Relaxed,
                    );
                    if wanted.is_ok() {
                        return AskedBack::InPoll;
                    }
                }
            }
        }
    }
}

impl<T: ?Sized> fmt::Debug for LendCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // ORDERING: Relaxed; a snapshot for debug output.
        let state = match self.state.load(Ordering::Relaxed) {
            IDLE => "idle",
            IN_USE => "in use",
            WANTED => "in use, wanted",
            RETURNED => "returned",
            _ => "finished",
        };
        f.debug_tuple("LendCell").field(&state).finish()
    }
}
