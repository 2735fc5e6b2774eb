//! `drive`: the one function that blocks, and its first polls, which need no preparation.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::admit;
use super::caller::{self, AtStop, SELF_WAKES, Terms};
use super::kept::{self, Kept};
use super::work::{Work, Workload};
use crate::current::{self, Ground, LoopCore};
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::ambient::{self, Answer};
use crate::scope::flags::{self, CALL, CONTEXT, CONTEXTS, ENTERED, PLACE, POLLING, TOKEN};

/// Polls `work` until it is ready, or the call is cut short: its timeout passes, the scope that it
/// obeys is cancelled, or its loop stops. The context of the loop is entered.
///
/// The timeout counts from the first poll that is pending, so that a ready call pays no cost for
/// it.
///
/// For callers that are named `__rust_end_short_backtrace` themselves, see `report::backtrace`.
#[inline(always)]
pub(crate) fn drive(terms: Terms<'_>, mut work: Workload<'_>) -> Result<(), Error> {
    // Most calls are made on a thread without other koil state than the context that has just been
    // entered, and many end with their first poll.
    let is_bare = matches!(terms.ground, Ground::Plain) && terms.obeys.is_none() && !work.is_lent();
    let outer = flags::all();
    if !is_bare || outer & !ENTERED != CONTEXT || terms.core.registry.is_stopped() {
        return caller::start(terms, work, None);
    }
    let first =
        kept::with_kept(|kept| first_polls(kept, outer, work.get(), terms.core, terms.timeout));
    if let Some(Ok(Poll::Ready(()))) = first {
        return Ok(());
    }
    caller::start(terms, work, first)
}

/// A call on the ambient loop, on a thread without any scope, cancel or other koil state. It has
/// entered the context of that loop, which is left when this is dropped.
///
/// The whole cost of a ready call is here. Facts known at its beginning are neither read again nor
/// restored; and it writes its flags without a read where it can, since a read has to wait for the
/// write before it.
pub(crate) struct Bare<'a> {
    kept: &'a Kept,
    core: &'a Arc<LoopCore>,
    /// The flags of the thread, the context included.
    flags: u32,
}

impl<'a> Bare<'a> {
    /// Calls `f` with a call on `home`, if that can be a bare one; see [`enter`](Bare::enter).
    #[inline(always)]
    pub(crate) fn with<T>(
        home: Option<&Arc<LoopCore>>,
        answer: Answer,
        f: impl FnOnce(&Bare<'_>) -> T,
    ) -> Option<T> {
        let core = home.filter(|core| current::is_ambient(core) && !core.registry.is_stopped())?;
        kept::with_kept(|kept| Bare::enter(kept, core, answer, f)).flatten()
    }

    /// Calls `f` with a call on a loop that is ambient and runs; `None` if a call with this
    /// `answer` has to check more state.
    #[inline(always)]
    pub(crate) fn enter<T>(
        kept: &'a Kept,
        core: &'a Arc<LoopCore>,
        answer: Answer,
        f: impl FnOnce(&Bare<'_>) -> T,
    ) -> Option<T> {
        let outer = admit::free()?;
        // A drop that runs during an unwinding has to finish; see `ambient::minds`.
        if answer == Answer::Error && std::thread::panicking() {
            return None;
        }
        let flags = outer | CONTEXT;
        let _noted = Noted::outermost(flags);
        // Kept in its place here: a copy right after the writes of its parts is slow.
        let _tokio = core.tokio.enter();
        Some(f(&Bare { kept, core, flags }))
    }

    /// As [`drive`].
    #[inline(always)]
    pub(crate) fn drive(
        &self,
        work: &mut Workload<'_>,
        timeout: Option<Duration>,
        site: CallSite,
    ) -> Result<(), Error> {
        let first = (!work.is_lent())
            .then(|| first_polls(self.kept, self.flags, work.get(), self.core, timeout));
        if let Some(Ok(Poll::Ready(()))) = first {
            return Ok(());
        }
        let terms = Terms {
            core: self.core,
            ground: &Ground::Plain,
            obeys: None,
            timeout,
            at_stop: AtStop::GivesUp,
            site,
        };
        caller::start(terms, work.again(), first)
    }
}

impl Bare<'_> {
    /// As [`Bare::drive`], compiled once; for callers that are named `__rust_end_short_backtrace`
    /// themselves, see `report::backtrace`.
    #[inline(never)]
    pub(crate) fn drive_apart(
        &self,
        work: &mut Workload<'_>,
        timeout: Option<Duration>,
        site: CallSite,
    ) -> Result<(), Error> {
        self.drive(work, timeout, site)
    }
}

/// As `current::InContext`, for the first context on a thread without koil state.
struct Noted;

impl Noted {
    #[inline(always)]
    fn outermost(flags: u32) -> Noted {
        flags::set(flags);
        Noted
    }
}

impl Drop for Noted {
    #[inline(always)]
    fn drop(&mut self) {
        // Not all flags: the future may have entered a loop, and its guard may live longer.
        flags::replace(CONTEXTS, 0);
    }
}

/// Polls `work`, and again while the future wakes itself. No flag is set but the ones in `outer`:
/// of entered loops and of the context.
///
/// As `Caller::poll`, but all flags are known and no panic leaves this function, so no guard is
/// needed.
#[inline(always)]
fn first_polls(
    kept: &Kept,
    outer: u32,
    work: &mut dyn Work,
    core: &LoopCore,
    timeout: Option<Duration>,
) -> Result<Poll<()>, Payload> {
    let parker = &*kept.parker;
    flags::set(outer | POLLING | CALL);
    let polled = unwind::halt(|| {
        let cx = &mut Context::from_waker(&kept.waker);
        for _ in 0..SELF_WAKES {
            parker.reset();
            if work.poll(cx).is_ready() {
                return Poll::Ready(());
            }
            // `start` checks all other conditions.
            let has_more_to_mind =
                timeout.is_some() || flags::any(TOKEN) || core.registry.is_stopped();
            if !parker.is_notified() || has_more_to_mind {
                break;
            }
        }
        Poll::Pending
    });
    // The future may have entered a loop, and asked for a token.
    let after = flags::all();
    flags::set(after & !(POLLING | PLACE));
    if after & TOKEN != 0 && matches!(polled, Ok(Poll::Ready(()))) {
        // Otherwise the token stays in its place, for `start`.
        drop(ambient::take_token());
    }
    polled
}

/// [`drive`], under the name at which short backtraces continue, see `report::backtrace`. It does
/// nothing else, since closures in it would have its name too.
#[inline(never)]
fn __rust_end_short_backtrace(terms: Terms<'_>, work: Workload<'_>) -> Result<(), Error> {
    drive(terms, work)
}

/// [`drive`]; short backtraces omit the frames that called it, up to the end marker of
/// `report::backtrace`.
#[inline(always)]
pub(crate) fn __rust_begin_short_backtrace(
    terms: Terms<'_>,
    work: Workload<'_>,
) -> Result<(), Error> {
    __rust_end_short_backtrace(terms, work)
}
