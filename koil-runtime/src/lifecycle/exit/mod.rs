//! Exits: how an open context is left, once, whatever happens to its guard.
//!
//! | state | cause | what follows |
//! | --- | --- | --- |
//! | *entering* | `aenter` is ready | *open* |
//! | *entering* | it fails, panics, is dropped or comes too late | parts that had been entered are left, as by a drop; then the value is dropped |
//! | *open* | `close` in blocking code | the exit runs on this thread, unbounded; cut before it began, the context is *open* and its guard is dropped |
//! | *open* | `close` in async code | `AnyThread`: *owned*; `SameThread`: *in place* |
//! | *open* | the guard is dropped where this thread may wait for the loop | the exit runs on this thread, `cancel_grace` for each part |
//! | *open* | the guard is dropped elsewhere | `AnyThread`: *handed over*; `SameThread`: reported, the value is dropped |
//! | *open* | the guard is dropped in a forked child | the context is forgotten: it belongs to the parent |
//! | *open*, held by its loop | the loop ends | *owned*, `cancel_grace` for each part; reported if there are other owners |
//! | *in place* | its future is ready | left: its result is that of `close` |
//! | *in place* | its future is dropped | reported, the value is dropped |
//! | *owned* | its future is ready | left: its result is that of `close` |
//! | *owned* | its future is dropped | *handed over* |
//! | *handed over* | its call, or its own task, has waited for `cancel_grace` | reported, once, and it goes on |
//! | *handed over* | its task ends | left: a failure is reported |
//! | *handed over* | its runtime ends before | reported, the value is dropped |
//! | *open* or *handed over* | the process ends | told on stderr |
//!
//! A part counts as left when its exit begins: no exit begins twice, and one that is cut short is
//! not tried again.

mod faults;
pub(super) mod in_place;
pub(super) mod on_drop;
pub(super) mod owned;

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use tokio::time::timeout;

use super::async_context::LocalAsyncContext;
use super::entry::OpenContext;
use super::step::{ContextResult, ContextStep, Fault};
use crate::report::error::{Error, Kind};
use crate::report::exit::Exit;
use crate::scope::cancel::token::CancelToken;

/// How long the exits of the open parts may take.
pub(crate) enum ExitLimit {
    /// As long as they need.
    None,
    /// Each part that has to be left may take this long.
    EachPart(Duration),
    /// The exit has been handed to a loop, and goes on until that is stopped: then it has this long.
    /// While other parts wait behind it, a part never has longer.
    UntilStop(Duration, CancelToken),
}

impl From<Option<Duration>> for ExitLimit {
    fn from(limit: Option<Duration>) -> ExitLimit {
        limit.map_or(ExitLimit::None, ExitLimit::EachPart)
    }
}

/// Leaves all open parts, within the limit. If several fail, the first fault is returned and the
/// others are reported.
async fn leave_all<C: LocalAsyncContext>(
    open: &mut OpenContext<C>,
    cause: Exit,
    limit: &ExitLimit,
    into_any: fn(C::Error) -> Option<Box<dyn Any + Send>>,
) -> ContextResult<C::Error> {
    let reporter = open.entry.reporter::<C>(cause);
    let mut outcome = Ok(());
    loop {
        let before = open.parts.left();
        let left = leave_once(open, cause, limit).await;
        match (left, &outcome) {
            (Err(fault), Ok(())) => outcome = Err(fault),
            (Err(fault), Err(_)) => reporter.report_fault(fault, into_any),
            (Ok(()), _) => {}
        }
        if open.parts.is_empty() || open.parts.left() >= before {
            return outcome;
        }
    }
}

async fn leave_once<C: LocalAsyncContext>(
    open: &mut OpenContext<C>,
    cause: Exit,
    limit: &ExitLimit,
) -> ContextResult<C::Error> {
    let site = open.entry.site;
    let is_last = open.parts.left().iter().sum::<usize>() <= 1;
    let leave = AssertUnwindSafe(open.take_step(ContextStep::Exit(cause))).catch_unwind();
    let left = match limit {
        ExitLimit::None => Ok(leave.await),
        ExitLimit::UntilStop(grace, stop) if is_last => {
            let late = pin!(async {
                stop.cancelled().await;
                tokio::time::sleep(*grace).await;
            });
            match select(pin!(leave), late).await {
                Either::Left((left, _)) => Ok(left),
                Either::Right(_) => Err(*grace),
            }
        }
        ExitLimit::EachPart(limit) | ExitLimit::UntilStop(limit, _) => {
            timeout(*limit, leave).await.map_err(|_| *limit)
        }
    };
    match left {
        Ok(Ok(answer)) => answer.map_err(Fault::Own),
        Ok(Err(payload)) => Err(Fault::Panicked(payload)),
        Err(limit) => Err(Fault::Bridge(Error::new(Kind::Timeout(limit), site))),
    }
}
