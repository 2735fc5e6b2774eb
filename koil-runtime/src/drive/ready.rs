//! The one function that blocks, and its first poll, for which nothing is made ready.

use std::task::{Context, Poll};

use super::caller::{self, Terms};
use super::park::PARKER;
use super::work::{Work, Workload};
use crate::current::Ground;
use crate::report::error::Error;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::ambient;
use crate::scope::flags::{self, CALL, CONTEXT, PLACE, POLLING};

/// Does `work` until it is ready, or the call is cut short: its timeout passes, the scope that it
/// obeys is cancelled, or its loop stops.
///
/// The timeout counts from the first poll that is pending, so that a ready call pays nothing.
///
/// For functions that have the name of an end themselves, see `report::backtrace`.
#[inline(always)]
pub(crate) fn drive(terms: Terms<'_>, mut work: Workload<'_>) -> Result<(), Error> {
    // Most calls are made where nothing is around them but the context that has just been entered,
    // and many end with their first poll.
    let is_bare = matches!(terms.ground, Ground::Plain) && terms.obeys.is_none();
    if !is_bare || flags::all() != CONTEXT || terms.core.registry.is_stopped() {
        return caller::start(terms, work, None);
    }
    match first_poll(work.get()) {
        Some(Ok(Poll::Ready(()))) => {
            drop(ambient::take_token());
            Ok(())
        }
        first => caller::start(terms, work, first),
    }
}

/// Polls once where no flag is set but that of a context; `None` where thread-locals are gone.
///
/// As `Caller::poll`, but each flag is known and no panic gets out, so no guard is needed.
#[inline(always)]
fn first_poll(work: &mut dyn Work) -> Option<Result<Poll<()>, Payload>> {
    let polled = PARKER.try_with(|(parker, waker)| {
        parker.reset();
        flags::set(CONTEXT | POLLING | CALL);
        let polled = unwind::halt(|| work.poll(&mut Context::from_waker(waker)));
        // A token that was asked for stays where it is, for `start`.
        flags::replace(POLLING | PLACE, 0);
        polled
    });
    polled.ok()
}

/// [`drive`], by the name after which short backtraces go on, see `report::backtrace`. It does nothing
/// else, since closures in it would have its name too.
#[inline(never)]
fn __rust_end_short_backtrace(terms: Terms<'_>, work: Workload<'_>) -> Result<(), Error> {
    drive(terms, work)
}

/// [`drive`]; short backtraces leave out what called it, as far as `report::backtrace` has an end.
#[inline(always)]
pub(crate) fn __rust_begin_short_backtrace(
    terms: Terms<'_>,
    work: Workload<'_>,
) -> Result<(), Error> {
    __rust_end_short_backtrace(terms, work)
}
