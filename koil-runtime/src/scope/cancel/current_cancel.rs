//! The current cancel token of this thread: that of the innermost call being polled, scope or
//! clean-up.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop};
use std::sync::Arc;
use std::time::Instant;

use super::call_timeout;
pub(crate) use super::call_token::CallToken;
use super::token::{CancelReason, CancelToken};
use super::unwinding::Unwinding;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::scope::flags::{self, CALL, CALLBACK, CLEAN_UP, INSIDE_POLL, PLACE, SCOPE, TOKEN};

/// The cancel scope of a thread.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// The token that cuts short calls that can return an error.
    pub(crate) token: CancelToken,
    /// The first deadline at which `token` is cancelled, if there is one.
    pub(crate) due: Option<Arc<Due>>,
    /// The scope to which plain calls unwind, if they are cut short too.
    pub(crate) unwinding: Option<Arc<Unwinding>>,
}

/// A deadline. A waiting thread checks it itself, so no loop is needed to run a timer.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) at: Instant,
    pub(crate) token: CancelToken,
    pub(crate) reason: CancelReason,
}

impl Due {
    /// Cancels the token if the deadline has passed.
    pub(crate) fn cancel_if_passed(&self) {
        if !self.token.is_cancelled() && Instant::now() >= self.at {
            self.token.cancel(self.reason.clone());
        }
    }

    /// The earlier of two deadlines.
    pub(crate) fn first(one: Option<Arc<Due>>, other: Option<Arc<Due>>) -> Option<Arc<Due>> {
        one.into_iter().chain(other).min_by_key(|due| due.at)
    }
}

/// The token and the deadline that cut a call short.
#[derive(Debug, Clone)]
pub(crate) struct CancelSource {
    pub(crate) token: CancelToken,
    pub(crate) due: Option<Arc<Due>>,
    /// The scope to unwind to, if the call cannot return an error.
    unwinding: Option<Arc<Unwinding>>,
}

impl CancelSource {
    /// The reason why the call has to end, if it has to. A deadline that has passed cancels the
    /// token first.
    pub(crate) fn check(&self) -> Option<CancelReason> {
        if let Some(due) = &self.due {
            due.cancel_if_passed();
        }
        self.token.reason()
    }

    /// The innermost scope to which a call unwinds that is cut short by something else than a scope.
    pub(crate) fn unwinds_to(&self) -> Option<u64> {
        self.unwinding.as_ref().map(|scope| scope.id)
    }

    /// The error of a call that is cut short by the scope that it obeys.
    pub(crate) fn error(&self, kind: Kind, site: CallSite) -> Error {
        let target = self
            .unwinding
            .as_deref()
            .map(Unwinding::outermost_cancelled);
        let token = target.map_or(&self.token, |scope| &scope.token);
        let error = match token.reason() {
            Some(reason) => Error::with_source(reason.kind(), site, reason),
            None => Error::new(kind, site),
        };
        error.with_unwind_to(target.map(|scope| scope.id))
    }
}

/// The result of a call that is cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The call returns an error.
    Error,
    /// The call can return only its output.
    Output,
}

/// The cancelling rules for a call that begins here.
#[derive(Debug)]
pub(crate) enum CancelPolicy {
    Nothing,
    Cancel(CancelSource),
    /// The call is part of a clean-up: it is not cancelled, and gets `cancel_grace`.
    Grace,
}

/// The cancelling rules for a call that begins here.
#[inline]
pub(crate) fn policy(answer: Answer) -> CancelPolicy {
    match (place(), answer) {
        // A drop that runs while the thread unwinds has to finish. A plain call there cannot give
        // up: it would unwind out of a drop, which aborts.
        (_, Answer::Error) if std::thread::panicking() => CancelPolicy::Grace,
        (Innermost::Free, _) => CancelPolicy::Nothing,
        (place, answer) => policy_in(place, answer),
    }
}

fn policy_in(place: Innermost, answer: Answer) -> CancelPolicy {
    if std::thread::panicking() {
        return CancelPolicy::Nothing;
    }
    let source = match (place, answer) {
        (Innermost::CleanUp, Answer::Error) => return CancelPolicy::Grace,
        (Innermost::Scope | Innermost::Callback, Answer::Error) => {
            scope().map(|scope| CancelSource {
                token: scope.token,
                due: scope.due,
                unwinding: None,
            })
        }
        (Innermost::Scope | Innermost::Callback, Answer::Output) => {
            let unwinding =
                innermost(|scope| scope.as_ref().and_then(|scope| scope.unwinding.clone()));
            unwinding.map(|unwinding| CancelSource {
                token: unwinding.token.clone(),
                due: unwinding.due.clone(),
                unwinding: Some(unwinding),
            })
        }
        // A task that steps aside to block.
        (Innermost::Call, Answer::Error) => token().map(|token| CancelSource {
            token,
            due: None,
            unwinding: None,
        }),
        (Innermost::Call | Innermost::CleanUp, Answer::Output) | (Innermost::Free, _) => None,
    };
    source.map_or(CancelPolicy::Nothing, CancelPolicy::Cancel)
}

/// The innermost scope, call or clean-up of this thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Innermost {
    Free,
    /// The scope in `INNERMOST`.
    Scope,
    /// The poll of a call or task, whose token is in `POLLED`.
    Call,
    /// Blocking code in the poll of a call, whose token is in `POLLED`. The scope around the call is in
    /// `INNERMOST`.
    Callback,
    /// The drop of a future whose call was cut short.
    CleanUp,
}

#[inline]
fn place() -> Innermost {
    let flags = flags::get(PLACE | CALLBACK | INSIDE_POLL);
    match flags & PLACE {
        SCOPE => Innermost::Scope,
        CALL if flags & (CALLBACK | INSIDE_POLL) == CALLBACK => Innermost::Callback,
        CALL => Innermost::Call,
        CLEAN_UP => Innermost::CleanUp,
        _ => Innermost::Free,
    }
}

thread_local! {
    // No destructors, so that scopes and tokens stay usable in the destructors of other
    // thread-locals. No value is leaked: the guards that fill these slots empty them again.
    static INNERMOST: RefCell<ManuallyDrop<Option<Scope>>> =
        const { RefCell::new(ManuallyDrop::new(None)) };
    static POLLED: RefCell<ManuallyDrop<CallToken>> =
        const { RefCell::new(ManuallyDrop::new(CallToken::Alone)) };
}

pub(super) fn innermost<R>(f: impl FnOnce(&mut Option<Scope>) -> R) -> R {
    INNERMOST.with(|slot| f(&mut slot.borrow_mut()))
}

#[inline]
pub(super) fn polled<R>(f: impl FnOnce(&mut CallToken) -> R) -> R {
    POLLED.with(|slot| f(&mut slot.borrow_mut()))
}

/// The scope of a call that is made here.
pub(crate) fn scope() -> Option<Scope> {
    match place() {
        Innermost::Scope => innermost(|scope| scope.clone()),
        Innermost::Callback => Some(callback_scope()),
        Innermost::Free | Innermost::Call | Innermost::CleanUp => None,
    }
}

/// The scope of a call that is made in a callback: it ends with the call around it, and with the
/// scope around that one.
fn callback_scope() -> Scope {
    let around = innermost(|scope| scope.clone());
    let (around, outer_due, unwinding) = match around {
        Some(scope) => (Some(scope.token), scope.due, scope.unwinding),
        None => (None, None, None),
    };
    let timeout = call_timeout::begun();
    // A call that does not obey its scope is cut short by its timeout alone.
    let of_scope =
        around.filter(|around| timeout.is_none() && !polled(|call| call.is_under(around)));
    let token = of_scope.unwrap_or_else(call_token);
    let due = timeout.and_then(|timeout| timeout.due(&token));
    Scope {
        due: Due::first(due, outer_due),
        token,
        unwinding,
    }
}

/// The token of the call that is being polled, made if it has none yet.
fn call_token() -> CancelToken {
    flags::replace(TOKEN, TOKEN);
    polled(CallToken::make)
}

/// In a forked child: takes the thread that forked out of its scope. In the child no thread could
/// cancel that scope.
#[cfg(unix)]
pub(crate) fn leave_behind() {
    if place() == Innermost::Scope {
        flags::replace(PLACE, 0);
    }
}

/// Marks that this thread is in a scope or in a clean-up, until this is dropped; both nest.
pub(crate) struct Inside {
    was_in: u32,
    outer: Option<Scope>,
    _not_send: PhantomData<*const ()>,
}

impl Inside {
    pub(crate) fn scope(scope: Scope) -> Inside {
        Inside::enter(SCOPE, Some(scope))
    }

    pub(crate) fn clean_up() -> Inside {
        Inside::enter(CLEAN_UP, None)
    }

    fn enter(place: u32, scope: Option<Scope>) -> Inside {
        Inside {
            outer: innermost(|slot| mem::replace(slot, scope)),
            was_in: flags::replace(PLACE, place),
            _not_send: PhantomData,
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        flags::replace(PLACE, self.was_in);
        let outer = self.outer.take();
        let inner = innermost(|slot| mem::replace(slot, outer));
        // May be the last use of a token, so it is dropped outside the borrow.
        drop(inner);
    }
}

/// Marks that this thread polls a call, whose token is `token`, until this is dropped. A token that
/// is made meanwhile is left in `token`. Polls nest where a task steps aside to block.
pub(crate) struct InCall<'a> {
    /// Meanwhile the token of the call around this one.
    token: &'a mut CallToken,
    was_in: u32,
}

impl<'a> InCall<'a> {
    #[inline]
    pub(crate) fn enter(token: &'a mut CallToken) -> InCall<'a> {
        let was_in = flags::replace(PLACE, CALL);
        swap_call(token);
        InCall { token, was_in }
    }
}

impl Drop for InCall<'_> {
    #[inline]
    fn drop(&mut self) {
        flags::replace(PLACE, self.was_in);
        swap_call(self.token);
    }
}

/// Exchanges `token` for the token of the call that this thread polls.
#[inline]
fn swap_call(token: &mut CallToken) {
    let is_some = !matches!(token, CallToken::Alone);
    // A ready call without a token touches two flags and nothing else.
    if is_some || flags::any(TOKEN) {
        flags::replace(TOKEN, if is_some { TOKEN } else { 0 });
        polled(|slot| mem::swap(slot, token));
    }
}

/// Takes the token that the future of a poll has asked for, where no `InCall` keeps it.
pub(crate) fn take_token() -> CallToken {
    let mut token = CallToken::Alone;
    swap_call(&mut token);
    token
}

/// All state that this module keeps for a thread, to be exchanged for another state. By default: in
/// no scope.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    place: u32,
    scope: Option<Scope>,
    call: CallToken,
}

impl Surroundings {
    /// Exchanges this state for that of this thread.
    pub(crate) fn swap(&mut self) {
        self.place = flags::replace(PLACE, self.place);
        innermost(|scope| mem::swap(scope, &mut self.scope));
        swap_call(&mut self.call);
    }
}

/// The current cancel token of this thread, made if the call being polled has none yet.
pub(crate) fn token() -> Option<CancelToken> {
    match place() {
        Innermost::Free | Innermost::CleanUp => None,
        Innermost::Scope | Innermost::Callback => scope().map(|scope| scope.token),
        Innermost::Call => Some(call_token()),
    }
}

/// True if the innermost scope or call of this thread has been cancelled, or if this thread drops
/// the future of a call that was cut short.
pub(crate) fn is_cut_short() -> bool {
    match place() {
        Innermost::Free => false,
        Innermost::CleanUp => true,
        Innermost::Scope | Innermost::Callback => scope().is_some_and(|scope| {
            if let Some(due) = &scope.due {
                due.cancel_if_passed();
            }
            scope.token.is_cancelled()
        }),
        // Makes no token: a call that has none has not been cancelled yet.
        Innermost::Call => polled(|call| match call {
            CallToken::Alone => false,
            CallToken::Under(at) | CallToken::UnderTask(at) | CallToken::Made(at) => {
                at.is_cancelled()
            }
        }),
    }
}

/// The token and the deadline that blocking code other than a call obeys here.
pub(crate) fn source() -> Option<CancelSource> {
    match policy(Answer::Error) {
        CancelPolicy::Cancel(source) => Some(source),
        CancelPolicy::Nothing | CancelPolicy::Grace => None,
    }
}
