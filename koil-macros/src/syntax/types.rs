//! `TypeItem`: a struct or enum; its fields do not matter to a twin.

use syn::{Attribute, Generics, Ident, ItemEnum, ItemStruct, Visibility};

pub(crate) struct TypeItem {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
}

impl From<ItemStruct> for TypeItem {
    fn from(item: ItemStruct) -> TypeItem {
        TypeItem {
            attrs: item.attrs,
            vis: item.vis,
            ident: item.ident,
            generics: item.generics,
        }
    }
}

impl From<ItemEnum> for TypeItem {
    fn from(item: ItemEnum) -> TypeItem {
        TypeItem {
            attrs: item.attrs,
            vis: item.vis,
            ident: item.ident,
            generics: item.generics,
        }
    }
}
