//! `Koil`: the owner of a loop.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::builder::{CANCEL_GRACE, JOIN_TIMEOUT, KoilBuilder};
use crate::current::LoopCore;
use crate::drive::adopt;
use crate::drive::shutdown::{self, Driver, ShutdownReport};
use crate::global;
use crate::handle::{EnterGuard, Handle};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;

/// A loop that the application owns: a thread that drives a tokio runtime for blocking callers.
///
/// Most programs need none: the process-wide loop starts by itself on the first blocking call. Own
/// a `Koil` to limit the lifetime of the tasks on it, to configure it, or to keep two loops apart.
///
/// Blocking calls made while the guard of [`enter`](Koil::enter) lives use this loop, on that
/// thread; [`Handle::enter`] and [`Handle::wrap`] carry it to others.
///
/// # Drop
///
/// Dropping stops the loop as [`shutdown`](Koil::shutdown) does, without a report. It is bounded in
/// time, never panics, and may be done anywhere: on the loop itself or inside a future it only asks
/// the loop to stop. In a forked child (Unix) a `Koil` from before the fork is leaked: its loop
/// continues in the parent, and calls on it return an error with [`Error::is_forked`].
///
/// ```
/// let koil = koil::Koil::new()?;
/// let answer = {
///     let _entered = koil.enter();
///     koil::unkoil(async { 42 })
/// };
/// assert_eq!(answer, 42);
/// assert!(koil.shutdown().is_clean());
/// # Ok::<(), koil::Error>(())
/// ```
#[must_use = "the loop is stopped when this is dropped"]
pub struct Koil {
    core: Arc<LoopCore>,
    driver: Driver,
}

impl Koil {
    /// Starts a loop with the defaults of [`KoilBuilder`].
    ///
    /// Returns after the loop thread has reported that it runs.
    ///
    /// # Errors
    ///
    /// If the thread or its tokio runtime cannot be started; the source is the [`std::io::Error`].
    #[track_caller]
    pub fn new() -> Result<Koil, Error> {
        Koil::builder().build()
    }

    /// Adopts a multi-threaded runtime of the application as a loop.
    ///
    /// koil neither drives nor stops it; stopping this `Koil` only releases the callers that are
    /// blocked through it. If the runtime ends first, they are released too. Its threads count as
    /// threads of a foreign runtime: a blocking call on one of its workers hands the worker's other
    /// tasks over (`block_in_place`) and may then wait for the same runtime.
    ///
    /// Its timers must be enabled (`Builder::enable_all`; `Runtime::new` and `#[tokio::main]` do it):
    /// deadlines and the exits of contexts use them.
    ///
    /// # Errors
    ///
    /// If it is a current-thread runtime: no thread would drive it while its own thread does other
    /// work.
    ///
    /// ```
    /// let runtime = tokio::runtime::Runtime::new()?;
    /// let koil = koil::Koil::from_handle(runtime.handle().clone())?;
    /// let _entered = koil.enter();
    /// assert_eq!(koil::unkoil(async { tokio::spawn(async { 42 }).await })?, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[track_caller]
    pub fn from_handle(handle: tokio::runtime::Handle) -> Result<Koil, Error> {
        let site = CallSite::here();
        match adopt::adopt(handle, JOIN_TIMEOUT, CANCEL_GRACE) {
            Some((core, adopted)) => Ok(Koil::from_parts(core, Driver::Adopted(adopted))),
            None => Err(Error::new(Kind::NotMultiThreaded, site)),
        }
    }

    /// Options for a loop.
    pub fn builder() -> KoilBuilder {
        KoilBuilder::default()
    }

    pub(crate) fn from_parts(core: Arc<LoopCore>, driver: Driver) -> Koil {
        global::install_hooks();
        Koil { core, driver }
    }

    pub(crate) fn core(&self) -> &Arc<LoopCore> {
        &self.core
    }

    /// Makes this the ambient loop of the current thread until the guard is dropped.
    ///
    /// Guards nest; the innermost counts. This does not enter tokio's context, so that the
    /// thread stays a plain thread: for that, see [`Handle::tokio`].
    pub fn enter(&self) -> EnterGuard<'_> {
        EnterGuard::new(self.core.clone())
    }

    /// A handle to this loop, to be given to other threads.
    pub fn handle(&self) -> Handle {
        Handle::new(self.core.clone())
    }

    /// Stops the loop and reports the result.
    ///
    /// 1. Every caller that is blocked on this loop is woken, drops its future and returns an error
    ///    with [`Error::is_shutdown`] (a call that can only panic panics with that text). Later
    ///    calls get the same error at once.
    /// 2. When they have left, but not later than `join_timeout`, spawned tasks are dropped, and
    ///    the shutdown waits for blocking workers, at most `join_timeout`.
    ///
    /// Called on a thread of this loop or inside a koil future it only asks the loop to stop. In a
    /// forked child, which has no thread of this loop, it does nothing.
    pub fn shutdown(mut self) -> ShutdownReport {
        self.driver.shutdown(&self.core)
    }

    /// Lets the work on the loop finish, at most for `limit`, and then shuts the loop down.
    ///
    /// From this moment on the loop takes no new tasks and no new jobs
    /// ([`unkoil_task`](crate::unkoil_task), [`run_threaded`](crate::run_threaded()) and their
    /// siblings) from outside: they end at once, with [`Error::is_shutdown`]. Tasks, jobs and exits
    /// that have been handed over continue, with all that they start themselves; so do the producers of
    /// streams over threads, and blocking calls of other threads, also those that begin meanwhile, and
    /// their iterators. Jobs of [`Pinned`](crate::Pinned) objects are jobs like others; an object may
    /// be closed meanwhile, and is not waited for. When none of them is
    /// left, or after `limit`, the loop is stopped as by [`shutdown`](Koil::shutdown), which cancels
    /// the rest. Tasks of `tokio::spawn` are not waited for: the connections of an SDK are such tasks,
    /// and have no end.
    ///
    /// [`ShutdownReport::is_drained`] says whether the time was enough, and
    /// [`ShutdownReport::interrupted`] names what was cancelled.
    ///
    /// Called on a thread of this loop or inside a koil future it returns at once, and the loop stops
    /// by itself when its tasks, jobs and exits are done. In a forked child it does nothing.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let koil = koil::Koil::new()?;
    /// let upload = {
    ///     let _entered = koil.enter();
    ///     koil::unkoil_task(async {
    ///         tokio::time::sleep(Duration::from_millis(20)).await;
    ///         "uploaded"
    ///     })
    /// };
    /// assert!(koil.drain(Duration::from_secs(60)).is_drained());
    /// assert_eq!(upload.result()?, "uploaded");
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[doc(alias = "graceful_shutdown")]
    pub fn drain(self, limit: Duration) -> ShutdownReport {
        if self.core.is_forked() {
            return self.shutdown();
        }
        if shutdown::must_not_wait_for(&self.core) {
            let core = self.core.clone();
            shutdown::drain_in_background(&core, limit, self);
            return ShutdownReport::of_background();
        }
        shutdown::drain(&self.core, limit);
        self.shutdown()
    }
}

impl Drop for Koil {
    fn drop(&mut self) {
        // A fork marks the loop as stopped, too.
        if self.core.is_forked() {
            self.driver.leave_behind();
        }
        // After `shutdown`, which marks the loop as stopped, there is no more work here.
        if !self.core.registry.is_stopped() {
            self.driver.shutdown(&self.core);
        }
    }
}

impl fmt::Debug for Koil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Koil").field(&self.core).finish()
    }
}
