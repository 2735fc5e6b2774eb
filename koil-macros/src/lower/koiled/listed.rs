//! `twins(..)`: entries that an item does not use, and entries that name traits.

use quote::ToTokens;
use syn::{Generics, Ident, Path, PathArguments, Signature, Type, TypeParamBound, WherePredicate};

use crate::{
    args::{TwinEntry, TwinPlace},
    error::{Mistakes, err},
    lower::types::{bare, ends_with, for_each_part, twin_ident},
    tokens::mentions,
};

/// Rejects entries that the signature of a function does not mention: no other function can use
/// them.
pub(crate) fn check_all_used(listed: &[TwinEntry], sig: &Signature, mistakes: &mut Mistakes) {
    for aio in unused_names(listed, sig) {
        mistakes.push(err!(aio, "`{aio}` does not occur in this item; remove it"));
    }
}

/// The twins of the entries that a block or trait does not mention. Blocks may share a list, so
/// these are no mistakes, unless they do not exist: rustc is asked for them.
pub(crate) fn unused_twins(listed: &[TwinEntry], signatures: &impl ToTokens) -> Vec<Path> {
    let unused = unused_names(listed, signatures);
    let twin = |aio: &Ident| {
        let entry = listed.iter().find(|entry| entry.aio == *aio)?;
        let mut twin = match (&entry.twin, entry.path()) {
            // Such a type need not even be in scope.
            (TwinPlace::ByType(_), _) => return None,
            (_, Some(twin)) => twin,
            (_, None) => twin_ident(aio).into(),
        };
        if let Some(last) = twin.segments.last_mut() {
            last.arguments = PathArguments::None;
        }
        Some(twin)
    };
    unused.into_iter().filter_map(twin).collect()
}

fn unused_names<'a>(listed: &'a [TwinEntry], signatures: &impl ToTokens) -> Vec<&'a Ident> {
    if listed.is_empty() {
        return Vec::new();
    }
    let signatures = signatures.to_token_stream();
    let names = listed.iter().map(|entry| &entry.aio);
    names
        .filter(|aio| !mentions(&signatures, &aio.to_string()))
        .collect()
}

/// Rejects entries that are bounds of parameters: a parameter that is any implementor of a trait
/// cannot be mapped.
pub(crate) fn check_no_bounds<'s>(
    listed: &[TwinEntry],
    signatures: impl Iterator<Item = &'s Signature>,
    mistakes: &mut Mistakes,
) {
    if listed.is_empty() {
        return;
    }
    let mut told = Vec::new();
    for sig in signatures {
        for bound in bounds(sig) {
            let entry = listed
                .iter()
                .find(|entry| ends_with(&bound, &[&entry.aio.to_string()]));
            let Some(TwinEntry { aio, .. }) = entry.filter(|entry| !told.contains(&&entry.aio))
            else {
                continue;
            };
            told.push(aio);
            mistakes.push(err!(
                aio,
                "`{aio}` is a bound in `{}`, whose twin takes what has `{aio}` itself; remove `{aio}` here, and pass it `twin.aio()`",
                sig.ident
            ));
        }
    }
}

/// Rejects `_` for a trait: `HasTwin`, by which a twin is found, is for types.
pub(crate) fn check_no_trait_by_type<'b>(
    listed: &[TwinEntry],
    bounds: impl IntoIterator<Item = &'b TypeParamBound>,
    mistakes: &mut Mistakes,
) {
    let mut traits = Vec::new();
    in_bounds(bounds, &mut traits);
    for TwinEntry { aio, twin } in listed {
        let TwinPlace::ByType(word) = twin else {
            continue;
        };
        if traits
            .iter()
            .any(|path| ends_with(path, &[&aio.to_string()]))
        {
            mistakes.push(err!(
                *word,
                "`_` finds the twin of a type, and `{aio}` is a trait; write its path, `twins(crate::..::{aio})`, or import `{}` and write `twins({aio})`",
                twin_ident(aio)
            ));
        }
    }
}

/// The traits that the parameters of a function must have.
fn bounds(sig: &Signature) -> Vec<Path> {
    let mut found = Vec::new();
    in_generics(&sig.generics, &mut found);
    for input in &sig.inputs {
        if let syn::FnArg::Typed(typed) = input {
            in_type(&mut (*typed.ty).clone(), &mut found);
        }
    }
    found
}

fn in_generics(generics: &Generics, found: &mut Vec<Path>) {
    for param in generics.type_params() {
        in_bounds(&param.bounds, found);
    }
    let predicates = generics.where_clause.iter();
    for predicate in predicates.flat_map(|clause| &clause.predicates) {
        if let WherePredicate::Type(predicate) = predicate {
            in_bounds(&predicate.bounds, found);
        }
    }
}

fn in_type(ty: &mut Type, found: &mut Vec<Path>) {
    if let Type::ImplTrait(node) = bare(ty) {
        in_bounds(&node.bounds, found);
    }
    for_each_part(ty, &mut |part| in_type(part, found));
}

fn in_bounds<'b>(bounds: impl IntoIterator<Item = &'b TypeParamBound>, found: &mut Vec<Path>) {
    let traits = bounds.into_iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => Some(bound.path.clone()),
        _ => None,
    });
    found.extend(traits);
}
