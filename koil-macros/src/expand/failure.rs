//! Code that starts a call and waits for it: the loop of the call, and the handling of bridge
//! failures.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;

use super::{at, convert::Code, local, road::handed};
use crate::model::{Failure, Home, Labels, Start, Wait, WaitCall};

/// Statements that start the call and enter the context of its loop.
pub(super) fn start(
    start: Start,
    home: &Home,
    labels: &Labels,
    private: &TokenStream,
) -> TokenStream {
    let verb = match start {
        Start::Plain => return TokenStream::new(),
        Start::Open => quote!(open),
        Start::Begin(Failure::Thrown) => quote!(begin),
        Start::Begin(Failure::Answered { .. }) => quote!(try_begin),
    };
    let handle = match home {
        Home::Ambient => quote!(::core::option::Option::None),
        Home::Given(handle) => {
            // rustc points at the expression if it is not a handle.
            let given = at(handle.span(), quote!(&(#handle)));
            quote!(::core::option::Option::Some(#given))
        }
    };
    let (call, entered) = (local("__call"), local("__entered"));
    let names = labels.lines();
    let begun = quote!(#private::Call::#verb(#handle, #names));
    let begun = match start {
        Start::Begin(failure) => answered(begun, failure, private),
        Start::Plain | Start::Open => begun,
    };
    quote! {
        let #call = #begun;
        let #entered = #call.enter();
    }
}

/// `wait(&__call, future)`, or `block_on("BlockingShop::open\nShop::open", future)`.
pub(super) fn wait(future: &TokenStream, wait: &Wait, private: &TokenStream) -> Code {
    let call = match &wait.call {
        WaitCall::Begun => {
            let call = local("__call");
            quote!(&#call)
        }
        WaitCall::Whole(names) => quote!(#names),
    };
    let verb = match (&wait.call, wait.failure) {
        (WaitCall::Begun, Failure::Thrown) => "wait",
        (WaitCall::Begun, Failure::Answered { .. }) => "try_wait",
        (WaitCall::Whole(_), Failure::Thrown) => "block_on",
        (WaitCall::Whole(_), Failure::Answered { .. }) => "try_block_on",
    };
    let limit = limit(wait.failure);
    let waited = handed(future, (&call, &limit), wait.road, verb, private);
    Code {
        steps: waited.steps,
        value: answered(waited.value, wait.failure, private),
    }
}

/// `, Some(Duration::new(1, 0))` or `, None`, if the wait returns failures as errors.
fn limit(failure: Failure) -> TokenStream {
    let Failure::Answered { limit, .. } = failure else {
        return TokenStream::new();
    };
    match limit {
        None => quote!(, ::core::option::Option::None),
        Some(limit) => {
            let (seconds, nanos) = (limit.as_secs(), limit.subsec_nanos());
            quote!(, ::core::option::Option::Some(::core::time::Duration::new(#seconds, #nanos)))
        }
    }
}

/// The value of the attempt; on failure the twin returns the error. The span is that of the
/// returned type, so that rustc points there if that type cannot hold the error.
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
