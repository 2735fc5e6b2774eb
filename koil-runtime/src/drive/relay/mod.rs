//! `Relay`: the hand-over of a loop's driver between blocked callers and the loop thread, which
//! drives only while no caller does.
//!
//! A thread inside tokio's `Runtime::block_on` holds the driver or waits for it there. A caller is
//! inside only between two polls of its own future. The loop thread stays out while callers come
//! and go in quick succession, and takes the driver back when there was no call for `linger`.
//!
//! * A call that finds the loop thread driving (the call is *cold*) sleeps until its first wake, as
//!   on a loop that only its own thread drives. If the call is still pending then, or another call
//!   ended shortly before it, it asks the loop thread to release the driver.
//! * A call that finds [`CROWD`] others waiting sleeps, and the loop thread drives for all: a
//!   driver that leaves would wake the next caller only to drive.
//! * Work that only the loop thread may poll has a [`Gate`]: while there is one, callers sleep.
//!
//! Inside `block_on` tokio keeps the deadline. Its timers are late by up to two milliseconds and
//! stand still while a task computes. So a call with a deadline waits outside until the loop thread
//! has released the driver, and leaves the driver to others [`AHEAD`] of its deadline.

mod drivers;
mod gate;
mod run;
mod state;
mod turn;
mod wait;

#[cfg(all(test, koil_loom))]
mod models;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

pub use self::drivers::Drivers;
pub(super) use self::run::Ended;
use self::run::TICKS;
pub(super) use self::state::Need;
use self::state::{Inside, State};
use crate::current::{self, LoopCore, Role, ThreadKind};
use crate::drive::stack;
use crate::scope::context;
use crate::sync::{AtomicBool, AtomicU64, Mutex, MutexGuard, Ordering};

/// How long there must be no call before the loop thread takes the driver back.
pub(crate) const LINGER: Duration = Duration::from_millis(1);

/// How long before its deadline a caller stops driving. Tokio keeps its timers in milliseconds, and
/// so does its poll of sockets; each rounds up.
const AHEAD: Duration = Duration::from_millis(2);

/// The number of other waiting callers that counts as a crowd.
const CROWD: usize = 2;

/// The number of waits without a crowd after which callers drive again.
const CALM: u64 = 64;

/// The state of a loop that its callers may drive.
pub(crate) struct Relay {
    state: State,
    /// Taken out when the loop ends; a caller holds a clone of it while it is listed.
    runtime: Mutex<Option<Arc<Shared>>>,
    linger: Duration,
    epoch: Instant,
    /// The end of the last call that really waited, in nanoseconds after `epoch`.
    last_end: AtomicU64,
    /// How many waits without a crowd are still missing until callers drive again.
    crowd: AtomicU64,
    /// Whether callers drive beside work that koil spawned too.
    drives_beside_tasks: bool,
    /// A panic inside the driver has lost it.
    is_dead: AtomicBool,
}

impl Relay {
    /// The relay of a loop whose thread is the current one.
    pub(super) fn new(runtime: Arc<Shared>, linger: Duration, drivers: Drivers) -> Relay {
        Relay {
            state: State::new(),
            runtime: Mutex::new(Some(runtime)),
            linger,
            epoch: Instant::now(),
            last_end: AtomicU64::new(0),
            crowd: AtomicU64::new(0),
            drives_beside_tasks: drivers == Drivers::Callers,
            is_dead: AtomicBool::new(false),
        }
    }

    /// The relay of a loop; `None` if only its own threads drive it.
    #[inline]
    pub(super) fn of(core: &LoopCore) -> Option<&Relay> {
        core.relay.get()?.downcast_ref()
    }

    /// The relay of a loop, if this thread may drive it.
    ///
    /// Tokio panics if a runtime is being driven on this thread already, and has no function to ask
    /// for that; so a thread drives only if it has no tokio context but the one of this very call.
    /// While the thread unwinds, tasks of others would see their own panics as second ones; and
    /// inside a span of `tracing` they would log under that span.
    pub(super) fn for_caller<'a>(core: &'a LoopCore, thread: &ThreadKind) -> Option<&'a Relay> {
        let relay = Relay::of(core)?;
        let is_free = matches!(thread, ThreadKind::Plain)
            && current::role() == Role::Stranger
            && current::contexts() == 1
            && !std::thread::panicking()
            && context::may_drive()
            && stack::is_enough_left();
        is_free.then_some(relay)
    }

    /// A guess whether so many callers wait that the loop thread had better drive for all of them.
    fn is_crowded(&self) -> bool {
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
    pub(super) fn is_loop_driving(&self) -> bool {
        self.state.is_loop_driving()
    }

    /// A guess whether the loop thread has been asked to release the driver.
    pub(super) fn is_loop_asked(&self) -> bool {
        self.state.is_loop_asked()
    }

    /// This thread sleeps, and another thread has to drive until the guard is dropped.
    pub(super) fn need(&self) -> Need<'_> {
        self.state.need()
    }

    /// The same, where the loop has a relay; else its own threads always drive.
    pub(super) fn need_of(core: &LoopCore) -> Option<Need<'_>> {
        Relay::of(core).map(Relay::need)
    }

    /// This thread drives, or waits for its turn, until the guard is dropped; `None` if it may not.
    fn enter(&self) -> Option<Inside<'_>> {
        self.state.enter()
    }

    /// A call has ended while the loop thread drove. If another ended shortly before it, the next
    /// calls should drive themselves.
    pub(super) fn end_cold_call(&self, begun: Instant) {
        let before = self.since_last_end(begun);
        self.note_end();
        if before < self.linger.max(TICKS) {
            self.state.ask();
        }
    }

    /// A call that waited has ended.
    fn note_end(&self) {
        let now = self.epoch.elapsed().as_nanos();
        // ORDERING: Relaxed; a wrong time makes the loop thread come early or late.
        self.last_end
            .store(u64::try_from(now).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How long before `now` the last call ended.
    fn since_last_end(&self, now: Instant) -> Duration {
        // ORDERING: Relaxed, as in `note_end`.
        let last = Duration::from_nanos(self.last_end.load(Ordering::Relaxed));
        now.saturating_duration_since(self.epoch)
            .saturating_sub(last)
    }

    /// Makes the loop thread check its state: the loop was asked to stop, or is dead.
    pub(super) fn notify_loop(&self) {
        self.state.notify_loop();
    }

    fn die(&self, core: &LoopCore) {
        // ORDERING: Release pairs with the Acquire in `is_dead`.
        self.is_dead.store(true, Ordering::Release);
        core.stop();
        self.notify_loop();
    }

    fn is_dead(&self) -> bool {
        // ORDERING: Acquire pairs with the Release of `die`.
        self.is_dead.load(Ordering::Acquire)
    }

    /// No further caller can begin to drive; the last one that drives drops the runtime.
    pub(super) fn close(&self) {
        let runtime = self.runtime().take();
        drop(runtime);
    }

    fn runtime(&self) -> MutexGuard<'_, Option<Arc<Shared>>> {
        self.runtime.lock()
    }
}

/// A runtime that a loop thread shares with callers. The last owner ends it, without waiting.
pub(super) struct Shared(Option<Runtime>);

impl Shared {
    pub(super) fn new(runtime: Runtime) -> Arc<Shared> {
        Arc::new(Shared(Some(runtime)))
    }

    pub(super) fn runtime(&self) -> &Runtime {
        match &self.0 {
            Some(runtime) => runtime,
            None => unreachable!("it is taken by its last owner only"),
        }
    }

    /// The runtime itself; `None` while a caller that was left behind is inside it.
    pub(super) fn take(self: Arc<Shared>) -> Option<Runtime> {
        Arc::into_inner(self)?.0.take()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // A runtime whose driver was lost to a panic panics here.
            crate::report::unwind::swallow(|| runtime.shutdown_background());
        }
    }
}
