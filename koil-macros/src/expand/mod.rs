//! Expansion: turns the model into tokens. It cannot fail.
//!
//! `unsafe` always comes from a plain `quote!`: with the span of a user's token it would violate
//! the user's `forbid(unsafe_code)`.

mod block;
mod call;
mod context_paths;
mod convert;
mod declared;
mod docs;
mod forwards_with;
mod function;
mod koilable;
mod koilable_parts;
mod moved;
mod pinned;
mod poll;

mod threaded;
mod tokens;
mod traits;
mod types;
mod views;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use self::moved::original;
use crate::model::{AsyncSide, Model, Twin};

pub(crate) fn expand(model: &Model) -> TokenStream {
    let koil = &model.koil;
    // Generated code calls `__private`, which is not public API.
    let private = quote!(#koil::__private);
    let view = match &model.async_side {
        Some(AsyncSide::Methods(view)) => Some(views::view(view, &private)),
        _ => None,
    };
    let twin = match &model.twin {
        Twin::Fn(twin) => with_allowed_lints(function::function(twin, &private)),
        Twin::Type(twin) => types::type_item(twin, &private),
        Twin::Impls(twins) => {
            let blocks = twins.iter().map(|twin| block::block(twin, &private));
            blocks.collect()
        }
        Twin::Trait(twin) => traits::trait_item(twin, &private),
        Twin::ThreadedFn(twin) => {
            let twin = threaded::function(twin, &private);
            match &model.async_side {
                Some(AsyncSide::Fn(of)) => views::of_fn(of, &twin),
                _ => with_allowed_lints(twin),
            }
        }
        Twin::ThreadedImpl(twin) => block::threaded_block(twin, &private),
        Twin::PinnedImpl(twin) => pinned::pinned_block(twin, &private),
        Twin::ThreadedTrait(twin) => threaded::trait_item(twin, koil, &private),
        Twin::Context(twin) => koilable::context(twin, koil, &private),
    };
    quote!(#twin #view)
}

/// A function outside of any block, with the `allow` attribute that a block would have.
fn with_allowed_lints(function: TokenStream) -> TokenStream {
    let allow_lints = function::allow_lints();
    quote!(#allow_lints #function)
}
