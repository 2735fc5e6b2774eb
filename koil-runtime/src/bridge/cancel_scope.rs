//! `CancelScope` and `deadline`: bounds for the blocking calls of a piece of code, set from outside
//! it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::global;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::current_cancel::{self, Due, Inside, Scope};
use crate::scope::cancel::root;
use crate::scope::cancel::token::{CancelReason, CancelToken};
use crate::scope::cancel::unwinding::Unwinding;

/// Cancels, from another thread or from Ctrl-C, the blocking calls made inside a closure.
///
/// When the [token](CancelScope::token) is cancelled, calls that can return an error do so:
/// [`try_unkoil`](crate::try_unkoil) and its siblings, [`Io`](crate::Io),
/// [`sleep`](crate::sleep()), [`check_cancelled`](crate::check_cancelled()). Plain twins and
/// [`unkoil`](crate::unkoil) can return only their output: they continue to wait, unless the scope
/// is [`unwinding`](CancelScope::unwinding).
///
/// Scopes nest: the cancel of an outer scope reaches the inner ones, never the other way round, and
/// plain calls unwind to the scope that was cancelled, through the scopes inside it. A cancelled
/// call does not affect its siblings.
///
/// While the thread unwinds, and while the future of a call that was cut short is dropped, calls
/// made by drops are not cancelled, so that they can clean up: calls that can return an error have
/// `cancel_grace` for it, plain ones (which must not panic there) all the time they need.
///
/// In a forked child (Unix), the scopes that were open at the fork cancel nothing any more.
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
    due: Option<Arc<Due>>,
    plain_calls: PlainCalls,
}

/// The effect of a cancel on calls that can return only their output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlainCalls {
    WaitOn,
    Unwind,
}

impl CancelScope {
    /// A scope inside the scope of this thread, if there is one.
    #[must_use]
    pub fn new() -> CancelScope {
        let outer = CancelToken::current();
        let token = outer.map_or_else(root::child, |outer| outer.child());
        CancelScope {
            token,
            due: None,
            plain_calls: PlainCalls::WaitOn,
        }
    }

    /// The token of the scope: clone it, and cancel it from anywhere.
    pub fn token(&self) -> &CancelToken {
        &self.token
    }

    /// Makes the cancel release plain twins and [`unkoil`](crate::unkoil) too: they unwind to
    /// [`run`](CancelScope::run), which returns the error.
    ///
    /// The unwinding runs the drops in between and calls no panic hook. Code that catches panics on
    /// the way sees a payload of an unknown type, and should resume it; if it does not, the next
    /// call in the scope is cut short as well.
    ///
    /// In a drop that runs while its thread unwinds, plain calls are not cut short, and no scope
    /// bounds them: unwinding out of such a drop aborts the process. Bound them with
    /// [`unkoil_timeout`](crate::unkoil_timeout) there.
    #[must_use]
    pub fn unwinding(mut self) -> CancelScope {
        self.plain_calls = PlainCalls::Unwind;
        self
    }

    /// Runs `f` inside the scope, on this thread. A closure that returns yields `Ok`, whether or
    /// not the scope was cancelled.
    ///
    /// # Errors
    ///
    /// Only if the scope is [`unwinding`](CancelScope::unwinding): the error of the plain call that
    /// was cut short; or, under `panic = "abort"`, at once an error that unwinding cannot work.
    ///
    /// # Panics
    ///
    /// If `f` panics.
    #[track_caller]
    pub fn run<T>(&self, f: impl FnOnce() -> T) -> Result<T, Error> {
        self.run_at(CallSite::here(), f)
    }

    fn run_at<T>(&self, site: CallSite, f: impl FnOnce() -> T) -> Result<T, Error> {
        if self.plain_calls == PlainCalls::Unwind && cfg!(panic = "abort") {
            return Err(Error::new(Kind::CannotUnwind, site));
        }
        let outer = current_cancel::scope();
        // For this run, a scope that was made elsewhere is inside the current one, too.
        let around = current_cancel::token().filter(|around| !self.token.is_under(around));
        let token = match &around {
            Some(_) => self.token.child(),
            None => self.token.clone(),
        };
        let _adopted = around.map(|around| around.adopt(&token));
        let (outer_due, outer_unwinding) =
            outer.map_or((None, None), |outer| (outer.due, outer.unwinding));
        let due = Due::first(self.due.clone(), outer_due);
        match self.plain_calls {
            PlainCalls::WaitOn => {
                // Plain calls obey the unwinding scope around this one, if there is one.
                let _inside = Inside::scope(Scope {
                    token,
                    due,
                    unwinding: outer_unwinding,
                });
                Ok(f())
            }
            PlainCalls::Unwind => {
                let unwinding = Unwinding::new(token.clone(), due.clone(), outer_unwinding);
                let _inside = Inside::scope(Scope {
                    token,
                    due,
                    unwinding: Some(unwinding.clone()),
                });
                unwind::halt(f).map_err(|payload| match unwinding.caught(payload) {
                    Ok(error) => error,
                    Err(payload) => unwind::resume(payload),
                })
            }
        }
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
/// Calls that can return an error do so, with [`Error::is_timeout`]; plain twins continue to wait
/// (for them, see [`deadline_unwinding`]). A call that blocks or sleeps inside checks the clock
/// itself; for code that listens to the token elsewhere a timer of the ambient loop cancels it.
///
/// Deadlines nest, and the first to pass counts; the errors name its length and the line where it
/// was set.
///
/// # Errors
///
/// If there is no running loop for its timer: [`Error::is_shutdown`], or the reason why none can be
/// started.
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
/// and returns the error of the call that was cut short.
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
    mut scope: CancelScope,
    after: Duration,
    site: CallSite,
    f: impl FnOnce() -> T,
) -> Result<T, Error> {
    let core = global::ambient(site)?;
    if core.registry.is_stopped() {
        return Err(core.end_error(site));
    }
    let reason = CancelReason::deadline(after, site.location);
    // A deadline that `Instant` cannot represent is no deadline.
    let at = Instant::now().checked_add(after);
    scope.due = at.map(|at| {
        Arc::new(Due {
            at,
            token: scope.token.clone(),
            reason: reason.clone(),
        })
    });
    let token = scope.token.clone();
    let timer = core.tokio.spawn(async move {
        tokio::time::sleep(after).await;
        token.cancel(reason);
    });
    let _timer = DeadlineTimer(timer.abort_handle());
    scope.run_at(site, f)
}

/// Aborts the timer when the closure ends, in any way.
struct DeadlineTimer(tokio::task::AbortHandle);

impl Drop for DeadlineTimer {
    fn drop(&mut self) {
        self.0.abort();
    }
}
