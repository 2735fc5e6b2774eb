//! `nap`: sleeping without a loop, until a time or until a token is cancelled.

use std::time::{Duration, Instant};

use super::thread_cache::{ThreadCache, with_any};
use crate::current;
use crate::scope::cancel::current_cancel::CancelSource;
use crate::scope::cancel::token::Listening;
use crate::sync::Unparked;

/// Sleeps for `duration`, or until the cancel token or deadline of this thread ends the sleep; no
/// loop is needed for this.
pub(crate) fn nap(duration: Duration, source: &CancelSource) {
    // A time that `Instant` cannot represent means forever.
    let end = Instant::now().checked_add(duration);
    let due = source.due.as_ref().map(|due| due.at);
    let until = end.into_iter().chain(due).min();
    with_any(|ThreadCache { parker, waker, .. }| {
        parker.reset();
        let _listening = Listening::begin(&source.token, waker);
        while !source.token.is_cancelled() && parker.park(until) == Unparked::Notified {
            parker.reset();
        }
        if current::is_in_callback() {
            // The call around the callback has the same parker, and this sleep has taken its wakes.
            parker.notify();
        }
    });
}
