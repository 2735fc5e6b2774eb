//! The one function that blocks, and its first polls, for which nothing is made ready.

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

/// Does `work` until it is ready, or the call is cut short: its timeout passes, the scope that it
/// obeys is cancelled, or its loop stops. The context of the loop is entered.
///
/// The timeout counts from the first poll that is pending, so that a ready call pays nothing.
///
/// For functions that have the name of an end themselves, see `report::backtrace`.
#[inline(always)]
pub(crate) fn drive(terms: Terms<'_>, mut work: Workload<'_>) -> Result<(), Error> {
    // Most calls are made where nothing is around them but the context that has just been entered,
    // and many end with their first poll.
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

/// A call with nothing around it and nothing to mind, on the loop that is ambient. It has entered the
/// context of that loop, which is left when this is dropped.
///
/// All that a ready call costs, it costs here. What it knows from its beginning, it need neither
/// ask nor undo; and it writes its flags without reading them first where it can, since a read has
/// to wait for the write before it.
pub(crate) struct Bare<'a> {
    kept: &'a Kept,
    core: &'a Arc<LoopCore>,
    /// The flags of the thread, the context included.
    flags: u32,
}

impl<'a> Bare<'a> {
    /// Gives `f` a call on `home`, if that is a bare one; [`enter`](Bare::enter) says when.
    #[inline(always)]
    pub(crate) fn with<T>(
        home: Option<&Arc<LoopCore>>,
        answer: Answer,
        f: impl FnOnce(&Bare<'_>) -> T,
    ) -> Option<T> {
        let core = home.filter(|core| current::is_ambient(core) && !core.registry.is_stopped())?;
        kept::with_kept(|kept| Bare::enter(kept, core, answer, f)).flatten()
    }

    /// Gives `f` a call on a loop that is ambient and runs; `None` where one that answers like this has
    /// more to mind.
    #[inline(always)]
    pub(crate) fn enter<T>(
        kept: &'a Kept,
        core: &'a Arc<LoopCore>,
        answer: Answer,
        f: impl FnOnce(&Bare<'_>) -> T,
    ) -> Option<T> {
        let outer = admit::free()?;
        // A drop that runs during an unwinding has to come to its end; see `ambient::minds`.
        if answer == Answer::Error && std::thread::panicking() {
            return None;
        }
        let flags = outer | CONTEXT;
        let _noted = Noted::outermost(flags);
        // Not moved from here: to copy what has just been written in parts is dear.
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
    /// As [`Bare::drive`], compiled once; for functions that have the name of an end themselves, see
    /// `report::backtrace`.
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

/// As `current::InContext`, for the first context on a thread that is in nothing.
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
        // Not all: the future may have entered a loop, and its guard may live on.
        flags::replace(CONTEXTS, 0);
    }
}

/// Polls where no flag is set but those of loops and of a context, `outer`, and again while the future
/// wakes itself.
///
/// As `Caller::poll`, but each flag is known and no panic gets out, so no guard is needed.
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
            // Whatever else is to be looked at, `start` looks at.
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
        // Otherwise it stays where it is, for `start`.
        drop(ambient::take_token());
    }
    polled
}

/// [`drive`], by the name after which short backtraces go on, see `report::backtrace`. It does nothing
/// else, since closures in it would have its name too.
#[inline(never)]
fn __rust_end_short_backtrace(terms: Terms<'_>, work: Workload<'_>) -> Result<(), Error> {
    drive(terms, work)
}

/// [`drive`]; short backtraces leave out what called it, as far as `report::backtrace` has an end.
#[inline(always)]
pub(crate) fn __rust_begin_short_backtrace(
    terms: Terms<'_>,
    work: Workload<'_>,
) -> Result<(), Error> {
    __rust_end_short_backtrace(terms, work)
}
