//! Generated traits of both directions: the declaration, and the associated types and constants
//! that the impl forwards.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericParam, Generics, TypeParam, TypeParamBound};

use super::{
    docs::documented,
    function::{keyword, place, signature},
};
use crate::model::{ConstValue, Declared, Safety, TwinAssoc, TwinSignature, TwinTraitConst};

pub(super) fn declaration(
    of: &Declared,
    safety: Safety,
    supertraits: &[TypeParamBound],
    methods: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let (vis, name, generics, advice) = (&of.vis, &of.name, &of.generics, &of.advice);
    let (attrs, safety) = (documented(&of.docs, &of.attrs), keyword(safety));
    let where_clause = &generics.where_clause;
    let types = of.types.iter().map(declared_type);
    let consts = of.consts.iter().map(declared_const);
    quote! {
        #attrs
        #[allow(
            dead_code,
            deprecated,
            non_camel_case_types,
            non_snake_case,
            clippy::double_must_use,
            clippy::missing_safety_doc
        )]
        #[diagnostic::on_unimplemented(note = #advice)]
        #vis #safety trait #name #generics: #(#supertraits)+* #where_clause {
            #(#types)*
            #(#consts)*
            #(#methods)*
        }
    }
}

/// A method of the declaration.
pub(super) fn method<P>(of: &TwinSignature<P>) -> TokenStream {
    let (attrs, signature) = (documented(&of.docs, &of.attrs), signature(of));
    let end = quote_spanned!(place(&of.name)=> ;);
    quote! {
        #attrs
        #[track_caller]
        #signature #end
    }
}

/// Associated types and constants of the impl. `of_original` is the original trait on the original
/// type, such as `<<Self as Twin>::Aio as Till>`.
pub(super) fn forwarded(
    of: &Declared,
    of_original: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let types = of.types.iter();
    let types = types.map(|ty| forwarded_type(ty, of_original, private));
    let consts = of.consts.iter();
    let consts = consts.map(|constant| forwarded_const(constant, of_original, private));
    quote!(#(#types)* #(#consts)*)
}

/// The generics of the trait, and one more parameter: the type that the impl is for.
pub(super) fn implemented_for(generics: &Generics, implementor: &Ident) -> Generics {
    let mut generics = generics.clone();
    let param = TypeParam::from(implementor.clone());
    generics.params.push(GenericParam::Type(param));
    generics
}

fn declared_type(ty: &TwinAssoc) -> TokenStream {
    let (name, generics, bounds) = (&ty.name, &ty.generics, &ty.bounds);
    let attrs = documented(&ty.docs, &ty.attrs);
    let where_clause = &generics.where_clause;
    quote!(#attrs type #name #generics: #(#bounds)+* #where_clause;)
}

fn forwarded_type(ty: &TwinAssoc, of_original: &TokenStream, private: &TokenStream) -> TokenStream {
    let of_supertrait = ty
        .supertrait
        .as_ref()
        .map(|path| quote!(<<Self as #private::Twin>::Aio as #path>));
    let of_original = of_supertrait.as_ref().unwrap_or(of_original);
    let (conditions, name) = (&ty.conditions, &ty.name);
    let (params, arguments, where_clause) = ty.generics.split_for_impl();
    quote!(#(#conditions)* type #name #params = #of_original::#name #arguments #where_clause;)
}

fn declared_const(constant: &TwinTraitConst) -> TokenStream {
    let (name, ty) = (&constant.name, &constant.ty);
    let attrs = documented(&constant.docs, &constant.attrs);
    quote!(#attrs const #name: #ty;)
}

fn forwarded_const(
    constant: &TwinTraitConst,
    of_original: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let (conditions, name, ty) = (&constant.conditions, &constant.name, &constant.ty);
    let value = match constant.value {
        ConstValue::AsIs => quote!(#of_original::#name),
        ConstValue::Twin => quote!(#private::into_twin::<Self>(#of_original::#name)),
    };
    quote!(#(#conditions)* const #name: #ty = #value;)
}
