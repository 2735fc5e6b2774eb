//! The process-wide loop: started on first use, replaced on request, and the look-up order.

mod shutdown_on_drop;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use self::shutdown_on_drop::{ShutdownOnDrop, shutdown_on_drop};
use crate::current::{self, LoopCore, Role, ThreadKind};
use crate::drive::context::TokioContext;
use crate::drive::inline_hooks;
use crate::drive::settle::Settling;
use crate::drive::shutdown::{self, ShutdownReport};
use crate::drive::thread_cache;
use crate::fork::PerProcess;
use crate::handle::Handle;
use crate::koil::Koil;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::sync::{Mutex, MutexGuard};

static GLOBAL: PerProcess<Mutex<Option<Koil>>> = PerProcess::new(Mutex::default);

/// Set by [`forbid_global`], and never cleared.
static FORBIDDEN: AtomicBool = AtomicBool::new(false);

/// Set by [`refuse_in_async`].
static REFUSES_IN_ASYNC: AtomicBool = AtomicBool::new(false);

/// A handle to the process-wide loop, which is started if it does not run yet.
///
/// It lives until [`shutdown_global`] or the end of the process; its threads do not keep the
/// process alive. [`shutdown_on_drop`] in `main` shuts it down at the end. In a forked child (Unix) a new one is started, with default options, unless
/// [`set_global`] comes first.
///
/// # Panics
///
/// If the loop cannot be started: the operating system gives no thread, tokio no runtime, or it has
/// been forbidden ([`forbid_global`]). [`Handle::try_current`] returns an [`Error`] instead.
#[track_caller]
pub fn global() -> Handle {
    match find_or_start(CallSite::here()) {
        Ok(core) => Handle::new(core),
        Err(error) => error.throw(),
    }
}

/// Makes `koil` the process-wide loop, instead of one with default options.
///
/// # Errors
///
/// If the process-wide loop runs already, or `koil` stayed behind at a fork; `koil` is handed back
/// untouched.
///
/// ```
/// let koil = koil::Koil::builder().thread_name("app").build()?;
/// koil::set_global(koil).expect("nothing has blocked before this line");
/// assert!(koil::is_running());
/// # Ok::<(), koil::Error>(())
/// ```
#[track_caller]
#[allow(clippy::result_large_err)] // The error is the value that was passed in.
pub fn set_global(koil: Koil) -> Result<(), (Koil, Error)> {
    let site = CallSite::here();
    if koil.core().is_forked() {
        return Err((koil, Error::new(Kind::Forked, site)));
    }
    let mut global = lock();
    if global.as_ref().is_some_and(is_alive) {
        return Err((koil, Error::new(Kind::GlobalRuns, site)));
    }
    install(&mut global, koil);
    Ok(())
}

/// Stops the process-wide loop as [`Koil::shutdown`] does; `None` if it does not run.
///
/// Calls on handles to it fail with [`Error::is_shutdown`] from now on; the next look-up starts a
/// new loop. [`shutdown_on_drop`] calls this at the end of `main`.
pub fn shutdown_global() -> Option<ShutdownReport> {
    let global = take()?;
    // Outside the lock: it waits for callers, which may look for a loop meanwhile.
    Some(global.shutdown())
}

/// Takes the process-wide loop out: a look-up finds another one from now on, also inside code that
/// still runs under this one.
fn take() -> Option<Koil> {
    let global = lock().take()?;
    // ORDERING: Relaxed; see `current::is_ambient`.
    global.core().is_global.store(false, Ordering::Relaxed);
    Some(global)
}

/// Drains the process-wide loop and shuts it down, as [`Koil::drain`] does; `None` if it does not
/// run.
///
/// Look-ups find the loop until it is stopped, so that the work on it can finish; the next one starts
/// a new loop. `shutdown_on_drop().draining(limit)` does this at the end of `main`.
pub fn drain_global(limit: Duration) -> Option<ShutdownReport> {
    let core = lock().as_ref().map(|global| global.core().clone())?;
    if core.is_forked() || shutdown::must_not_wait_for(&core) {
        return Some(take()?.drain(limit));
    }
    shutdown::drain(&core, limit);
    shutdown_global()
}

/// Forbids the process-wide loop: from now on a blocking call without a loop of its own is an
/// error, until [`set_global`] sets one.
///
/// For programs that want to see, and to configure, every loop they run. A process-wide loop that
/// runs already continues.
pub fn forbid_global() {
    // ORDERING: Relaxed; a look-up that races with this may see either value.
    FORBIDDEN.store(true, Ordering::Relaxed);
}

/// Refuses every blocking call on the process-wide loop that is made in async code of another tokio
/// runtime, or takes that back; for the loop that runs now, and for each that takes its place.
///
/// [`KoilBuilder::refuse_in_async`](crate::KoilBuilder::refuse_in_async) says which calls are
/// refused, and sets the same for a loop of your own.
///
/// ```
/// koil::refuse_in_async(true);
/// let runtime = tokio::runtime::Runtime::new()?;
/// let refused = runtime.block_on(async { koil::try_unkoil(async { "ready" }) });
/// assert!(refused.unwrap_err().would_deadlock());
/// assert_eq!(koil::unkoil(async { "no async code around it" }), "no async code around it");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn refuse_in_async(refuse: bool) {
    let global = lock();
    // ORDERING: Relaxed; the lock orders it for `install`, and a call that races with this may see
    // either value.
    REFUSES_IN_ASYNC.store(refuse, Ordering::Relaxed);
    if refuse {
        current::mark_refusals();
    }
    if let Some(global) = &*global {
        global.core().set_refuses_in_async(refuse);
    }
}

/// True if calls on `home`, or else on the ambient loop, are refused in async code. Starts nothing.
#[cold]
pub(crate) fn refuses_in_async(home: Option<&Arc<LoopCore>>) -> bool {
    match home {
        Some(core) => core.refuses_in_async(),
        None => match ambient_if_running() {
            Some(core) => core.refuses_in_async(),
            // ORDERING: Relaxed; see `refuse_in_async`.
            None => REFUSES_IN_ASYNC.load(Ordering::Relaxed),
        },
    }
}

/// The reason why no blocking call can be made on the ambient loop, whatever the thread. Starts
/// nothing.
pub(crate) fn unavailable(site: CallSite) -> Option<Error> {
    if let Some(core) = current::entered() {
        return core.registry.is_stopped().then(|| core.end_error(site));
    }
    // ORDERING: Relaxed, as in `forbid_global`.
    let is_forbidden = FORBIDDEN.load(Ordering::Relaxed);
    (is_forbidden && !is_running()).then(|| Error::new(Kind::NoLoop, site))
}

/// True while the process-wide loop runs. Does not start it.
#[must_use]
pub fn is_running() -> bool {
    lock().as_ref().is_some_and(is_alive)
}

/// The loop that a blocking call on this thread uses: entered, own, or process-wide.
pub(crate) fn ambient(site: CallSite) -> Result<Arc<LoopCore>, Error> {
    match current::entered() {
        Some(core) => Ok(core),
        None => find_or_start(site),
    }
}

/// As [`ambient`], but starts nothing.
pub(crate) fn ambient_if_running() -> Option<Arc<LoopCore>> {
    current::entered()
        .filter(|core| !core.is_forked())
        .or_else(cached)
        .or_else(|| lock().as_ref().map(|global| global.core().clone()))
}

/// The functions of this runtime that `koil-inline` calls.
static HOOKS: koil_inline::private::Hooks = koil_inline::private::Hooks {
    keeps_wakes: inline_hooks::keeps_wakes,
    unconstrained: inline_hooks::unconstrained,
    may_block: inline_hooks::may_block,
    drop_under_loop: run_under_ambient,
};

/// Tells `koil-inline` of this runtime, once.
#[inline]
pub(crate) fn install_hooks() {
    koil_inline::private::install(&HOOKS);
}

/// Runs the drop of a value from a twin under the ambient loop, if one runs, and waits for the work
/// that the drop hands over.
fn run_under_ambient(drop: &mut dyn FnMut()) {
    let Some(core) = ambient_if_running() else {
        return drop();
    };
    let thread = current::base_thread_kind().unwrap_or_else(ThreadKind::here);
    let _context = TokioContext::enter(&core, &thread);
    // Where this thread may wait, as a call would.
    let may_wait = !current::is_polling() && current::role() == Role::Stranger;
    let _settling = may_wait.then(|| Settling::begin(&core, &thread));
    drop();
}

fn find_or_start(site: CallSite) -> Result<Arc<LoopCore>, Error> {
    match cached() {
        Some(core) => Ok(core),
        None => start_if_needed(site),
    }
}

fn cached() -> Option<Arc<LoopCore>> {
    thread_cache::with_ambient(|_, core| Some(core.clone()))
}

#[cold]
fn start_if_needed(site: CallSite) -> Result<Arc<LoopCore>, Error> {
    let core = {
        let mut global = lock();
        match &*global {
            Some(global) if is_alive(global) => global.core().clone(),
            // ORDERING: Relaxed, as in `forbid_global`.
            _ if FORBIDDEN.load(Ordering::Relaxed) => {
                return Err(Error::new(Kind::NoLoop, site));
            }
            _ => install(&mut global, Koil::builder().build_at(site)?),
        }
    };
    thread_cache::keep(&core);
    Ok(core)
}

/// False also for a loop that a panic in a waker has ended.
fn is_alive(global: &Koil) -> bool {
    !global.core().registry.is_stopped()
}

fn install(global: &mut Option<Koil>, koil: Koil) -> Arc<LoopCore> {
    let core = koil.core().clone();
    // ORDERING: Relaxed; see `current::is_ambient`.
    core.is_global.store(true, Ordering::Relaxed);
    // ORDERING: Relaxed; the lock orders it.
    if REFUSES_IN_ASYNC.load(Ordering::Relaxed) {
        core.set_refuses_in_async(true);
    }
    *global = Some(koil);
    core
}

fn lock() -> MutexGuard<'static, Option<Koil>> {
    GLOBAL.get().lock()
}
