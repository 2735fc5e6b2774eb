//! `inline(T)`: the bounds of parameters that never wait.

use proc_macro2::Span;
use quote::quote_spanned;
use syn::{Generics, Path, PredicateType, Type, TypeParam, WherePredicate};

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

/// Adds bounds to `generics`: to those of a parameter where it is declared, if it has some there, since
/// clippy rejects bounds in two places, and else to the where-clause.
pub(crate) fn add_bounds(generics: &mut Generics, bounds: Vec<WherePredicate>) {
    for predicate in bounds {
        match (bounded_param(generics, &predicate), predicate) {
            (Some(param), WherePredicate::Type(of_type)) => param.bounds.extend(of_type.bounds),
            (_, predicate) => generics.make_where_clause().predicates.push(predicate),
        }
    }
}

/// The parameter that the predicate is about, if it is declared here, with bounds.
fn bounded_param<'g>(
    generics: &'g mut Generics,
    predicate: &WherePredicate,
) -> Option<&'g mut TypeParam> {
    let WherePredicate::Type(PredicateType {
        bounded_ty: Type::Path(ty),
        ..
    }) = predicate
    else {
        return None;
    };
    let mut params = generics.type_params_mut();
    params.find(|param| !param.bounds.is_empty() && ty.path.is_ident(&param.ident))
}

/// The mistake of a reader or writer, which waits when it is used.
pub(crate) fn no_io<T>(at: Span) -> Result<T> {
    Err(err!(
        at,
        "an inline twin returns no blocking reader or writer; add `#[koil(raw)]` to return the async one, or remove `inline` for a twin that may wait"
    ))
}
