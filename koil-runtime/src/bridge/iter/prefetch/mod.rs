//! `Iter::prefetch`: a task on the loop polls the stream, and the iterator takes the items that it
//! has produced.

mod producer;
mod shared;

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use tokio::task::AbortHandle;

use self::producer::Producer;
use self::shared::{LetGo, Shared, Took};
use super::pull::Poller;
use super::source::Source;
use super::{DropOutcome, Iter};
use crate::bridge::cancellable::cancellable;
use crate::call::{self, Call, admission};
use crate::drive::work::{Work, Workload};
use crate::global;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::ambient::Answer;
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
        let hint = self.source.size_hint();
        let Some(stream) = self.source.take_stream() else {
            return self;
        };
        let shared = Arc::new(Shared::new(
            stream,
            Snapshot::capture(),
            n,
            self.ahead.len(),
        ));
        let producer = cancellable(
            Producer::new(shared.clone()),
            core.token.child(),
            core.clone(),
        );
        let task = core.spawn(producer).abort_handle();
        self.source = Source::Prefetched(Prefetched {
            shared,
            task,
            grace: core.cancel_grace,
            half: (n / 2).max(1),
            untold: 0,
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
        admission::may_block(site)?;
        let Source::Prefetched(prefetched) = &mut self.source else {
            unreachable!("only called for a stream that a task polls");
        };
        // Items that are there already can be taken even after the loop has been stopped.
        let took = prefetched.take(&mut self.ahead, None);
        if !matches!(took, Took::Nothing) {
            return self.took(took, site);
        }
        let call = Call::admit(self.home.as_ref(), site, answer)
            .inspect_err(|error| self.end_if_stopped(error))?;
        let _entered = call.enter();
        let Source::Prefetched(prefetched) = &mut self.source else {
            unreachable!("it was one above");
        };
        let mut batch = NextBatch {
            prefetched,
            ahead: &mut self.ahead,
            took: Took::Nothing,
        };
        let waited = call::wait(&call, Workload::LoopBound(&mut batch), timeout);
        let took = batch.took;
        // Items that came too late for this call are in stock for the next one.
        waited.inspect_err(|error| self.end_if_stopped(error))?;
        self.took(took, site)
    }

    fn took(&mut self, took: Took, site: CallSite) -> Result<Option<S::Item>, Error> {
        let end = match took {
            Took::Items => return self.pop(site),
            Took::End(end) => end,
            Took::Nothing => unreachable!("`block_on` returns `Ok` only after a poll was ready"),
        };
        self.source = Source::Ended;
        match end {
            shared::End::Finished => Ok(None),
            shared::End::Panicked(payload) => unwind::resume(payload),
            shared::End::Stopped => Err(Error::new(Kind::Shutdown, site)),
        }
    }
}

/// The iterator's side of a stream that a task polls.
pub(super) struct Prefetched<S: Stream> {
    shared: Arc<Shared<S>>,
    task: AbortHandle,
    grace: Duration,
    /// The task is notified of free room after this number of items.
    half: usize,
    /// The number of items handed out since the last notification.
    untold: usize,
    /// The size hint of the stream when the task began, less the items taken since.
    hint: (usize, Option<usize>),
}

impl<S: Stream> Prefetched<S> {
    /// Counts an item that is being handed out.
    #[inline]
    pub(super) fn hand_out(&mut self) {
        self.untold += 1;
        if self.untold >= self.half {
            self.shared.handed_out(std::mem::take(&mut self.untold));
        }
    }

    /// Takes all produced items; if there are none, `cx` is woken when one comes.
    fn take(&mut self, ahead: &mut VecDeque<S::Item>, cx: Option<&mut Context<'_>>) -> Took {
        let untold = std::mem::take(&mut self.untold);
        let took = self.shared.take(ahead, untold, cx.map(|cx| cx.waker()));
        let (lower, upper) = self.hint;
        self.hint = (
            lower.saturating_sub(ahead.len()),
            upper.map(|upper| upper.saturating_sub(ahead.len())),
        );
        took
    }

    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        self.hint
    }

    /// Takes the stream back and drops it here, in the context that the caller has entered.
    pub(super) fn close(self) -> DropOutcome {
        let let_go = self.shared.close(self.grace);
        // It has no stream to poll any more; the wakers of this task have gone with the stream.
        self.task.abort();
        match let_go {
            LetGo::StillPolled => DropOutcome::StillPolled(self.grace),
            LetGo::Ended(shared::End::Panicked(payload)) => DropOutcome::Panicked(payload),
            LetGo::Ended(_) | LetGo::Dropped => DropOutcome::Dropped,
        }
    }
}

/// The wait for the task: woken by the loop that runs it, never by a scheduler of this thread.
struct NextBatch<'a, S: Stream> {
    prefetched: &'a mut Prefetched<S>,
    ahead: &'a mut VecDeque<S::Item>,
    took: Took,
}

impl<S: Stream> Work for NextBatch<'_, S> {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.took = self.prefetched.take(self.ahead, Some(cx));
        match self.took {
            Took::Nothing => Poll::Pending,
            Took::Items | Took::End(_) => Poll::Ready(()),
        }
    }

    /// The task continues.
    fn abandon(&mut self) {}
}
