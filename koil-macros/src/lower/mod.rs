//! Item and arguments to model: koil's rules, all mistakes of an item at once.

mod asynchrony;
mod bind;
mod block;
mod builder;
mod crossing;
mod docs;
mod failure;
mod function;
mod handles;
mod held;
mod home;
mod needs;
mod output;
mod params;
mod scope;
mod site;
mod traits;
mod types;

use quote::{ToTokens, quote};
use syn::{Attribute, Path, Type, parse::Parser};

use crate::{
    args::Koiled,
    error::Result,
    model::{self, Model},
    syntax::Item,
};

pub(crate) fn koiled(item: &Item, koiled: &Koiled) -> Result<Model> {
    let koil = koiled.krate.clone().unwrap_or_else(default_path);
    let feature = feature_gate(koiled);
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
            let mut twin = block::block(block, koiled, &koil)?;
            twin.attrs.extend(feature);
            model::Item::Impl(Box::new(twin))
        }
        Item::Trait(item) => {
            let mut twin = traits::trait_item(item, koiled, &koil)?;
            twin.attrs.extend(feature.clone());
            twin.companions.extend(feature);
            model::Item::Trait(Box::new(twin))
        }
    };
    Ok(Model { koil, item })
}

/// `::koil`
fn default_path() -> Path {
    let koil = syn::Ident::new("koil", proc_macro2::Span::call_site());
    let mut path = Path::from(koil);
    path.leading_colon = Some(<syn::Token![::]>::default());
    path
}

/// `#[cfg(feature = "..")]` on everything that is generated.
fn feature_gate(koiled: &Koiled) -> Vec<Attribute> {
    let Some(feature) = &koiled.feature else {
        return Vec::new();
    };
    let cfg = quote!(#[cfg(feature = #feature)]);
    Attribute::parse_outer.parse2(cfg).unwrap_or_default()
}

/// A type as one writes it, for messages.
fn readable(ty: &Type) -> String {
    readable_tokens(ty)
}

fn readable_tokens(tokens: &impl ToTokens) -> String {
    const GAPS: [(&str, &str); 9] = [
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
