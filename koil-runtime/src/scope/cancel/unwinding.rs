//! `Unwinding`: a scope or job to which plain calls unwind when they are cut short.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::current_cancel::Due;
use super::token::CancelToken;
use crate::report::error::{Error, ScopeUnwind};
use crate::report::unwind::{self, Payload};

/// A scope to which plain calls unwind.
#[derive(Debug)]
pub(crate) struct Unwinding {
    pub(super) id: u64,
    pub(super) token: CancelToken,
    pub(super) due: Option<Arc<Due>>,
    outer: Option<Arc<Unwinding>>,
}

impl Unwinding {
    /// A scope inside `outer`, another one on the same thread.
    pub(crate) fn new(
        token: CancelToken,
        due: Option<Arc<Due>>,
        outer: Option<Arc<Unwinding>>,
    ) -> Arc<Unwinding> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Arc::new(Unwinding {
            // ORDERING: Relaxed; only uniqueness counts.
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            token,
            due,
            outer,
        })
    }

    /// The error of the call that was cut short, if its unwinding was caught where this scope ends;
    /// any other payload comes back.
    pub(crate) fn caught(&self, payload: Payload) -> Result<Error, Payload> {
        match payload.downcast::<ScopeUnwind>() {
            Ok(unwound) if unwound.scope == self.id => {
                unwind::cut_ends();
                Ok(unwound.error)
            }
            Ok(unwound) => Err(unwound),
            Err(payload) => Err(payload),
        }
    }

    /// The outermost scope that is cancelled, or this one if none is. All work in it has to end,
    /// inner scopes included: an inner scope cannot prevent the cancel of an outer one.
    pub(super) fn outermost_cancelled(&self) -> &Unwinding {
        let around = std::iter::successors(Some(self), |scope| scope.outer.as_deref());
        let cancelled = around.filter(|scope| scope.token.is_cancelled());
        cancelled.last().unwrap_or(self)
    }
}
