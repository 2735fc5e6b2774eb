//! An exit as a future that owns its context: for a spawned task, or for `close` to await.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::timeout;

use super::async_context::AsyncContext;
use super::outcome::{Fault, Outcome};
use super::stay::{Home, Open, Stay};
use super::tell::{self, Teller};
use crate::current::TaskMark;
use crate::report::error::{Error, Kind};
use crate::report::exit::{Exit, Failure};
use crate::scope::context::in_context::InContext;
use crate::scope::context::snapshot::Snapshot;
use crate::sync::Event;

/// A running exit; its output returns the context.
pub(super) type Run<C, E> = Pin<Box<dyn Future<Output = (Open<C>, Outcome<E>)> + Send>>;

/// Leaves `open`. Each part that has to be left takes at most `limit`; if several fail, the first
/// fault is returned and the others are reported.
pub(super) fn run<C>(mut open: Open<C>, cause: Exit, limit: Option<Duration>) -> Run<C, C::Error>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    Box::pin(async move {
        let teller = open.stay.teller::<C>(cause);
        let mut outcome = Ok(());
        loop {
            let before = open.progress.left();
            let left = leave_once(&mut open, cause, limit).await;
            match (left, &outcome) {
                (Err(fault), Ok(())) => outcome = Err(fault),
                (Err(fault), Err(_)) => teller.tell(fault.failure(tell::moved)),
                (Ok(()), _) => {}
            }
            if open.progress.is_empty() || open.progress.left() >= before {
                return (open, outcome);
            }
        }
    })
}

async fn leave_once<C>(
    open: &mut Open<C>,
    cause: Exit,
    limit: Option<Duration>,
) -> Outcome<C::Error>
where
    C: AsyncContext + Send,
    C::Error: Send,
{
    let Open {
        context,
        progress,
        stay,
    } = open;
    // A panic of `aexit` before its first await is caught here too.
    let leave = AssertUnwindSafe(async { context.__koil_leave(progress, cause).await });
    let leave = leave.catch_unwind();
    let left = match limit {
        Some(limit) => match timeout(limit, leave).await {
            Ok(left) => left,
            Err(_) => return Err(Fault::Bridge(Error::new(Kind::Timeout(limit), stay.site))),
        },
        None => leave.await,
    };
    match left {
        Ok(answer) => answer.map_err(Fault::Own),
        Err(payload) => Err(Fault::Panicked(payload)),
    }
}

/// Hands an exit to the runtime that it belongs to; a failure, or an end before it is complete, is
/// reported. Returns at once; `None` if there is no such runtime.
pub(super) fn hand_over<C, E>(exit: Run<C, E>, stay: Info) -> Option<Arc<Event<()>>>
where
    C: Send + 'static,
    E: std::fmt::Debug + Send + 'static,
{
    let Info {
        home,
        teller,
        context,
    } = stay;
    if let Home::Nowhere = home {
        return None;
    }
    // If the loop is not driven any more, the task is dropped, or continues on an adopted runtime.
    let mark = home.core().and_then(TaskMark::if_driven);
    let done = Arc::new(Event::new());
    let mut unfinished = Unfinished::new(teller, done.clone());
    let exit = async move {
        let _mark = mark;
        let ((open, outcome), _changes) = InContext::new(context, exit).await;
        unfinished.is_finished();
        if let Err(fault) = outcome {
            unfinished.teller.tell(fault.failure(tell::moved));
        }
        // The context is dropped before the exit counts as done.
        drop(open);
    };
    match home {
        Home::Koil(core) => drop(core.spawn(exit)),
        Home::Foreign(runtime) => drop(runtime.spawn(exit)),
        Home::Nowhere => unreachable!("it has returned"),
    }
    Some(done)
}

/// The data that a runtime needs about an exit that is handed to it.
pub(super) struct Info {
    pub(super) home: Home,
    pub(super) teller: Teller,
    context: Snapshot,
}

impl Info {
    pub(super) fn of<C>(stay: &Stay, cause: Exit) -> Info {
        Info {
            home: stay.home.clone(),
            teller: stay.teller::<C>(cause),
            context: stay.context(),
        }
    }
}

/// Reports that an exit was not run to its end, if this is dropped before that.
pub(super) struct Unfinished {
    pub(super) teller: Teller,
    done: Arc<Event<()>>,
    finished: bool,
}

impl Unfinished {
    pub(super) fn new(teller: Teller, done: Arc<Event<()>>) -> Unfinished {
        Unfinished {
            teller,
            done,
            finished: false,
        }
    }

    pub(super) fn is_finished(&mut self) {
        self.finished = true;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.finished {
            self.teller.tell(Failure::LoopIsGone);
        }
        self.done.set(());
    }
}
