//! Lowering: turns an item and its arguments into the model, and finds all mistakes at once.

mod koilable;
mod koiled;
mod signature;
mod threaded;
mod types;

use proc_macro2::Span;
use syn::{Ident, Path};

use crate::{
    args::{Koilable, Koiled, Threaded},
    error::{Error, Mistakes},
    lower::signature::feature_gate,
    model::{AsyncSide, Model, Twin},
    syntax::{Item, attribute::Attribute},
};

/// The model to generate. It leaves out the members that have mistakes.
pub(crate) fn koiled(item: &Item, options: &Koiled, mistakes: &mut Mistakes) -> Option<Model> {
    let koil = options.krate.clone().unwrap_or_else(default_path);
    let mut async_side = None;
    let twin = match item {
        Item::Fn(function) => {
            let (twin, aio) = mistakes
                .flawless(|mistakes| koiled::free_fn(function, options, &koil, mistakes))?;
            async_side = aio.map(|aio| AsyncSide::Fn(Box::new(aio)));
            Twin::Fn(Box::new(twin))
        }
        Item::Type(item) => {
            let twin =
                mistakes.flawless(|mistakes| Some(koiled::type_item(item, options, mistakes)))?;
            Twin::Type(Box::new(twin))
        }
        Item::Impl(block) => {
            let (twins, view) = koiled::blocks(block, options, &koil, mistakes);
            async_side = view.map(|view| AsyncSide::Methods(Box::new(view)));
            Twin::Impls(twins)
        }
        Item::Trait(item) => {
            let twin = mistakes
                .flawless(|mistakes| Some(koiled::trait_item(item, options, &koil, mistakes)))?;
            Twin::Trait(Box::new(twin))
        }
    };
    let mut model = Model {
        koil,
        twin,
        async_side: None,
    };
    model.gate(&feature_gate(options.feature.as_ref()));
    // The feature is for blocking users.
    model.async_side = async_side;
    Some(model)
}

pub(crate) fn koilable(item: &Item, options: &Koilable, mistakes: &mut Mistakes) -> Option<Model> {
    let koil = options.krate.clone().unwrap_or_else(default_path);
    let twin = mistakes.flawless(|mistakes| match item {
        Item::Impl(block) => koilable::context(block, options, &koil, mistakes),
        Item::Type(item) => koilable::composition(item, options, &koil, mistakes),
        Item::Fn(_) | Item::Trait(_) => misplaced(Attribute::Koilable, mistakes),
    })?;
    let twin = Twin::Context(Box::new(twin));
    let mut model = Model {
        koil,
        twin,
        async_side: None,
    };
    model.gate(&feature_gate(options.feature.as_ref()));
    Some(model)
}

/// The model to generate. It leaves out the members that have mistakes.
pub(crate) fn threaded(
    item: &Item,
    attribute: Attribute,
    options: &Threaded,
    mistakes: &mut Mistakes,
) -> Option<Model> {
    let koil = options.krate.clone().unwrap_or_else(default_path);
    let mut async_side = None;
    let twin = match item {
        Item::Fn(function) => {
            let (twin, aio) = mistakes.flawless(|mistakes| {
                threaded::lone_fn(function, attribute, options, &koil, mistakes)
            })?;
            async_side = aio.map(|aio| AsyncSide::Fn(Box::new(aio)));
            Twin::ThreadedFn(Box::new(twin))
        }
        Item::Impl(block) => {
            let (twin, view) = threaded::block(block, options, &koil, mistakes)?;
            async_side = view.map(|view| AsyncSide::Methods(Box::new(view)));
            twin
        }
        Item::Trait(item) => {
            let twin = mistakes
                .flawless(|mistakes| Some(threaded::trait_item(item, options, &koil, mistakes)))?;
            Twin::ThreadedTrait(Box::new(twin))
        }
        Item::Type(_) => misplaced(attribute, mistakes)?,
    };
    let mut model = Model {
        koil,
        twin,
        async_side,
    };
    if !matches!(model.twin, Twin::ThreadedFn(_)) {
        // The gate of a method is its own, or that of its block.
        model.gate(&feature_gate(options.feature.as_ref()));
    }
    Some(model)
}

/// The mistake for an item that the attribute does not apply to; `Attribute::kind_of` has told it already.
fn misplaced<T>(attribute: Attribute, mistakes: &mut Mistakes) -> Option<T> {
    let (name, places) = (attribute.name(), attribute.places());
    mistakes.push(Error::custom(format!("`#[{name}]` applies to {places}")));
    None
}

/// `::koil`
fn default_path() -> Path {
    let mut path = Path::from(Ident::new("koil", Span::call_site()));
    path.leading_colon = Some(<syn::Token![::]>::default());
    path
}
