//! `twins(..)`: entries that an item does not use, and entries that name traits.

use std::fmt::Display;

use quote::ToTokens;
use syn::{
    GenericArgument, Generics, Ident, Path, PathArguments, ReturnType, Signature, Type,
    TypeParamBound, TypePath, WherePredicate,
};

use crate::{
    args::{TwinEntry, TwinPlace},
    error::{Mistakes, err},
    lower::{
        signature::{bounds_on_self, predicates},
        types::{bare, ends_with, for_each_part, twin_ident},
    },
    syntax::{
        block::{Block, Member},
        traits::TraitItem,
    },
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

/// Rejects entries that are bounds in a function: a parameter that is any implementor of a trait cannot
/// be mapped.
pub(crate) fn check_no_bounds(listed: &[TwinEntry], sig: &Signature, mistakes: &mut Mistakes) {
    let place = format!("in `{}`", sig.ident);
    tell_bounds(listed, &[(&place, bounds(sig))], mistakes);
}

/// The same for an impl block.
pub(crate) fn check_no_bounds_in_block(
    listed: &[TwinEntry],
    block: &Block,
    mistakes: &mut Mistakes,
) {
    if listed.is_empty() {
        return;
    }
    let mut of_block = Vec::new();
    in_generics(&block.generics, &mut of_block);
    in_type(&block.self_ty, &mut of_block);
    let mut places = vec![("in this block".to_owned(), of_block)];
    places.extend(bounds_of_members(&block.members));
    tell_bounds(listed, &places, mistakes);
}

/// The same for a trait, whose supertraits become their twins.
pub(crate) fn check_no_bounds_in_trait(
    listed: &[TwinEntry],
    item: &TraitItem,
    mistakes: &mut Mistakes,
) {
    if listed.is_empty() {
        return;
    }
    let mut mapped = Vec::new();
    in_bounds(&item.supertraits, &mut mapped);
    let mut of_trait = Vec::new();
    for param in item.generics.type_params() {
        in_bounds(&param.bounds, &mut of_trait);
    }
    for predicate in predicates(item.generics.where_clause.as_ref()) {
        match (bounds_on_self(predicate), predicate) {
            (Some(bounds), _) => in_bounds(bounds, &mut mapped),
            (None, WherePredicate::Type(other)) => in_bounds(&other.bounds, &mut of_trait),
            (None, _) => {}
        }
    }
    for member in &item.members {
        if let Member::Type(ty) = member {
            in_bounds(&ty.bounds, &mut of_trait);
        }
    }
    let is_mapped = |entry: &TwinEntry| mapped.iter().any(|path| is_of(path, entry));
    let others = listed.iter().filter(|entry| !is_mapped(entry));
    let mut places = vec![("in this trait".to_owned(), of_trait)];
    places.extend(bounds_of_members(&item.members));
    tell_bounds(others, &places, mistakes);
}

fn bounds_of_members(members: &[Member]) -> impl Iterator<Item = (String, Vec<Path>)> {
    members.iter().filter_map(|member| match member {
        Member::Fn(function) => {
            let sig = &function.sig;
            Some((format!("in `{}`", sig.ident), bounds(sig)))
        }
        _ => None,
    })
}

/// Each entry is told once, with the first place that has it as a bound.
fn tell_bounds<'a>(
    listed: impl IntoIterator<Item = &'a TwinEntry>,
    places: &[(impl Display, Vec<Path>)],
    mistakes: &mut Mistakes,
) {
    for entry in listed {
        let mut places = places.iter();
        let Some((place, _)) =
            places.find(|(_, bounds)| bounds.iter().any(|bound| is_of(bound, entry)))
        else {
            continue;
        };
        let aio = &entry.aio;
        mistakes.push(err!(
            aio,
            "`{aio}` is a bound {place}, whose twin asks for `{aio}` itself; remove `{aio}` here, and pass it `twin.aio()`, or `twin.into_aio()` by value"
        ));
    }
}

fn is_of(bound: &Path, entry: &TwinEntry) -> bool {
    ends_with(bound, &[&entry.aio.to_string()])
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
            in_type(&typed.ty, &mut found);
        }
    }
    found
}

fn in_generics(generics: &Generics, found: &mut Vec<Path>) {
    for param in generics.type_params() {
        in_bounds(&param.bounds, found);
    }
    for predicate in predicates(generics.where_clause.as_ref()) {
        if let WherePredicate::Type(predicate) = predicate {
            in_bounds(&predicate.bounds, found);
        }
    }
}

/// The traits of `impl Store`, `dyn Store` and `<S as Store>::Row`, wherever they are in a type.
fn in_type(ty: &Type, found: &mut Vec<Path>) {
    match bare(ty) {
        Type::ImplTrait(node) => in_bounds(&node.bounds, found),
        Type::TraitObject(node) => in_bounds(&node.bounds, found),
        Type::Path(TypePath {
            qself: Some(qself),
            path,
            ..
        }) => {
            let segments = path.segments.iter().take(qself.position).cloned();
            found.push(Path {
                leading_colon: path.leading_colon,
                segments: segments.collect(),
            });
        }
        _ => {}
    }
    for_each_part(&mut ty.clone(), &mut |part| in_type(part, found));
}

fn in_bounds<'b>(bounds: impl IntoIterator<Item = &'b TypeParamBound>, found: &mut Vec<Path>) {
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else {
            continue;
        };
        found.push(bound.path.clone());
        for segment in &bound.path.segments {
            in_arguments(&segment.arguments, found);
        }
    }
}

fn in_arguments(arguments: &PathArguments, found: &mut Vec<Path>) {
    match arguments {
        PathArguments::None => {}
        PathArguments::AngleBracketed(list) => {
            for argument in &list.args {
                match argument {
                    GenericArgument::Type(ty) => in_type(ty, found),
                    GenericArgument::AssocType(assoc) => in_type(&assoc.ty, found),
                    GenericArgument::Constraint(constraint) => {
                        in_bounds(&constraint.bounds, found);
                    }
                    _ => {}
                }
            }
        }
        PathArguments::Parenthesized(list) => {
            list.inputs
                .iter()
                .for_each(|input| in_type(&input.ty, found));
            if let ReturnType::Type(_, ty) = &list.output {
                in_type(ty, found);
            }
        }
    }
}
