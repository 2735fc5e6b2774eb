//! A blocking twin: how it calls its original, and waits.

use proc_macro2::Span;

use super::{
    convert::{Pass, Returned},
    poll::PollBy,
    signature::TwinSignature,
    terms::{Given, Limit, Panics},
};

/// A blocking function that calls its original.
pub(crate) struct TwinFn {
    pub(crate) signature: TwinSignature<Pass>,
    /// The time limit, if it is an expression.
    pub(crate) limit: Option<Box<Given>>,
    pub(crate) call: Call,
    /// The conversion of the returned value, or of the output of the returned future.
    pub(crate) convert: Returned,
}

/// The call of an original.
pub(crate) enum Call {
    /// The original needs no loop.
    Plain,
    /// There is no call: users reach the original by `Deref`, and only the page shows the function.
    ByDeref,
    /// The loop is found and entered before the original is called.
    Entered(LoopChoice),
    /// The original needs no loop; the place of the call is noted, for an inline iterator.
    Noted,
    /// The original returns a future, and the twin waits for its output.
    Waits(Wait),
}

/// How a future is waited for.
pub(crate) struct Wait {
    pub(crate) poll: PollBy,
    pub(crate) failure: Failure,
    pub(crate) start: Start,
}

/// When a call that waits starts. The start is refused if the thread may not block.
pub(crate) enum Start {
    /// Before the original is called, which may need its loop.
    BeforeOriginal(LoopChoice),
    /// With the wait: the original only makes a future, and needs no loop for that. Such a call costs half
    /// as much, in code and in time.
    WithWait,
    /// Never: the call is inline, and its place is noted, for an inline iterator.
    Noted,
}

/// The behaviour of a twin if the bridge fails.
#[derive(Clone, Copy)]
pub(crate) enum Failure {
    /// The twin panics.
    Panic,
    /// The twin returns the failure as its error.
    Error {
        /// The returned type: rustc points there if it cannot hold the error.
        at: Span,
        limit: Limit,
        late: LateError,
        panics: Panics,
    },
}

/// The treatment of an error that the future returns after its call was cut short.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LateError {
    Dropped,
    /// It is the source of the failure, if its type can be one.
    IsSource,
}

/// The loop of a call.
pub(crate) enum LoopChoice {
    /// The current loop.
    Current,
    /// The loop of this handle, an expression that is evaluated where `self` and the arguments are.
    Handle(Box<Given>),
}

impl TwinFn {
    /// Is there a twin that calls its original, and not only a line on a page?
    pub(crate) fn is_called(&self) -> bool {
        !matches!(self.call, Call::ByDeref)
    }

    /// Does the twin wait, now or when its iterator or reader is used?
    pub(crate) fn waits(&self) -> bool {
        matches!(self.call, Call::Waits(_)) || self.convert.waits_later()
    }
}
