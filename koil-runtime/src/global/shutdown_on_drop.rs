//! `ShutdownOnDrop`: shuts the process-wide loop down at the end of `main`.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::{drain_global, shutdown_global};
use crate::drive::shutdown::ShutdownReport;
use crate::report::site::CallSite;

/// The guards that live. A forked child counts on from its parent: it has a copy of the guard in
/// `main`, which ends there too.
static GUARDS: AtomicUsize = AtomicUsize::new(0);

/// Shuts the process-wide loop down when the guard is dropped, so that nothing on it is lost at the
/// end of `main`.
///
/// Put it into the first line of `main`. At the end of `main` the process-wide loop is then stopped
/// as by [`shutdown_global`]: blocked calls are released, tasks are cancelled and clean up, guards of
/// other threads and the contexts of [`Handle::hold`](crate::Handle::hold) are left in order, jobs
/// are told to end. Without it all of these stop wherever they are when the process ends.
///
/// It starts no loop, and does nothing if none runs. A loop of [`set_global`](crate::set_global) is
/// shut down too, with its own time limits. Several guards may live, in libraries too: the last one
/// that is dropped does the work. A loop of your own ([`Koil`](crate::Koil)) is shut down by its own
/// drop.
///
/// ```
/// use std::convert::Infallible;
///
/// let _koil = koil::shutdown_on_drop();
/// let enter = || async { Ok::<_, Infallible>("the session") };
/// let session = koil::context_fn(enter, |name, _| async move {
///     println!("{name} is closed");
///     Ok(())
/// });
/// koil::global().hold(session).unwrap();
/// // At the end of `main` this prints "the session is closed".
/// ```
///
/// # Drop
///
/// The drop waits, at most as long as a [`Koil::shutdown`](crate::Koil::shutdown), also while the
/// thread unwinds from a panic, and never panics. If the loop did not end cleanly, it writes one line
/// to stderr, which names the place of this call; [`ShutdownOnDrop::shutdown`] returns the report
/// instead. Guards of contexts that are declared below it are dropped before it.
///
/// Dropped inside a future that koil polls, or on a thread of the loop, it only asks the loop to
/// stop, and says that on stderr: there is no thread left that could wait. In a future of another
/// runtime (`#[tokio::main]`) it blocks the thread for the time of the shutdown.
///
/// [`std::process::exit`] and the default action of Ctrl-C run no drops, so nothing is left there:
/// call [`ShutdownOnDrop::shutdown`] before the exit, or return an exit code from `main`.
#[doc(alias = "atexit")]
#[must_use = "the loop is shut down when this is dropped: bind it to a name, `let _koil = ..`"]
#[track_caller]
pub fn shutdown_on_drop() -> ShutdownOnDrop {
    // ORDERING: Relaxed; only the count matters, and the shutdown synchronises by its own lock.
    GUARDS.fetch_add(1, Ordering::Relaxed);
    ShutdownOnDrop {
        site: CallSite::here(),
        drain: None,
    }
}

/// The guard of [`shutdown_on_drop`].
#[derive(Debug)]
#[must_use = "the loop is shut down when this is dropped: bind it to a name, `let _koil = ..`"]
pub struct ShutdownOnDrop {
    site: CallSite,
    /// How long the work on the loop may take to finish.
    drain: Option<Duration>,
}

impl ShutdownOnDrop {
    /// Lets tasks, jobs and blocked calls finish at the end, at most for `limit`, before the loop is
    /// shut down ([`drain_global`](crate::drain_global)). One that was interrupted is told on stderr. If
    /// `main` panics, they are cancelled as without this.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let _koil = koil::shutdown_on_drop().draining(Duration::from_secs(10));
    /// // This ends before the program does.
    /// drop(koil::unkoil_task(async {
    ///     tokio::time::sleep(Duration::from_millis(10)).await;
    ///     println!("uploaded");
    /// }));
    /// ```
    pub fn draining(mut self, limit: Duration) -> ShutdownOnDrop {
        self.drain = Some(limit);
        self
    }

    /// Shuts the process-wide loop down now, after a drain if [`draining`](ShutdownOnDrop::draining)
    /// asks for it, also if other guards live, and returns the report; `None` if no loop runs. Writes nothing to stderr.
    ///
    /// ```
    /// let koil = koil::shutdown_on_drop();
    /// koil::unkoil(async {});
    /// assert!(koil.shutdown().unwrap().is_clean());
    /// ```
    #[allow(clippy::must_use_candidate)] // The report may be ignored, as that of `shutdown_global`.
    pub fn shutdown(self) -> Option<ShutdownReport> {
        let drain = self.drain;
        std::mem::forget(self);
        leaves_none();
        match drain {
            Some(limit) => drain_global(limit),
            None => shutdown_global(),
        }
    }
}

impl Drop for ShutdownOnDrop {
    fn drop(&mut self) {
        if !leaves_none() {
            return;
        }
        let drain = self.drain.filter(|_| !thread::panicking());
        let report = match drain {
            Some(limit) => drain_global(limit),
            None => shutdown_global(),
        };
        if let Some(report) = report {
            tell(self.site, &report, drain.is_some());
        }
    }
}

/// One guard lives no more; true if it was the last one.
fn leaves_none() -> bool {
    // ORDERING: Relaxed, as above.
    GUARDS.fetch_sub(1, Ordering::Relaxed) == 1
}

fn tell(site: CallSite, report: &ShutdownReport, is_drain: bool) {
    let is_fine = report.is_clean() && (report.is_drained() || !is_drain);
    if is_fine {
        return;
    }
    let at = site.location;
    let remedy = if report.was_only_asked() {
        "; drop the guard in `main`, outside of async code"
    } else {
        ""
    };
    // A failed write is ignored: there is no other place to report to.
    let _ = writeln!(
        io::stderr(),
        "koil: warning: the process-wide loop did not end cleanly under `koil::shutdown_on_drop()` at \
         {at}: {report}{remedy}"
    );
}
