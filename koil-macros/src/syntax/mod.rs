//! Items as the user wrote them, parsed without bodies.

pub(crate) mod attribute;
pub(crate) mod attrs;
pub(crate) mod block;
pub(crate) mod function;
pub(crate) mod helpers;
mod kind;
pub(crate) mod traits;
pub(crate) mod types;

use proc_macro2::TokenStream;
use syn::Generics;

pub(crate) use self::kind::Kind;
use self::{block::Block, function::Function, traits::TraitItem, types::TypeItem};
use crate::error::{Result, err};

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

    fn generics(&self) -> &Generics {
        match self {
            Item::Fn(function) => &function.sig.generics,
            Item::Type(ty) => &ty.generics,
            Item::Impl(block) => &block.generics,
            Item::Trait(item) => &item.generics,
        }
    }
}
