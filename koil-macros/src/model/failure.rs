//! The behaviour of a twin if the bridge fails, and the loop that it uses.

use std::time::Duration;

use proc_macro2::Span;
use syn::Expr;

/// The behaviour of a twin if the bridge fails.
#[derive(Clone, Copy)]
pub(crate) enum Failure {
    /// The twin panics.
    Thrown,
    /// The twin returns the failure as its error.
    Answered {
        /// The returned type: rustc points there if it cannot hold the error.
        at: Span,
        limit: Option<Duration>,
    },
}

/// The loop of a twin.
pub(crate) enum Home {
    /// The ambient loop.
    Ambient,
    /// The loop of this expression, which is evaluated where `self` and the arguments are.
    Given(Box<Expr>),
}
