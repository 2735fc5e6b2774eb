//! The parker of a thread: how a caller sleeps until its future's waker is called.

use std::sync::Arc;
use std::task::Wake;
use std::time::Instant;

use crate::sync::{AtomicBool, AtomicU8, Here, Ordering, Thread, thread};

/// Nobody has called the waker since the last [`Parker::reset`].
const EMPTY: u8 = 0;
/// The owner sleeps, or is about to; whoever notifies must unpark it.
const PARKED: u8 = 1;
/// The waker was called; the owner must poll before it sleeps.
const NOTIFIED: u8 = 2;

/// One thread's signal. Only its owner resets and parks; anybody may notify.
pub(crate) struct Parker {
    state: AtomicU8,
    /// The owner has called the waker itself, as a future does that gives way: a plain store, where
    /// another thread needs an exchange.
    is_self_woken: AtomicBool,
    owner: Thread,
    home: Here,
}

/// How a sleep ended.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unparked {
    /// The waker was called: poll again.
    Notified,
    /// The deadline passed first.
    DeadlinePassed,
}

impl Parker {
    /// A parker owned by the current thread.
    pub(crate) fn new() -> Parker {
        Parker {
            state: AtomicU8::new(EMPTY),
            is_self_woken: AtomicBool::new(false),
            owner: thread::current(),
            home: Here::new(),
        }
    }

    /// Forgets a notification, just before a poll: the poll will see what the waker announced.
    #[inline]
    pub(crate) fn reset(&self) {
        if self.is_self_woken() {
            // ORDERING: Relaxed; only the owner looks, and only the owner has written.
            self.is_self_woken.store(false, Ordering::Relaxed);
        }
        // ORDERING: Relaxed is enough to skip the swap: a notification that comes later stays.
        if self.state.load(Ordering::Relaxed) != EMPTY {
            // ORDERING: Acquire pairs with the Release of `notify`, so that the poll sees all that
            // happened before it. A swap, not a store: it reads the last of several notifications.
            self.state.swap(EMPTY, Ordering::Acquire);
        }
    }

    /// True if the waker was called since the last reset.
    #[inline]
    pub(crate) fn is_notified(&self) -> bool {
        // ORDERING: Relaxed, since the owner resets (with Acquire) before it acts on the answer.
        self.is_self_woken() || self.state.load(Ordering::Relaxed) == NOTIFIED
    }

    #[inline]
    fn is_self_woken(&self) -> bool {
        // ORDERING: Relaxed; a thread sees its own stores.
        self.is_self_woken.load(Ordering::Relaxed)
    }

    /// Sleeps until notified, or until `deadline`. Returns at once if notified already.
    pub(crate) fn park(&self, deadline: Option<Instant>) -> Unparked {
        if self.is_self_woken() {
            return Unparked::Notified;
        }
        // ORDERING: Relaxed on both sides; the notification is acquired by the reset that follows.
        let announced =
            self.state
                .compare_exchange(EMPTY, PARKED, Ordering::Relaxed, Ordering::Relaxed);
        if announced.is_err() {
            return Unparked::Notified;
        }
        // `thread::park` may return early (a stale token, a spurious wake): only `state` counts.
        while !self.is_notified() {
            if sleep(deadline) == Slept::PastDeadline {
                return self.give_up();
            }
        }
        Unparked::Notified
    }

    /// Takes back the announcement of a sleep, unless a notification came in the same moment.
    fn give_up(&self) -> Unparked {
        // ORDERING: Relaxed, as in `park`.
        match self
            .state
            .compare_exchange(PARKED, EMPTY, Ordering::Relaxed, Ordering::Relaxed)
        {
            Ok(_) => Unparked::DeadlinePassed,
            Err(_) => Unparked::Notified,
        }
    }

    /// Wakes the owner, or keeps it from going to sleep.
    #[inline]
    pub(crate) fn notify(&self) {
        if self.home.is_here() {
            // It does not sleep, and looks here before it does.
            // ORDERING: Relaxed; nobody but this thread looks.
            return self.is_self_woken.store(true, Ordering::Relaxed);
        }
        // ORDERING: Release publishes what the waker announces to the owner's next reset.
        if self.state.swap(NOTIFIED, Ordering::Release) == PARKED {
            self.owner.unpark();
        }
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Parker>) {
        self.notify();
    }

    fn wake_by_ref(self: &Arc<Parker>) {
        self.notify();
    }
}

#[derive(PartialEq, Eq)]
enum Slept {
    Some,
    PastDeadline,
}

fn sleep(deadline: Option<Instant>) -> Slept {
    let Some(deadline) = deadline else {
        thread::park();
        return Slept::Some;
    };
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Slept::PastDeadline;
    }
    #[cfg(not(koil_loom))]
    thread::park_timeout(left);
    #[cfg(koil_loom)]
    thread::park();
    Slept::Some
}
