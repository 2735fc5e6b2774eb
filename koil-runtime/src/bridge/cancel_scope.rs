//! `CancelScope` and `deadline`: bounding the blocking calls of a piece of code from outside it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::global;
use crate::report::error::{Error, Kind, ScopeUnwind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::ambient::{self, InScope, Scope};
use crate::scope::cancel::token::{CancelReason, CancelToken};

/// Cancels, from another thread or from Ctrl-C, the blocking calls made inside a closure.
///
/// When the [token](CancelScope::token) is cancelled, calls that can answer with an error do:
/// [`try_unkoil`](crate::try_unkoil) and its siblings, [`Io`](crate::Io),
/// [`sleep`](crate::sleep()), [`check_cancelled`](crate::check_cancelled()). Plain twins and
/// [`unkoil`](crate::unkoil) have only their output to give: they wait on, unless the scope is
/// [`unwinding`](CancelScope::unwinding).
///
/// Scopes nest: the cancel of an outer one reaches the inner ones, never the other way round. A
/// cancelled call does not touch its siblings. While the thread unwinds, calls made by drops are
/// not cancelled, so that they can clean up.
///
/// ```
/// let scope = koil::CancelScope::new();
/// let token = scope.token().clone();
/// std::thread::spawn(move || token.cancel("the user has gone"));
///
/// let outcome = scope.run(|| koil::try_unkoil(std::future::pending::<()>()))?;
/// let error = outcome.unwrap_err();
/// assert!(error.is_cancelled());
/// assert!(error.to_string().ends_with("was cancelled: the user has gone"));
/// # Ok::<(), koil::Error>(())
/// ```
#[derive(Debug)]
pub struct CancelScope {
    token: CancelToken,
    id: u64,
    unwinding: bool,
}

impl CancelScope {
    /// A scope inside the one this thread is in, if any.
    #[must_use]
    pub fn new() -> CancelScope {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let token = CancelToken::current().map_or_else(CancelToken::new, |outer| outer.child());
        // ORDERING: Relaxed; only uniqueness counts.
        CancelScope {
            token,
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            unwinding: false,
        }
    }

    /// The switch: clone it, and cancel it from anywhere.
    pub fn token(&self) -> &CancelToken {
        &self.token
    }

    /// Lets the cancel release plain twins and [`unkoil`](crate::unkoil) too: they unwind to
    /// [`run`](CancelScope::run), which returns the error.
    ///
    /// The unwinding runs the drops in between and calls no panic hook. Code that catches panics
    /// on the way sees a payload it does not know, and should resume it.
    #[must_use]
    pub fn unwinding(mut self) -> CancelScope {
        self.unwinding = true;
        self
    }

    /// Runs `f` inside the scope, on this thread. A closure that returns yields `Ok`, whether or
    /// not the scope was cancelled.
    ///
    /// # Errors
    ///
    /// Only if the scope is [`unwinding`](CancelScope::unwinding): the error of the plain call that
    /// was cut short; or, under `panic = "abort"`, at once, that this cannot work.
    ///
    /// # Panics
    ///
    /// If `f` panics.
    #[track_caller]
    pub fn run<T>(&self, f: impl FnOnce() -> T) -> Result<T, Error> {
        self.run_at(CallSite::here(), f)
    }

    fn run_at<T>(&self, site: CallSite, f: impl FnOnce() -> T) -> Result<T, Error> {
        if !self.unwinding {
            // Plain calls obey the unwinding scope around this one, if there is one.
            let unwinding = ambient::scope().and_then(|outer| outer.unwinding);
            let _inside = InScope::enter(Some(Scope {
                token: self.token.clone(),
                unwinding,
            }));
            return Ok(f());
        }
        if cfg!(panic = "abort") {
            return Err(Error::new(Kind::CannotUnwind, site));
        }
        let unwinding = Some((self.token.clone(), self.id));
        let _inside = InScope::enter(Some(Scope {
            token: self.token.clone(),
            unwinding,
        }));
        unwind::halt(f).or_else(|payload| match payload.downcast::<ScopeUnwind>() {
            Ok(unwound) if unwound.scope == self.id => Err(unwound.error),
            Ok(unwound) => unwind::resume(unwound),
            Err(payload) => unwind::resume(payload),
        })
    }
}

impl Default for CancelScope {
    fn default() -> CancelScope {
        CancelScope::new()
    }
}

/// Runs `f` in a [`CancelScope`] that is cancelled after `after`: a bound for all its blocking
/// calls together.
///
/// Calls that can answer with an error do, with [`Error::is_timeout`]; plain twins wait on (for
/// them, see [`deadline_unwinding`]). A timer of the ambient loop gives the signal, so it may be
/// about a millisecond late.
///
/// # Errors
///
/// If there is no running loop to time it: [`Error::is_shutdown`], or why none can be started.
///
/// # Panics
///
/// If `f` panics.
///
/// ```
/// use std::time::Duration;
///
/// let outcome = koil::deadline(Duration::from_millis(5), || {
///     koil::try_unkoil(std::future::pending::<()>())
/// })?;
/// assert!(outcome.unwrap_err().is_timeout());
/// # Ok::<(), koil::Error>(())
/// ```
#[track_caller]
pub fn deadline<T>(after: Duration, f: impl FnOnce() -> T) -> Result<T, Error> {
    timed(CancelScope::new(), after, CallSite::here(), f)
}

/// As [`deadline`], in an [`unwinding`](CancelScope::unwinding) scope: it bounds plain twins too,
/// and the error of the call that was cut short comes out here.
///
/// # Errors
///
/// As [`deadline`], and [`Error::is_timeout`] if a plain call was cut short.
///
/// # Panics
///
/// If `f` panics.
///
/// ```
/// use std::time::Duration;
///
/// let late = koil::deadline_unwinding(Duration::from_millis(5), || {
///     koil::unkoil(std::future::pending::<()>())
/// });
/// assert!(late.unwrap_err().is_timeout());
/// ```
#[track_caller]
pub fn deadline_unwinding<T>(after: Duration, f: impl FnOnce() -> T) -> Result<T, Error> {
    timed(CancelScope::new().unwinding(), after, CallSite::here(), f)
}

fn timed<T>(
    scope: CancelScope,
    after: Duration,
    site: CallSite,
    f: impl FnOnce() -> T,
) -> Result<T, Error> {
    let core = global::ambient(site)?;
    if core.registry.is_stopped() {
        return Err(Error::new(Kind::Shutdown, site));
    }
    let token = scope.token.clone();
    let timer = core.tokio.spawn(async move {
        tokio::time::sleep(after).await;
        token.cancel(CancelReason::deadline(after));
    });
    let _timer = AbortOnDrop(timer.abort_handle());
    scope.run_at(site, f)
}

/// However the closure ends, its timer ends with it.
struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
