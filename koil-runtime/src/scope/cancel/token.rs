//! `CancelToken`: a request to stop, with a reason, and a future that waits for it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::current_cancel;
use super::node::Node;
use crate::report::error::Kind;

/// A request to stop: made once, seen by all threads at once.
///
/// Tokens form a tree: cancelling one cancels all its [children](CancelToken::child), and nothing
/// else. Clones are the same token. The cancel is visible to every thread when
/// [`cancel`](CancelToken::cancel) returns, without the help of a loop; Python koil's event is
/// visible only after its loop ran.
///
/// In a forked child (Unix), tokens from before the fork stand alone: such a token is cancelled if
/// it was cancelled before the fork or if the child cancels it, but neither the tokens below it nor
/// its listeners are notified.
///
/// ```
/// let parent = koil::CancelToken::new();
/// let (one, other) = (parent.child(), parent.child());
/// one.cancel("not needed");
/// assert!(one.is_cancelled() && !other.is_cancelled());
///
/// parent.cancel("shutting down");
/// assert_eq!(other.reason().unwrap().to_string(), "shutting down");
/// assert_eq!(one.reason().unwrap().to_string(), "not needed");
/// ```
#[derive(Clone)]
pub struct CancelToken {
    node: Arc<Node>,
}

impl CancelToken {
    /// A new token without a parent, not cancelled.
    #[must_use]
    pub fn new() -> CancelToken {
        CancelToken { node: Node::root() }
    }

    /// The current token of this thread: that of the koil call or task whose future is being
    /// polled, or of the [`CancelScope`](crate::CancelScope) that this thread is in, whichever of
    /// them is the innermost; else `None`.
    ///
    /// The token of a call is cancelled with the scope that the call obeys. A plain call does not
    /// obey a scope that does not unwind, and its future is not notified of a cancel of that scope.
    ///
    /// A future that listens to the token of its call is given time to clean up when the call is
    /// cut short, by a timeout, a cancel or a stop of the loop; see [`Error::acknowledged`].
    ///
    /// [`Error::acknowledged`]: crate::Error::acknowledged
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let error = koil::unkoil_timeout(Duration::from_millis(5), async {
    ///     let stop = koil::CancelToken::current().expect("a call has a token");
    ///     stop.cancelled().await;
    ///     // Time to say goodbye.
    /// })
    /// .unwrap_err();
    /// assert!(error.is_timeout() && error.acknowledged());
    /// ```
    #[must_use]
    pub fn current() -> Option<CancelToken> {
        current_cancel::token()
    }

    /// A token that is cancelled with this one, for the same reason. Cancelling the child does not
    /// cancel this one.
    ///
    /// The child of a cancelled token is cancelled from the start.
    #[must_use]
    pub fn child(&self) -> CancelToken {
        CancelToken {
            node: self.node.child(),
        }
    }

    /// Cancels this token and all tokens below it. True if it was not cancelled before: only the
    /// first reason counts.
    pub fn cancel(&self, reason: impl Into<CancelReason>) -> bool {
        self.node.cancel(&reason.into())
    }

    /// True once this token, or one above it, has been cancelled. Takes no lock.
    pub fn is_cancelled(&self) -> bool {
        self.node.is_cancelled()
    }

    /// Why it was cancelled; `None` while it is not.
    pub fn reason(&self) -> Option<CancelReason> {
        self.node.reason()
    }

    /// Waits, as a future, until the token is cancelled.
    ///
    /// Needs no runtime of any kind. Dropping the future removes its waker.
    ///
    /// ```
    /// let token = koil::CancelToken::new();
    /// token.cancel("enough");
    /// koil::unkoil(token.cancelled());
    /// ```
    pub fn cancelled(&self) -> Cancelled {
        Cancelled {
            token: self.clone(),
            key: None,
            waker: None,
        }
    }

    /// The token of which this one is a child.
    pub(crate) fn parent(&self) -> Option<CancelToken> {
        self.node.parent().map(|node| CancelToken { node })
    }

    /// After a cancel: true if there was a listener at that moment, or a future has seen the cancel
    /// since.
    pub(crate) fn was_heard(&self) -> bool {
        self.node.was_heard()
    }
}

impl Default for CancelToken {
    fn default() -> CancelToken {
        CancelToken::new()
    }
}

impl PartialEq for CancelToken {
    /// Two tokens are equal if one is a clone of the other.
    fn eq(&self, other: &CancelToken) -> bool {
        Arc::ptr_eq(&self.node, &other.node)
    }
}

impl Eq for CancelToken {}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CancelToken").field(&self.node).finish()
    }
}

/// The reason of a cancel: a text for people, shown in the errors of the calls that it stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelReason {
    text: Cow<'static, str>,
    /// If the deadline of a scope passed: its length, and where it was set.
    deadline: Option<(Duration, &'static Location<'static>)>,
}

impl CancelReason {
    pub(crate) fn deadline(after: Duration, set_at: &'static Location<'static>) -> CancelReason {
        CancelReason {
            text: format!("the deadline of {after:?} at {set_at} has passed").into(),
            deadline: Some((after, set_at)),
        }
    }

    /// The kind of error of a call that is cut short for this reason.
    pub(crate) fn kind(&self) -> Kind {
        match self.deadline {
            Some((after, _)) => Kind::Deadline(after),
            None => Kind::Cancelled,
        }
    }
}

impl CancelReason {
    /// True if a deadline has passed.
    pub(crate) fn is_deadline(&self) -> bool {
        self.deadline.is_some()
    }
}

impl From<&'static str> for CancelReason {
    fn from(text: &'static str) -> CancelReason {
        CancelReason {
            text: text.into(),
            deadline: None,
        }
    }
}

impl From<String> for CancelReason {
    fn from(text: String) -> CancelReason {
        CancelReason {
            text: text.into(),
            deadline: None,
        }
    }
}

impl StdError for CancelReason {}

impl fmt::Display for CancelReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Cancels a token with another one too, until this is dropped.
pub(crate) struct AdoptedToken {
    by: CancelToken,
    key: Option<u64>,
}

impl CancelToken {
    /// True if a cancel of `above` reaches this token.
    pub(crate) fn is_under(&self, above: &CancelToken) -> bool {
        self.node.is_under(&above.node)
    }

    /// Cancels `child` with this token, as if it were a child of this token.
    pub(crate) fn adopt(&self, child: &CancelToken) -> AdoptedToken {
        let key = self.node.adopt(&child.node);
        if key.is_none()
            && let Some(reason) = self.reason()
        {
            child.cancel(reason);
        }
        AdoptedToken {
            by: self.clone(),
            key,
        }
    }
}

impl Drop for AdoptedToken {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.by.node.forget(key);
        }
    }
}

/// A registered waker, woken when a token is cancelled; removed when this is dropped.
pub(crate) struct Listening {
    token: CancelToken,
    key: u64,
}

impl Listening {
    /// `None` if the token has been cancelled already, or is from before a fork.
    pub(crate) fn begin(token: &CancelToken, waker: &Waker) -> Option<Listening> {
        let key = token.node.listen(None, waker)?;
        Some(Listening {
            token: token.clone(),
            key,
        })
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.token.node.unlisten(self.key);
    }
}

/// A future that is ready once a token is cancelled; made by [`CancelToken::cancelled`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Cancelled {
    token: CancelToken,
    /// The key of the registered waker, after the first poll.
    key: Option<u64>,
    /// The registered waker: another poll with the same one needs neither a clone nor the lock.
    waker: Option<Waker>,
}

impl Future for Cancelled {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.token.node.hear() {
            return Poll::Ready(());
        }
        if self
            .waker
            .as_ref()
            .is_some_and(|waker| waker.will_wake(cx.waker()))
        {
            return Poll::Pending;
        }
        match self.token.node.listen(self.key, cx.waker()) {
            Some(key) => {
                self.key = Some(key);
                self.waker = Some(cx.waker().clone());
                Poll::Pending
            }
            None if self.token.node.hear() => Poll::Ready(()),
            // A token from before a fork: no cancel will wake this future.
            None => Poll::Pending,
        }
    }
}

impl Drop for Cancelled {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.token.node.unlisten(key);
        }
    }
}
