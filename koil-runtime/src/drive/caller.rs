//! The one function that blocks: polls on the calling thread, and parks while nothing happens.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::park::{Parker, Unparked, with_parker};
use crate::current::{LoopCore, Polling};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;

/// How often a future that wakes itself is polled again before the caller counts as waiting.
const SELF_WAKES: u32 = 64;

/// What a caller does until it is done. A trait object, so that this file is compiled once and
/// each future adds no more than its two methods.
pub(crate) trait Work {
    /// Polls once; `Ready` when there is nothing left to do.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// Gives up: drops what will not be polled again, while the loop is still alive.
    fn abandon(&mut self);
}

/// Blocks this thread on `future`, which is polled and dropped here.
///
/// The tokio context of `core` must be entered, and the call admitted.
pub(crate) fn block_on<F: Future>(
    core: &Arc<LoopCore>,
    future: F,
    timeout: Option<Duration>,
    site: CallSite,
) -> Result<F::Output, Error> {
    let future = std::pin::pin!(Some(future));
    let mut call = Call {
        future,
        output: None,
    };
    drive(core, &mut call, timeout, site)?;
    Ok(call
        .output
        .expect("`drive` returns `Ok` only after a poll was ready"))
}

struct Call<'a, F: Future> {
    future: Pin<&'a mut Option<F>>,
    output: Option<F::Output>,
}

impl<F: Future> Work for Call<'_, F> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let future = self.future.as_mut().as_pin_mut();
        let future = future.expect("a future is polled until it is ready or abandoned");
        future.poll(cx).map(|output| self.output = Some(output))
    }

    fn abandon(&mut self) {
        self.future.set(None);
    }
}

/// Does `work` on this thread until it is ready, the timeout passes or the loop stops.
///
/// The timeout counts from the first poll that is pending, so that a ready call pays nothing.
pub(crate) fn drive(
    core: &Arc<LoopCore>,
    work: &mut dyn Work,
    timeout: Option<Duration>,
    site: CallSite,
) -> Result<(), Error> {
    let mut caller = Caller {
        core,
        work,
        site,
        timeout,
        deadline: None,
    };
    let outcome = unwind::halt(|| with_parker(|parker, waker| caller.run(parker, waker)));
    outcome.unwrap_or_else(|payload| {
        // A poll that met the runtime in the moment of its end panics inside tokio.
        let text = unwind::text(&payload).unwrap_or_default();
        if core.is_stopped() && text.contains("context was found, but it is being shutdown") {
            return Err(caller.give_up(Kind::Shutdown));
        }
        unwind::resume(payload)
    })
}

struct Caller<'a> {
    core: &'a Arc<LoopCore>,
    work: &'a mut dyn Work,
    site: CallSite,
    timeout: Option<Duration>,
    /// Known once a poll was pending, if there is a timeout.
    deadline: Option<Instant>,
}

impl Caller<'_> {
    fn run(&mut self, parker: &Parker, waker: &Waker) -> Result<(), Error> {
        let mut cx = Context::from_waker(waker);
        for _ in 0..SELF_WAKES {
            if self.core.is_stopped() {
                return Err(self.give_up(Kind::Shutdown));
            }
            if self.poll(parker, &mut cx)?.is_ready() {
                return Ok(());
            }
            if !parker.is_notified() {
                break;
            }
        }
        self.wait(parker, waker, &mut cx)
    }

    /// The future is really pending: sleep between polls, listed so that a stop wakes us.
    fn wait(&mut self, parker: &Parker, waker: &Waker, cx: &mut Context<'_>) -> Result<(), Error> {
        let core = self.core;
        let Some(_listed) = core.list(waker, self.site) else {
            return Err(self.give_up(Kind::Shutdown));
        };
        loop {
            let unparked = parker.park(self.deadline);
            if core.is_stopped() {
                return Err(self.give_up(Kind::Shutdown));
            }
            // A future that became ready in the last moment wins over its deadline.
            let polled = self.poll(parker, cx)?;
            match (polled, unparked) {
                (Poll::Ready(()), _) => return Ok(()),
                (Poll::Pending, Unparked::Notified) => {}
                (Poll::Pending, Unparked::DeadlinePassed) => return Err(self.timed_out()),
            }
        }
    }

    /// Polls once; a pending poll looks at the clock, if there is a timeout.
    fn poll(&mut self, parker: &Parker, cx: &mut Context<'_>) -> Result<Poll<()>, Error> {
        parker.reset();
        let polled = {
            let _polling = Polling::begin();
            self.work.poll(cx)
        };
        if polled.is_pending() && self.is_overdue() {
            return Err(self.timed_out());
        }
        Ok(polled)
    }

    /// Looks at the clock, if there is a timeout; the first look starts it.
    fn is_overdue(&mut self) -> bool {
        let Some(timeout) = self.timeout else {
            return false;
        };
        let now = Instant::now();
        if self.deadline.is_none() {
            // A timeout beyond the end of time is none.
            self.deadline = now.checked_add(timeout);
        }
        self.deadline.is_some_and(|deadline| now >= deadline)
    }

    fn timed_out(&mut self) -> Error {
        self.give_up(Kind::Timeout(self.timeout.unwrap_or_default()))
    }

    fn give_up(&mut self, kind: Kind) -> Error {
        self.work.abandon();
        Error::new(kind, self.site)
    }
}
