//! `Parker`: the parker of a thread, on which a caller sleeps, or drives a loop, until its waker is
//! called.
//!
//! ```text
//!            reset                    park                      notify
//! NOTIFIED --------> EMPTY <-----------------------> PARKED ------------> NOTIFIED, and unpark
//!                      ^    drive, until it leaves
//!                      +---------------------------> DRIVING -----------> NOTIFIED, and wake the driver
//! ```

use std::sync::Arc;
use std::task::{Wake, Waker};
use std::time::Instant;

use super::{AtomicBool, AtomicU8, Mutex, MutexGuard, Ordering, Thread, ThreadTag, thread};

/// The waker was not called since the last [`Parker::reset`].
const EMPTY: u8 = 0;
/// The owner sleeps, or is about to; a notifier must unpark it.
const PARKED: u8 = 1;
/// The waker was called; the owner must poll before it sleeps.
const NOTIFIED: u8 = 2;
/// The owner drives a loop, or waits for its turn there; a notifier must wake it there.
const DRIVING: u8 = 3;

/// The notification state of one thread. Only its owner resets and parks; any thread may notify.
pub(crate) struct Parker {
    state: AtomicU8,
    /// The owner has called the waker itself, as a future does that yields: a plain store, where
    /// another thread needs an exchange.
    is_self_woken: AtomicBool,
    /// The owner drives. Only the owner reads this.
    is_driving: AtomicBool,
    /// Wakes the owner where it drives.
    driver: Mutex<Option<Waker>>,
    owner: Thread,
    /// The tag of the owner.
    tag: ThreadTag,
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
            is_driving: AtomicBool::new(false),
            driver: Mutex::new(None),
            owner: thread::current(),
            tag: ThreadTag::current(),
        }
    }

    /// Clears a notification, just before a poll: the poll will see the event that the waker
    /// announced.
    #[inline]
    pub(crate) fn reset(&self) {
        if self.is_self_woken() {
            // ORDERING: Relaxed; only the owner reads, and only the owner has written.
            self.is_self_woken.store(false, Ordering::Relaxed);
        }
        // ORDERING: Relaxed is enough to skip the swap: a notification that comes later stays.
        if self.state.load(Ordering::Relaxed) != EMPTY {
            // ORDERING: Acquire pairs with the Release of `notify`, so that the poll sees all
            // events before it. A swap, not a store: it reads the last of several notifications.
            self.state.swap(EMPTY, Ordering::Acquire);
        }
    }

    /// True if the waker was called since the last reset.
    #[inline]
    pub(crate) fn is_notified(&self) -> bool {
        // ORDERING: Relaxed, since the owner resets (with Acquire) before it acts on the answer.
        self.is_self_woken() || self.state.load(Ordering::Relaxed) == NOTIFIED
    }

    /// True if the owner has called the waker itself since the last reset.
    #[inline]
    pub(crate) fn is_self_woken(&self) -> bool {
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

    /// Withdraws the announcement of a sleep, unless a notification came in the same moment.
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

    /// The owner drives a loop until the guard is dropped.
    pub(crate) fn drive(&self) -> Driving<'_> {
        // ORDERING: Relaxed; only the owner reads.
        self.is_driving.store(true, Ordering::Relaxed);
        Driving(self)
    }

    /// Wakes the owner, or keeps it from going to sleep.
    #[inline]
    pub(crate) fn notify(&self) {
        if self.tag.is_current() {
            // This thread is the owner: it does not sleep, and reads this flag before it does.
            // ORDERING: Relaxed; only this thread reads.
            self.is_self_woken.store(true, Ordering::Relaxed);
            // ORDERING: as above. A task that runs on this thread may be the one that notifies.
            if self.is_driving.load(Ordering::Relaxed) {
                self.wake_driver();
            }
            return;
        }
        // ORDERING: Release publishes what the waker announces to the owner's next reset.
        match self.state.swap(NOTIFIED, Ordering::Release) {
            PARKED => self.owner.unpark(),
            DRIVING => self.wake_driver(),
            _ => {}
        }
    }

    #[inline(never)]
    fn wake_driver(&self) {
        if let Some(waker) = &*self.driver() {
            waker.wake_by_ref();
        }
    }

    /// Held only while tokio's own wakers are called, cloned and dropped; no other code runs under
    /// it.
    fn driver(&self) -> MutexGuard<'_, Option<Waker>> {
        self.driver.lock()
    }
}

/// The state in which the owner of a parker drives a loop.
#[must_use = "it drives until this is dropped"]
pub(crate) struct Driving<'a>(&'a Parker);

impl Driving<'_> {
    /// True if the parker was notified; else `waker` is woken when it is.
    pub(crate) fn is_notified(&self, waker: &Waker) -> bool {
        let parker = self.0;
        if parker.is_notified() {
            return true;
        }
        {
            let mut driver = parker.driver();
            // The waker is another one once it is the caller's turn to drive.
            if !driver.as_ref().is_some_and(|last| last.will_wake(waker)) {
                *driver = Some(waker.clone());
            }
        }
        // After the waker is stored: a notification that comes later finds it.
        // ORDERING: Relaxed on both sides; the lock has published the waker, and the notification is
        // acquired by the reset that follows.
        let announced =
            parker
                .state
                .compare_exchange(EMPTY, DRIVING, Ordering::Relaxed, Ordering::Relaxed);
        announced == Err(NOTIFIED)
    }
}

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        let parker = self.0;
        // ORDERING: Relaxed; only the owner reads.
        parker.is_driving.store(false, Ordering::Relaxed);
        // A notification that came in the same moment stays.
        // ORDERING: Relaxed, as in `give_up`.
        let _ = parker
            .state
            .compare_exchange(DRIVING, EMPTY, Ordering::Relaxed, Ordering::Relaxed);
        *parker.driver() = None;
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
    #[cfg(not(all(test, koil_loom)))]
    thread::park_timeout(left);
    #[cfg(all(test, koil_loom))]
    thread::park();
    Slept::Some
}
