//! Expansion: turns the model into tokens. It cannot fail.
//!
//! `unsafe` always comes from a plain `quote!`: with the span of a user's token it would violate
//! the user's `forbid(unsafe_code)`.

mod block;
mod convert;
mod declared;
mod docs;
mod failure;
mod function;
mod koilable;
mod koilable_parts;
mod poll;

mod threaded;
mod traits;
mod types;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{GenericParam, Generics};

use crate::model::{Item, Model};

pub(crate) fn expand(model: &Model) -> TokenStream {
    let koil = &model.koil;
    // Generated code calls `__private`, which is not public API.
    let private = quote!(#koil::__private);
    match &model.item {
        Item::Fn(twin) => with_allowed_lints(function::function(twin, &private)),
        Item::Type(twin) => types::type_item(twin, &private),
        Item::Impl(twin) => block::block(twin, &private),
        Item::Trait(twin) => traits::trait_item(twin, &private),
        Item::Threaded(twin) => with_allowed_lints(threaded::function(twin, &private)),
        Item::ThreadedImpl(twin) => threaded::block(twin, &private),
        Item::ThreadedTrait(twin) => threaded::trait_item(twin, koil, &private),
        Item::Context(twin) => koilable::context(twin, koil, &private),
    }
}

/// A function outside of any block, with the `allow` attribute that a block would have.
fn with_allowed_lints(function: TokenStream) -> TokenStream {
    let allow_lints = function::allow_lints();
    quote!(#allow_lints #function)
}

/// The same tokens, located at a place in the user's code. rustc reports errors about them there.
fn at(place: Span, tokens: TokenStream) -> TokenStream {
    let located = tokens.into_iter().map(|mut token| {
        token.set_span(token.span().located_at(place));
        token
    });
    located.collect()
}

/// An identifier of generated code. As a variable it cannot collide with a name of the user.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// A name for a generic parameter that no parameter of the user has.
fn fresh(name: &str, generics: &Generics) -> String {
    let taken = |name: &str| {
        generics.params.iter().any(|param| match param {
            GenericParam::Lifetime(param) => param.lifetime.ident == name,
            GenericParam::Type(param) => param.ident == name,
            GenericParam::Const(param) => param.ident == name,
        })
    };
    let mut name = name.to_owned();
    while taken(&name) {
        name.push('_');
    }
    name
}
