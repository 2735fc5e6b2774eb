//! `TimeoutReceiver`: a receiver with a time limit for each item, and the timer of such a wait.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use super::receiver::Receiver;
use crate::global;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;

/// The receiving end of a [`channel`](crate::channel()) that waits for each item at most for a
/// fixed time; made by [`Receiver::timeout`]. A [`Stream`] of results.
///
/// A timeout loses no item and does not end the stream: ask again.
///
/// # Drop
///
/// As dropping a [`Receiver`].
#[derive(Debug)]
pub struct TimeoutReceiver<T> {
    receiver: Receiver<T>,
    timer: Timer,
}

impl<T> TimeoutReceiver<T> {
    pub(super) fn new(receiver: Receiver<T>, limit: Duration, site: CallSite) -> Self {
        TimeoutReceiver {
            receiver,
            timer: Timer::new(limit, site),
        }
    }

    /// The next item, in async code; `None` once all senders are gone and all items are taken.
    ///
    /// # Errors
    ///
    /// [`Error::is_timeout`] if the time is up; another error if there is no loop for the timer.
    #[track_caller]
    pub fn recv(&mut self) -> impl Future<Output = Result<Option<T>, Error>> {
        self.receiver.recv_timeout(self.timer.limit)
    }

    /// The next item, in blocking code; `None` once all senders are gone and all items are taken.
    ///
    /// # Errors
    ///
    /// [`Error::is_timeout`] if the time is up; else as [`Receiver::recv_blocking`].
    #[track_caller]
    pub fn recv_blocking(&mut self) -> Result<Option<T>, Error> {
        let limit = self.timer.limit;
        self.receiver.recv_within(Some(limit), CallSite::here())
    }

    /// The receiver without the time limit.
    pub fn into_inner(self) -> Receiver<T> {
        self.receiver
    }
}

impl<T> Stream for TimeoutReceiver<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let TimeoutReceiver { receiver, timer } = &mut *self;
        timer.poll_item(receiver, cx).map(Result::transpose)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.receiver.size_hint()
    }
}

/// A limit for the wait for an item.
#[derive(Debug)]
pub(super) struct Timer {
    limit: Duration,
    site: CallSite,
    /// The timer on the ambient loop, while an item is awaited.
    task: Option<TimerTask>,
}

impl Timer {
    pub(super) fn new(limit: Duration, site: CallSite) -> Timer {
        Timer {
            limit,
            site,
            task: None,
        }
    }

    /// The next item, or the error that the time is up; the time of the next item begins then.
    pub(super) fn poll_item<T>(
        &mut self,
        receiver: &mut Receiver<T>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<T>, Error>> {
        if let Poll::Ready(item) = receiver.poll_recv(cx) {
            self.task = None;
            return Poll::Ready(Ok(item));
        }
        let task = if let Some(task) = &mut self.task {
            task
        } else {
            let (core, limit) = (global::ambient(self.site)?, self.limit);
            let sleep = async move { tokio::time::sleep(limit).await };
            self.task.insert(TimerTask(core.tokio.spawn(sleep)))
        };
        let kind = match ready!(Pin::new(&mut task.0).poll(cx)) {
            Ok(()) => Kind::Timeout(self.limit),
            Err(_) => Kind::Shutdown,
        };
        self.task = None;
        Poll::Ready(Err(Error::new(kind, self.site)))
    }
}

/// A timer that is aborted when the future that waits for it is dropped.
#[derive(Debug)]
struct TimerTask(tokio::task::JoinHandle<()>);

impl Drop for TimerTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}
