//! Generated traits of both directions: the declaration, and the associated types and constants
//! that the impl forwards.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{GenericParam, Generics, TypeParam, TypeParamBound};

use super::{docs::docs, function::signature};
use crate::model::{ConstValue, Declared, Safety, TwinAssoc, TwinSignature, TwinTraitConst};

pub(super) fn declaration(
    of: &Declared,
    safety: Safety,
    supertraits: &[TypeParamBound],
    methods: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let Declared {
        attrs,
        vis,
        name,
        generics,
        advice,
        ..
    } = of;
    let (docs, safety) = (docs(&of.docs), keyword(safety));
    let where_clause = &generics.where_clause;
    let types = of.types.iter().map(declared_type);
    let consts = of.consts.iter().map(declared_const);
    quote! {
        #docs
        #(#attrs)*
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
    let (docs, signature, attrs) = (docs(&of.docs), signature(of), &of.attrs);
    quote! {
        #docs
        #(#attrs)*
        #[track_caller]
        #signature;
    }
}

/// Associated types and constants of the impl. `own` is the original trait on the original type,
/// such as `<<Self as Twin>::Aio as Till>`.
pub(super) fn forwarded(of: &Declared, own: &TokenStream, private: &TokenStream) -> TokenStream {
    let types = of.types.iter().map(|ty| forwarded_type(ty, own));
    let consts = of.consts.iter();
    let consts = consts.map(|constant| forwarded_const(constant, own, private));
    quote!(#(#types)* #(#consts)*)
}

/// The generics of the trait, and one more parameter: the type that the impl is for.
pub(super) fn implemented_for(generics: &Generics, implementor: &Ident) -> Generics {
    let mut generics = generics.clone();
    let param = TypeParam::from(implementor.clone());
    generics.params.push(GenericParam::Type(param));
    generics
}

/// `unsafe`, if the trait is unsafe.
pub(super) fn keyword(safety: Safety) -> TokenStream {
    match safety {
        Safety::Safe => TokenStream::new(),
        Safety::Unsafe => quote!(unsafe),
    }
}

fn declared_type(ty: &TwinAssoc) -> TokenStream {
    let TwinAssoc {
        attrs,
        name,
        generics,
        bounds,
        ..
    } = ty;
    let docs = docs(&ty.docs);
    let where_clause = &generics.where_clause;
    quote! {
        #docs
        #(#attrs)*
        type #name #generics: #(#bounds)+* #where_clause;
    }
}

fn forwarded_type(ty: &TwinAssoc, own: &TokenStream) -> TokenStream {
    let TwinAssoc {
        conditions, name, ..
    } = ty;
    let (params, arguments, where_clause) = ty.generics.split_for_impl();
    quote! {
        #(#conditions)*
        type #name #params = #own::#name #arguments #where_clause;
    }
}

fn declared_const(constant: &TwinTraitConst) -> TokenStream {
    let TwinTraitConst {
        attrs, name, ty, ..
    } = constant;
    let docs = docs(&constant.docs);
    quote! {
        #docs
        #(#attrs)*
        const #name: #ty;
    }
}

fn forwarded_const(
    constant: &TwinTraitConst,
    own: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let TwinTraitConst {
        conditions,
        name,
        ty,
        ..
    } = constant;
    let value = match constant.value {
        ConstValue::AsIs => quote!(#own::#name),
        ConstValue::Twin => quote!(#private::into_twin::<Self>(#own::#name)),
    };
    quote! {
        #(#conditions)*
        const #name: #ty = #value;
    }
}
