//! `TypeItem`: a struct or enum; of its fields only the last matters, which may be unsized.

use syn::{Attribute, Generics, Ident, ItemEnum, ItemStruct, Type, Visibility};

pub(crate) struct TypeItem {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// Of a struct.
    pub(crate) last_field: Option<Type>,
}

impl From<ItemStruct> for TypeItem {
    fn from(item: ItemStruct) -> TypeItem {
        TypeItem {
            attrs: item.attrs,
            vis: item.vis,
            ident: item.ident,
            generics: item.generics,
            last_field: item.fields.into_iter().last().map(|field| field.ty),
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
            last_field: None,
        }
    }
}
