//! The impl block of a twin type.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    docs::docs,
    function::{allow_lints, function},
};
use crate::model::{ConstValue, TwinConst, TwinImpl};

pub(super) fn block(block: &TwinImpl, private: &TokenStream) -> TokenStream {
    let TwinImpl {
        attrs,
        generics,
        twin,
        ..
    } = block;
    let where_clause = &generics.where_clause;
    let consts = block
        .consts
        .iter()
        .map(|constant| twin_const(constant, private));
    let methods = block.methods.iter().map(|method| function(method, private));
    let allow_lints = allow_lints();
    quote! {
        #(#attrs)*
        #allow_lints
        impl #generics #twin #where_clause {
            #(#consts)*
            #(#methods)*
        }
    }
}

fn twin_const(constant: &TwinConst, private: &TokenStream) -> TokenStream {
    let TwinConst {
        attrs,
        vis,
        name,
        ty,
        aio,
        ..
    } = constant;
    let docs = docs(&constant.docs);
    let value = match constant.value {
        ConstValue::AsIs => quote!(<#aio>::#name),
        ConstValue::Twin => quote!(#private::into_twin(<#aio>::#name)),
    };
    quote! {
        #docs
        #(#attrs)*
        #[allow(dead_code, deprecated, non_upper_case_globals)]
        #vis const #name: #ty = #value;
    }
}
