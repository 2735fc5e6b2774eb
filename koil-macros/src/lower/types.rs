//! One struct or enum: how its twin wraps it, and what it forwards.

use syn::{
    GenericParam, Generics, Token, TypeParamBound, Visibility, WherePredicate, ext::IdentExt,
    punctuated::Punctuated,
};

use super::{docs::docs, handles::twin_ident};
use crate::{
    args::{self, Accessors, Koiled},
    error::{Error, Result, err},
    model::{Forward, Forwarded, Shown, TwinType, Wrap},
    syntax::{
        attrs::{companions, derives, doc_lines, find_word, inherited},
        types::TypeItem,
    },
};

type Bounds = Punctuated<TypeParamBound, Token![+]>;

pub(crate) fn type_item(item: &TypeItem, koiled: &Koiled) -> Result<TwinType> {
    let mut errors = Error::accumulator();
    if let Some(helper) = item.attrs.iter().find(|attr| attr.path().is_ident("koil")) {
        errors.push(err!(
            helper.path(),
            "`#[koil(..)]` is for methods; write the option in `#[koiled(..)]`"
        ));
    }
    if let Some(repr) = find_word(&item.attrs, "repr", "packed") {
        errors.push(err!(
            repr.path(),
            "`#[repr(packed)]` types cannot be wrapped by reference; remove `#[koiled]` here"
        ));
    }
    let wrap = wrap(&item.generics);
    errors.finish_with(TwinType {
        docs: docs(
            &doc_lines(&item.attrs),
            &item.ident.unraw().to_string(),
            Some(&item.ident.unraw().to_string()),
            koiled.docs,
        ),
        attrs: inherited(&item.attrs),
        companions: companions(&item.attrs),
        vis: item.vis.clone(),
        aio: item.ident.clone(),
        twin: koiled
            .name
            .clone()
            .unwrap_or_else(|| twin_ident(&item.ident)),
        sized: sized(&item.generics),
        generics: item.generics.clone(),
        wrap,
        accessors: accessors(&koiled.accessors, &item.vis),
        forwards: forwards(item, koiled, wrap),
    })
}

fn wrap(generics: &Generics) -> Wrap {
    let borrows = generics.lifetimes().next().is_some();
    if borrows || may_be_unsized(generics) {
        Wrap::Bare
    } else {
        Wrap::Shell
    }
}

/// The generics where the type is held by value.
fn sized(generics: &Generics) -> Generics {
    let mut sized = generics.clone();
    for param in &mut sized.params {
        if let GenericParam::Type(param) = param {
            param.bounds = without_maybe(&param.bounds);
        }
    }
    if let Some(clause) = &mut sized.where_clause {
        for predicate in &mut clause.predicates {
            if let WherePredicate::Type(predicate) = predicate {
                predicate.bounds = without_maybe(&predicate.bounds);
            }
        }
    }
    sized
}

fn may_be_unsized(generics: &Generics) -> bool {
    let in_params = generics
        .type_params()
        .any(|param| param.bounds.iter().any(is_maybe));
    let mut predicates = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    in_params
        || predicates.any(|predicate| {
            matches!(predicate, WherePredicate::Type(ty) if ty.bounds.iter().any(is_maybe))
        })
}

fn without_maybe(bounds: &Bounds) -> Bounds {
    bounds
        .iter()
        .filter(|bound| !is_maybe(bound))
        .cloned()
        .collect()
}

/// `?Sized`
fn is_maybe(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Trait(bound) if bound.maybe.is_some())
}

fn accessors(accessors: &Accessors, vis: &Visibility) -> Option<Visibility> {
    match accessors {
        Accessors::Inherited => Some(vis.clone()),
        Accessors::Public => Some(Visibility::Public(<Token![pub]>::default())),
        Accessors::None => None,
    }
}

fn forwards(item: &TypeItem, koiled: &Koiled, wrap: Wrap) -> Vec<Forward> {
    let derived = derives(&item.attrs);
    let wanted = |what: Forwarded| match &koiled.forward {
        args::Forward::All => true,
        args::Forward::AllBut(traits) => !traits.contains(&what),
        // Without these two a twin is not one.
        args::Forward::Only(traits) => {
            traits.contains(&what) || matches!(what, Forwarded::From | Forwarded::Deref)
        }
    };
    let shown = |what: Forwarded| match &koiled.forward {
        args::Forward::Only(traits) if traits.contains(&what) => Shown::Yes,
        _ if what == Forwarded::From || derived.iter().any(|name| name == what.name()) => {
            Shown::Yes
        }
        _ => Shown::No,
    };
    let possible = Forwarded::ALL.into_iter().filter(|what| {
        // A type whose drop does something cannot be `Copy`.
        *what != Forwarded::Copy || wrap == Wrap::Bare
    });
    possible
        .filter(|what| wanted(*what))
        .map(|what| Forward {
            what,
            shown: shown(what),
        })
        .collect()
}
