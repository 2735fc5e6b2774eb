//! One twin: a signature like the original's, and one call of the original.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::{
    convert::{Code, convert, into_aio},
    docs::docs,
    failure::start,
    local,
};
use crate::model::{Callee, Param, Pass, Receiver, Safety, TwinFn};

// Input:   pub async fn open(url: &str) -> Result<Self, Error>;
// Output:  #[track_caller]
//          pub fn open(url: &str) -> Result<Self, Error> {
//              let __value = ::koil::__private::block_on(
//                  "BlockingShop::open\nShop::open",
//                  <Shop>::open(url),
//              );
//              ::koil::__private::map_twin::<0, _, _>(__value, |__v| <Self as From<_>>::from(__v))
//          }
pub(super) fn function(twin: &TwinFn, private: &TokenStream) -> TokenStream {
    with_body(twin, &body(twin, private))
}

pub(super) fn with_body(twin: &TwinFn, body: &TokenStream) -> TokenStream {
    let TwinFn { attrs, vis, .. } = twin;
    let docs = docs(&twin.docs);
    let signature = signature(twin);
    quote! {
        #docs
        #(#attrs)*
        #[track_caller]
        #vis #signature {
            #body
        }
    }
}

/// Allows lints that do not matter in a twin. Written once per block, since each attribute of a
/// method costs compile time.
pub(super) fn allow_lints() -> TokenStream {
    quote!(#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)])
}

/// `fn open(url: &str) -> Result<Self, Error>`
pub(super) fn signature(twin: &TwinFn) -> TokenStream {
    let TwinFn {
        name,
        generics,
        receiver,
        output,
        ..
    } = twin;
    let safety = match twin.safety {
        Safety::Safe => TokenStream::new(),
        Safety::Unsafe => quote!(unsafe),
    };
    let receiver = receiver.as_ref().map(|receiver| {
        let declared = &receiver.declared;
        quote!(#declared,)
    });
    let params = twin.params.iter().map(
        |Param {
             conditions,
             name,
             ty,
             ..
         }| { quote!(#(#conditions)* #name: #ty) },
    );
    let where_clause = &generics.where_clause;
    quote!(#safety fn #name #generics (#receiver #(#params),*) #output #where_clause)
}

fn body(twin: &TwinFn, private: &TokenStream) -> TokenStream {
    let start = start(twin.start, &twin.home, &twin.labels, private);
    let call = call(twin, None, private);
    let converted = convert(&call, &twin.convert, private);
    let (steps, value) = (converted.steps, converted.value);
    quote!(#start #steps #value)
}

/// `<Shop>::open::<T>(url)`; `last` is one more argument, which the twin does not take.
pub(super) fn call(twin: &TwinFn, last: Option<&Ident>, private: &TokenStream) -> TokenStream {
    let callee = match &twin.callee {
        Callee::Free(name) => name.to_token_stream(),
        Callee::Inherent(ty, name) => quote!(<#ty>::#name),
        Callee::Shared(path, name) => quote!(<<Self as #private::Shares>::Shared as #path>::#name),
        Callee::Trait(path, name) => quote!(<<Self as #private::Twin>::Aio as #path>::#name),
    };
    let turbofish = turbofish(twin);
    let receiver = twin.receiver.as_ref().map(|Receiver { declared, pass }| {
        let argument = match pass {
            Pass::AsIs | Pass::Aio(_) => argument(&declared.self_token, pass, private),
            _ => argument(&local("__self"), pass, private),
        };
        quote!(#argument,)
    });
    let arguments = twin.params.iter().map(
        |Param {
             conditions,
             name,
             pass,
             ..
         }| {
            let argument = argument(name, pass, private);
            quote!(#(#conditions)* #argument)
        },
    );
    let arguments = arguments.chain(last.map(ToTokens::to_token_stream));
    let call = quote!(#callee #turbofish (#receiver #(#arguments),*));
    match twin.safety {
        Safety::Safe => call,
        Safety::Unsafe => quote!(unsafe { #call }),
    }
}

fn turbofish(twin: &TwinFn) -> TokenStream {
    let arguments = &twin.turbofish;
    if arguments.is_empty() {
        TokenStream::new()
    } else {
        quote!(::<#(#arguments),*>)
    }
}

fn argument(name: &impl ToTokens, pass: &Pass, private: &TokenStream) -> TokenStream {
    let value = name.to_token_stream();
    match pass {
        Pass::AsIs | Pass::Sent(_) | Pass::SharedArc(_) => value,
        Pass::Aio(held) => into_aio(&value, *held, private),
        Pass::Inside(how) => {
            let Code { steps, value } = convert(&value, how, private);
            if steps.is_empty() {
                value
            } else {
                quote!({ #steps #value })
            }
        }
        Pass::Lent(_) => quote!(#value.lend()),
        Pass::Shared(_) => quote!(&*#value),
    }
}
