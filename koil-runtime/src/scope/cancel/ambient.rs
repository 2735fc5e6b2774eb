//! Which token is meant where no token is named: that of the call being polled, else that of the
//! scope or worker this thread is in.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;

use super::token::CancelToken;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;

/// What a thread is in, as far as cancelling goes.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// Cuts short calls that can answer with an error.
    pub(crate) token: CancelToken,
    /// Cuts short plain calls too, which unwind to the scope of this number.
    pub(crate) unwinding: Option<(CancelToken, u64)>,
}

/// Whose cancel a call obeys.
#[derive(Debug, Clone)]
pub(crate) struct Obeys {
    pub(crate) token: CancelToken,
    /// The scope to unwind to, where the call has no other way to answer.
    pub(crate) unwind_to: Option<u64>,
}

impl Obeys {
    /// The error of a call that is cut short by the scope it obeys.
    pub(crate) fn error(&self, kind: Kind, site: CallSite) -> Error {
        let error = match self.token.reason() {
            Some(reason) => Error::with_source(kind, site, reason),
            None => Error::new(kind, site),
        };
        error.with_unwind_to(self.unwind_to)
    }
}

/// How a call answers when it is cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// With an error.
    Error,
    /// It has only its output to give.
    Output,
}

/// What a call that begins here obeys.
#[inline]
pub(crate) fn obeys(answer: Answer) -> Option<Obeys> {
    if !IN_SCOPE.get() || std::thread::panicking() {
        // A drop that runs during an unwinding has to come to its end.
        return None;
    }
    let Scope { token, unwinding } = scope()?;
    match answer {
        Answer::Error => Some(Obeys {
            token,
            unwind_to: None,
        }),
        Answer::Output => unwinding.map(|(token, scope)| Obeys {
            token,
            unwind_to: Some(scope),
        }),
    }
}

thread_local! {
    // No destructors, so these can be read at any moment, and cost next to nothing.
    static IN_SCOPE: Cell<bool> = const { Cell::new(false) };
    static IN_POLL: Cell<bool> = const { Cell::new(false) };
    static HAS_TOKEN: Cell<bool> = const { Cell::new(false) };

    static SCOPE: RefCell<Option<Scope>> = const { RefCell::new(None) };
    // The token of the call that is being polled, once somebody has asked for it.
    static CALL: RefCell<Option<CancelToken>> = const { RefCell::new(None) };
}

/// The scope this thread is in.
pub(crate) fn scope() -> Option<Scope> {
    if !IN_SCOPE.get() {
        return None;
    }
    SCOPE
        .try_with(|scope| scope.borrow().clone())
        .ok()
        .flatten()
}

/// This thread is in a scope until this is dropped; scopes nest.
pub(crate) struct InScope {
    outer: Option<Scope>,
    _not_send: PhantomData<*const ()>,
}

impl InScope {
    pub(crate) fn enter(scope: Option<Scope>) -> InScope {
        InScope {
            outer: replace(scope),
            _not_send: PhantomData,
        }
    }
}

impl Drop for InScope {
    fn drop(&mut self) {
        replace(self.outer.take());
    }
}

fn replace(scope: Option<Scope>) -> Option<Scope> {
    let is_some = scope.is_some();
    let replaced = SCOPE.try_with(|slot| slot.replace(scope));
    IN_SCOPE.set(is_some && replaced.is_ok());
    replaced.ok().flatten()
}

/// This thread polls a call, whose token is `token`, until this is dropped. A token that is asked
/// for meanwhile is left in `token`. Polls nest where a task steps aside to block.
pub(crate) struct InCall<'a> {
    token: &'a mut Option<CancelToken>,
    outer: Option<CancelToken>,
    was_in_poll: bool,
}

impl<'a> InCall<'a> {
    #[inline]
    pub(crate) fn enter(token: &'a mut Option<CancelToken>) -> InCall<'a> {
        let was_in_poll = IN_POLL.replace(true);
        // A ready call without a token touches two flags and nothing else.
        let outer = if HAS_TOKEN.get() || token.is_some() {
            set_call(token.take())
        } else {
            None
        };
        InCall {
            token,
            outer,
            was_in_poll,
        }
    }
}

impl Drop for InCall<'_> {
    fn drop(&mut self) {
        IN_POLL.set(self.was_in_poll);
        if HAS_TOKEN.get() || self.outer.is_some() {
            *self.token = set_call(self.outer.take());
        }
    }
}

fn set_call(token: Option<CancelToken>) -> Option<CancelToken> {
    let is_some = token.is_some();
    let replaced = CALL.try_with(|slot| slot.replace(token));
    HAS_TOKEN.set(is_some && replaced.is_ok());
    replaced.ok().flatten()
}

/// The token that is meant here.
pub(crate) fn token() -> Option<CancelToken> {
    if !IN_POLL.get() {
        return scope().map(|scope| scope.token);
    }
    let existing = CALL.try_with(|slot| slot.borrow().clone()).ok().flatten();
    if existing.is_some() {
        return existing;
    }
    let token = scope().map_or_else(CancelToken::new, |scope| scope.token.child());
    set_call(Some(token.clone()));
    Some(token)
}
