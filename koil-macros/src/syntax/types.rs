//! `TypeItem`: a struct or enum; of its fields only the last matters, which may be unsized.

use syn::{Attribute, Fields, Generics, Ident, ItemEnum, ItemStruct, Type, Variant, Visibility};

pub(crate) struct TypeItem {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// Those of fields and variants.
    pub(crate) member_attrs: Vec<Attribute>,
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
            member_attrs: of_fields(&item.fields),
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
            member_attrs: item.variants.iter().flat_map(of_variant).collect(),
            last_field: None,
        }
    }
}

fn of_variant(variant: &Variant) -> Vec<Attribute> {
    let mut attrs = variant.attrs.clone();
    attrs.extend(of_fields(&variant.fields));
    attrs
}

fn of_fields(fields: &Fields) -> Vec<Attribute> {
    fields
        .iter()
        .flat_map(|field| field.attrs.clone())
        .collect()
}
