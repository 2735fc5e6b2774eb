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
}

/// How a future is waited for.
pub(crate) struct Wait {
    pub(crate) road: Road,
    pub(crate) failure: Failure,
    pub(crate) call: WaitCall,
}

/// Which call waits.
pub(crate) enum WaitCall {
    /// That of the twin: it has begun before the original was called.
    Begun,
    /// One that begins with the wait: the original does nothing but make a future, which needs no
    /// loop for that. It costs half as much, in code and in time. It is told the names, a line each.
    Whole(String),
}

/// How a future, stream or reader is handed to the runtime.
#[derive(Clone, Copy)]
pub(crate) struct Road {
    pub(crate) poller: Poller,
    pub(crate) known: Known,
}

/// Who polls it.
#[derive(Clone, Copy)]
pub(crate) enum Poller {
    /// The thread that calls.
    Caller,
    /// The thread of the loop; what is not `Send` does not compile, for this word's sake.
    Loop(Span),
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
    /// `lend` is the word that asks for the loop's thread.
    pub(crate) fn of(lend: Option<Span>) -> Road {
        Road {
            poller: lend.map_or(Poller::Caller, Poller::Loop),
            known: Known::Seen,
        }
    }

    /// The same, of what the user says to be a future or stream.
    pub(crate) fn said(self, word: Span) -> Road {
        Road {
            known: Known::Said(word),
            ..self
        }
    }
}
