//! The terms of a wait, as options of the user set them.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};

/// An expression of the user, as the twin evaluates it.
pub(crate) struct Given {
    pub(crate) tokens: TokenStream,
    /// The place where rustc reports a wrong type.
    pub(crate) at: Span,
}

/// The time that a wait may take.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    Never,
    Fixed(Duration),
    /// The value of the twin's own expression.
    Given,
}

/// The treatment of a panic under a twin that returns failures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panics {
    Unwind,
    /// A panic is a failure.
    Caught,
}
