//! The call of a twin: when it begins, what it waits for, and who polls that.

use proc_macro2::Span;

use super::Failure;

/// What happens before the original is called.
#[derive(Clone, Copy)]
pub(crate) enum Start {
    /// Nothing.
    Plain,
    /// The loop is found and entered.
    Open,
    /// The same, and refused where this thread may not block.
    Begin(Failure),
    /// The names are laid ready, for a [`WaitCall::Whole`].
    Named,
}

/// How a future is waited for.
#[derive(Clone, Copy)]
pub(crate) struct Wait {
    pub(crate) road: Road,
    pub(crate) failure: Failure,
    pub(crate) call: WaitCall,
}

/// Which call waits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WaitCall {
    /// That of the twin: it has begun before the original was called.
    Begun,
    /// One that begins with the wait: the original does nothing but make a future, which needs no
    /// loop for that. It costs half as much, in code and in time.
    Whole,
}

/// Who may poll a future or stream.
#[derive(Clone, Copy)]
pub(crate) enum Road {
    /// The loop if the future turns out to be `Send`, else its caller.
    Probe(Known),
    /// Its caller only.
    Local(Known),
    /// The loop too; a future that is not `Send` does not compile, for this word's sake.
    Send(Span),
}

/// How one knows that a value is a future or stream.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    /// By its type.
    Seen,
    /// By the user's word, where rustc shall point if it is not so.
    Said(Span),
}

impl Road {
    /// The same, of what the user says to be a future or stream.
    pub(crate) fn said(self, word: Span) -> Road {
        match self {
            Road::Probe(_) => Road::Probe(Known::Said(word)),
            Road::Local(_) => Road::Local(Known::Said(word)),
            Road::Send(word) => Road::Send(word),
        }
    }
}
