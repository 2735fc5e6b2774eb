//! `handle = ..`: the loop of a twin's call.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Expr;

use crate::{
    error::{Result, err},
    model::LoopChoice,
};

/// The loop of a twin's call. A function without `self` cannot use a handle that comes from `self`:
/// its call, and the value it makes, are on the current loop.
pub(crate) fn loop_choice(handle: Option<&Expr>, has_self: bool) -> LoopChoice {
    match handle {
        Some(handle) if has_self || find_self(handle.to_token_stream()).is_none() => {
            LoopChoice::Handle(Box::new(handle.clone()))
        }
        _ => LoopChoice::Current,
    }
}

/// Rejects `self` in the handle of a function outside of any block.
pub(crate) fn check_no_self(handle: Option<&Expr>) -> Result<()> {
    match handle.and_then(|handle| find_self(handle.to_token_stream())) {
        None => Ok(()),
        Some(word) => Err(err!(
            word,
            "a free fn has no `self`; use an argument, a static or a function that returns a `koil::Handle`"
        )),
    }
}

fn find_self(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == "self" => Some(word),
        TokenTree::Group(group) => find_self(group.stream()),
        _ => None,
    })
}
