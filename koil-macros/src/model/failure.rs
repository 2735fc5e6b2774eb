//! What a twin does when the bridge fails, and which loop it uses.

use std::time::Duration;

use proc_macro2::Span;
use syn::Expr;

/// What becomes of a failure of the bridge.
#[derive(Clone, Copy)]
pub(crate) enum Failure {
    /// The twin panics.
    Thrown,
    /// It becomes the twin's error.
    Answered {
        /// The returned type: where rustc shall point if it cannot hold the error.
        at: Span,
        limit: Option<Duration>,
    },
}

/// Where a twin finds its loop.
pub(crate) enum Home {
    /// Whichever is ambient.
    Ambient,
    /// This one, evaluated where `self` and the arguments are.
    Given(Box<Expr>),
}
