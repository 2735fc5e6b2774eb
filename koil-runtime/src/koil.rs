//! `Koil`: owning a loop.

use std::fmt;
use std::sync::Arc;

use crate::builder::KoilBuilder;
use crate::current::LoopCore;
use crate::drive::loop_thread::LoopThread;
use crate::drive::shutdown::{self, ShutdownReport};
use crate::handle::{EnterGuard, Handle};
use crate::report::error::Error;

/// A loop of one's own: a thread that drives a tokio runtime for blocking callers.
///
/// Most programs need none: the process-wide loop starts by itself on the first blocking call.
/// Own a `Koil` to bound the life of what runs on it, to configure it, or to keep two apart.
///
/// Blocking calls made while the guard of [`enter`](Koil::enter) lives use this loop, on that
/// thread; [`Handle::enter`] and [`Handle::wrap`] carry it to others.
///
/// # Drop
///
/// Dropping stops the loop as [`shutdown`](Koil::shutdown) does, and says nothing about the
/// outcome. It is bounded, never panics, and may be done anywhere: on the loop itself or inside
/// a future it only asks the loop to stop.
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
pub struct Koil {
    core: Arc<LoopCore>,
    thread: LoopThread,
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

    /// Options for a loop.
    pub fn builder() -> KoilBuilder {
        KoilBuilder::default()
    }

    pub(crate) fn from_parts(core: Arc<LoopCore>, thread: LoopThread) -> Koil {
        Koil { core, thread }
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

    /// Stops the loop and says what became of it.
    ///
    /// 1. Every caller that is blocked on this loop is woken, drops its future and returns an
    ///    error with [`Error::is_shutdown`] (where it can only panic, it panics with that text).
    ///    Later calls get the same answer at once.
    /// 2. When they have left, but not later than `join_timeout`, spawned tasks are dropped and
    ///    blocking workers are waited for, at most `join_timeout`.
    ///
    /// Called on a thread of this loop or inside a koil future it only asks the loop to stop.
    pub fn shutdown(mut self) -> ShutdownReport {
        shutdown::shutdown(&self.core, &mut self.thread)
    }
}

impl Drop for Koil {
    fn drop(&mut self) {
        if !self.thread.was_asked_to_end() {
            shutdown::shutdown(&self.core, &mut self.thread);
        }
    }
}

impl fmt::Debug for Koil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Koil").field(&self.core).finish()
    }
}
