//! `Error`: the error of a blocking call when the bridge, not the future, failed.

mod text;

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::panic::Location;
use std::time::Duration;

use super::site::CallSite;
use super::unwind::{self, Payload, SharedPayload};

/// A failure of the bridge: the call timed out, its loop stopped, or it may not block here.
///
/// Errors of the future itself are never turned into this type; they are part of its output. The
/// text names the call site and a remedy. Converts into [`io::Error`] with the matching
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
    /// The error that the future returned while it cleaned up.
    clean_up: Option<Box<dyn StdError + Send + Sync>>,
    acknowledged: bool,
    unwind_to: Option<u64>,
    /// The call is for the next item of a stream.
    of_items: bool,
    /// The payload of the panic that the error reports.
    payload: Option<SharedPayload>,
}

/// The panic payload that unwinds a plain call to the scope that cut it short.
pub(crate) struct ScopeUnwind {
    pub(crate) scope: u64,
    pub(crate) error: Error,
}

/// The source of the errors on a loop that a panic has ended: the text of that panic.
#[derive(Debug, Clone)]
pub(crate) struct DriverPanic(pub(crate) String);

impl fmt::Display for DriverPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "code that runs in the driver of the loop, such as a waker, panicked: {}",
            self.0
        )
    }
}

impl StdError for DriverPanic {}

/// Why the bridge failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The thread is inside a future that koil polls.
    InsidePoll,
    /// The thread is the loop thread of a koil loop.
    OnLoop,
    /// The thread runs async code of another runtime, and the loop refuses calls there.
    InAsync,
    /// The scheduler of this thread holds back a wake that an executor inside the future needs.
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
    /// The loop takes no new tasks and jobs, and is stopped when those that run are done.
    Draining,
    /// The loop stayed behind in the parent of this forked process.
    Forked,
    /// The tokio scheduler of this thread stayed behind in the parent.
    ForkedTask,
    /// An `Executor` stayed behind at a fork.
    #[cfg_attr(not(feature = "sched"), allow(dead_code))]
    ForkedExecutor,
    /// The loop could not be started; the source says why.
    NotStarted,
    /// The operating system gives no thread for a job; the source says why.
    NoThread,
    /// No loop is entered, and the process-wide one has been forbidden.
    NoLoop,
    /// A current-thread runtime cannot be adopted.
    NotMultiThreaded,
    /// The process-wide loop cannot be replaced while it runs.
    GlobalRuns,
    /// The result of the task has been handed out before.
    Taken,
    /// The thread runs a job of the pinned object that the call waits for.
    SameObject,
    /// The pinned object of the call has been closed.
    ObjectClosed,
    /// The thread is that of a `Ui`, which is set to refuse calls there.
    UiRefuses,
    /// The code that waits for the UI thread is polled by that thread.
    OnUiThread,
    /// The callback or value stays on the UI thread, and this is another.
    OffUiThread,
    /// The `Ui` has been closed, or its event loop has ended; the source says which.
    UiOver,
    /// The reply was dropped without an answer.
    Unanswered,
    /// The code of the call panicked, and its twin returns panics.
    Panicked,
}

impl Error {
    pub(crate) fn new(kind: Kind, site: CallSite) -> Error {
        Error {
            inner: Box::new(Inner {
                kind,
                site,
                source: None,
                clean_up: None,
                acknowledged: false,
                unwind_to: None,
                of_items: false,
                payload: None,
            }),
        }
    }

    /// The error of a call that panicked.
    pub(crate) fn of_panic(site: CallSite, payload: Payload) -> Error {
        let mut error = Error::new(Kind::Panicked, site);
        error.inner.payload = Some(unwind::shareable(payload));
        error
    }

    /// The same error, of a call for the next item of a stream.
    pub(crate) fn of_items(mut self) -> Error {
        self.inner.of_items = true;
        self
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
                clean_up: None,
                acknowledged: false,
                unwind_to: None,
                of_items: false,
                payload: None,
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

    /// The loop of the call has been stopped, before the call or while it waited; or it is being
    /// [drained](crate::Koil::drain), and takes no new task or job.
    ///
    /// If a panic has ended the loop (of a waker; the panic of a task ends no loop), the
    /// [`source`](std::error::Error::source) has its text.
    pub fn is_shutdown(&self) -> bool {
        matches!(self.inner.kind, Kind::Shutdown | Kind::Draining)
    }

    /// This process is a forked child, and the loop of the call stayed behind in its parent; or the
    /// call was made in a task of a runtime that stayed behind, or is a task of an executor that did.
    ///
    /// The process-wide loop is never the reason: a child starts its own.
    pub fn is_forked(&self) -> bool {
        matches!(
            self.inner.kind,
            Kind::Forked | Kind::ForkedTask | Kind::ForkedExecutor
        )
    }

    /// The object of the call has been closed before ([`Pinned::close`](crate::Pinned::close)); or the
    /// [`Ui`](crate::ui::Ui) of the call has been closed or its event loop has ended, before the call or
    /// while it waited.
    pub fn is_closed(&self) -> bool {
        matches!(self.inner.kind, Kind::ObjectClosed | Kind::UiOver)
    }

    /// The [`Reply`](crate::ui::Reply) of an [`ask`](crate::ui::UiHandle::ask) was dropped without an
    /// answer.
    pub fn is_unanswered(&self) -> bool {
        self.inner.kind == Kind::Unanswered
    }

    /// The code of the call panicked, and its twin returns panics: it is under
    /// `#[koiled(fallible(panics))]`.
    pub fn is_panic(&self) -> bool {
        self.inner.kind == Kind::Panicked
    }

    /// The payload of the panic that the error reports ([`is_panic`](Error::is_panic)).
    ///
    /// The payload of `panic!` is a `&'static str` or a `String`, and the text of the error ends with it.
    /// A value of any other type, which [`panic_any`](std::panic::panic_any) throws, need not be
    /// `Sync`, as errors are: it is in a `std::sync::Mutex<Box<dyn Any + Send>>` here.
    /// [`into_panic`](Error::into_panic) returns each payload as it was thrown.
    ///
    /// ```
    /// #[koil::koiled(fallible(panics))]
    /// async fn stat(path: &str) -> Result<u64, koil::Error> {
    ///     panic!("no such shelf: {path}")
    /// }
    ///
    /// let error = stat_blocking("/tea").unwrap_err();
    /// let payload = error.panic().expect("the call panicked");
    /// assert_eq!(payload.downcast_ref::<String>().unwrap(), "no such shelf: /tea");
    /// assert!(error.to_string().ends_with("panicked: no such shelf: /tea"));
    /// ```
    pub fn panic(&self) -> Option<&(dyn Any + Send + Sync)> {
        self.inner.payload.as_deref()
    }

    /// The payload of the panic that the error reports, as it was thrown: for
    /// [`resume_unwind`](std::panic::resume_unwind), where unwinding is allowed again.
    ///
    /// # Errors
    ///
    /// The error itself, if it reports no panic.
    pub fn into_panic(mut self) -> Result<Box<dyn Any + Send>, Error> {
        match self.inner.payload.take() {
            Some(payload) => Ok(unwind::thrown(payload)),
            None => Err(self),
        }
    }

    /// Blocking here could have hung forever, so the call was refused: the thread is polling a koil
    /// future, runs a loop, is ending, runs a scheduler that holds back a wake which an executor
    /// inside the future needs, or runs a job of the [`Pinned`](crate::Pinned) object that the call
    /// waits for. Or it runs async code of another runtime, and the loop is set to refuse calls there
    /// ([`refuse_in_async`](crate::KoilBuilder::refuse_in_async)); or it is the thread of a
    /// [`Ui`](crate::ui::Ui) that refuses calls, or the call waits for that thread itself.
    pub fn would_deadlock(&self) -> bool {
        use Kind::{
            InAsync, InsidePoll, OnLoop, OnUiThread, SameObject, Stuck, ThreadEnding, UiRefuses,
        };
        matches!(
            self.inner.kind,
            InsidePoll
                | OnLoop
                | InAsync
                | SameObject
                | Stuck
                | ThreadEnding
                | UiRefuses
                | OnUiThread
        )
    }

    /// Where the blocking call was written.
    pub fn call_site(&self) -> &'static Location<'static> {
        self.inner.site.location
    }

    /// Why the call or task was cancelled: the text given to the cancel, or that of the deadline.
    pub fn cancel_reason(&self) -> Option<String> {
        let is_cancel = matches!(self.inner.kind, Kind::Cancelled | Kind::Deadline(_));
        let reason = self.inner.source.as_ref().filter(|_| is_cancel)?;
        Some(reason.to_string())
    }

    /// The future was notified that its call is cut short, and finished in time.
    ///
    /// A future is notified if it listens to the token of its call
    /// ([`CancelToken::current`](crate::CancelToken::current)); it has `cancel_grace` then. Any
    /// other future is dropped at once, and has not acknowledged. The output of a notified future
    /// is dropped; but an error that the future of a `fallible` twin returns then is the
    /// [`source`](StdError::source) of this one, if it can be: if its type is one of a `'static`
    /// [`std::error::Error`] that is `Send` and `Sync`, and the twin's signature shows that it is.
    pub fn acknowledged(&self) -> bool {
        self.inner.acknowledged
    }

    /// A timeout of the call itself, after which the call may be made again.
    pub(crate) fn is_own_timeout(&self) -> bool {
        matches!(self.inner.kind, Kind::Timeout(_))
    }

    pub(crate) fn with_acknowledged(mut self, acknowledged: bool) -> Error {
        self.inner.acknowledged = acknowledged;
        self
    }

    pub(crate) fn with_clean_up(mut self, error: Option<Box<dyn StdError + Send + Sync>>) -> Error {
        self.inner.clean_up = error;
        self
    }

    /// With this source, if it has none.
    pub(crate) fn or_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        self.inner.source.get_or_insert_with(|| source.into());
        self
    }

    pub(crate) fn with_unwind_to(mut self, scope: Option<u64>) -> Error {
        self.inner.unwind_to = scope;
        self
    }

    /// Ends a plain call: panics with the text of this error, at the caller's location; or unwinds
    /// without a message to the scope that cut the call short.
    #[track_caller]
    pub(crate) fn throw(mut self) -> ! {
        if let Some(scope) = self.inner.unwind_to.take() {
            unwind::cut(Box::new(ScopeUnwind { scope, error: self }));
        }
        panic!("{self}")
    }
}

/// The kind and the text, on one line: this is what `unwrap` shows.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_string();
        write!(f, "koil::Error({:?}): {text}", self.inner.kind)?;
        // Many texts end with their source.
        match self.source().map(ToString::to_string) {
            Some(source) if !text.contains(&source) => write!(f, "; caused by: {source}"),
            _ => Ok(()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.inner.clean_up.as_ref().or(self.inner.source.as_ref());
        source.map(|source| &**source as _)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        let kind = match error.inner.kind {
            Kind::Timeout(_) | Kind::Deadline(_) => io::ErrorKind::TimedOut,
            // Not `Interrupted`: readers and writers of std take that as "try again".
            Kind::Cancelled => io::ErrorKind::ConnectionAborted,
            Kind::Shutdown | Kind::Draining | Kind::Forked | Kind::ForkedExecutor => {
                io::ErrorKind::NotConnected
            }
            Kind::ObjectClosed | Kind::UiOver | Kind::Unanswered => io::ErrorKind::BrokenPipe,
            Kind::InsidePoll
            | Kind::OnLoop
            | Kind::SameObject
            | Kind::InAsync
            | Kind::Stuck
            | Kind::ThreadEnding
            | Kind::UiRefuses
            | Kind::OnUiThread
            | Kind::ForkedTask => io::ErrorKind::Deadlock,
            Kind::CannotUnwind => io::ErrorKind::Unsupported,
            Kind::NotStarted
            | Kind::NoThread
            | Kind::NoLoop
            | Kind::NotMultiThreaded
            | Kind::GlobalRuns
            | Kind::OffUiThread
            | Kind::Taken
            | Kind::Panicked => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
