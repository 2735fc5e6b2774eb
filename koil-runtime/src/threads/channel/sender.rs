//! `Sender`: the sending end of a channel.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::error::SendError;
use crate::call::{self, Call, admission};
use crate::current::LoopCore;
use crate::drive::work::{Work, Workload};
use crate::queue::{NotTaken, Queue};
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;

/// The sending end of a [`channel`](crate::channel()); clone it for more senders.
///
/// # Drop
///
/// When the last sender is dropped, the receiver gets the remaining items, and then the end.
pub struct Sender<T> {
    queue: Arc<Queue<T>>,
    /// The limit of each wait for room, unless the call has its own.
    timeout: Option<Duration>,
}

impl<T> Sender<T> {
    pub(super) fn new(queue: Arc<Queue<T>>) -> Sender<T> {
        Sender {
            queue,
            timeout: None,
        }
    }

    /// Gives each [`send`](Sender::send) of this sender, and of its clones, a time limit for its wait;
    /// [`send_timeout`](Sender::send_timeout) has its own, and async sends have none.
    ///
    /// The counterpart for the receiver is [`Receiver::timeout`](crate::Receiver::timeout).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let (sender, _receiver) = koil::channel(1);
    /// let sender = sender.timeout(Duration::from_millis(5));
    /// sender.send("first").unwrap();
    /// assert!(sender.send("second").unwrap_err().is_timeout());
    /// ```
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Sender<T> {
        self.timeout = Some(limit);
        self
    }

    pub(in crate::threads) fn queue(&self) -> &Arc<Queue<T>> {
        &self.queue
    }

    /// Sends an item; blocks while there is no room.
    ///
    /// For blocking code on any thread. The wait obeys the scope around it, as every blocking call
    /// that can answer with an error, and is listed by [`blocked`](crate::blocked()).
    ///
    /// # Errors
    ///
    /// The item comes back if the receiver is gone; if the scope around the call was cancelled or the
    /// loop stopped while it waited; and, whether or not there is room, inside a future that koil
    /// polls and on a loop thread: await [`send_async`](Sender::send_async) there.
    #[doc(alias = "blocking_send")]
    #[track_caller]
    pub fn send(&self, item: T) -> Result<(), SendError<T>> {
        self.send_within(item, self.timeout, CallSite::here())
    }

    /// Sends an item; blocks while there is no room, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// As [`send`](Sender::send), and [`SendError::is_timeout`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let (sender, _receiver) = koil::channel(1);
    /// sender.send("first").unwrap();
    /// let late = sender.send_timeout("second", Duration::from_millis(5)).unwrap_err();
    /// assert!(late.is_timeout());
    /// assert_eq!(late.into_item(), "second");
    /// ```
    #[track_caller]
    pub fn send_timeout(&self, item: T, timeout: Duration) -> Result<(), SendError<T>> {
        self.send_within(item, Some(timeout), CallSite::here())
    }

    /// Sends an item if there is room, and never waits.
    ///
    /// # Errors
    ///
    /// The item comes back if the channel is full, or if the receiver is gone.
    pub fn try_send(&self, item: T) -> Result<(), SendError<T>> {
        self.queue.push(item).map_err(|not_taken| match not_taken {
            NotTaken::Closed(item) => SendError::closed(item),
            NotTaken::Full(item) => SendError::full(item),
        })
    }

    /// Sends an item from async code; the future is pending while there is no room.
    ///
    /// Dropping the future before it is ready drops the item.
    ///
    /// # Errors
    ///
    /// The item comes back if the receiver is gone.
    pub async fn send_async(&self, item: T) -> Result<(), SendError<T>> {
        let mut pushing = Pushing::new(&self.queue, item);
        poll_fn(|cx| pushing.poll_push(cx)).await;
        match pushing.item.take() {
            None => Ok(()),
            Some(item) => Err(SendError::closed(item)),
        }
    }

    /// True once the receiver is gone, or has closed the channel.
    pub fn is_closed(&self) -> bool {
        self.queue.is_closed()
    }

    #[inline]
    fn send_within(
        &self,
        item: T,
        timeout: Option<Duration>,
        site: CallSite,
    ) -> Result<(), SendError<T>> {
        if let Err(error) = admission::may_block_unless_worker(site) {
            return Err(SendError::bridge(item, error));
        }
        match self.queue.push(item) {
            Ok(()) => Ok(()),
            Err(NotTaken::Closed(item)) => Err(SendError::closed(item)),
            Err(NotTaken::Full(item)) => {
                let mut pushing = Pushing::new(&self.queue, item);
                let call = Call::admit(None, site, Answer::Error);
                let waited = call.and_then(|call| pushing.wait(&call, timeout));
                pushing.ended(waited)
            }
        }
    }

    /// As [`send`](Sender::send), on a worker of `core`; no cancel ends the wait.
    #[inline]
    pub(in crate::threads) fn send_on(
        &self,
        core: &Arc<LoopCore>,
        site: CallSite,
        item: T,
    ) -> Result<(), SendError<T>> {
        match self.queue.push(item) {
            Ok(()) => Ok(()),
            Err(NotTaken::Closed(item)) => Err(SendError::closed(item)),
            Err(NotTaken::Full(item)) => {
                let mut pushing = Pushing::new(&self.queue, item);
                let call = Call::of_job(core, site);
                let waited = call.and_then(|call| pushing.wait(&call, None));
                pushing.ended(waited)
            }
        }
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        self.queue.add_sender();
        Sender {
            queue: self.queue.clone(),
            timeout: self.timeout,
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.queue.remove_sender();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

/// The work of putting one item in, as soon as there is room.
struct Pushing<'a, T> {
    queue: &'a Queue<T>,
    /// The item, while it has not been accepted.
    item: Option<T>,
    is_closed: bool,
    /// The place in the line of waiting senders.
    key: Option<u64>,
}

impl<'a, T> Pushing<'a, T> {
    fn new(queue: &'a Queue<T>, item: T) -> Pushing<'a, T> {
        Pushing {
            queue,
            item: Some(item),
            is_closed: false,
            key: None,
        }
    }

    fn poll_push(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let Some(item) = self.item.take() else {
                return Poll::Ready(());
            };
            match self.queue.push(item) {
                Ok(()) => return Poll::Ready(()),
                Err(NotTaken::Closed(item)) => {
                    self.item = Some(item);
                    self.is_closed = true;
                    return Poll::Ready(());
                }
                Err(NotTaken::Full(item)) => self.item = Some(item),
            }
            ready!(self.queue.poll_room(&mut self.key, cx.waker()));
        }
    }

    #[cold]
    fn wait(&mut self, call: &Call, timeout: Option<Duration>) -> Result<(), Error> {
        let _entered = call.enter();
        call::wait(call, Workload::LoopBound(self), timeout)
    }

    fn ended(mut self, waited: Result<(), Error>) -> Result<(), SendError<T>> {
        match (self.item.take(), waited) {
            (None, _) => Ok(()),
            (Some(item), Err(error)) if !self.is_closed => Err(SendError::bridge(item, error)),
            (Some(item), _) => Err(SendError::closed(item)),
        }
    }
}

impl<T> Work for Pushing<'_, T> {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_push(cx)
    }

    /// The item goes back to its owner.
    fn abandon(&mut self) {}
}

impl<T> Drop for Pushing<'_, T> {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.queue.leave_line(key);
        }
    }
}
