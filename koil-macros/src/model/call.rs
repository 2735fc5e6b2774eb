//! The call of a twin: its start, its wait, and the thread that polls.

use proc_macro2::Span;

use super::Failure;

/// The steps before the original is called.
#[derive(Clone, Copy)]
pub(crate) enum Start {
    /// No steps.
    Plain,
    /// The loop is found and entered.
    Open,
    /// The loop is found and entered, which is refused if this thread may not block.
    Begin(Failure),
}

/// How a future is waited for.
pub(crate) struct Wait {
    pub(crate) poll: PollBy,
    pub(crate) failure: Failure,
    pub(crate) call: WaitCall,
}

/// The call that waits.
pub(crate) enum WaitCall {
    /// The call of the twin, which began before the original was called.
    Begun,
    /// A call that begins with the wait: the original only makes a future, and needs no loop for
    /// that. It costs half as much, in code and in time. It gets the names, one per line.
    Whole(String),
}

/// How a future, stream or reader is handed to the runtime.
#[derive(Clone, Copy)]
pub(crate) struct PollBy {
    pub(crate) poller: Poller,
    pub(crate) known: Known,
}

/// The thread that polls.
#[derive(Clone, Copy)]
pub(crate) enum Poller {
    /// The calling thread.
    Caller,
    /// The thread of the loop. At this span rustc reports a value that is not `Send`.
    Loop(Span),
}

/// How koil knows that a value is a future or stream.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    /// By its type.
    Seen,
    /// By the user's word. rustc points there if the word is wrong.
    Said(Span),
}

impl PollBy {
    /// `lend` is the span of the word that asks for the loop's thread.
    pub(crate) fn of(lend: Option<Span>) -> PollBy {
        PollBy {
            poller: lend.map_or(Poller::Caller, Poller::Loop),
            known: Known::Seen,
        }
    }

    /// The same, for a value that the user declares to be a future or stream.
    pub(crate) fn said(self, word: Span) -> PollBy {
        PollBy {
            known: Known::Said(word),
            ..self
        }
    }
}
