//! Futures inside of returned types, which nobody awaits: a builder that is no twin reaches blocking users
//! by `Deref`, and does nothing.

use quote::quote;
use syn::{Attribute, ReturnType, Type, parse::Parser};

use crate::{
    error::{Error, err},
    lower::types::{Named, Shape, Traits, bare},
    model::TwinFn,
};

/// The mistake of a type that holds a future, if it is no container of std.
pub(crate) fn holder(named: &Named<'_>, argument: &Type, shape: &Shape<'_>) -> Option<Error> {
    const CONTAINERS: [&str; 9] = [
        "Result", "Option", "Vec", "VecDeque", "HashMap", "BTreeMap", "Box", "Arc", "Rc",
    ];
    if !matches!(shape, Shape::Future(_)) || named.is_one_of(&CONTAINERS) {
        return None;
    }
    let holder = &named.path.path.segments.last()?.ident;
    // `wait` asks for the output, and a type with `impl Trait` in it cannot be asked.
    let wait = match bare(argument) {
        Type::ImplTrait(_) => "",
        _ => ", write `#[koil(wait)]` if it is a future itself",
    };
    Some(err!(
        holder,
        "`{holder}` holds a future, and does nothing for blocking users, who get it as it is; list `{holder}` in `twins(..)` if its twin has `wait`{wait}, or write `#[koil(raw)]` to return it"
    ))
}

/// The mistake of `impl IntoFuture`.
pub(crate) fn into_future(ty: &Type) -> Option<Error> {
    let bound = Traits::of(ty)?.find(&["IntoFuture"])?;
    Some(err!(
        bound,
        "`IntoFuture` says nothing about a twin, and the value does nothing for blocking users; return `impl Future`, or a type with a twin, or write `#[koil(raw)]`"
    ))
}

/// Marks a twin that returns a future in a builder, so that rustc warns of a call without `wait`. Returns
/// whether it is such a twin.
pub(crate) fn mark(twin: &mut TwinFn, output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else {
        return false;
    };
    if twin.waits() || !has_future(ty) {
        return false;
    }
    let attrs = &mut twin.signature.attrs;
    if !attrs.iter().any(|attr| attr.path().is_ident("must_use")) {
        let reason = if twin.convert.is_as_is() {
            "it is async, and does nothing until it is awaited, as in `koil::unkoil(async { .. })`"
        } else {
            "it does nothing until it is waited for"
        };
        let marked = Attribute::parse_outer.parse2(quote!(#[must_use = #reason]));
        attrs.extend(marked.unwrap_or_default());
    }
    true
}

/// Is a future, or an `impl IntoFuture`, among the type's arguments?
fn has_future(ty: &Type) -> bool {
    if into_future(ty).is_some() {
        return true;
    }
    let Shape::Named(named) = Shape::without_twins(ty) else {
        return false;
    };
    let mut arguments = named.arguments.iter();
    arguments.any(|(_, argument)| {
        matches!(Shape::without_twins(argument), Shape::Future(_)) || has_future(argument)
    })
}
