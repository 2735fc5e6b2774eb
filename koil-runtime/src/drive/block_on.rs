//! `block_on`: the one function that blocks. Every blocking call goes through it.
//!
//! ```text
//! block_on
//!   |  first polls (`fast_path`): on a thread without other koil state
//!   +--> ready
//!   v
//!  wait: prepares the clock and the token, which only a waiting call needs, polls again, and then
//!   |    the call is listed in the registry by the way that it waits:
//!   |--> own work:  polls here, and parks, drives the loop (`relay`) or polls at intervals (`pace`)
//!   |--> lent work: sleeps while the loop thread polls (`lend`)
//!   +--> ready, or an error: a limit was reached (`terms`), or this thread may not wait
//! ```

use std::task::Poll;

use super::fast_path;
use super::terms::Terms;
use super::wait;
use super::work::Workload;
use crate::report::error::Error;

/// Polls `work` until it is ready, or the call is cut short: its timeout passes, the scope that it
/// obeys is cancelled, or its loop stops.
///
/// The timeout counts from the first poll that is pending, so that a ready call pays no cost for
/// it.
///
/// Inlined in one place, `call::whole`, where it takes a ready call the least time. With more copies
/// the compiler makes the poll a function of its own; so all others call [`block_on_apart`].
#[inline(always)]
pub(crate) fn block_on(terms: &Terms<'_>, mut work: Workload<'_>) -> Result<(), Error> {
    let first = fast_path::first_polls(terms, &mut work);
    if let Some(Ok(Poll::Ready(()))) = first {
        return Ok(());
    }
    wait::wait(*terms, work, first)
}

/// [`block_on`], compiled once.
#[inline(never)]
pub(crate) fn block_on_apart(terms: &Terms<'_>, work: Workload<'_>) -> Result<(), Error> {
    block_on(terms, work)
}
