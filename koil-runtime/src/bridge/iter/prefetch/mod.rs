//! `Iter::prefetch`: a task on the loop polls the stream, and the iterator takes the items that it
//! has produced.

mod producer;
mod slot;

use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use tokio::task::AbortHandle;

use self::producer::Producer;
use self::slot::{StreamEnd, StreamSlot, TakenBack};
use super::pull::Poller;
use super::source::Source;
use super::{DropOutcome, Iter};
use crate::bridge::cancellable::Cancellable;
use crate::call::{self, Call, admission};
use crate::current::{WorkKind, handed_over};
use crate::drive::work::{Work, Workload};
use crate::fork::OfProcess;
use crate::global;
use crate::queue::{self, Intake};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::current_cancel::Answer;
use crate::scope::context::snapshot::Snapshot;

impl<S: Stream> Iter<S> {
    /// Makes a task on the loop poll the stream from now on, up to `n` items ahead of the items
    /// asked for, so that it makes progress while the caller does other things.
    ///
    /// The task stops when `n` items are waiting, and continues when half of them have been asked
    /// for. Items come in order; an error or a panic comes after the items before it. The stream
    /// runs in a copy of the [context](crate::ContextVar) of this call.
    ///
    /// Dropping or closing the iterator takes the stream back and drops it at once. It waits for
    /// the end of a poll in progress, at most for `cancel_grace`: after that the loop drops the
    /// stream when the poll is over.
    ///
    /// If no loop can be found, nothing is fetched, and `next` reports the reason. When the loop is
    /// stopped, items that have been produced still come, and then the error.
    ///
    /// # Panics
    ///
    /// If `n` is 0.
    ///
    /// ```
    /// use futures::stream::{self, StreamExt};
    ///
    /// let slow = stream::iter(0..3).then(|n| async move {
    ///     tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    ///     n
    /// });
    /// let mut iter = koil::unkoil_iter(slow).prefetch(16);
    /// // .. the stream gets on meanwhile ..
    /// assert!(iter.by_ref().eq(0..3));
    /// iter.close()?;
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn prefetch(mut self, n: usize) -> Iter<S>
    where
        S: Send + 'static,
        S::Item: Send + 'static,
    {
        assert!(
            n > 0,
            "`prefetch` needs room for 1 item at least; leave it out to fetch nothing"
        );
        if matches!(self.poller, Poller::AlwaysReady) {
            return self;
        }
        let home = self.home.clone();
        let Ok(core) = home.map_or_else(|| global::ambient(self.made), Ok) else {
            return self;
        };
        if core.is_forked() {
            return self;
        }
        let hint = self.size_hint();
        let Some(stream) = self.source.take_stream() else {
            return self;
        };
        let slot = Arc::new(StreamSlot::new(stream, Snapshot::capture()));
        // The items that have been read ahead before come first.
        let (queue, intake) = queue::pair(n, mem::take(&mut self.ahead));
        let producer = Cancellable::new(
            Producer::new(slot.clone(), queue),
            core.token.child(),
            core.clone(),
        );
        let task = core
            .spawn(WorkKind::Prefetch, self.made, producer)
            .abort_handle();
        self.source = Source::Prefetched(Prefetched {
            slot,
            intake: OfProcess::new(intake),
            task,
            grace: core.cancel_grace,
            hint,
        });
        self.home = Some(core);
        self
    }

    /// The next item of a stream that a task polls; there are no items in stock here.
    pub(super) fn await_prefetched(
        &mut self,
        timeout: Option<Duration>,
        site: CallSite,
        answer: Answer,
    ) -> Result<Option<S::Item>, Error> {
        admission::may_block(self.home.as_ref(), site)?;
        let Source::Prefetched(prefetched) = &mut self.source else {
            unreachable!("only called for a stream that a task polls");
        };
        // Items that are there already can be taken even after the loop has been stopped.
        if prefetched.fetch(None).is_ready() {
            let (fetched, handed) = handed_over::collected(|| self.fetched(site));
            if let (Some(handed), Some(core)) = (handed, &self.home) {
                call::settle(core, site, handed.works);
            }
            return fetched.unwrap_or_else(|payload| unwind::resume(payload));
        }
        let call = Call::admit(self.home.as_ref(), site, answer)
            .inspect_err(|error| self.end_if_stopped(error))?;
        let _entered = call.enter();
        let Source::Prefetched(prefetched) = &mut self.source else {
            unreachable!("it was one above");
        };
        // Items that come too late for this call are in stock for the next one.
        let mut fetching = Fetching { prefetched };
        call::wait(&call, Workload::LoopBound(&mut fetching), timeout)
            .inspect_err(|error| self.end_if_stopped(error))?;
        self.fetched(site)
    }

    /// The next item, or the end, after a fetch.
    fn fetched(&mut self, site: CallSite) -> Result<Option<S::Item>, Error> {
        let Source::Prefetched(prefetched) = &mut self.source else {
            unreachable!("only called for a stream that a task polls");
        };
        if let Some(item) = prefetched.pop() {
            return Ok(Some(item));
        }
        let end = prefetched.slot.take_end();
        handed_over::keep_all(prefetched.slot.take_works());
        self.source = Source::Ended;
        match end {
            Some(StreamEnd::Finished) => Ok(None),
            Some(StreamEnd::Panicked(payload)) => unwind::resume(payload),
            Some(StreamEnd::Stopped) | None => Err(Error::new(Kind::Shutdown, site)),
        }
    }
}

/// The iterator's side of a stream that a task polls.
pub(super) struct Prefetched<S: Stream> {
    slot: Arc<StreamSlot<S>>,
    /// The items. In a forked child they stayed behind, as their task did.
    intake: OfProcess<Intake<S::Item>>,
    task: AbortHandle,
    grace: Duration,
    /// The size hint of the stream and the items before it, when the task began.
    hint: (usize, Option<usize>),
}

impl<S: Stream> Prefetched<S> {
    /// The next of the items that have been fetched.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<S::Item> {
        self.intake.get_mut()?.pop()
    }

    /// Ready if there are items to pop, or at the end; else `waker` is woken then.
    fn fetch(&mut self, waker: Option<&Waker>) -> Poll<()> {
        let intake = self.intake.get_mut();
        intake.map_or(Poll::Pending, |intake| intake.fetch(waker))
    }

    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        let taken = self.intake.get().map_or(0, Intake::taken);
        let (lower, upper) = self.hint;
        (
            lower.saturating_sub(taken),
            upper.map(|upper| upper.saturating_sub(taken)),
        )
    }

    /// Takes the stream back and drops it here, in the context that the caller has entered.
    pub(super) fn close(self) -> DropOutcome {
        let taken_back = self.slot.close(self.grace);
        handed_over::keep_all(self.slot.take_works());
        // It has no stream to poll any more; the wakers of this task have gone with the stream.
        self.task.abort();
        match taken_back {
            TakenBack::StillPolled => DropOutcome::StillPolled(self.grace),
            TakenBack::Ended(StreamEnd::Panicked(payload)) => DropOutcome::Panicked(payload),
            TakenBack::Ended(_) | TakenBack::Dropped => DropOutcome::Dropped,
        }
    }
}

/// The wait for items: woken by the loop that runs the task, never by a scheduler of this thread.
struct Fetching<'a, S: Stream> {
    prefetched: &'a mut Prefetched<S>,
}

impl<S: Stream> Work for Fetching<'_, S> {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.prefetched.fetch(Some(cx.waker()))
    }

    /// The task continues.
    fn abandon(&mut self) {}
}
