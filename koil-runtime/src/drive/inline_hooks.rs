//! The hooks of `koil-inline`: inline calls and blocking code in futures, on the threads of this
//! runtime.
//!
//! ```text
//!            an own poll begins              blocking code begins
//! (no flag) -------------------> POLLING     ------------------> CALLBACK
//!     |                          | OWN_POLL                       |  a call in it polls
//!     |  another poll begins     |                                v
//!     +----------> POLLING <-----+  an inline call begins        CALLBACK | POLLING | OWN_POLL
//! ```
//!
//! Each of these restores the state before it when it ends. In `POLLING` alone blocking code is
//! refused, unless an inline call set it and the state around that call allows it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::foreign;
use crate::current::{self, Role};
use crate::scope::flags::{self, OWN_POLL, POLLING};

/// True if a tokio scheduler on this thread keeps wakes back.
pub(crate) fn keeps_wakes() -> bool {
    foreign::is_inside_scheduler()
}

/// Calls `poll` without the cooperative budget of the tokio task around it, which is refilled only
/// between the polls of that task.
pub(crate) fn unconstrained(poll: &mut dyn FnMut()) {
    let once = poll_fn(|_| {
        poll();
        Poll::Ready(())
    });
    let polled = pin!(tokio::task::unconstrained(once));
    let _ = polled.poll(&mut Context::from_waker(Waker::noop()));
}

/// True if blocking code may run on this thread: in an inline call, or in a blocking call that is
/// polled by its own caller.
///
/// A thread that runs the tasks of a loop may not be blocked, nor one that polls a
/// [`Within`](super::within::Within) for its executor. On any other one koil polls nothing but the
/// calls of that thread itself.
pub(crate) fn may_block() -> bool {
    let is_free = match current::role() {
        Role::Stranger => true,
        Role::Worker => tokio::task::try_id().is_none(),
        Role::Loop => false,
    };
    let state = flags::all();
    let is_allowed = state & OWN_POLL != 0 || current::is_polling() && state & POLLING == 0;
    is_free && is_allowed && !current::is_polled_by_executor()
}
