//! Items as the user wrote them, parsed without bodies.

pub(crate) mod attribute;
pub(crate) mod attrs;
pub(crate) mod block;
pub(crate) mod function;
pub(crate) mod helpers;
pub(crate) mod traits;
pub(crate) mod types;

use std::fmt;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::Generics;

use self::{
    attribute::Attribute, block::Block, function::Function, traits::TraitItem, types::TypeItem,
};
use crate::error::{Result, err};

/// An item that can have a twin.
pub(crate) enum Item {
    Fn(Function),
    Type(TypeItem),
    Impl(Block),
    Trait(TraitItem),
}

/// The kind of an item, with its name in error messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Fn,
    Struct,
    Enum,
    Impl,
    Trait,
}

impl Item {
    pub(crate) fn parse(kind: Kind, tokens: TokenStream) -> Result<Item> {
        let item = match kind {
            Kind::Fn => Item::Fn(syn::parse2(tokens)?),
            Kind::Struct => Item::Type(syn::parse2::<syn::ItemStruct>(tokens)?.into()),
            Kind::Enum => Item::Type(syn::parse2::<syn::ItemEnum>(tokens)?.into()),
            Kind::Impl => Item::Impl(Block::parse(tokens)?),
            Kind::Trait => Item::Trait(TraitItem::parse(tokens)?),
        };
        // syn accepts `_` as a parameter, and rustc does not; a twin could not name it.
        match item
            .generics()
            .type_params()
            .find(|param| param.ident == "_")
        {
            Some(param) => Err(err!(
                param,
                "`_` cannot name a type parameter; write a name"
            )),
            None => Ok(item),
        }
    }

    fn generics(&self) -> &Generics {
        match self {
            Item::Fn(function) => &function.sig.generics,
            Item::Type(ty) => &ty.generics,
            Item::Impl(block) => &block.generics,
            Item::Trait(item) => &item.generics,
        }
    }
}

impl Kind {
    /// Looks only at the keyword, so that it also works for items that do not parse.
    pub(crate) fn of(tokens: &TokenStream) -> Option<Kind> {
        Kind::from_keyword(&keyword(tokens)?)
    }

    /// The kind of an item, if the attribute may stand on it.
    pub(crate) fn under(attribute: Attribute, tokens: &TokenStream) -> Result<Kind> {
        let (name, places) = (attribute.name(), attribute.places());
        let Some(keyword) = keyword(tokens) else {
            return Err(err!(
                Span::call_site(),
                "`#[{name}]` applies to {places}; this is something else"
            ));
        };
        match Kind::from_keyword(&keyword) {
            Some(kind) if attribute.applies_to(kind) => Ok(kind),
            _ => Err(err!(
                keyword,
                "`#[{name}]` applies to {places}; this is `{keyword}`"
            )),
        }
    }

    fn from_keyword(keyword: &Ident) -> Option<Kind> {
        match keyword.to_string().as_str() {
            "fn" => Some(Kind::Fn),
            "struct" => Some(Kind::Struct),
            "enum" => Some(Kind::Enum),
            "impl" => Some(Kind::Impl),
            "trait" => Some(Kind::Trait),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Kind::Fn => "a fn",
            Kind::Struct => "a struct",
            Kind::Enum => "an enum",
            Kind::Impl => "an impl",
            Kind::Trait => "a trait",
        })
    }
}

/// The keyword that decides the kind of the item.
fn keyword(tokens: &TokenStream) -> Option<Ident> {
    const ITEMS: [&str; 10] = [
        "fn", "struct", "enum", "impl", "trait", "mod", "static", "type", "use", "union",
    ];
    let is_item = |word: &Ident| word == "macro_rules" || ITEMS.iter().any(|item| word == item);
    let mut before_fn = None;
    for token in flat(tokens.clone()) {
        match token {
            // `extern crate`
            TokenTree::Ident(word) if word == "crate" => return before_fn.or(Some(word)),
            TokenTree::Ident(word) if is_item(&word) => return Some(word),
            // These two stand before `fn`, or make an item of their own.
            TokenTree::Ident(word) if word == "const" || word == "extern" => before_fn = Some(word),
            TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Group(_) => {}
            TokenTree::Punct(punct) if punct.as_char() == '#' => {}
            TokenTree::Punct(_) => break,
        }
    }
    before_fn
}

/// Flattens groups without delimiters, which come from `macro_rules!` fragments: their content
/// counts as written.
fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::None => {
                all.extend(flat(group.stream()));
            }
            other => all.push(other),
        }
    }
    all
}
