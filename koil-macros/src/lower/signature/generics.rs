//! Generic parameters of a twin, and the arguments of its call.

use proc_macro2::Ident;
use quote::{ToTokens, quote};
use syn::{
    Attribute, GenericParam, Generics, Lifetime, Signature, Type, TypeParamBound, WherePredicate,
    punctuated::Punctuated,
};

use crate::{
    args::Binding,
    error::{Mistakes, err},
    lower::types::{bare, path_type},
    syntax::block::Bounds,
    tokens::mentions,
};

/// The generic arguments of the call: one for each type and const parameter of the original. The
/// parameters in `inferred` are `_`.
pub(crate) fn turbofish(original: &Signature, bounds: &[Binding], inferred: &[Ident]) -> Vec<Type> {
    // An argument cannot be under a `cfg`.
    if original.generics.params.iter().any(is_conditional) {
        return Vec::new();
    }
    let arguments = original.generics.params.iter().filter_map(|param| {
        let name = match param {
            GenericParam::Lifetime(_) => return None,
            GenericParam::Type(param) => &param.ident,
            GenericParam::Const(param) => &param.ident,
        };
        if inferred.contains(name) {
            return Some(Type::Verbatim(quote!(_)));
        }
        let bound = bounds.iter().find(|bound| bound.param == *name);
        let bound = bound.and_then(|bound| bound.types.first());
        Some(bound.map_or_else(|| path_type(name.clone()), Type::clone))
    });
    arguments.collect()
}

/// Rejects a parameter that is under a `cfg`, unless the call can do without generic arguments: since
/// all parameters are in the types of the arguments.
pub(crate) fn check_conditional_generics(sig: &Signature, mistakes: &mut Mistakes) {
    let mut conditional = sig
        .generics
        .params
        .iter()
        .filter(|param| is_conditional(param));
    let Some(first) = conditional.next() else {
        return;
    };
    let inputs = sig.inputs.to_token_stream();
    let unseen = sig.generics.params.iter().find_map(|param| {
        match param {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(param) => Some(&param.ident),
            GenericParam::Const(param) => Some(&param.ident),
        }
        .filter(|name| !mentions(&inputs, &name.to_string()))
    });
    if let (Some(unseen), Some(cfg)) = (unseen, condition(first)) {
        mistakes.push(err!(
            cfg.path(),
            "koil cannot repeat this `cfg` in the generic arguments of the call, and without them `{unseen}` is not known; write two items with opposite `cfg`s"
        ));
    }
}

/// Rejects any parameter that is under a `cfg`.
pub(crate) fn check_unconditional(generics: &Generics, mistakes: &mut Mistakes) {
    for cfg in generics.params.iter().filter_map(condition) {
        mistakes.push(err!(
            cfg.path(),
            "koil cannot repeat the `cfg` of a generic parameter where the item is used; write two items with opposite `cfg`s"
        ));
    }
}

/// Is this a type or const under a `cfg`?
fn is_conditional(param: &GenericParam) -> bool {
    !matches!(param, GenericParam::Lifetime(_)) && condition(param).is_some()
}

fn condition(param: &GenericParam) -> Option<&Attribute> {
    let attrs = match param {
        GenericParam::Lifetime(param) => &param.attrs,
        GenericParam::Type(param) => &param.attrs,
        GenericParam::Const(param) => &param.attrs,
    };
    attrs.iter().find(|attr| attr.path().is_ident("cfg"))
}

/// The generics without bounds that name the lifetime `'async_trait`, which only the expansion of
/// `#[async_trait]` has.
pub(crate) fn without_async_trait(mut generics: Generics) -> Generics {
    let is_other = |lifetime: &Lifetime| lifetime.ident != "async_trait";
    let is_kept = |bound: &TypeParamBound| !matches!(bound, TypeParamBound::Lifetime(lifetime) if !is_other(lifetime));
    for param in &mut generics.params {
        match param {
            GenericParam::Type(param) => keep(&mut param.bounds, is_kept),
            GenericParam::Lifetime(param) => keep(&mut param.bounds, is_other),
            GenericParam::Const(_) => {}
        }
    }
    if let Some(clause) = &mut generics.where_clause {
        for predicate in &mut clause.predicates {
            match predicate {
                WherePredicate::Type(of_type) => keep(&mut of_type.bounds, is_kept),
                WherePredicate::Lifetime(of_lifetime) => keep(&mut of_lifetime.bounds, is_other),
                _ => {}
            }
        }
    }
    generics
}

fn keep<T: Clone, P: Default + Clone>(list: &mut Punctuated<T, P>, is_kept: impl Fn(&T) -> bool) {
    if !list.iter().all(&is_kept) {
        *list = list.iter().filter(|one| is_kept(one)).cloned().collect();
    }
}

/// The bounds of a type parameter, where it is declared and in the `where` clause.
pub(crate) fn bounds_of<'g>(generics: &'g Generics, name: &Ident) -> Vec<&'g Bounds> {
    let declared = generics.type_params().filter(|param| param.ident == *name);
    let clause = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let of_clause = clause.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) if is_param(&predicate.bounded_ty, name) => {
            Some(&predicate.bounds)
        }
        _ => None,
    });
    declared
        .map(|param| &param.bounds)
        .chain(of_clause)
        .collect()
}

/// The same, to be changed.
pub(crate) fn bounds_mut<'g>(generics: &'g mut Generics, name: &Ident) -> Vec<&'g mut Bounds> {
    let Generics {
        params,
        where_clause,
        ..
    } = generics;
    let declared = params.iter_mut().filter_map(|param| match param {
        GenericParam::Type(param) if param.ident == *name => Some(&mut param.bounds),
        _ => None,
    });
    let clause = where_clause
        .iter_mut()
        .flat_map(|clause| &mut clause.predicates);
    let of_clause = clause.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) if is_param(&predicate.bounded_ty, name) => {
            Some(&mut predicate.bounds)
        }
        _ => None,
    });
    declared.chain(of_clause).collect()
}

/// Is this a type parameter, by itself?
pub(crate) fn is_param(ty: &Type, name: &Ident) -> bool {
    matches!(bare(ty), Type::Path(path) if path.path.is_ident(name))
}
