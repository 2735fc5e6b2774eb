//! `DriverState`: the state machine of a relay: the callers that may drive, the threads that need another one to
//! drive, and the times when the loop thread stays out. It does not use tokio.
//!
//! ```text
//! at         the loop thread                  changes when
//! DRIVING    is in `block_on`, or on its way  a caller has asked, and no thread needs it
//! LINGERING  stays out, with a timer          it is needed, or callers have been quiet for a while
//! DEEP       stays out, without a timer       the last driver leaves, or gated work begins
//! ```
//!
//! The loop thread owns `at`. Callers own the counters:
//!
//! * `drivers`: callers inside `block_on`, so they drive or wait for their turn; or in the queue
//!   that the loop thread wakes when it has released the driver. A caller that only polls never
//!   counts as a driver: the loop thread would stay out, and no thread would drive.
//! * `needs`: threads that sleep, while another thread has to drive.
//! * `gates`: pieces of work that only the loop thread may poll. Each counts as a need as well, and
//!   no caller drives while there is one.
//!
//! Each pair of words is written and then read, in opposite order, by the two sides (Dekker), with
//! a `SeqCst` fence between the write and the read: at least one side sees the other. No call
//! depends on that for its progress, as long as it is either in `block_on` or in `needs`: a wrong
//! guess costs a wake.

use std::task::Waker;

use crate::sync::{AtomicBool, AtomicU8, AtomicUsize, Mutex, Ordering, Parker, fence};

/// The loop thread is in `block_on`, or on its way into it.
const DRIVING: u8 = 0;
/// It stays out, and checks again after a while.
const LINGERING: u8 = 1;
/// It stays out until it is notified: a caller has been inside for long.
const DEEP: u8 = 2;

pub(crate) struct DriverState {
    at: AtomicU8,
    drivers: AtomicUsize,
    needs: AtomicUsize,
    gates: AtomicUsize,
    /// A caller would like to drive while the loop thread does.
    asked: AtomicBool,
    /// Wakes the loop thread while it drives.
    release: Mutex<Option<Waker>>,
    /// Wakes callers that sleep until the loop thread has released the driver.
    queue: Mutex<Vec<Waker>>,
    /// The parker on which the loop thread sleeps while it stays out.
    out: Parker,
}

/// The next step of the loop thread.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LoopStep {
    /// It takes the driver back.
    Drive,
    /// It sleeps until notified, or until there may have been no call for long enough.
    Linger,
    /// It sleeps until notified.
    Deep,
}

impl DriverState {
    /// The state of a loop whose thread is the current one, and drives.
    pub(crate) fn new() -> DriverState {
        DriverState {
            at: AtomicU8::new(DRIVING),
            drivers: AtomicUsize::new(0),
            needs: AtomicUsize::new(0),
            gates: AtomicUsize::new(0),
            asked: AtomicBool::new(false),
            release: Mutex::new(None),
            queue: Mutex::new(Vec::new()),
            out: Parker::new(),
        }
    }

    /// The caller's side: a guess whether the loop thread drives.
    pub(crate) fn is_loop_driving(&self) -> bool {
        // ORDERING: Relaxed; a guess, or after a fence. `enter` and `need` check again.
        self.at.load(Ordering::Relaxed) == DRIVING
    }

    /// The caller's side: a guess whether the loop thread has been asked to release the driver. It
    /// can do so only if no caller needs it when it checks; so a caller that comes now waits
    /// inside.
    pub(crate) fn is_loop_asked(&self) -> bool {
        // ORDERING: Relaxed; a guess.
        self.asked.load(Ordering::Relaxed)
    }

    /// A guess how many callers wait, driving or not.
    pub(crate) fn waiting(&self) -> usize {
        // ORDERING: Relaxed for both; a guess.
        self.drivers.load(Ordering::Relaxed) + self.needs.load(Ordering::Relaxed)
    }

    /// Withdraws the request of callers: there are many by now, and the loop thread should drive.
    pub(crate) fn ask_no_more(&self) {
        // ORDERING: Relaxed; a later request is still seen.
        self.asked.store(false, Ordering::Relaxed);
    }

    /// The caller's side: it is inside `block_on`, or in the queue, until this is dropped. `None`
    /// while there is work that only the loop thread may poll.
    pub(crate) fn enter(&self) -> Option<InsideDriver<'_>> {
        // ORDERING: Relaxed, before the fence that pairs with the one in `begin_driving`: either
        // the loop thread sees this driver and stays out, or we see it driving and ask.
        self.drivers.fetch_add(1, Ordering::Relaxed);
        // ORDERING: SeqCst, see above.
        fence(Ordering::SeqCst);
        let inside = InsideDriver(self);
        // ORDERING: Relaxed, after the fence, which pairs with the one in `begin_gate` too: either
        // we see the gate, or it sees this driver.
        if self.gates.load(Ordering::Relaxed) > 0 {
            return None;
        }
        if self.is_loop_driving() {
            self.ask();
        }
        Some(inside)
    }

    /// The caller's side: it sleeps, and another thread has to drive until this is dropped.
    pub(crate) fn need(&self) -> DriverNeed<'_> {
        // ORDERING: Relaxed, before the fence that pairs with the one in `step`: either the loop
        // thread sees the need, or we see that it stays out and notify it.
        self.needs.fetch_add(1, Ordering::Relaxed);
        // ORDERING: SeqCst, see above.
        fence(Ordering::SeqCst);
        // While it is `DEEP` a caller drives, and the last one that leaves notifies it.
        // ORDERING: Relaxed, after the fence.
        if self.at.load(Ordering::Relaxed) == LINGERING {
            self.out.notify();
        }
        DriverNeed(self)
    }

    /// There is work that only the loop thread may poll, until
    /// [`end_gate`](DriverState::end_gate). True if callers are inside, which then have to be woken
    /// to leave.
    pub(crate) fn begin_gate(&self) -> bool {
        // ORDERING: Relaxed for both, before the fence that pairs with those in `enter` and `step`.
        self.gates.fetch_add(1, Ordering::Relaxed);
        // ORDERING: as above.
        self.needs.fetch_add(1, Ordering::Relaxed);
        // ORDERING: SeqCst, see above.
        fence(Ordering::SeqCst);
        if !self.is_loop_driving() {
            self.out.notify();
        }
        // ORDERING: Relaxed, after the fence.
        self.drivers.load(Ordering::Relaxed) > 0
    }

    /// The work of a gate is done.
    pub(crate) fn end_gate(&self) {
        // ORDERING: Relaxed; a caller that still sees the gate parks once more than it has to.
        self.gates.fetch_sub(1, Ordering::Relaxed);
        drop(DriverNeed(self));
    }

    /// Asks the loop thread to release the driver, as soon as no caller needs it.
    pub(crate) fn ask(&self) {
        // ORDERING: Relaxed; the lock in `wake_driver` publishes it to the loop thread.
        self.asked.store(true, Ordering::Relaxed);
        self.wake_driver();
    }

    /// Wakes the loop thread wherever it is, so that it checks its state.
    pub(crate) fn notify_loop(&self) {
        self.out.notify();
        self.wake_driver();
    }

    fn wake_driver(&self) {
        let waker = self.release.lock().take();
        waker.into_iter().for_each(Waker::wake);
    }

    /// The loop thread's side, while it drives: true if it should release the driver; else `waker`
    /// is woken when the answer may have changed.
    pub(crate) fn is_released(&self, waker: &Waker) -> bool {
        *self.release.lock() = Some(waker.clone());
        // Read after the waker is stored: a later request finds it.
        // ORDERING: Relaxed; `ask` wakes after it has set this, and both take the lock.
        if !self.asked.load(Ordering::Relaxed) {
            return false;
        }
        // ORDERING: SeqCst pairs with the fence in the drop of `DriverNeed`: either we see that no
        // caller needs us, or the last one sees that a caller has asked.
        fence(Ordering::SeqCst);
        // ORDERING: Relaxed, after the fence.
        self.needs.load(Ordering::Relaxed) == 0
    }

    /// The loop thread's side: takes the driver back, unless callers are inside to drive and no
    /// caller needs more.
    pub(crate) fn begin_driving(&self) -> bool {
        // ORDERING: Relaxed for both; callers ask after they have seen `DRIVING`, and the fence
        // below pairs with those in `enter` and `need`.
        self.asked.store(false, Ordering::Relaxed);
        // ORDERING: see above.
        self.at.store(DRIVING, Ordering::Relaxed);
        // ORDERING: SeqCst, see above.
        fence(Ordering::SeqCst);
        // ORDERING: Relaxed, after the fence.
        if self.drivers.load(Ordering::Relaxed) == 0 {
            return true;
        }
        // ORDERING: as above. Each later caller that wants to drive asks again, but the one that is
        // inside already may have checked too early.
        self.asked.store(true, Ordering::Relaxed);
        // ORDERING: as above.
        self.needs.load(Ordering::Relaxed) > 0
    }

    /// The loop thread's side, while it stays out; called after a reset of its parker.
    ///
    /// `is_quiet`: no caller has driven for long enough.
    pub(crate) fn step(&self, is_quiet: bool) -> LoopStep {
        // ORDERING: Relaxed, before the fence that pairs with the one in `need`.
        self.at.store(LINGERING, Ordering::Relaxed);
        // ORDERING: SeqCst, see above.
        fence(Ordering::SeqCst);
        self.wake_queue();
        // ORDERING: Relaxed, after the fence.
        if self.needs.load(Ordering::Relaxed) > 0 {
            return LoopStep::Drive;
        }
        if !is_quiet {
            return LoopStep::Linger;
        }
        // ORDERING: Relaxed, before the fence that pairs with the one in the drop of
        // `InsideDriver`: either we see that the last driver has left, or it sees us deep and
        // notifies.
        self.at.store(DEEP, Ordering::Relaxed);
        // ORDERING: SeqCst, see above.
        fence(Ordering::SeqCst);
        // ORDERING: Relaxed, after the fence.
        if self.drivers.load(Ordering::Relaxed) == 0 {
            LoopStep::Drive
        } else {
            LoopStep::Deep
        }
    }

    /// Wakes the callers in the queue: the loop thread is out.
    fn wake_queue(&self) {
        let queue = std::mem::take(&mut *self.queue.lock());
        queue.into_iter().for_each(Waker::wake);
    }

    /// A guess how many callers and gates need the loop thread to drive.
    pub(crate) fn needs(&self) -> usize {
        // ORDERING: Relaxed; a guess.
        self.needs.load(Ordering::Relaxed)
    }

    /// The loop thread's parker.
    pub(crate) fn out(&self) -> &Parker {
        &self.out
    }
}

/// A caller that is inside `block_on`, or waits in the queue to go there.
#[must_use = "it counts as a driver until this is dropped"]
pub(crate) struct InsideDriver<'a>(&'a DriverState);

impl<'a> InsideDriver<'a> {
    /// Prepares a wait in the queue: [`Queued::has_to_wait`] adds `waker`, which is woken when the
    /// loop thread has released the driver.
    pub(crate) fn queue<'w>(&self, waker: &'w Waker) -> Queued<'a, 'w> {
        Queued {
            state: self.0,
            waker,
        }
    }
}

/// A caller that sleeps outside of `block_on` until it may drive.
#[must_use = "it is woken when the loop thread is out, until this is dropped"]
pub(crate) struct Queued<'a, 'w> {
    state: &'a DriverState,
    waker: &'w Waker,
}

impl Queued<'_, '_> {
    /// True while the loop thread drives; the waker is woken when it has released the driver.
    pub(crate) fn has_to_wait(&self) -> bool {
        self.leave(|queue| queue.push(self.waker.clone()));
        // The loop thread stores that it is out before it takes the queue: either it finds the
        // waker there, or we see that it is out.
        // ORDERING: Relaxed; the lock of the queue is in between on both sides.
        self.state.at.load(Ordering::Relaxed) == DRIVING
    }

    /// Removes the waker from the queue, then calls `then` under the same lock.
    fn leave(&self, then: impl FnOnce(&mut Vec<Waker>)) {
        let mut queue = self.state.queue.lock();
        queue.retain(|other| !other.will_wake(self.waker));
        then(&mut queue);
    }
}

impl Drop for Queued<'_, '_> {
    fn drop(&mut self) {
        self.leave(|_| {});
    }
}

impl Drop for InsideDriver<'_> {
    fn drop(&mut self) {
        let state = self.0;
        // ORDERING: Relaxed, before the fence that pairs with the one in `step`.
        if state.drivers.fetch_sub(1, Ordering::Relaxed) > 1 {
            return;
        }
        // ORDERING: SeqCst, see above.
        fence(Ordering::SeqCst);
        // ORDERING: Relaxed, after the fence.
        if state.at.load(Ordering::Relaxed) == DEEP {
            state.out.notify();
        }
    }
}

/// A caller that sleeps while another thread has to drive.
#[must_use = "another thread has to drive until this is dropped"]
pub(crate) struct DriverNeed<'a>(&'a DriverState);

impl Drop for DriverNeed<'_> {
    fn drop(&mut self) {
        let state = self.0;
        // ORDERING: Relaxed, before the fence that pairs with the one in `is_released`.
        if state.needs.fetch_sub(1, Ordering::Relaxed) > 1 {
            return;
        }
        // ORDERING: SeqCst, see above.
        fence(Ordering::SeqCst);
        // ORDERING: Relaxed, after the fence.
        if state.asked.load(Ordering::Relaxed) {
            state.wake_driver();
        }
    }
}
