//! The thread that polls a future, stream or reader.

use proc_macro2::Span;

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
    /// The calling thread, without a loop and without a wait.
    Inline,
    /// The thread of the loop. At this span rustc reports a value that is not `Send`.
    Loop(Span),
}

/// How koil knows that a value is a future or stream.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    ByType,
    /// By the user's word. rustc points there if the word is wrong.
    Asserted(Span),
}

impl PollBy {
    /// `lend` is the span of the word that asks for the loop's thread.
    pub(crate) fn of(lend: Option<Span>) -> PollBy {
        PollBy {
            poller: lend.map_or(Poller::Caller, Poller::Loop),
            known: Known::ByType,
        }
    }

    /// Without a loop.
    pub(crate) fn inline() -> PollBy {
        PollBy {
            poller: Poller::Inline,
            known: Known::ByType,
        }
    }

    pub(crate) fn is_inline(self) -> bool {
        matches!(self.poller, Poller::Inline)
    }

    /// The same, for a value that the user declares to be a future or stream.
    pub(crate) fn asserted(self, word: Span) -> PollBy {
        PollBy {
            known: Known::Asserted(word),
            ..self
        }
    }
}
