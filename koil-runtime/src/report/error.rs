//! `Error`: what a blocking call answers when the bridge, not the future, failed.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::panic::Location;
use std::time::Duration;

use super::site::CallSite;

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
    /// The task was cancelled.
    Cancelled,
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
            }),
        }
    }

    /// The deadline of the call passed before its future was ready.
    pub fn is_timeout(&self) -> bool {
        matches!(self.inner.kind, Kind::Timeout(_))
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

    /// Panics with the text of this error, at the caller's location.
    #[track_caller]
    pub(crate) fn throw(self) -> ! {
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
                "{site} would block the loop thread it waits for, and could hang for ever; \
                 {remedy} there, or move the call into `tokio::task::spawn_blocking`"
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
            Kind::Cancelled => write!(f, "{site} was cancelled"),
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
            Kind::Timeout(_) => io::ErrorKind::TimedOut,
            // Not `Interrupted`: readers and writers of std take that as "try again".
            Kind::Cancelled => io::ErrorKind::ConnectionAborted,
            Kind::Shutdown => io::ErrorKind::NotConnected,
            Kind::InsidePoll | Kind::OnLoop | Kind::Stuck | Kind::ThreadEnding => {
                io::ErrorKind::Deadlock
            }
            Kind::NotStarted
            | Kind::NoLoop
            | Kind::NotMultiThreaded
            | Kind::GlobalRuns
            | Kind::Taken => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
