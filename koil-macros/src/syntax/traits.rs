//! `TraitItem`: a `trait` as its header and its members, without bodies.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Generics, Ident, ItemTrait, Token, Visibility};

use super::block::{Bounds, Member, emptied, members};
use super::kind::flat;
use crate::error::{Result, err};

pub(crate) struct TraitItem {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) unsafety: Option<Token![unsafe]>,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) supertraits: Bounds,
    pub(crate) members: Vec<Member>,
}

impl TraitItem {
    pub(crate) fn parse(tokens: TokenStream) -> Result<TraitItem> {
        if let Some(word) = unusual(&tokens) {
            return Err(err!(
                word,
                "`auto` and `const` traits have no twin; remove the attribute"
            ));
        }
        if let Some(equals) = alias(&tokens) {
            return Err(err!(
                equals,
                "a trait alias has no methods and no twin; remove the attribute"
            ));
        }
        let (header, body) = emptied(tokens);
        let header: ItemTrait = syn::parse2(header)?;
        Ok(TraitItem {
            attrs: header.attrs,
            vis: header.vis,
            unsafety: header.unsafety,
            ident: header.ident,
            generics: header.generics,
            supertraits: header.supertraits,
            members: members(body)?,
        })
    }
}

/// The word that makes a trait an `auto trait` or a `const trait`.
fn unusual(tokens: &TokenStream) -> Option<Ident> {
    let words = flat(tokens.clone())
        .into_iter()
        .filter_map(|token| match token {
            TokenTree::Ident(word) => Some(word),
            _ => None,
        });
    words
        .take_while(|word| word != "trait")
        .find(|word| word == "auto" || word == "const")
}

/// The `=` of `trait Both = One + Two;`
fn alias(tokens: &TokenStream) -> Option<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let has_body = matches!(tokens.last(), Some(TokenTree::Group(_)));
    let is_equals =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=');
    tokens.into_iter().find(is_equals).filter(|_| !has_body)
}
