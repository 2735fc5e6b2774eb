//! The twin of a trait, and its impl for every twin type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{
    block::unused,
    declared::{declaration, forwarded, implemented_for, method},
    function::{allow_lints, body, keyword, with_body},
    tokens::fresh,
};
use crate::model::{Size, TwinTrait};

// Input:   pub trait Till: Send { type Coin; const N: usize; async fn take(&self) -> Self::Coin; }
// Output:  pub trait BlockingTill: Send {
//              type Coin;
//              const N: usize;
//              #[track_caller]
//              fn take(&self) -> Self::Coin;
//          }
pub(super) fn trait_item(twin: &TwinTrait, private: &TokenStream) -> TokenStream {
    let methods = twin
        .methods
        .iter()
        .map(|declared| method(&declared.forward.signature));
    let declaration = declaration(&twin.declared, twin.safety, &twin.supertraits, methods);
    let blanket = blanket(twin, private);
    let unused = unused(&twin.declared.companions, &twin.unused);
    quote!(#declaration #blanket #unused)
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
    let (name, generics) = (&twin.declared.name, &twin.declared.generics);
    let (companions, original) = (&twin.declared.companions, &twin.declared.original);
    let (aio_bounds, twin_bounds) = (&twin.aio_bounds, &twin.twin_bounds);
    let blanket_where = &twin.blanket_where;
    let (_, arguments, _) = generics.split_for_impl();
    let implementor = Ident::new(&fresh("__Twin", generics), Span::call_site());
    let with_twin = implemented_for(generics, &implementor);
    let (params, _, _) = with_twin.split_for_impl();
    let safety = keyword(twin.safety);
    let sized = quote!(::core::marker::Sized);
    let (size, aio_size) = match twin.size {
        Size::Known => (sized.clone(), quote!(+ #sized)),
        Size::MayBeUnknown => (quote!(?#sized), TokenStream::new()),
    };
    let aio = quote!(<#implementor as #private::Twin>::Aio);
    let of_original = quote!(<<Self as #private::Twin>::Aio as #original>);
    let forwarded = forwarded(&twin.declared, &of_original, private);
    let methods = twin.methods.iter().map(|method| {
        let (attrs, forward) = (&method.impl_attrs, &method.forward);
        let body = body(forward, private);
        with_body(&quote!(#(#attrs)*), &forward.signature, &body)
    });
    let allow_lints = allow_lints();
    quote! {
        #(#companions)*
        #allow_lints
        #safety impl #params #name #arguments for #implementor
        where
            #implementor: #size + #private::Twin #(+ #twin_bounds)*,
            #aio: #original #(+ #aio_bounds)* #aio_size,
            #(#blanket_where,)*
        {
            #forwarded
            #(#methods)*
        }
    }
}
