//! One twin: a signature like the original's, and one call of the original.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::{
    call::{entered, noted, waited},
    convert::convert,
    docs::documented,
    tokens::local,
};
use crate::model::{Call, Callee, Pass, Safety, TwinFn, TwinSignature};

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
    let signature = &twin.signature;
    let attrs = documented(&signature.docs, &signature.attrs);
    with_body(&attrs, signature, &body(twin, private))
}

/// The function with these attributes instead of its own.
pub(super) fn with_body<P>(
    attrs: &TokenStream,
    signature: &TwinSignature<P>,
    body: &TokenStream,
) -> TokenStream {
    let vis = &signature.vis;
    let signature = self::signature(signature);
    quote! {
        #attrs
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
pub(super) fn signature<P>(signature: &TwinSignature<P>) -> TokenStream {
    let (name, generics, output) = (&signature.name, &signature.generics, &signature.output);
    let safety = keyword(signature.safety);
    let receiver = signature.receiver.as_ref().map(|receiver| {
        let declared = &receiver.declared;
        quote!(#declared,)
    });
    let params = signature.params.iter().map(|param| {
        let (conditions, name, ty) = (&param.conditions, &param.name, &param.ty);
        quote!(#(#conditions)* #name: #ty)
    });
    let where_clause = &generics.where_clause;
    quote!(#safety fn #name #generics (#receiver #(#params),*) #output #where_clause)
}

/// `unsafe`, if the function or trait is unsafe.
pub(super) fn keyword(safety: Safety) -> TokenStream {
    match safety {
        Safety::Safe => TokenStream::new(),
        Safety::Unsafe => quote!(unsafe),
    }
}

pub(super) fn body(twin: &TwinFn, private: &TokenStream) -> TokenStream {
    let TwinFn {
        signature, convert, ..
    } = twin;
    let argument =
        |name: TokenStream, pass: &Pass| self::convert(&name, pass, private).expression();
    let receiver = signature.receiver.as_ref().map(|receiver| {
        let name = receiver.declared.self_token.to_token_stream();
        argument(name, &receiver.pass)
    });
    let call = call(signature, receiver, &argument, None, private);
    let (steps, value) = match &twin.call {
        Call::Plain => (TokenStream::new(), call),
        Call::Entered(on) => (entered(on, &signature.labels, private), call),
        Call::Noted => (noted(&signature.labels, private), call),
        Call::Waits(wait) => {
            let waited = waited(&call, wait, &signature.labels, private);
            if convert.is_as_is() {
                (waited.steps, waited.value)
            } else {
                let (output, steps, wait) = (local("__value"), waited.steps, waited.value);
                (quote!(#steps let #output = #wait;), quote!(#output))
            }
        }
    };
    let converted = self::convert(&value, convert, private);
    let (more, value) = (converted.steps, converted.value);
    quote!(#steps #more #value)
}

/// `<Shop>::open::<T>(url)`; `last` is one more argument, which the twin does not take.
pub(super) fn call<P>(
    signature: &TwinSignature<P>,
    receiver: Option<TokenStream>,
    argument: &dyn Fn(TokenStream, &P) -> TokenStream,
    last: Option<&Ident>,
    private: &TokenStream,
) -> TokenStream {
    let callee = match &signature.callee {
        Callee::Free(name) => name.to_token_stream(),
        Callee::Inherent(ty, name) => quote!(<#ty>::#name),
        Callee::Shared(path, name) => quote!(<<Self as #private::Shares>::Shared as #path>::#name),
        Callee::Trait(path, name) => quote!(<<Self as #private::Twin>::Aio as #path>::#name),
    };
    let turbofish = match &*signature.turbofish {
        [] => TokenStream::new(),
        arguments => quote!(::<#(#arguments),*>),
    };
    let receiver = receiver.map(|receiver| quote!(#receiver,));
    let arguments = signature.params.iter().map(|param| {
        let conditions = &param.conditions;
        let argument = argument(param.name.to_token_stream(), &param.pass);
        quote!(#(#conditions)* #argument)
    });
    let arguments = arguments.chain(last.map(ToTokens::to_token_stream));
    let call = quote!(#callee #turbofish (#receiver #(#arguments),*));
    match signature.safety {
        Safety::Safe => call,
        Safety::Unsafe => quote!(unsafe { #call }),
    }
}
