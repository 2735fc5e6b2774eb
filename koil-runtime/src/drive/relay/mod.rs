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
//! * A call that finds a crowd of others waiting sleeps, and the loop thread drives for all: a
//!   driver that leaves would wake the next caller only to drive.
//! * Work that only the loop thread may poll has a [`Gate`]: while there is one, callers sleep.
//!
//! Inside `block_on` tokio keeps the deadline. Its timers are late by up to two milliseconds and
//! stand still while a task computes. So a call with a deadline waits outside until the loop thread
//! has released the driver, and leaves the driver to others [`AHEAD`] of its deadline.

mod drivers;
mod gate;
mod run;
mod turn;
mod wait;

use std::time::Duration;

pub use self::drivers::Drivers;
#[cfg(feature = "sched")]
pub(crate) use self::gate::Gated;
pub(super) use self::run::DriveEnd;
use crate::current::relay::Relay;
use crate::current::{self, LoopCore, Role, ThreadKind};
use crate::drive::stack;
use crate::scope::context;

/// How long there must be no call before the loop thread takes the driver back.
pub(crate) const LINGER: Duration = Duration::from_millis(1);

/// How long before its deadline a caller stops driving. Tokio keeps its timers in milliseconds, and
/// so does its poll of sockets; each rounds up.
const AHEAD: Duration = Duration::from_millis(2);

impl Relay {
    /// The relay of a loop, if this thread may drive it.
    ///
    /// Tokio panics if a runtime is being driven on this thread already, and has no function to ask
    /// for that; so a thread drives only if it has no tokio context but the one of this very call.
    /// While the thread unwinds, tasks of others would see their own panics as second ones; and
    /// inside a span of `tracing` they would log under that span. In a callback they would run amid
    /// the future that called it.
    pub(super) fn for_caller<'a>(core: &'a LoopCore, thread: &ThreadKind) -> Option<&'a Relay> {
        let relay = core.relay.get()?;
        let is_free = matches!(thread, ThreadKind::Plain)
            && current::role() == Role::Stranger
            && current::contexts() == 1
            && !current::is_in_callback()
            && !std::thread::panicking()
            && context::may_drive()
            && stack::is_enough_left();
        is_free.then_some(relay)
    }
}
