//! The async side of items whose plain names block: the views of types, and the types that have the names of
//! functions.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{
    block::with_members,
    convert::convert,
    docs::documented,
    function::{allow_lints, call, signature},
};
use crate::model::{AsyncFn, AsyncView, Pass, ViewFn};

// Input:   impl Shop { async fn open(url: &str) -> Result<Self, Error> { .. } }
// Output:  impl ShopAio {
//              async fn open(url: &str) -> Result<Shop, Error> {
//                  <Shop>::__koil_open(url).await
//              }
//          }
pub(super) fn view(view: &AsyncView, private: &TokenStream) -> TokenStream {
    if view.methods.is_empty() {
        return TokenStream::new();
    }
    let methods = view.methods.iter().map(|method| view_fn(method, private));
    with_members(&view.attrs, &view.generics, &view.view, methods)
}

fn view_fn(method: &ViewFn, private: &TokenStream) -> TokenStream {
    let signature = &method.signature;
    let attrs = documented(&signature.docs, &signature.attrs);
    let argument = |name: TokenStream, pass: &Pass| convert(&name, pass, private).expression();
    let receiver = signature.receiver.as_ref().map(|receiver| {
        let name = receiver.declared.self_token.to_token_stream();
        argument(name, &receiver.pass)
    });
    let call = call(signature, receiver, &argument, None, private);
    let (keyword, awaited) = if method.is_async {
        (quote!(async), quote!(.await))
    } else {
        (TokenStream::new(), TokenStream::new())
    };
    let (vis, signature) = (&signature.vis, self::signature(signature));
    quote! {
        #attrs
        #vis #keyword #signature {
            #call #awaited
        }
    }
}

// Input:   async fn fetch(url: &str) -> Result<String, Error> { .. }
// Output:  enum fetch {}
//          impl fetch {
//              async fn aio(url: &str) -> Result<String, Error> { .. }
//          }
// The names of a function and of a type do not collide. Unlike a module, the type may stand in a body, and
// what its member names means the same as in the function.
pub(super) fn of_fn(of: &AsyncFn, member: &TokenStream) -> TokenStream {
    let (attrs, vis, name, allow_lints) = (&of.attrs, &of.vis, &of.name, allow_lints());
    let docs = format!(" The async side of [`{name}()`]: `{name}::aio`.");
    quote! {
        #(#attrs)*
        #[doc = #docs]
        #[allow(
            dead_code,
            missing_copy_implementations,
            missing_debug_implementations,
            non_camel_case_types
        )]
        #vis enum #name {}

        #(#attrs)*
        #allow_lints
        impl #name {
            #member
        }
    }
}
