//! `Call`: one blocking call, from its admission to its end.

pub(crate) mod admission;
pub(crate) mod collected;
mod fast_call;
mod frames;
pub(crate) mod handed_work;
pub(crate) mod reporter;
pub(crate) mod whole;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::RuntimeFlavor;

pub(crate) use self::frames::{
    __rust_end_short_backtrace_wait as wait,
    __rust_end_short_backtrace_wait_or_throw as wait_or_throw,
    __rust_end_short_backtrace_whole as make_call,
    __rust_end_short_backtrace_whole_or_throw as make_call_or_throw,
};
use crate::current::handed_over::{self, Works};
use crate::current::{LoopCore, ThreadKind};
use crate::drive::context::TokioContext;
use crate::drive::settle::{self, Settling};
use crate::drive::terms::{Limits, Terms};
use crate::drive::work::{FutureWork, Workload};
use crate::global;
use crate::handle::Handle;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;
use crate::scope::flags::COLLECTS;

/// One call of a twin: its loop, its call site, how this thread may wait, and what cuts it short.
///
/// Made by generated code; users call `unkoil` and its siblings.
#[derive(Debug)]
pub struct Call {
    /// Always there if the call has been admitted.
    core: Option<Arc<LoopCore>>,
    thread: ThreadKind,
    limits: Limits,
    site: CallSite,
    /// `COLLECTS` if it waits for the work that drops hand over in it, else 0.
    collects: u32,
}

/// The handle of a call that names its loop. A function, since rustc explains a wrong argument of
/// `Some` at length.
pub fn on(handle: &Handle) -> Option<&Handle> {
    Some(handle)
}

/// The calls of generated code: on `handle`, or on the ambient loop. `names` are the names of the
/// twin and of its original, one per line.
impl Call {
    /// A call that is going to block.
    ///
    /// # Panics
    ///
    /// If this thread may not block, or the loop has been stopped or cannot be started.
    #[track_caller]
    pub fn begin(handle: Option<&Handle>, names: &'static str) -> Call {
        match Call::admit(
            handle.map(Handle::core),
            CallSite::of(names),
            Answer::Output,
        ) {
            Ok(call) => call,
            Err(error) => error.throw(),
        }
    }

    /// As [`Call::begin`], for a twin that returns its failures.
    ///
    /// # Errors
    ///
    /// If this thread may not block, or the loop has been stopped or cannot be started.
    #[track_caller]
    pub fn try_begin(handle: Option<&Handle>, names: &'static str) -> Result<Call, Error> {
        Call::admit(handle.map(Handle::core), CallSite::of(names), Answer::Error)
    }

    /// A call that does not block: it makes a stream, or forwards a sync function.
    ///
    /// If no loop can be found it continues without one; a later blocking call reports this.
    #[track_caller]
    pub fn open(handle: Option<&Handle>, names: &'static str) -> Call {
        let site = CallSite::of(names);
        match handle {
            Some(handle) => Call::unblocking(Some(handle.core().clone()), site),
            None => Call::open_at(site),
        }
    }

    /// Enters tokio's context of the loop on this thread, until the guard is dropped. The drop waits
    /// for the work that has been handed over meanwhile, if this call blocks.
    #[inline(always)]
    pub fn enter(&self) -> Option<CallContext<'_>> {
        let core = self.core.as_ref()?;
        let to_leave = match TokioContext::collecting(core, &self.thread, self.collects) {
            Some(tokio) => ToLeave::Tokio(tokio),
            None => self.ending(core),
        };
        Some(CallContext {
            call: self,
            _left: to_leave,
        })
    }

    #[cold]
    fn ending<'a>(&'a self, core: &'a Arc<LoopCore>) -> ToLeave<'a> {
        let waits = self.collects != 0;
        ToLeave::Ending(waits.then(|| Box::new(Settling::begin(core, &self.thread))))
    }
}

/// The surroundings of a call, until this is dropped.
#[must_use = "the context is left when this is dropped"]
pub struct CallContext<'a> {
    call: &'a Call,
    _left: ToLeave<'a>,
}

/// The state of the thread that the end of a call undoes.
enum ToLeave<'a> {
    Tokio(#[allow(dead_code)] TokioContext<'a>),
    /// Tokio's thread-locals are destroyed, so there is no context that collects.
    /// Boxed, since it is rare and large.
    Ending(#[allow(dead_code)] Option<Box<Settling<'a>>>),
}

impl Drop for CallContext<'_> {
    #[inline]
    fn drop(&mut self) {
        // Before tokio's context is left.
        if handed_over::is_any() {
            self.call.settle();
        }
    }
}

impl fmt::Debug for CallContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallContext")
    }
}

impl Call {
    /// Waits for the work that it has collected.
    #[cold]
    fn settle(&self) {
        if let Some(core) = &self.core
            && self.collects != 0
        {
            settle::settle(core, &self.thread, handed_over::take());
        }
    }

    /// A call that is going to block, on `home` or else on the ambient loop.
    #[inline]
    pub(crate) fn admit(
        home: Option<&Arc<LoopCore>>,
        site: CallSite,
        answer: Answer,
    ) -> Result<Call, Error> {
        // A thread without koil state, and no drop that has to finish: as in `FastCall`.
        let is_free =
            admission::free().is_some() && (answer == Answer::Output || !std::thread::panicking());
        // Checked first, so that a refused call starts no loop.
        let thread = if is_free {
            ThreadKind::Plain
        } else {
            admission::admit(home, site)?
        };
        let core = match home {
            Some(core) => core.clone(),
            None => global::ambient(site)?,
        };
        let limits = if is_free {
            Limits::Stop
        } else {
            Limits::here(answer)
        };
        match limits.reached(&core) {
            Some(kind) => Err(limits.error(kind, &core, site)),
            None => Ok(Call {
                core: Some(core),
                thread,
                limits,
                site,
                collects: COLLECTS,
            }),
        }
    }

    /// A call of a job on a thread of `core`, which only the stop of the loop cuts short: the job
    /// learns of a cancel by other ways.
    pub(crate) fn of_job(core: &Arc<LoopCore>, site: CallSite) -> Result<Call, Error> {
        Ok(Call {
            core: Some(core.clone()),
            thread: admission::admit(Some(core), site)?,
            limits: Limits::Job,
            site,
            collects: COLLECTS,
        })
    }

    /// A call that runs an exit: only the end of its loop, or its timeout, cuts it short. The
    /// check whether this thread may block has been made.
    pub(crate) fn for_exit(core: &Arc<LoopCore>, thread: ThreadKind, site: CallSite) -> Call {
        Call {
            core: Some(core.clone()),
            thread,
            limits: Limits::Exit,
            site,
            collects: COLLECTS,
        }
    }

    /// A call that does not block, on the ambient loop, if there is one.
    pub(crate) fn open_at(site: CallSite) -> Call {
        Call::unblocking(global::ambient(site).ok(), site)
    }

    /// A call that does not block, on `core`; without one, or if it stayed behind at a fork, on none.
    pub(crate) fn unblocking(core: Option<Arc<LoopCore>>, site: CallSite) -> Call {
        Call {
            core: core.filter(|core| !core.is_forked()),
            thread: admission::thread_kind(),
            limits: Limits::Stop,
            site,
            collects: 0,
        }
    }

    /// A call that drops a value on `core`, as [`unblocking`](Call::unblocking). Where this thread may
    /// block, it waits for the work that the drop hands over; elsewhere the call or task around it does.
    pub(crate) fn dropping(core: Option<Arc<LoopCore>>, site: CallSite) -> Call {
        Call {
            collects: match admission::may_block(core.as_ref(), site) {
                Ok(()) => COLLECTS,
                Err(_) => 0,
            },
            ..Call::unblocking(core, site)
        }
    }

    /// The source location of the call.
    pub(crate) fn site(&self) -> CallSite {
        self.site
    }

    pub(crate) fn core(&self) -> Option<&Arc<LoopCore>> {
        self.core.as_ref()
    }

    /// True if a future that uses the runtime cannot be polled: tokio's thread-locals are
    /// destroyed.
    pub(crate) fn is_on_ending_thread(&self) -> bool {
        matches!(self.thread, ThreadKind::Ending)
    }

    /// True on a thread inside the context of a current-thread runtime that is not koil's.
    pub(crate) fn is_in_current_thread_runtime(&self) -> bool {
        match &self.thread {
            ThreadKind::Foreign(runtime) => {
                runtime.runtime_flavor() == RuntimeFlavor::CurrentThread
            }
            ThreadKind::Plain | ThreadKind::Ending => false,
        }
    }

    /// The terms for [`block_on`](crate::drive::block_on::block_on).
    #[inline]
    fn terms(&self, timeout: Option<Duration>) -> Terms<'_> {
        let core = self
            .core
            .as_ref()
            .expect("a call that was admitted has a loop");
        Terms {
            core,
            thread: &self.thread,
            limits: &self.limits,
            timeout: self.limits.timeout(timeout, core),
            site: self.site,
            free: None,
        }
    }
}

/// Waits for work that has been handed over outside of a call, on a thread that may block.
#[cold]
pub(crate) fn settle(core: &Arc<LoopCore>, site: CallSite, works: Works) {
    let call = Call::for_exit(core, admission::thread_kind(), site);
    let _entered = call.enter();
    handed_over::keep_all(works);
}

/// Waits of a call that has been admitted, under the tokio context of its loop. One call may wait
/// several times, as an exit of several parts does; each wait has its own `timeout`.
impl Call {
    /// Blocks on a future that stays on this thread.
    pub(crate) fn block_on<F: Future>(
        &self,
        future: F,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error> {
        let future = pin!(Some(future));
        let mut work = FutureWork::new(future);
        wait(self, Workload::Own(&mut work), timeout)?;
        Ok(work.into_output())
    }

    /// Blocks on a future that the loop polls if `is_lent`, else this thread.
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
        wait(self, workload, timeout)?;
        Ok(work.into_output())
    }
}
