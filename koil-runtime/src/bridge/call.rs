//! `Call`: one blocking call, from the check whether it may block to its end.

use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::RuntimeFlavor;

use crate::current::{self, Ground, LoopCore};
use crate::drive::admit;
use crate::drive::caller::{AtStop, Terms};
use crate::drive::context::TokioContext;
use crate::drive::kept::with_found;
use crate::drive::ready::{self, Bare};
use crate::drive::work::{FutureWork, Workload};
use crate::global;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::ambient::{self, Answer, Minds, Obeys};

/// One call of a twin: its loop, its call site, and how this thread may wait.
///
/// Made by generated code; users call `unkoil` and its siblings.
#[derive(Debug)]
pub struct Call {
    core: Option<Arc<LoopCore>>,
    ground: Ground,
    obeys: Option<Obeys>,
    /// It is made by a clean-up, which gets `cancel_grace`.
    in_grace: bool,
    at_stop: AtStop,
    site: CallSite,
}

impl Call {
    /// A call that is going to block. `names` are the names of the twin and of its original, one
    /// per line.
    ///
    /// # Panics
    ///
    /// If this thread may not block, or the loop has been stopped or cannot be started.
    #[track_caller]
    pub fn begin(names: &'static str) -> Call {
        match Call::admit(CallSite::of(names), Answer::Output) {
            Ok(call) => call,
            Err(error) => error.throw(),
        }
    }

    /// A call that does not block: it makes a stream, or forwards a sync function.
    ///
    /// If no loop can be found it continues without one; a later blocking call reports this.
    #[track_caller]
    pub fn open(names: &'static str) -> Call {
        Call::unblocking(CallSite::of(names))
    }

    pub(crate) fn unblocking(site: CallSite) -> Call {
        Call {
            core: global::ambient(site).ok().filter(|core| !core.is_forked()),
            ground: admit::ground(),
            obeys: None,
            in_grace: false,
            at_stop: AtStop::GivesUp,
            site,
        }
    }

    /// A call on the ambient loop that is going to block.
    pub(crate) fn admit(site: CallSite, answer: Answer) -> Result<Call, Error> {
        // Checked first, so that a refused call starts no loop.
        let ground = admit::admit(site)?;
        Call::on(global::ambient(site)?, ground, site, answer)
    }

    /// A call on a given loop.
    pub(crate) fn admit_on(
        core: &Arc<LoopCore>,
        site: CallSite,
        answer: Answer,
    ) -> Result<Call, Error> {
        let ground = admit::admit(site)?;
        Call::on(core.clone(), ground, site, answer)
    }

    /// A call on its own loop, if it has one.
    pub(crate) fn admit_home(
        home: Option<&Arc<LoopCore>>,
        site: CallSite,
        answer: Answer,
    ) -> Result<Call, Error> {
        match home {
            Some(core) => Call::admit_on(core, site, answer),
            None => Call::admit(site, answer),
        }
    }

    #[inline]
    fn on(
        core: Arc<LoopCore>,
        ground: Ground,
        site: CallSite,
        answer: Answer,
    ) -> Result<Call, Error> {
        if core.registry.is_stopped() {
            return Err(Error::new(core.end(), site));
        }
        let (obeys, in_grace) = match ambient::minds(answer) {
            Minds::Nothing => (None, false),
            Minds::Grace => (None, true),
            Minds::Cancel(obeys) => match obeys.reason() {
                Some(reason) => return Err(obeys.error(reason.kind(), site)),
                None => (Some(obeys), false),
            },
        };
        Ok(Call {
            core: Some(core),
            ground,
            obeys,
            in_grace,
            at_stop: AtStop::GivesUp,
            site,
        })
    }

    /// A whole call: checks whether it may block, enters its loop, blocks until `work` is done, and
    /// drops the work. Named for short backtraces, see `report::backtrace`.
    #[inline(always)]
    pub(crate) fn __rust_begin_short_backtrace(
        work: Workload<'_>,
        timeout: Option<Duration>,
        site: CallSite,
        answer: Answer,
    ) -> Result<(), Error> {
        Call::__rust_end_short_backtrace(work, timeout, site, answer)
    }

    /// A plain function, so that a ready call is one piece of code, and each future adds to it only
    /// its polls.
    #[inline(never)]
    fn __rust_end_short_backtrace(
        work: Workload<'_>,
        timeout: Option<Duration>,
        site: CallSite,
        answer: Answer,
    ) -> Result<(), Error> {
        Call::make(work, timeout, site, answer)
    }

    #[inline(always)]
    fn make(
        mut work: Workload<'_>,
        timeout: Option<Duration>,
        site: CallSite,
        answer: Answer,
    ) -> Result<(), Error> {
        let bare = with_found(|kept, core| {
            Bare::enter(kept, core, answer, |bare| {
                let work = LetGo(&mut work);
                bare.drive(work.0, timeout, site)
            })
        });
        match bare {
            Some(outcome) => outcome,
            None => Call::make_anywhere(work, timeout, site, answer),
        }
    }

    #[inline(never)]
    fn make_anywhere(
        mut work: Workload<'_>,
        timeout: Option<Duration>,
        site: CallSite,
        answer: Answer,
    ) -> Result<(), Error> {
        let bare = Bare::with(current::entered().as_ref(), answer, |bare| {
            let work = LetGo(&mut work);
            bare.drive(work.0, timeout, site)
        });
        if let Some(outcome) = bare {
            return outcome;
        }
        let call = Call::admit(site, answer)?;
        let _entered = call.enter();
        let work = LetGo(&mut work);
        ready::drive(call.terms(timeout), work.0.again())
    }

    /// As [`Call::open`], on a given loop; without one, on none.
    pub(crate) fn on_home(home: Option<&Arc<LoopCore>>, site: CallSite) -> Call {
        Call {
            core: home.filter(|core| !core.is_forked()).cloned(),
            ground: admit::ground(),
            obeys: None,
            in_grace: false,
            at_stop: AtStop::GivesUp,
            site,
        }
    }

    /// A call that leaves a context: only the end of its loop, or its timeout, cuts it short. The
    /// check whether this thread may block has been made.
    pub(crate) fn to_leave(core: &Arc<LoopCore>, ground: Ground, site: CallSite) -> Call {
        Call {
            core: Some(core.clone()),
            ground,
            obeys: None,
            in_grace: false,
            at_stop: AtStop::GoesOn,
            site,
        }
    }

    /// Enters tokio's context of the loop on this thread, until the guard is dropped.
    #[inline]
    pub fn enter(&self) -> Entered<'_> {
        let context = self
            .core
            .as_ref()
            .and_then(|core| TokioContext::enter(core, &self.ground));
        Entered {
            _context: context,
            _not_send: PhantomData,
        }
    }

    /// The source location of the call.
    pub(crate) fn site(&self) -> CallSite {
        self.site
    }

    pub(crate) fn core(&self) -> Option<&Arc<LoopCore>> {
        self.core.as_ref()
    }

    /// Blocks on a future that stays on this thread. The context must be entered.
    pub(crate) fn block_on<F: Future>(
        &self,
        future: F,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error> {
        let future = pin!(Some(future));
        let mut work = FutureWork::new(future);
        self.drive(Workload::Own(&mut work), timeout)?;
        Ok(work.into_output())
    }

    /// Blocks on a future that the loop polls if `is_lent`, else this thread. The context must be
    /// entered.
    pub(crate) fn block_on_or_lend<F: Future + Send>(
        &self,
        future: F,
        is_lent: bool,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error>
    where
        F::Output: Send,
    {
        let future = pin!(Some(future));
        let mut work = FutureWork::new(future);
        let workload = if is_lent {
            Workload::Lent(&mut work)
        } else {
            Workload::Own(&mut work)
        };
        self.drive(workload, timeout)?;
        Ok(work.into_output())
    }

    /// True if a future that uses the runtime cannot be polled: tokio's thread-locals are
    /// destroyed.
    pub(crate) fn is_on_ending_thread(&self) -> bool {
        matches!(self.ground, Ground::Ending)
    }

    /// True on a thread inside the context of a current-thread runtime that is not koil's.
    pub(crate) fn is_in_current_thread_runtime(&self) -> bool {
        match &self.ground {
            Ground::Foreign(runtime) => runtime.runtime_flavor() == RuntimeFlavor::CurrentThread,
            Ground::Plain | Ground::Ending => false,
        }
    }

    /// Blocks until `work` is done. The context must be entered.
    #[inline]
    pub(crate) fn drive(&self, work: Workload<'_>, timeout: Option<Duration>) -> Result<(), Error> {
        ready::__rust_begin_short_backtrace(self.terms(timeout), work)
    }

    /// As [`Call::drive`], for callers that are named `__rust_end_short_backtrace` themselves, see
    /// `report::backtrace`.
    #[inline(never)]
    pub(crate) fn drive_apart(
        &self,
        work: &mut Workload<'_>,
        timeout: Option<Duration>,
    ) -> Result<(), Error> {
        ready::drive(self.terms(timeout), work.again())
    }

    /// The terms for [`ready::drive`].
    #[inline]
    pub(super) fn terms(&self, timeout: Option<Duration>) -> Terms<'_> {
        let core = self
            .core
            .as_ref()
            .expect("a call that was admitted has a loop");
        let timeout = if self.in_grace {
            Some(timeout.map_or(core.cancel_grace, |bound| bound.min(core.cancel_grace)))
        } else {
            timeout
        };
        Terms {
            core,
            ground: &self.ground,
            obeys: self.obeys.as_ref(),
            timeout,
            at_stop: self.at_stop,
            site: self.site,
        }
    }
}

/// The context of a loop, entered; left when dropped.
#[derive(Debug)]
#[must_use = "the context is left when this is dropped"]
pub struct Entered<'a> {
    _context: Option<TokioContext<'a>>,
    _not_send: PhantomData<*const ()>,
}

/// Drops the work, however its call ended: under the loop, but outside any poll.
struct LetGo<'a, 'w>(&'a mut Workload<'w>);

impl Drop for LetGo<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        self.0.get().abandon();
    }
}
