//! `inline(T)`: the bounds of parameters that never wait.

use proc_macro2::Span;
use quote::quote_spanned;
use syn::{Generics, Path, WherePredicate};

use crate::{
    args::Inline,
    error::{Error, Mistakes, Result, err},
};

/// `T: AlwaysReady` for each `T` of `inline(T)`.
pub(crate) fn ready_bounds(
    generics: &Generics,
    inline: Option<&Inline>,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Vec<WherePredicate> {
    let mut bounds = Vec::new();
    for name in inline.iter().flat_map(|inline| &inline.ready) {
        if generics.type_params().any(|param| param.ident == *name) {
            let bound = quote_spanned!(name.span()=> #name: #koil::inline::AlwaysReady);
            bounds.extend(mistakes.take(syn::parse2(bound).map_err(Error::from)));
        } else {
            mistakes.push(err!(
                name,
                "`inline` lists type parameters of this item, and `{name}` is none; remove it"
            ));
        }
    }
    bounds
}

/// Adds bounds to the where-clause of `generics`.
pub(crate) fn add_bounds(generics: &mut Generics, bounds: Vec<WherePredicate>) {
    if !bounds.is_empty() {
        generics.make_where_clause().predicates.extend(bounds);
    }
}

/// The mistake of a reader or writer, which waits when it is used.
pub(crate) fn no_io<T>(at: Span) -> Result<T> {
    Err(err!(
        at,
        "an inline twin returns no blocking reader or writer; add `#[koil(raw)]` to return the async one, or remove `inline` for a twin that may wait"
    ))
}
