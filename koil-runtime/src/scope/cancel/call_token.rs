//! `CallToken`: the cancel token of one call.

use super::current_cancel::CancelSource;
use super::token::CancelToken;

/// The token of a call, made when its future asks for it.
#[derive(Debug, Default)]
pub(crate) enum CallToken {
    /// Not made; only the call itself will cancel it.
    #[default]
    Alone,
    /// Not made; it will be cancelled with this token.
    Under(CancelToken),
    /// Neither it nor its parent, the token of its task, is made; both will be under this token.
    UnderTask(CancelToken),
    Made(CancelToken),
}

impl CallToken {
    pub(crate) fn new(source: Option<&CancelSource>) -> CallToken {
        source.map_or(CallToken::Alone, |source| {
            CallToken::Under(source.token.clone())
        })
    }

    pub(crate) fn make(&mut self) -> CancelToken {
        let made = match self {
            CallToken::Alone => CancelToken::new(),
            CallToken::Under(above) => above.child(),
            CallToken::UnderTask(above) => above.child().child(),
            CallToken::Made(token) => return token.clone(),
        };
        *self = CallToken::Made(made.clone());
        made
    }

    /// True if a cancel of `above` reaches the call.
    pub(super) fn is_under(&self, above: &CancelToken) -> bool {
        match self {
            CallToken::Alone => false,
            CallToken::Under(at) | CallToken::UnderTask(at) | CallToken::Made(at) => {
                at.is_under(above)
            }
        }
    }

    /// The token, if it has been made.
    pub(crate) fn made(&self) -> Option<&CancelToken> {
        match self {
            CallToken::Made(token) => Some(token),
            CallToken::Alone | CallToken::Under(_) | CallToken::UnderTask(_) => None,
        }
    }

    /// In a task: true if the task has been cancelled.
    pub(crate) fn is_cut_short(&self) -> bool {
        match self {
            CallToken::Alone => false,
            CallToken::Under(above) | CallToken::UnderTask(above) => above.is_cancelled(),
            CallToken::Made(own) => own.parent().is_some_and(|task| task.is_cancelled()),
        }
    }

    /// In a task: its own token, above the one that its future has asked for.
    pub(crate) fn task(&self) -> Option<CancelToken> {
        self.made()?.parent()
    }
}
