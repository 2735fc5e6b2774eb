//! `Outcome`: how a task of a `Ui` has ended.

use std::any::Any;

use crate::scope::cancel::token::{CancelReason, CancelToken};

/// How a task of a [`Ui`](super::Ui) has ended; the argument of its callback.
///
/// ```
/// use koil::ui::Outcome;
///
/// fn text(outcome: Outcome<Result<u32, std::io::Error>>) -> String {
///     match outcome {
///         Outcome::Done(Ok(rows)) => format!("{rows} rows"),
///         Outcome::Done(Err(error)) => error.to_string(),
///         Outcome::TimedOut => "no answer in time".to_owned(),
///         Outcome::Cancelled(_) | Outcome::Stopped => String::new(),
///         Outcome::Panicked(_) => "this is a bug; see the log".to_owned(),
///     }
/// }
/// assert_eq!(text(Outcome::Done(Ok(3))), "3 rows");
/// ```
#[derive(Debug)]
pub enum Outcome<T> {
    /// The future was ready, with this value.
    Done(T),
    /// Its [`timeout`](super::UiTask::timeout) has passed.
    TimedOut,
    /// It was cancelled, before its callback ran: by [`cancel`](super::UiTask::cancel), by a drop of its
    /// handle, or by a newer task of the same name ([`latest`](super::UiTask::latest)).
    Cancelled(CancelReason),
    /// It panicked. The panic hook has run already.
    Panicked(Box<dyn Any + Send>),
    /// The loop was stopped first.
    Stopped,
}

impl<T> Outcome<T> {
    /// The value, if the future was ready.
    #[must_use]
    pub fn done(self) -> Option<T> {
        match self {
            Outcome::Done(value) => Some(value),
            _ => None,
        }
    }
}

/// The end of a future, as the loop saw it.
pub(super) enum FutureEnd<T> {
    Done(T),
    Panicked(Box<dyn Any + Send>),
    /// It was dropped, or was ready after the cancel.
    CutShort,
}

impl<T> FutureEnd<T> {
    /// The outcome, at the moment at which the callback runs. A cancel that came before that moment
    /// counts, so that no callback gets a value that nobody wants any more; the deadline is that of
    /// the future alone.
    pub(super) fn outcome(self, token: &CancelToken, of_loop: &CancelToken) -> Outcome<T> {
        let reason = token.reason();
        let reason = reason.filter(|reason| of_loop.reason().as_ref() != Some(reason));
        match (self, reason) {
            (FutureEnd::Panicked(payload), _) => Outcome::Panicked(payload),
            (FutureEnd::Done(value), None) => Outcome::Done(value),
            (FutureEnd::Done(value), Some(reason)) if reason.is_deadline() => Outcome::Done(value),
            (FutureEnd::CutShort, Some(reason)) if reason.is_deadline() => Outcome::TimedOut,
            (FutureEnd::Done(_) | FutureEnd::CutShort, Some(reason)) => Outcome::Cancelled(reason),
            (FutureEnd::CutShort, None) => Outcome::Stopped,
        }
    }
}
