//! Where a call begins and waits: on which loop, and what becomes of a failure of the bridge.

use proc_macro2::TokenStream;
use quote::quote;

use super::{at, local};
use crate::model::{Failure, Home, Labels, Road, Start};

/// The call, and the context of its loop.
pub(super) fn start(
    start: Start,
    home: &Home,
    labels: &Labels,
    private: &TokenStream,
) -> TokenStream {
    let verb = match (start, home) {
        (Start::Plain, _) => return TokenStream::new(),
        (Start::Open, Home::Ambient) => quote!(open),
        (Start::Open, Home::Given(_)) => quote!(open_on),
        (Start::Begin(Failure::Thrown), Home::Ambient) => quote!(begin),
        (Start::Begin(Failure::Thrown), Home::Given(_)) => quote!(begin_on),
        (Start::Begin(Failure::Answered { .. }), Home::Ambient) => quote!(try_begin),
        (Start::Begin(Failure::Answered { .. }), Home::Given(_)) => quote!(try_begin_on),
    };
    let handle = match home {
        Home::Ambient => TokenStream::new(),
        Home::Given(handle) => quote!(&(#handle),),
    };
    let Labels { twin, original } = labels;
    let (call, entered) = (local("__call"), local("__entered"));
    let begun = quote! {
        #private::Call::#verb(
            #handle
            &#private::Names { twin: #twin, original: #original },
        )
    };
    let begun = match start {
        Start::Begin(failure) => answered(begun, failure, private),
        Start::Plain | Start::Open => begun,
    };
    quote! {
        let #call = #begun;
        let #entered = #call.enter();
    }
}

/// `Probe::of(&__future).__koil_wait(&__call, __future)`
pub(super) fn wait(road: Road, failure: Failure, private: &TokenStream) -> TokenStream {
    let (call, future) = (local("__call"), local("__future"));
    let Failure::Answered { limit, .. } = failure else {
        return match road {
            Road::Probe => quote!(#private::Probe::of(&#future).__koil_wait(&#call, #future)),
            Road::Local => quote!(#private::wait_local(&#call, #future)),
            Road::Send(word) => {
                let future = at(word, quote!(#future));
                at(word, quote!(#private::wait_send(&#call, #future)))
            }
        };
    };
    let limit = match limit {
        None => quote!(::core::option::Option::None),
        Some(limit) => {
            let (seconds, nanos) = (limit.as_secs(), limit.subsec_nanos());
            quote!(::core::option::Option::Some(::core::time::Duration::new(#seconds, #nanos)))
        }
    };
    let tried = match road {
        Road::Probe => {
            quote!(#private::Probe::of(&#future).__koil_try_wait(&#call, #future, #limit))
        }
        Road::Local => quote!(#private::try_wait_local(&#call, #future, #limit)),
        Road::Send(word) => {
            let future = at(word, quote!(#future));
            at(
                word,
                quote!(#private::try_wait_send(&#call, #future, #limit)),
            )
        }
    };
    answered(tried, failure, private)
}

/// What was tried, or the twin returns its error. The span is that of the returned type, so that
/// rustc points there when it cannot hold one.
fn answered(tried: TokenStream, failure: Failure, private: &TokenStream) -> TokenStream {
    let Failure::Answered { at: returned, .. } = failure else {
        return tried;
    };
    let (value, error) = (local("__ok"), local("__error"));
    let answer = at(returned, quote!(#private::from_bridge(#error)));
    quote! {
        match #tried {
            ::core::result::Result::Ok(#value) => #value,
            ::core::result::Result::Err(#error) => return #answer,
        }
    }
}
