//! `inline` and `inline(T)`: twins that run without a loop.

use proc_macro2::{Ident, Span};
use syn::{Meta, parse::ParseStream, spanned::Spanned};

use super::values::list;
use crate::error::{Error, Result, err};

pub(crate) struct Inline {
    /// The span of the word `inline`.
    pub(crate) at: Span,
    /// The type parameters that never wait on the blocking side.
    pub(crate) ready: Vec<Ident>,
}

pub(super) fn inline(meta: &Meta) -> Result<Inline> {
    let ready = match meta {
        Meta::Path(_) => Vec::new(),
        _ => list(meta, "`inline` or `inline(T)`", |input: ParseStream<'_>| {
            input.parse()
        })?,
    };
    let at = meta.path().span();
    Ok(Inline { at, ready })
}

/// The mistakes of options that need a loop, beside `inline`.
pub(super) fn need_loop(given: &[(&'static str, Option<Span>)]) -> Vec<Error> {
    let given = given.iter().filter_map(|(word, at)| Some((word, (*at)?)));
    given
        .map(|(word, at)| {
            err!(
                at,
                "an inline twin has no loop and never waits, so `{word}` has no effect; remove `{word}`, or remove `inline` for a twin that may wait"
            )
        })
        .collect()
}
