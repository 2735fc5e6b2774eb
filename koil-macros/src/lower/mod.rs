//! Lowering: turns an item and its arguments into the model, and reports all mistakes at once.

mod koilable;
mod koiled;
mod signature;
mod threaded;
mod types;

use proc_macro2::Span;
use syn::Path;

use crate::{
    args::{Koilable, Koiled, Threaded},
    error::{Error, Result},
    lower::signature::attributes::feature_gate,
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
            let mut twin = koiled::free_fn(function, koiled, &koil)?;
            twin.attrs.extend(feature);
            model::Item::Fn(Box::new(twin))
        }
        Item::Type(item) => {
            let mut twin = koiled::type_item(item, koiled)?;
            twin.attrs.extend(feature.clone());
            twin.companions.extend(feature);
            model::Item::Type(Box::new(twin))
        }
        Item::Impl(block) => {
            let (mut twin, mistakes) = koiled::block(block, koiled, &koil)?;
            left_out = mistakes;
            twin.attrs.extend(feature);
            model::Item::Impl(Box::new(twin))
        }
        Item::Trait(item) => {
            let mut twin = koiled::trait_item(item, koiled, &koil)?;
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
