//! `nap`: sleeping without a loop, until a time, a cancel, or the refusal of a host.

use std::time::{Duration, Instant};

use super::thread_cache::{ThreadCache, with_any};
use super::wait_hook::{self, Questions};
use crate::scope::cancel::current_cancel::CancelSource;
use crate::scope::cancel::token::{CancelReason, Listening};
use crate::sync::Unparked;

/// Sleeps for `duration`, or until the cancel token or deadline of this thread ends the sleep; no
/// loop is needed for this. Returns the reason of the host, if it has ended the sleep; it is asked if
/// `asks`.
pub(crate) fn nap(
    duration: Duration,
    source: Option<&CancelSource>,
    asks: bool,
) -> Option<CancelReason> {
    // A time that `Instant` cannot represent means forever.
    let end = Instant::now().checked_add(duration);
    let due = source
        .and_then(|source| source.due.as_ref())
        .map(|due| due.at);
    let until = end.into_iter().chain(due).min();
    let is_cancelled = || source.is_some_and(|source| source.token.is_cancelled());
    let mut questions = asks.then(Questions::begin).flatten();
    with_any(|ThreadCache { parker, waker, .. }| {
        parker.reset();
        let _listening = source.and_then(|source| Listening::begin(&source.token, waker));
        while !is_cancelled() && until.is_none_or(|until| Instant::now() < until) {
            if questions.as_mut().is_some_and(Questions::ask_if_due) {
                break;
            }
            let question = questions.as_ref().map(Questions::next);
            let limit = until.into_iter().chain(question).min();
            // Whatever has ended the sleep, it is checked above.
            let (Unparked::Notified | Unparked::DeadlinePassed) =
                wait_hook::around(|| parker.park(limit));
            parker.reset();
        }
    });
    wait_hook::pass_wakes_on();
    questions?.into_refusal()
}
