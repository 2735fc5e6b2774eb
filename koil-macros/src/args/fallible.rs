//! `fallible` and `fallible(panics)`: failures that a twin returns.

use proc_macro2::{Ident, Span};
use syn::{Meta, ext::IdentExt, parse::ParseStream, spanned::Spanned};

use super::values::{flag, list};
use crate::error::{Error, Result, err};

#[derive(Clone, Copy)]
pub(crate) struct FallibleOption {
    /// The span of the word `fallible`.
    pub(crate) at: Span,
    /// The span of the word `panics`, if panics are returned too.
    pub(crate) panics: Option<Span>,
}

pub(super) fn fallible(meta: &Meta) -> Result<FallibleOption> {
    let at = meta.path().span();
    if !matches!(meta, Meta::List(_)) {
        return flag(meta).map(|at| FallibleOption { at, panics: None });
    }
    let example = "`fallible` or `fallible(panics)`";
    let words: Vec<Ident> = list(meta, example, |input: ParseStream<'_>| {
        input.call(Ident::parse_any)
    })?;
    match &*words {
        [word] if word == "panics" => Ok(FallibleOption {
            at,
            panics: Some(word.span()),
        }),
        [] => Err(err!(at, "`fallible()` is empty; write {example}")),
        [first, rest @ ..] => {
            let wrong = if first == "panics" { &rest[0] } else { first };
            Err(err!(
                wrong,
                "`fallible` knows no word but `panics`, given once; write {example}"
            ))
        }
    }
}

impl FallibleOption {
    /// The mistake of `panics` on an inline twin.
    pub(crate) fn no_panics_inline(&self) -> Option<Error> {
        self.panics.map(no_panics_inline)
    }
}

/// An inline twin cannot return a panic.
pub(crate) fn no_panics_inline(at: Span) -> Error {
    err!(
        at,
        "an inline twin returns its failure as a `WouldBlock`, which holds no panic; write `fallible` without `panics`, or remove `inline` for a twin with a loop"
    )
}
