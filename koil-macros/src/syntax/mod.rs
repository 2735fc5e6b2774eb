//! Items as the user wrote them, parsed without bodies.

pub(crate) mod attribute;
pub(crate) mod attrs;
pub(crate) mod block;
pub(crate) mod conditional;
mod edit;
pub(crate) mod function;
pub(crate) mod helpers;
mod kind;
pub(crate) mod traits;
pub(crate) mod types;

use proc_macro2::TokenStream;
use syn::{Generics, Ident, parse_quote_spanned};

pub(crate) use self::kind::Kind;
use self::{
    block::{Block, Member},
    function::Function,
    traits::TraitItem,
    types::TypeItem,
};
use crate::error::{Error, Result, err};

/// An item that can have a twin.
pub(crate) enum Item {
    Fn(Function),
    Type(TypeItem),
    Impl(Block),
    Trait(TraitItem),
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

    /// Adds `#[koil(skip)]` to the members of these names.
    pub(crate) fn mark_skipped(&mut self, names: &[Ident]) -> Result<()> {
        let members: &mut [Member] = match self {
            Item::Fn(_) | Item::Type(_) => &mut [],
            Item::Impl(block) => &mut block.members,
            Item::Trait(item) => &mut item.members,
        };
        let mut errors = Error::accumulator();
        for name in names {
            let mut found = members.iter_mut().filter_map(|member| match member {
                Member::Fn(function) if function.sig.ident == *name => Some(&mut function.attrs),
                Member::Const(constant) if constant.ident == *name => Some(&mut constant.attrs),
                _ => None,
            });
            let Some(attrs) = found.next() else {
                errors.push(err!(
                    name,
                    "`skip` names members of this block, and `{name}` is none; remove it, or correct the name"
                ));
                continue;
            };
            // A second method of the name is there under the opposite `cfg`.
            for attrs in [attrs].into_iter().chain(found) {
                attrs.push(parse_quote_spanned!(name.span()=> #[koil(skip)]));
            }
        }
        errors.finish()
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
