//! The twin of a trait, and its impl for every twin type.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Ident, TypeParam};

use super::{
    docs::docs,
    fresh,
    function::{function, peace, signature},
};
use crate::model::{ConstValue, Safety, Size, TwinAssoc, TwinTrait, TwinTraitConst, TwinTraitFn};

pub(super) fn trait_item(twin: &TwinTrait, private: &TokenStream) -> TokenStream {
    let declaration = declaration(twin);
    let blanket = blanket(twin, private);
    quote!(#declaration #blanket)
}

// Input:   pub trait Till: Send { type Coin; const N: usize; async fn take(&self) -> Self::Coin; }
// Output:  pub trait BlockingTill: Send {
//              type Coin;
//              const N: usize;
//              #[track_caller]
//              fn take(&self) -> Self::Coin;
//          }
fn declaration(twin: &TwinTrait) -> TokenStream {
    let TwinTrait {
        attrs,
        vis,
        name,
        generics,
        advice,
        supertraits,
        ..
    } = twin;
    let (docs, safety) = (docs(&twin.docs), safety(twin));
    let where_clause = &generics.where_clause;
    let types = twin.types.iter().map(declared_type);
    let consts = twin.consts.iter().map(declared_const);
    let methods = twin.methods.iter().map(declared_fn);
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

// Output:  impl<__Twin> BlockingTill for __Twin
//          where
//              __Twin: ?Sized + ::koil::__private::Twin + Send,
//              <__Twin as ::koil::__private::Twin>::Aio: Till,
//          {
//              type Coin = <<Self as ::koil::__private::Twin>::Aio as Till>::Coin;
//              const N: usize = <<Self as ::koil::__private::Twin>::Aio as Till>::N;
//              fn take(&self) -> Self::Coin { .. }
//          }
fn blanket(twin: &TwinTrait, private: &TokenStream) -> TokenStream {
    let TwinTrait {
        companions,
        name,
        generics,
        original,
        aio_bounds,
        twin_bounds,
        blanket_where,
        ..
    } = twin;
    let (_, arguments, _) = generics.split_for_impl();
    let implementor = Ident::new(&fresh("__Twin", generics), proc_macro2::Span::call_site());
    let mut with_twin = generics.clone();
    let param = TypeParam::from(implementor.clone());
    with_twin.params.push(GenericParam::Type(param));
    let (params, _, _) = with_twin.split_for_impl();
    let safety = safety(twin);
    let size = match twin.size {
        Size::Known => quote!(::core::marker::Sized),
        Size::MayBeUnknown => quote!(?::core::marker::Sized),
    };
    let aio_size = match twin.size {
        Size::Known => quote!(+ ::core::marker::Sized),
        Size::MayBeUnknown => TokenStream::new(),
    };
    let aio = quote!(<#implementor as #private::Twin>::Aio);
    let own = quote!(<<Self as #private::Twin>::Aio as #original>);
    let types = twin.types.iter().map(|ty| forwarded_type(ty, &own));
    let consts = twin
        .consts
        .iter()
        .map(|constant| forwarded_const(constant, &own, private));
    let methods = twin
        .methods
        .iter()
        .map(|method| function(&method.forward, private));
    let peace = peace();
    quote! {
        #(#companions)*
        #peace
        #safety impl #params #name #arguments for #implementor
        where
            #implementor: #size + #private::Twin #(+ #twin_bounds)*,
            #aio: #original #(+ #aio_bounds)* #aio_size,
            #(#blanket_where,)*
        {
            #(#types)*
            #(#consts)*
            #(#methods)*
        }
    }
}

pub(super) fn declared_type(ty: &TwinAssoc) -> TokenStream {
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

pub(super) fn forwarded_type(ty: &TwinAssoc, own: &TokenStream) -> TokenStream {
    let TwinAssoc {
        conditions, name, ..
    } = ty;
    let (params, arguments, where_clause) = ty.generics.split_for_impl();
    quote! {
        #(#conditions)*
        type #name #params = #own::#name #arguments #where_clause;
    }
}

pub(super) fn declared_const(constant: &TwinTraitConst) -> TokenStream {
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

pub(super) fn forwarded_const(
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

fn declared_fn(method: &TwinTraitFn) -> TokenStream {
    let attrs = &method.attrs;
    let docs = docs(&method.docs);
    let signature = signature(&method.forward);
    quote! {
        #docs
        #(#attrs)*
        #[track_caller]
        #signature;
    }
}

fn safety(twin: &TwinTrait) -> TokenStream {
    match twin.safety {
        Safety::Safe => TokenStream::new(),
        Safety::Unsafe => quote!(unsafe),
    }
}
