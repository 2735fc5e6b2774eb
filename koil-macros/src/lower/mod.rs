//! Lowering: turns an item and its arguments into the model, and reports all mistakes at once.

mod asynchrony;
mod back;
mod bind;
mod block;
mod borrows;
mod builder;
mod crossing;
mod docs;
mod failure;
mod function;
mod handles;
mod held;
mod home;
mod koilable;
mod needs;
mod output;
mod params;
mod said;
mod scope;
mod site;
mod threaded;
mod tokens;
mod traits;
mod types;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Generics, Ident, LitStr, Path, Type, parse::Parser};

use crate::{
    args::{Koilable, Koiled, Threaded},
    error::{Error, Result},
    model::{self, Model},
    syntax::{Item, attribute::Attribute as Koils},
};

/// The model to generate, and the mistakes in members that were left out.
pub(crate) type Lowered = (Model, Result<()>);

pub(crate) fn koiled(item: &Item, koiled: &Koiled) -> Result<Lowered> {
    let koil = koiled.krate.clone().unwrap_or_else(default_path);
    let feature = feature_gate(koiled.feature.as_ref());
    let mut left_out = Ok(());
    let item = match item {
        Item::Fn(function) => {
            let mut twin = function::free_fn(function, koiled, &koil)?;
            twin.attrs.extend(feature);
            model::Item::Fn(Box::new(twin))
        }
        Item::Type(item) => {
            let mut twin = types::type_item(item, koiled)?;
            twin.attrs.extend(feature.clone());
            twin.companions.extend(feature);
            model::Item::Type(Box::new(twin))
        }
        Item::Impl(block) => {
            let (mut twin, mistakes) = block::block(block, koiled, &koil)?;
            left_out = mistakes;
            twin.attrs.extend(feature);
            model::Item::Impl(Box::new(twin))
        }
        Item::Trait(item) => {
            let mut twin = traits::trait_item(item, koiled, &koil)?;
            twin.declared.gate(&feature);
            model::Item::Trait(Box::new(twin))
        }
    };
    Ok((Model { koil, item }, left_out))
}

pub(crate) fn koilable(item: &Item, words: &Koilable) -> Result<Model> {
    let koil = words.krate.clone().unwrap_or_else(default_path);
    let mut twin = match item {
        Item::Impl(block) => koilable::context(block, words, &koil)?,
        Item::Type(item) => koilable::composition(item, words, &koil)?,
        // The attribute applies to no other kind of item, see `Kind::under`.
        Item::Fn(_) | Item::Trait(_) => {
            let (name, places) = (Koils::Koilable.name(), Koils::Koilable.places());
            return Err(Error::custom(format!("`#[{name}]` goes on {places}")));
        }
    };
    twin.attrs.extend(feature_gate(words.feature.as_ref()));
    let item = model::Item::Context(Box::new(twin));
    Ok(Model { koil, item })
}

pub(crate) fn threaded(item: &Item, attribute: Koils, words: &Threaded) -> Result<Lowered> {
    let koil = words.krate.clone().unwrap_or_else(default_path);
    let feature = feature_gate(words.feature.as_ref());
    let mut left_out = Ok(());
    let item = match item {
        Item::Fn(function) => {
            let twin = threaded::lone_fn(function, attribute, words, &koil)?;
            model::Item::Threaded(Box::new(twin))
        }
        Item::Impl(block) => {
            let (mut twin, mistakes) = threaded::block(block, words, &koil)?;
            left_out = mistakes;
            twin.attrs.extend(feature);
            model::Item::ThreadedImpl(Box::new(twin))
        }
        Item::Trait(item) => {
            let mut twin = threaded::trait_item(item, words, &koil)?;
            twin.declared.gate(&feature);
            model::Item::ThreadedTrait(Box::new(twin))
        }
        // These attributes apply to no other kind of item, see `Kind::under`.
        Item::Type(_) => {
            let (name, places) = (attribute.name(), attribute.places());
            return Err(Error::custom(format!("`#[{name}]` goes on {places}")));
        }
    };
    Ok((Model { koil, item }, left_out))
}

/// `::koil`
fn default_path() -> Path {
    let koil = syn::Ident::new("koil", Span::call_site());
    let mut path = Path::from(koil);
    path.leading_colon = Some(<syn::Token![::]>::default());
    path
}

/// `Store<'a, T>`: the name of a definition, with its own parameters as arguments.
fn applied(name: &Ident, generics: &Generics) -> Path {
    let (_, arguments, _) = generics.split_for_impl();
    syn::parse2(quote!(#name #arguments)).unwrap_or_else(|_| name.clone().into())
}

/// `#[cfg(feature = "..")]` on everything that is generated.
fn feature_gate(feature: Option<&LitStr>) -> Vec<Attribute> {
    let Some(feature) = feature else {
        return Vec::new();
    };
    // rustc's messages about the feature point at the user's string.
    let cfg = quote_spanned!(feature.span()=> #[cfg(feature = #feature)]);
    Attribute::parse_outer.parse2(cfg).unwrap_or_default()
}

/// The same tokens, located at a place in the user's code. rustc reports errors about them there.
fn located(tokens: TokenStream, place: Span) -> TokenStream {
    let located = tokens.into_iter().map(|mut token| {
        token.set_span(token.span().located_at(place));
        token
    });
    located.collect()
}

/// A type with normal spacing, for error messages.
fn readable(ty: &Type) -> String {
    readable_tokens(ty)
}

fn readable_tokens(tokens: &impl ToTokens) -> String {
    const GAPS: [(&str, &str); 10] = [
        ("* ", "*"),
        (" :: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" ;", ";"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
    ];
    let text = tokens.to_token_stream().to_string();
    GAPS.iter().fold(text, |text, (spaced, written)| {
        text.replace(spaced, written)
    })
}
