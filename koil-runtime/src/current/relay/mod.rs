//! `Relay`: the state of a loop that its callers may drive; who drives is decided in `drive::relay`.

mod runtime;
mod state;

#[cfg(all(test, koil_loom))]
mod models;

use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) use self::runtime::SharedRuntime;
pub(crate) use self::state::{DriverNeed, DriverState, InsideDriver, LoopStep};
use crate::sync::{AtomicBool, AtomicU64, Mutex, Ordering};

/// How long after the last call the loop thread only enters the driver for short checks. Then it
/// takes the driver permanently, and sleeps in it without waking.
pub(crate) const TICKS: Duration = Duration::from_millis(50);

/// The number of other waiting callers that counts as a crowd.
const CROWD: usize = 2;

/// The number of waits without a crowd after which callers drive again.
const CALM: u64 = 64;

/// The state of a loop that its callers may drive.
pub(crate) struct Relay {
    pub(crate) state: DriverState,
    /// Taken out when the loop ends; a caller holds a clone of it while it is listed.
    runtime: Mutex<Option<Arc<SharedRuntime>>>,
    pub(crate) linger: Duration,
    epoch: Instant,
    /// The end of the last call that really waited, in nanoseconds after `epoch`.
    last_end: AtomicU64,
    /// How many waits without a crowd are still missing until callers drive again.
    crowd: AtomicU64,
    /// Whether callers drive beside work that koil spawned too.
    pub(crate) drives_beside_tasks: bool,
    /// A panic inside the driver has lost it.
    is_dead: AtomicBool,
}

impl Relay {
    /// The relay of a loop whose thread is the current one.
    pub(crate) fn new(
        runtime: Arc<SharedRuntime>,
        linger: Duration,
        drives_beside_tasks: bool,
    ) -> Relay {
        Relay {
            state: DriverState::new(),
            runtime: Mutex::new(Some(runtime)),
            linger,
            epoch: Instant::now(),
            last_end: AtomicU64::new(0),
            crowd: AtomicU64::new(0),
            drives_beside_tasks,
            is_dead: AtomicBool::new(false),
        }
    }

    /// A guess whether so many callers wait that the loop thread had better drive for all of them.
    pub(crate) fn is_crowded(&self) -> bool {
        // ORDERING: Relaxed; a guess, which costs a wake if it is wrong.
        let missing = self.crowd.load(Ordering::Relaxed);
        if self.state.waiting() >= CROWD {
            if missing == 0 {
                self.state.ask_no_more();
            }
            if missing != CALM {
                // ORDERING: as above.
                self.crowd.store(CALM, Ordering::Relaxed);
            }
            return true;
        }
        if missing > 0 {
            // ORDERING: as above.
            self.crowd.store(missing - 1, Ordering::Relaxed);
        }
        missing > 0
    }

    /// A guess whether the loop thread drives.
    pub(crate) fn is_loop_driving(&self) -> bool {
        self.state.is_loop_driving()
    }

    /// A guess whether the loop thread has been asked to release the driver.
    pub(crate) fn is_loop_asked(&self) -> bool {
        self.state.is_loop_asked()
    }

    /// This thread sleeps, and another thread has to drive until the guard is dropped.
    pub(crate) fn need(&self) -> DriverNeed<'_> {
        self.state.need()
    }

    /// This thread drives, or waits for its turn, until the guard is dropped; `None` if it may not.
    pub(crate) fn enter(&self) -> Option<InsideDriver<'_>> {
        self.state.enter()
    }

    /// A call has ended while the loop thread drove. If another ended shortly before it, the next
    /// calls should drive themselves.
    pub(crate) fn end_cold_call(&self, begun: Instant) {
        let before = self.since_last_end(begun);
        self.note_end();
        if before < self.linger.max(TICKS) {
            self.state.ask();
        }
    }

    /// A call that waited has ended.
    pub(crate) fn note_end(&self) {
        let now = self.epoch.elapsed().as_nanos();
        // ORDERING: Relaxed; a wrong time makes the loop thread come early or late.
        self.last_end
            .store(u64::try_from(now).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How long before `now` the last call ended.
    pub(crate) fn since_last_end(&self, now: Instant) -> Duration {
        // ORDERING: Relaxed, as in `note_end`.
        let last = Duration::from_nanos(self.last_end.load(Ordering::Relaxed));
        now.saturating_duration_since(self.epoch)
            .saturating_sub(last)
    }

    /// Makes the loop thread check its state: the loop was asked to stop, or is dead.
    pub(crate) fn notify_loop(&self) {
        self.state.notify_loop();
    }

    /// A panic inside the driver has lost it.
    pub(crate) fn mark_dead(&self) {
        // ORDERING: Release pairs with the Acquire in `is_dead`.
        self.is_dead.store(true, Ordering::Release);
    }

    pub(crate) fn is_dead(&self) -> bool {
        // ORDERING: Acquire pairs with the Release of `mark_dead`.
        self.is_dead.load(Ordering::Acquire)
    }

    /// The runtime; `None` if the loop has ended.
    pub(crate) fn runtime(&self) -> Option<Arc<SharedRuntime>> {
        self.runtime.lock().clone()
    }

    /// No further caller can begin to drive; the last one that drives drops the runtime.
    pub(crate) fn close(&self) {
        let runtime = self.runtime.lock().take();
        drop(runtime);
    }
}
