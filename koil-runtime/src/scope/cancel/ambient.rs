//! Which token is meant where no token is named: that of the innermost call being polled, scope or
//! clean-up that this thread is in.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop};
use std::sync::Arc;
use std::time::Instant;

use super::token::{CancelReason, CancelToken};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::scope::flags::{self, CALL, CLEAN_UP, PLACE, SCOPE, TOKEN};

/// What a thread is in, as far as cancelling goes.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// Cuts short calls that can answer with an error.
    pub(crate) token: CancelToken,
    /// When that will be cancelled, at the latest.
    pub(crate) due: Option<Arc<Due>>,
    /// Cuts short plain calls too.
    pub(crate) unwinding: Option<Arc<Unwinding>>,
}

/// A scope to which plain calls unwind.
#[derive(Debug)]
pub(crate) struct Unwinding {
    pub(crate) id: u64,
    pub(crate) token: CancelToken,
    pub(crate) due: Option<Arc<Due>>,
    pub(crate) outer: Option<Arc<Unwinding>>,
}

impl Unwinding {
    /// The outermost scope that is cancelled: all that is in it has to end, inner scopes included,
    /// which have nothing to say about a cancel that is not theirs.
    fn outermost_cancelled(&self) -> &Unwinding {
        let around = std::iter::successors(Some(self), |scope| scope.outer.as_deref());
        let cancelled = around.filter(|scope| scope.token.is_cancelled());
        cancelled.last().unwrap_or(self)
    }
}

/// A deadline. Who waits looks at it by himself, so that no loop is needed to keep it.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) at: Instant,
    pub(crate) token: CancelToken,
    pub(crate) reason: CancelReason,
}

impl Due {
    /// Cancels what is overdue.
    pub(crate) fn look(&self) {
        if !self.token.is_cancelled() && Instant::now() >= self.at {
            self.token.cancel(self.reason.clone());
        }
    }

    /// Of two deadlines, the one that comes first.
    pub(crate) fn first(one: Option<Arc<Due>>, other: Option<Arc<Due>>) -> Option<Arc<Due>> {
        one.into_iter().chain(other).min_by_key(|due| due.at)
    }
}

/// Whose cancel a call obeys.
#[derive(Debug, Clone)]
pub(crate) struct Obeys {
    pub(crate) token: CancelToken,
    pub(crate) due: Option<Arc<Due>>,
    /// Where to unwind to, if the call has no other way to answer.
    unwinding: Option<Arc<Unwinding>>,
}

impl Obeys {
    /// Why the call has to end, if it has.
    pub(crate) fn reason(&self) -> Option<CancelReason> {
        if let Some(due) = &self.due {
            due.look();
        }
        self.token.reason()
    }

    /// The error of a call that is cut short by the scope it obeys.
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

/// How a call answers when it is cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// With an error.
    Error,
    /// It has only its output to give.
    Output,
}

/// What a call that begins here has to mind.
#[derive(Debug)]
pub(crate) enum Minds {
    Nothing,
    Cancel(Obeys),
    /// It cleans up: nobody cancels it, and it gets `cancel_grace`.
    Grace,
}

/// What a call that begins here has to mind.
#[inline]
pub(crate) fn minds(answer: Answer) -> Minds {
    match (place(), answer) {
        // A drop that runs during an unwinding has to come to its end. A plain call there has no
        // way to give up: it would unwind out of a drop, which aborts.
        (_, Answer::Error) if std::thread::panicking() => Minds::Grace,
        (Place::Free, _) => Minds::Nothing,
        (place, answer) => minds_in(place, answer),
    }
}

fn minds_in(place: Place, answer: Answer) -> Minds {
    if std::thread::panicking() {
        return Minds::Nothing;
    }
    let obeys = match (place, answer) {
        (Place::CleanUp, Answer::Error) => return Minds::Grace,
        (Place::Scope, Answer::Error) => scope().map(|scope| Obeys {
            token: scope.token,
            due: scope.due,
            unwinding: None,
        }),
        (Place::Scope, Answer::Output) => {
            let unwinding = scope().and_then(|scope| scope.unwinding);
            unwinding.map(|unwinding| Obeys {
                token: unwinding.token.clone(),
                due: unwinding.due.clone(),
                unwinding: Some(unwinding),
            })
        }
        // A task that steps aside to block.
        (Place::Call, Answer::Error) => token().map(|token| Obeys {
            token,
            due: None,
            unwinding: None,
        }),
        (Place::Call | Place::CleanUp, Answer::Output) | (Place::Free, _) => None,
    };
    obeys.map_or(Minds::Nothing, Minds::Cancel)
}

/// The innermost of what this thread is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Free,
    /// The scope in `INNERMOST`.
    Scope,
    /// The poll of a call or task, whose token is in `POLLED`.
    Call,
    /// The drop of a future whose call was cut short.
    CleanUp,
}

#[inline]
fn place() -> Place {
    match flags::get(PLACE) {
        SCOPE => Place::Scope,
        CALL => Place::Call,
        CLEAN_UP => Place::CleanUp,
        _ => Place::Free,
    }
}

thread_local! {
    // No destructors, so that scopes and tokens hold in those of other thread-locals too. Nothing is
    // left in them: the guards that fill them empty them.
    static INNERMOST: RefCell<ManuallyDrop<Option<Scope>>> =
        const { RefCell::new(ManuallyDrop::new(None)) };
    static POLLED: RefCell<ManuallyDrop<CallToken>> =
        const { RefCell::new(ManuallyDrop::new(CallToken::Alone)) };
}

fn innermost<R>(f: impl FnOnce(&mut Option<Scope>) -> R) -> R {
    INNERMOST.with(|slot| f(&mut slot.borrow_mut()))
}

fn polled<R>(f: impl FnOnce(&mut CallToken) -> R) -> R {
    POLLED.with(|slot| f(&mut slot.borrow_mut()))
}

/// The scope that a call made here is in.
pub(crate) fn scope() -> Option<Scope> {
    if place() != Place::Scope {
        return None;
    }
    innermost(|scope| scope.clone())
}

/// In a forked child: the thread that forked is in no scope any more. Nobody could cancel it there.
#[cfg(unix)]
pub(crate) fn leave_behind() {
    if place() == Place::Scope {
        flags::replace(PLACE, 0);
    }
}

/// This thread is in a scope, or in a clean-up, until this is dropped; both nest.
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
        // The last use of a token, outside the borrow.
        drop(inner);
    }
}

/// The token of a call, made when its future asks for it.
#[derive(Debug, Default)]
pub(crate) enum CallToken {
    /// Not made; nothing but the call itself will cancel it.
    #[default]
    Alone,
    /// Not made; it will be cancelled with this one.
    Under(CancelToken),
    Made(CancelToken),
}

impl CallToken {
    pub(crate) fn new(obeys: Option<&Obeys>) -> CallToken {
        obeys.map_or(CallToken::Alone, |obeys| {
            CallToken::Under(obeys.token.clone())
        })
    }

    pub(crate) fn make(&mut self) -> CancelToken {
        let made = match self {
            CallToken::Alone => CancelToken::new(),
            CallToken::Under(above) => above.child(),
            CallToken::Made(token) => return token.clone(),
        };
        *self = CallToken::Made(made.clone());
        made
    }

    /// The token, if anybody has asked for it.
    pub(crate) fn made(&self) -> Option<&CancelToken> {
        match self {
            CallToken::Made(token) => Some(token),
            CallToken::Alone | CallToken::Under(_) => None,
        }
    }
}

/// This thread polls a call, whose token is `token`, until this is dropped. A token that is asked
/// for meanwhile is left in `token`. Polls nest where a task steps aside to block.
pub(crate) struct InCall<'a> {
    token: &'a mut CallToken,
    outer: CallToken,
    was_in: u32,
}

impl<'a> InCall<'a> {
    #[inline]
    pub(crate) fn enter(token: &'a mut CallToken) -> InCall<'a> {
        let was_in = flags::replace(PLACE, CALL);
        // A ready call without a token touches two flags and nothing else.
        let outer = if flags::any(TOKEN) || !matches!(token, CallToken::Alone) {
            set_call(mem::take(token))
        } else {
            CallToken::Alone
        };
        InCall {
            token,
            outer,
            was_in,
        }
    }
}

impl Drop for InCall<'_> {
    #[inline]
    fn drop(&mut self) {
        flags::replace(PLACE, self.was_in);
        if flags::any(TOKEN) || !matches!(self.outer, CallToken::Alone) {
            *self.token = set_call(mem::take(&mut self.outer));
        }
    }
}

/// The token that the future of a poll has asked for, where no `InCall` keeps it.
pub(crate) fn take_token() -> CallToken {
    if flags::any(TOKEN) {
        set_call(CallToken::Alone)
    } else {
        CallToken::Alone
    }
}

fn set_call(token: CallToken) -> CallToken {
    let is_some = !matches!(token, CallToken::Alone);
    flags::replace(TOKEN, if is_some { TOKEN } else { 0 });
    polled(|slot| mem::replace(slot, token))
}

/// All that this module knows of a thread, to be exchanged for another. By default: in no scope.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    place: u32,
    scope: Option<Scope>,
    call: CallToken,
}

impl Surroundings {
    /// Exchanges these for those of this thread.
    pub(crate) fn swap(&mut self) {
        self.place = flags::replace(PLACE, self.place);
        innermost(|scope| mem::swap(scope, &mut self.scope));
        self.call = set_call(mem::take(&mut self.call));
    }
}

/// The token that is meant here.
pub(crate) fn token() -> Option<CancelToken> {
    match place() {
        Place::Free | Place::CleanUp => None,
        Place::Scope => scope().map(|scope| scope.token),
        Place::Call => {
            flags::replace(TOKEN, TOKEN);
            Some(polled(CallToken::make))
        }
    }
}

/// What this thread is in has been cancelled: the scope, the call, or the call whose future is
/// being dropped.
pub(crate) fn is_cut_short() -> bool {
    match place() {
        Place::Free => false,
        Place::CleanUp => true,
        Place::Scope => scope().is_some_and(|scope| {
            if let Some(due) = &scope.due {
                due.look();
            }
            scope.token.is_cancelled()
        }),
        // Without asking for a token: who has none has not been cancelled yet.
        Place::Call => polled(|call| match call {
            CallToken::Alone => false,
            CallToken::Under(token) | CallToken::Made(token) => token.is_cancelled(),
        }),
    }
}

/// Whose cancel blocking code that is not a call obeys here.
pub(crate) fn obeys() -> Option<Obeys> {
    match minds(Answer::Error) {
        Minds::Cancel(obeys) => Some(obeys),
        Minds::Nothing | Minds::Grace => None,
    }
}
