//! `Receiver`: the receiving end of a channel.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use super::error::TryRecvError;
use super::timeout::{TimeoutReceiver, Timer};
use crate::call::{self, Call, admission};
use crate::drive::work::{Work, Workload};
use crate::queue::Intake;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;

/// The receiving end of a [`channel`](crate::channel()); a [`Stream`].
///
/// # Drop
///
/// Waiting senders are released, and every later send fails; items in the channel are dropped.
pub struct Receiver<T> {
    intake: Intake<T>,
}

impl<T> Receiver<T> {
    pub(super) fn new(intake: Intake<T>) -> Receiver<T> {
        Receiver { intake }
    }

    /// The next item; `None` once all senders are gone and all items are taken.
    ///
    /// Dropping the future loses no item. It works on any executor; in a tokio task it takes part
    /// in cooperative scheduling.
    pub async fn recv(&mut self) -> Option<T> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// The next item; waits at most for `timeout`.
    ///
    /// An item that is already there counts as in time. The timer runs on the ambient loop, so this
    /// works on any executor.
    ///
    /// # Errors
    ///
    /// [`Error::is_timeout`] if the time is up; another error if there is no loop for the timer.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let (_sender, mut receiver) = koil::channel::<u8>(1);
    /// let late = koil::unkoil(receiver.recv_timeout(Duration::from_millis(5)));
    /// assert!(late.unwrap_err().is_timeout());
    /// ```
    #[track_caller]
    pub fn recv_timeout(
        &mut self,
        timeout: Duration,
    ) -> impl Future<Output = Result<Option<T>, Error>> {
        let mut timer = Timer::new(timeout, CallSite::here());
        async move { poll_fn(|cx| timer.poll_item(self, cx)).await }
    }

    /// Gives each wait for an item a time limit: async and blocking receives, and the stream.
    ///
    /// The counterpart for senders is [`Sender::timeout`](crate::Sender::timeout).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let (sender, receiver) = koil::channel(1);
    /// let mut receiver = receiver.timeout(Duration::from_millis(5));
    /// assert!(receiver.recv_blocking().unwrap_err().is_timeout());
    /// sender.send("an item").unwrap();
    /// assert_eq!(receiver.recv_blocking()?, Some("an item"));
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn timeout(self, limit: Duration) -> TimeoutReceiver<T> {
        TimeoutReceiver::new(self, limit, CallSite::here())
    }

    /// The next item, if it is there.
    ///
    /// # Errors
    ///
    /// [`TryRecvError`] says whether there is no item yet, or no more items.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        match self.intake.take(None) {
            Poll::Ready(Some(item)) => Ok(item),
            Poll::Ready(None) => Err(TryRecvError::Closed),
            Poll::Pending => Err(TryRecvError::Empty),
        }
    }

    /// The next item, in blocking code; `None` once all senders are gone and all items are taken.
    ///
    /// To iterate, make an iterator of the receiver: [`unkoil_iter`](crate::unkoil_iter()).
    ///
    /// # Errors
    ///
    /// If the scope around the call was cancelled or the loop stopped while it waited; and, whether
    /// or not an item is there, inside a future that koil polls and on a loop thread.
    #[track_caller]
    pub fn recv_blocking(&mut self) -> Result<Option<T>, Error> {
        self.recv_within(None, CallSite::here())
    }

    pub(super) fn recv_within(
        &mut self,
        timeout: Option<Duration>,
        site: CallSite,
    ) -> Result<Option<T>, Error> {
        admission::may_block_unless_worker(site)?;
        if let Poll::Ready(item) = self.intake.take(None) {
            return Ok(item);
        }
        let mut taking = Taking {
            intake: &mut self.intake,
            item: None,
        };
        let call = Call::admit(None, site, Answer::Error)?;
        let _entered = call.enter();
        call::wait(&call, Workload::LoopBound(&mut taking), timeout)?;
        Ok(taking.item)
    }

    /// Closes the channel: waiting senders are released, and every later send fails. Items in the
    /// channel can still be received.
    pub fn close(&mut self) {
        self.intake.close();
    }

    /// Polls for the next item, for hand-written streams and futures.
    #[inline]
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        // A sender that keeps up must not starve the other tasks of the thread.
        let coop = ready!(tokio::task::coop::poll_proceed(cx));
        let item = self.intake.take(Some(cx.waker()));
        if item.is_ready() {
            coop.made_progress();
        }
        item
    }
}

impl<T> Stream for Receiver<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.poll_recv(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.intake.len(), None)
    }
}

// Items are moved, never pinned.
impl<T> Unpin for Receiver<T> {}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("ready", &self.intake.len())
            .finish_non_exhaustive()
    }
}

/// The work of taking one item, as soon as it is there.
struct Taking<'a, T> {
    intake: &'a mut Intake<T>,
    item: Option<T>,
}

impl<T> Work for Taking<'_, T> {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let taken = self.intake.take(Some(cx.waker()));
        taken.map(|item| self.item = item)
    }

    fn abandon(&mut self) {}
}
