//! The impl blocks of twins.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, Generics, Path, Type, spanned::Spanned};

use super::{
    docs::documented,
    function::{allow_lints, function},
    threaded,
};
use crate::{
    model::{ConstValue, OwnNext, ThreadedImpl, TwinConst, TwinImpl},
    tokens::at,
};

pub(super) fn block(block: &TwinImpl, private: &TokenStream) -> TokenStream {
    let consts = block.consts.iter();
    let consts = consts.map(|constant| twin_const(constant, private));
    let methods = block.methods.iter().map(|method| function(method, private));
    let members = consts.chain(methods);
    let twin = with_members(&block.attrs, &block.generics, &block.twin, members);
    let unused = unused(&block.attrs, &block.unused);
    let own_next = block.own_next.as_ref();
    let own_next = own_next.map(|own| own_next_check(&block.attrs, &block.twin, own, private));
    quote!(#twin #unused #own_next)
}

/// A constant that cannot be evaluated if the twin is an iterator.
fn own_next_check(
    attrs: &[Attribute],
    twin: &Type,
    own: &OwnNext,
    private: &TokenStream,
) -> TokenStream {
    let conditions = attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
    let mistake = &own.mistake;
    let checked = quote! {
        ::core::assert!(!<#private::Iterates<#twin>>::IS_ITERATOR, #mistake)
    };
    let checked = at(own.method.span(), checked);
    quote! {
        #(#conditions)*
        const _: () = {
            #[allow(unused_imports)]
            use #private::IteratesNot as _;
            #checked
        };
    }
}

/// Imports of twins that the item does not use: rustc reports those that do not exist.
pub(super) fn unused(attrs: &[Attribute], twins: &[Path]) -> Option<TokenStream> {
    let conditions = attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
    let imports = twins.iter();
    let imports = imports.map(|twin| quote_spanned!(twin.span()=> use #twin as _;));
    let checked = quote! {
        #(#conditions)*
        #[allow(unused_imports)]
        const _: () = {
            #(#imports)*
        };
    };
    (!twins.is_empty()).then_some(checked)
}

pub(super) fn threaded_block(block: &ThreadedImpl, private: &TokenStream) -> TokenStream {
    let methods = block.methods.iter();
    let methods = methods.map(|method| threaded::function(method, private));
    with_members(&block.attrs, &block.generics, &block.self_ty, methods)
}

pub(super) fn with_members(
    attrs: &[Attribute],
    generics: &Generics,
    ty: &Type,
    members: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let (where_clause, allow_lints) = (&generics.where_clause, allow_lints());
    quote! {
        #(#attrs)*
        #allow_lints
        impl #generics #ty #where_clause {
            #(#members)*
        }
    }
}

fn twin_const(constant: &TwinConst, private: &TokenStream) -> TokenStream {
    let (name, ty, aio, vis) = (&constant.name, &constant.ty, &constant.aio, &constant.vis);
    let attrs = documented(&constant.docs, &constant.attrs);
    let value = match constant.value {
        ConstValue::AsIs => quote!(<#aio>::#name),
        ConstValue::Twin => quote!(#private::into_twin(<#aio>::#name)),
    };
    quote! {
        #attrs
        #[allow(dead_code, deprecated, non_upper_case_globals)]
        #vis const #name: #ty = #value;
    }
}
