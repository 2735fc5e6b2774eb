//! `Error`: what a blocking call answers when the bridge, not the future, failed.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::panic::Location;
use std::time::Duration;

use super::site::CallSite;
use super::unwind;

/// A failure of the bridge: the call timed out, its loop stopped, or it may not block here.
///
/// Errors of the future itself are never turned into this type; they are part of its output.
/// The text names the call site and the way out. Converts into [`io::Error`] with the matching
/// [`io::ErrorKind`].
///
/// ```
/// use std::time::Duration;
///
/// let error = koil::unkoil_timeout(Duration::from_millis(5), std::future::pending::<()>())
///     .unwrap_err();
/// assert!(error.is_timeout());
/// assert!(error.to_string().contains(file!()));
/// assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::TimedOut);
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: Kind,
    site: CallSite,
    source: Option<Box<dyn StdError + Send + Sync>>,
    acknowledged: bool,
    unwind_to: Option<u64>,
}

/// Carries a plain call that was cut short to the scope that said so.
pub(crate) struct ScopeUnwind {
    pub(crate) scope: u64,
    pub(crate) error: Error,
}

/// Why the bridge failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The thread is inside a future that koil polls.
    InsidePoll,
    /// The thread is the loop thread of a koil loop.
    OnLoop,
    /// The thread runs a foreign scheduler, and the future may not leave it.
    Stuck,
    /// The thread is ending: tokio's thread-locals are gone.
    ThreadEnding,
    /// The deadline passed.
    Timeout(Duration),
    /// The deadline of a scope around the call passed.
    Deadline(Duration),
    /// The call or task was cancelled.
    Cancelled,
    /// A plain call cannot unwind where panics abort.
    CannotUnwind,
    /// The loop has been stopped.
    Shutdown,
    /// The loop could not be started; the source says why.
    NotStarted,
    /// No loop is entered, and the process-wide one has been forbidden.
    NoLoop,
    /// A current-thread runtime cannot be adopted.
    NotMultiThreaded,
    /// The process-wide loop cannot be replaced while it runs.
    GlobalRuns,
    /// The result of the task has been handed out before.
    Taken,
}

impl Error {
    pub(crate) fn new(kind: Kind, site: CallSite) -> Error {
        Error {
            inner: Box::new(Inner {
                kind,
                site,
                source: None,
                acknowledged: false,
                unwind_to: None,
            }),
        }
    }

    pub(crate) fn with_source(
        kind: Kind,
        site: CallSite,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Error {
        Error {
            inner: Box::new(Inner {
                kind,
                site,
                source: Some(source.into()),
                acknowledged: false,
                unwind_to: None,
            }),
        }
    }

    /// The deadline of the call, or of a scope around it, passed before its future was ready.
    pub fn is_timeout(&self) -> bool {
        matches!(self.inner.kind, Kind::Timeout(_) | Kind::Deadline(_))
    }

    /// The call or its task was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.inner.kind == Kind::Cancelled
    }

    /// The loop of the call has been stopped, before the call or while it waited.
    pub fn is_shutdown(&self) -> bool {
        self.inner.kind == Kind::Shutdown
    }

    /// Blocking here could have hung for ever, so the call was refused: the thread is polling a
    /// koil future, runs a loop, or runs the scheduler of another runtime while the future may not
    /// move to koil's loop.
    pub fn would_deadlock(&self) -> bool {
        use Kind::{InsidePoll, OnLoop, Stuck, ThreadEnding};
        matches!(self.inner.kind, InsidePoll | OnLoop | Stuck | ThreadEnding)
    }

    /// Where the blocking call was written.
    pub fn call_site(&self) -> &'static Location<'static> {
        self.inner.site.location
    }

    /// Why the call or task was cancelled, in the words of who did it.
    pub fn cancel_reason(&self) -> Option<String> {
        let is_cancel = matches!(self.inner.kind, Kind::Cancelled | Kind::Deadline(_));
        let reason = self.inner.source.as_ref().filter(|_| is_cancel)?;
        Some(reason.to_string())
    }

    /// The future was told that its call is cut short, and finished in time.
    ///
    /// A future is told if it listens to the token of its call
    /// ([`CancelToken::current`](crate::CancelToken::current)); it has `cancel_grace` then. Any
    /// other future is dropped at once, and has not acknowledged. What it returns after it was told
    /// is dropped. From Python koil, whose timeouts say which of the two happened.
    pub fn acknowledged(&self) -> bool {
        self.inner.acknowledged
    }

    /// A timeout of the call's own, after which it may be made again.
    pub(crate) fn is_own_timeout(&self) -> bool {
        matches!(self.inner.kind, Kind::Timeout(_))
    }

    pub(crate) fn with_acknowledged(mut self, acknowledged: bool) -> Error {
        self.inner.acknowledged = acknowledged;
        self
    }

    pub(crate) fn with_unwind_to(mut self, scope: Option<u64>) -> Error {
        self.inner.unwind_to = scope;
        self
    }

    /// Ends a plain call: panics with the text of this error, at the caller's location; or unwinds
    /// without a word to the scope that cut it short.
    #[track_caller]
    pub(crate) fn throw(mut self) -> ! {
        if let Some(scope) = self.inner.unwind_to.take() {
            unwind::cut(Box::new(ScopeUnwind { scope, error: self }));
        }
        panic!("{self}")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let site = &self.inner.site;
        let remedy = site.remedy();
        match self.inner.kind {
            Kind::InsidePoll => write!(
                f,
                "{site} would block inside a future that koil is polling, and could hang for \
                 ever; {remedy} there instead"
            ),
            Kind::OnLoop => write!(
                f,
                "{site} would block a loop thread, which runs the tasks of a koil loop, and \
                 could hang for ever; {remedy} there, or move the call into `tokio::task::spawn_blocking`"
            ),
            Kind::Stuck => {
                write!(
                    f,
                    "{site} cannot wait on this thread: it runs the scheduler of another tokio \
                     runtime, which could owe the future a wake, and the future may not move to \
                     koil's loop, since "
                )?;
                match site.names {
                    Some(names) => write!(
                        f,
                        "it or its output is not `Send`; await `{}` there, or make both `Send` \
                         (return `impl Future<Output = ..> + Send`, bound type parameters with \
                         `T: Send`) and insist with `#[koil(send)]`",
                        names.original
                    ),
                    None => f.write_str(
                        "nobody knows whether it is `Send`; use `koil::unkoil_send(future)` or \
                         `koil::unkoil_task(future).result()`, or await the future there, or move \
                         the call into `tokio::task::spawn_blocking`",
                    ),
                }
            }
            Kind::ThreadEnding => write!(
                f,
                "{site} runs while its thread is ending and tokio's thread-locals are gone, and \
                 its future is not known to be `Send`; {}, or make the call before the thread ends",
                match site.names {
                    Some(_) => "make it and its output `Send`, and insist with `#[koil(send)]`",
                    None => "use `koil::unkoil_send(future)`",
                }
            ),
            Kind::Timeout(after) => write!(f, "{site} timed out after {after:?}"),
            Kind::Deadline(after) => match &self.inner.source {
                Some(reason) => write!(f, "{site} was cut short: {reason}"),
                None => write!(
                    f,
                    "{site} was cut short by the deadline of {after:?} around it"
                ),
            },
            Kind::Cancelled => {
                write!(f, "{site} was cancelled")?;
                match &self.inner.source {
                    Some(reason) => write!(f, ": {reason}"),
                    None => Ok(()),
                }
            }
            Kind::CannotUnwind => write!(
                f,
                "the scope at {} wants to unwind plain calls, which `panic = \"abort\"` makes \
                 impossible; call `try_unkoil` and `fallible` twins in it instead",
                site.location
            ),
            Kind::Shutdown => write!(f, "{site} cannot finish: its loop has been shut down"),
            Kind::NotStarted => {
                write!(f, "{site} needs a loop, and it could not be started")?;
                match &self.inner.source {
                    Some(source) => write!(f, ": {source}"),
                    None => Ok(()),
                }
            }
            Kind::NoLoop => write!(
                f,
                "{site} has no loop to use, and the process-wide one has been forbidden; enter a \
                 `koil::Koil` or a `koil::Handle` first"
            ),
            Kind::NotMultiThreaded => write!(
                f,
                "`Koil::from_handle` at {} was given a current-thread runtime, which only its own \
                 thread can drive; give it a multi-threaded one, or start a `Koil` of its own",
                site.location
            ),
            Kind::GlobalRuns => write!(
                f,
                "`set_global` at {} comes too late: the process-wide loop runs already; call it \
                 before the first blocking call, or after `shutdown_global`",
                site.location
            ),
            Kind::Taken => write!(f, "{site} asks for a task's result that was taken before"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.inner.kind)
            .field("at", &format_args!("{}", self.inner.site.location))
            .field("call", &self.inner.site.names.map(|names| names.twin))
            .field("source", &self.inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        let kind = match error.inner.kind {
            Kind::Timeout(_) | Kind::Deadline(_) => io::ErrorKind::TimedOut,
            // Not `Interrupted`: readers and writers of std take that as "try again".
            Kind::Cancelled => io::ErrorKind::ConnectionAborted,
            Kind::Shutdown => io::ErrorKind::NotConnected,
            Kind::InsidePoll | Kind::OnLoop | Kind::Stuck | Kind::ThreadEnding => {
                io::ErrorKind::Deadlock
            }
            Kind::CannotUnwind => io::ErrorKind::Unsupported,
            Kind::NotStarted
            | Kind::NoLoop
            | Kind::NotMultiThreaded
            | Kind::GlobalRuns
            | Kind::Taken => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
