//! Sleeping on a thread of one's own: until a time, or until a token is cancelled.

use std::time::{Duration, Instant};

use super::park::{Unparked, with_parker};
use crate::scope::cancel::token::{CancelToken, Listening};

/// Sleeps for `duration`, or until `token` is cancelled, which needs no help of a loop.
pub(crate) fn nap(duration: Duration, token: &CancelToken) {
    // A time beyond the end of time is for ever.
    let until = Instant::now().checked_add(duration);
    with_parker(|parker, waker| {
        parker.reset();
        let Some(_listening) = Listening::begin(token, waker) else {
            return;
        };
        loop {
            if parker.park(until) == Unparked::DeadlinePassed || token.is_cancelled() {
                return;
            }
            parker.reset();
        }
    });
}
