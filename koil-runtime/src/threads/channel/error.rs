//! `SendError` and `TryRecvError`: the errors of the two ends of a channel.

use std::error::Error as StdError;
use std::fmt;

use crate::report::error::Error;

/// An item that could not be sent; it is handed back in this error.
pub struct SendError<T> {
    item: T,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Closed,
    Full,
    Bridge(Error),
}

impl<T> SendError<T> {
    pub(super) fn closed(item: T) -> SendError<T> {
        SendError {
            item,
            why: Why::Closed,
        }
    }

    pub(super) fn full(item: T) -> SendError<T> {
        SendError {
            item,
            why: Why::Full,
        }
    }

    pub(super) fn bridge(item: T, error: Error) -> SendError<T> {
        SendError {
            item,
            why: Why::Bridge(error),
        }
    }

    pub(in crate::threads) fn into_error(self) -> Option<Error> {
        match self.why {
            Why::Bridge(error) => Some(error),
            Why::Closed | Why::Full => None,
        }
    }

    /// The item, which was not received.
    pub fn into_item(self) -> T {
        self.item
    }

    /// True if the receiver is gone, or has closed the channel.
    pub fn is_closed(&self) -> bool {
        matches!(self.why, Why::Closed)
    }

    /// True if there was no room; [`try_send`](crate::Sender::try_send) does not wait for room.
    pub fn is_full(&self) -> bool {
        matches!(self.why, Why::Full)
    }

    /// True if the timeout ended before there was room.
    pub fn is_timeout(&self) -> bool {
        self.error().is_some_and(Error::is_timeout)
    }

    /// The failure of the bridge, if there was one: the wait was refused because it could hang, it
    /// was cancelled or timed out, or its loop was stopped.
    pub fn error(&self) -> Option<&Error> {
        match &self.why {
            Why::Bridge(error) => Some(error),
            Why::Closed | Why::Full => None,
        }
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Why::Closed => f.write_str("the item was not sent: the receiver is gone"),
            Why::Full => f.write_str("the item was not sent: the channel is full"),
            Why::Bridge(error) => write!(f, "the item was not sent: {error}"),
        }
    }
}

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError")
            .field("why", &self.why)
            .finish_non_exhaustive()
    }
}

impl<T> StdError for SendError<T> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error().map(|error| error as _)
    }
}

/// Why [`try_recv`](crate::Receiver::try_recv) has no item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryRecvError {
    /// There is no item yet.
    Empty,
    /// There are no more items, and there will be none.
    Closed,
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryRecvError::Empty => "the channel is empty",
            TryRecvError::Closed => "the channel is closed",
        })
    }
}

impl StdError for TryRecvError {}
