//! `Exit` and `ExitError`: why a context was left, and failures of an exit that no caller received.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;
use std::time::Duration;

use super::error::Error;
use super::unwind::{self, Payload};

/// Why a context is left: the argument of [`AsyncContext::aexit`](crate::AsyncContext::aexit).
///
/// Python passes the exception to `__aexit__`; a drop in Rust does not know the error that led to
/// it, so only [`Closed`](Exit::Closed) means that the owner confirmed success. A transaction
/// commits there and rolls back everywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Exit {
    /// Its owner has called `close`.
    Closed,
    /// Its guard was dropped: at the end of its scope, or on an early return by `?`.
    Dropped,
    /// Its guard was dropped in a scope, call or task that was cancelled or timed out.
    Cancelled,
    /// Its guard was dropped by a panic.
    Panicking,
    /// Its loop is being shut down.
    Shutdown,
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Exit::Closed => "closed",
            Exit::Dropped => "dropped",
            Exit::Cancelled => "cancelled",
            Exit::Panicking => "panicking",
            Exit::Shutdown => "shutdown",
        })
    }
}

/// The failure of a context's exit, or of the rest of a [`ThreadedWriter`](crate::ThreadedWriter)
/// that was dropped, where no caller could receive it.
///
/// Passed to the hook of [`KoilBuilder::on_error`](crate::KoilBuilder::on_error). An error that
/// `close` returns, or a panic that unwinds out of it, is not reported here.
pub struct ExitError {
    origin: Origin,
    cause: Exit,
    failure: Failure,
}

/// The context or the writer that a failure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) kind: OriginKind,
    /// The type of the context, or of the blocking writer.
    pub(crate) name: &'static str,
    /// The place where it was entered, or made.
    pub(crate) at: Option<&'static Location<'static>>,
}

/// The kinds of work that a drop hands over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OriginKind {
    Context,
    Writer,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, verb) = match self.kind {
            OriginKind::Context => ("the exit of", "entered"),
            OriginKind::Writer => ("the rest of the writer", "made"),
        };
        write!(f, "{what} `{}`", self.name)?;
        match self.at {
            Some(place) => write!(f, ", {verb} at {place},"),
            None => Ok(()),
        }
    }
}

pub(crate) enum Failure {
    /// The context's own error, as its `Debug` shows it; with the value where it may be moved.
    Own(String, Option<Box<dyn Any + Send>>),
    Panicked(Payload),
    /// The wait for the exit failed.
    Bridge(Error),
    /// The context stays on its thread, and the future that was to await its exit was dropped.
    NotAwaited,
    /// The context stays on its thread, and its guard was dropped where a drop does not wait.
    CannotWait,
    /// The loop that was to run the exit ended before the exit did.
    LoopIsGone,
    /// The same for a runtime of the application.
    RuntimeIsGone,
    /// The process ends before the exit does.
    ProcessEnds,
    /// It takes longer than this, and goes on.
    Late(Duration),
    /// The context was held, and this many other owners still held it when its loop ended.
    StillShared(usize),
}

impl ExitError {
    pub(crate) fn new(origin: Origin, cause: Exit, failure: Failure) -> ExitError {
        ExitError {
            origin,
            cause,
            failure,
        }
    }

    /// The type of the context, or of the blocking writer, as [`std::any::type_name`] has it.
    pub fn context(&self) -> &'static str {
        self.origin.name
    }

    /// The place where the context was entered, or the writer made, if koil has seen it.
    pub fn entered_at(&self) -> Option<&'static Location<'static>> {
        self.origin.at
    }

    /// Why the context was left.
    pub fn cause(&self) -> Exit {
        self.cause
    }

    /// The context's own error, if the failure is one and has type `E`. Of an error of a `local`
    /// context only the text is kept.
    pub fn downcast_ref<E: 'static>(&self) -> Option<&E> {
        match &self.failure {
            Failure::Own(_, value) => value.as_ref()?.downcast_ref(),
            _ => None,
        }
    }

    /// The failure of the bridge: the exit took longer than `cancel_grace`, or the thread could
    /// neither wait for it nor hand it to a loop.
    pub fn bridge_error(&self) -> Option<&Error> {
        match &self.failure {
            Failure::Bridge(error) => Some(error),
            _ => None,
        }
    }

    /// The exit panicked; the panic hook has reported the place.
    pub fn is_panic(&self) -> bool {
        matches!(self.failure, Failure::Panicked(_))
    }

    /// The work has not failed: it takes longer than
    /// [`cancel_grace`](crate::KoilBuilder::cancel_grace), no call waits for it any longer, and it goes
    /// on. If it fails later, that is reported too.
    pub fn is_late(&self) -> bool {
        matches!(self.failure, Failure::Late(_))
    }

    /// The exit was not run to its end, since its loop or its runtime ended before.
    pub fn is_shutdown(&self) -> bool {
        match &self.failure {
            Failure::LoopIsGone | Failure::RuntimeIsGone => true,
            Failure::Bridge(error) => error.is_shutdown(),
            _ => false,
        }
    }
}

impl fmt::Display for ExitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.origin.fmt(f)?;
        match &self.failure {
            Failure::Own(text, _) => write!(f, " failed: {text}"),
            Failure::Panicked(payload) => match unwind::text(payload) {
                Some(text) => write!(f, " panicked: {text}"),
                None => f.write_str(" panicked"),
            },
            Failure::Bridge(error) => write!(f, " did not finish: {error}"),
            Failure::NotAwaited => f.write_str(
                " did not finish: the future of `close` was dropped before its end; await it",
            ),
            Failure::CannotWait => f.write_str(
                " was not run: its guard was dropped in async code, where a drop does not wait, and \
                 the context cannot go to another thread; await `close` of the guard",
            ),
            Failure::LoopIsGone => f.write_str(
                " did not finish: its loop has ended; close the guard before the loop is shut down",
            ),
            Failure::RuntimeIsGone => f.write_str(
                " did not finish: its tokio runtime has ended; await `close` of the guard before the \
                 runtime ends, as before the end of `main`",
            ),
            Failure::ProcessEnds => f.write_str(match self.origin.kind {
                OriginKind::Context => {
                    " did not finish before the end of the process; close the guard, or shut the \
                     loop down at the end of `main` (`koil::shutdown_on_drop()`)"
                }
                OriginKind::Writer => {
                    " was not written before the end of the process; close the writer, or shut the \
                     loop down at the end of `main` (`koil::shutdown_on_drop()`)"
                }
            }),
            Failure::Late(grace) => write!(
                f,
                " takes longer than {grace:?}; it goes on, and no call waits for it any longer"
            ),
            Failure::StillShared(others) => write!(
                f,
                " was not run: the `Arc` of `hold` was still held {others} times when the loop \
                 ended; drop its clones before the loop is shut down"
            ),
        }
    }
}

impl fmt::Debug for ExitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExitError")
            .field("cause", &self.cause)
            .field("text", &format_args!("{self}"))
            .finish_non_exhaustive()
    }
}

impl StdError for ExitError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.bridge_error().map(|error| error as _)
    }
}
