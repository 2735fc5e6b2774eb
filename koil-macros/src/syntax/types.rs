//! `TypeItem`: a struct or enum, with the attributes of its members and the fields of a struct.

use syn::{Attribute, Field, Fields, Generics, Ident, ItemEnum, ItemStruct, Variant, Visibility};

pub(crate) struct TypeItem {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// The attributes of fields and variants.
    pub(crate) member_attrs: Vec<Attribute>,
    /// The fields of a struct; an enum has none here.
    pub(crate) fields: Vec<Field>,
}

impl From<ItemStruct> for TypeItem {
    fn from(item: ItemStruct) -> TypeItem {
        TypeItem {
            attrs: item.attrs,
            vis: item.vis,
            ident: item.ident,
            generics: item.generics,
            member_attrs: of_fields(&item.fields),
            fields: item.fields.into_iter().collect(),
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
            fields: Vec::new(),
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
