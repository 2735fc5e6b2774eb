//! `CallTimeout`: the timeout of the call that this thread polls, for the calls in its callbacks.
//!
//! A caller that is in a callback cannot check its own clock: the calls there do.

use std::cell::Cell;
use std::panic::Location;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::current_cancel::Due;
use super::token::{CancelReason, CancelToken};

thread_local! {
    // No destructor, so that calls in the destructors of other thread-locals can use it.
    static POLLED_TIMEOUT: Cell<Option<CallTimeout>> = const { Cell::new(None) };
}

/// The timeout of a call, which counts from its first wait, or from the first call in a callback.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallTimeout {
    after: Duration,
    /// `None` while nothing has waited.
    begun: Option<Instant>,
    called_at: &'static Location<'static>,
}

impl CallTimeout {
    pub(crate) fn new(
        after: Duration,
        begun: Option<Instant>,
        called_at: &'static Location<'static>,
    ) -> CallTimeout {
        CallTimeout {
            after,
            begun,
            called_at,
        }
    }

    /// The end of a timeout that has begun; a time that `Instant` cannot represent is none.
    fn end(&self) -> Option<Instant> {
        self.begun?.checked_add(self.after)
    }

    /// True if this timeout ends before `inner`, which begins now if it has not begun.
    fn ends_before(&self, inner: &CallTimeout) -> bool {
        let inner_end = inner
            .end()
            .or_else(|| Instant::now().checked_add(inner.after));
        match (self.end(), inner_end) {
            (Some(outer), Some(inner)) => outer < inner,
            (outer, _) => outer.is_some(),
        }
    }

    /// The deadline that cancels `token`, once the timeout has begun.
    pub(super) fn due(&self, token: &CancelToken) -> Option<Arc<Due>> {
        Some(Arc::new(Due {
            at: self.end()?,
            token: token.clone(),
            reason: CancelReason::deadline(self.after, self.called_at),
        }))
    }
}

/// The timeout of the call that this thread polls. It has begun when this returns.
pub(super) fn begun() -> Option<CallTimeout> {
    let mut timeout = POLLED_TIMEOUT.get()?;
    timeout.begun.get_or_insert_with(Instant::now);
    POLLED_TIMEOUT.set(Some(timeout));
    Some(timeout)
}

/// True if the timeout of the call that this thread polls has passed. It has begun when this returns.
pub(crate) fn is_over() -> bool {
    POLLED_TIMEOUT.get().is_some()
        && begun().is_some_and(|timeout| timeout.end().is_some_and(|end| end <= Instant::now()))
}

/// As [`InTimeout::enter`], on a thread without other koil state, where no guard is needed.
#[inline]
pub(crate) fn set(timeout: CallTimeout) {
    POLLED_TIMEOUT.set(Some(timeout));
}

/// Ends what [`set`] began; returns when the timeout began, if it has.
#[inline]
pub(crate) fn take() -> Option<Instant> {
    POLLED_TIMEOUT.take()?.begun
}

/// Marks that this thread polls a call with a timeout, until this is dropped. A call inside a
/// callback of another one obeys the timeout that ends first.
pub(crate) struct InTimeout {
    outer: Option<CallTimeout>,
    is_own_set: bool,
}

impl InTimeout {
    pub(crate) fn enter(own: CallTimeout) -> InTimeout {
        let outer = POLLED_TIMEOUT.get();
        let is_own_set = outer.is_none_or(|outer| !outer.ends_before(&own));
        if is_own_set {
            POLLED_TIMEOUT.set(Some(own));
        }
        InTimeout { outer, is_own_set }
    }

    /// When the timeout began, if it has.
    pub(crate) fn begun(&self) -> Option<Instant> {
        POLLED_TIMEOUT
            .get()
            .filter(|_| self.is_own_set)
            .and_then(|timeout| timeout.begun)
    }
}

impl Drop for InTimeout {
    fn drop(&mut self) {
        POLLED_TIMEOUT.set(self.outer);
    }
}
