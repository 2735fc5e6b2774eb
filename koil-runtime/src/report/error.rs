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
    /// The thread belongs to a tokio runtime that is not koil's.
    Foreign,
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

    /// Blocking here could have hung for ever, so the call was refused before it began: the
    /// thread is polling a koil future, runs a loop, or belongs to another runtime.
    pub fn would_deadlock(&self) -> bool {
        use Kind::{Foreign, InsidePoll, OnLoop, ThreadEnding};
        matches!(
            self.inner.kind,
            InsidePoll | OnLoop | Foreign | ThreadEnding
        )
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
            Kind::Foreign => write!(
                f,
                "{site} would block a thread of another tokio runtime; {remedy} there, or move \
                 the call to a plain thread"
            ),
            Kind::ThreadEnding => write!(
                f,
                "{site} runs while its thread is ending and tokio's thread-locals are gone; \
                 make the call before the thread ends"
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
            Kind::InsidePoll | Kind::OnLoop | Kind::Foreign | Kind::ThreadEnding => {
                io::ErrorKind::Deadlock
            }
            Kind::NotStarted | Kind::GlobalRuns | Kind::Taken => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
