//! Code that starts a call and waits for it: the loop of the call, and the handling of bridge
//! failures.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{
    poll::handed,
    tokens::{Code, local},
};
use crate::{
    model::{Failure, Given, Labels, LateError, Limit, LoopChoice, Panics, Start, Wait},
    tokens::at,
};

/// Statements that find and enter the loop of a call that does not wait itself.
pub(super) fn entered(on: &LoopChoice, labels: &Labels, private: &TokenStream) -> TokenStream {
    let (handle, names) = (handle(on, private), labels.lines());
    enter(&quote!(#private::Call::open(#handle, #names)))
}

/// A statement that notes the place of an inline call.
pub(super) fn noted(labels: &Labels, private: &TokenStream) -> TokenStream {
    let (call, names) = (local("__call"), labels.lines());
    quote!(let #call = #private::CallSite::of(#names);)
}

/// A wait: the statements that begin its call, and the code that waits.
pub(super) struct Waited {
    pub(super) begun: TokenStream,
    pub(super) code: Code,
}

/// The value that the future gives: with `wait(&__call, future)`, or with
/// `block_on("BlockingShop::open\nShop::open", future)`.
pub(super) fn waited(
    future: &TokenStream,
    wait: &Wait,
    labels: &Labels,
    private: &TokenStream,
) -> Waited {
    if wait.poll.is_inline() {
        return Waited {
            begun: TokenStream::new(),
            code: inline(future, wait, labels, private),
        };
    }
    let failure = wait.failure;
    let tries = matches!(failure, Failure::Error { .. });
    let (begun, call, verb) = match &wait.start {
        Start::BeforeOriginal(on) => {
            let call = local("__call");
            let begun = begun(on, labels, failure, private);
            let verb = if tries { "try_wait" } else { "wait" };
            (begun, quote!(&#call), verb)
        }
        Start::WithWait | Start::Noted => {
            let names = labels.lines();
            let verb = if tries { "try_block_on" } else { "block_on" };
            (TokenStream::new(), quote!(#names), verb)
        }
    };
    let (made, future, more) = tried(future, failure, private);
    let Code { steps, value } = handed(&future, (&call, &more), wait.poll, verb, private);
    let code = Code {
        steps: quote!(#made #steps),
        value: answered(value, failure, private),
    };
    Waited { begun, code }
}

/// The value of `code`; a panic in it is a failure, if the twin returns panics.
/// `match caught(&__call, move |__call| { .. }) { Ok(__ok) => __ok, Err(__error) => return .. }`
pub(super) fn caught(code: Code, failure: Failure, private: &TokenStream) -> Code {
    let Failure::Error {
        panics: Panics::Caught,
        ..
    } = failure
    else {
        return code;
    };
    let (call, Code { steps, value }) = (local("__call"), code);
    let caught = quote!(#private::caught(&#call, move |#call| { #steps #value }));
    Code::value(answered(caught, failure, private))
}

/// `inline("BlockingShop::open\nShop::open", future)`, or `inline_at(&__call, future)`.
fn inline(future: &TokenStream, wait: &Wait, labels: &Labels, private: &TokenStream) -> Code {
    let (noted, call, verb, tries) = match wait.start {
        Start::Noted => {
            let call = local("__call");
            let noted = noted(labels, private);
            (noted, quote!(&#call), "inline_at", quote!(try_inline_at))
        }
        Start::BeforeOriginal(_) | Start::WithWait => {
            let names = labels.lines();
            let call = quote!(#names);
            (TokenStream::new(), call, "inline", quote!(try_inline))
        }
    };
    let none = TokenStream::new();
    let Failure::Error { at: returned, .. } = wait.failure else {
        let Code { steps, value } = handed(future, (&call, &none), wait.poll, verb, private);
        return Code {
            steps: quote!(#noted #steps),
            value,
        };
    };
    let made = local("__made");
    Code {
        steps: quote!(#noted let #made = #future;),
        // rustc points at the returned type if that type cannot hold the error.
        value: at(returned, quote!(#private::#tries(#call, #made))),
    }
}

/// Statements that find and enter the loop of a call, unless this thread may not block.
fn begun(on: &LoopChoice, labels: &Labels, failure: Failure, private: &TokenStream) -> TokenStream {
    let verb = match failure {
        Failure::Panic => quote!(begin),
        Failure::Error { .. } => quote!(try_begin),
    };
    let (handle, names) = (handle(on, private), labels.lines());
    let begun = quote!(#private::Call::#verb(#handle, #names));
    enter(&answered(begun, failure, private))
}

/// The first argument of a call on a loop of the user's choice.
fn handle(on: &LoopChoice, private: &TokenStream) -> TokenStream {
    match on {
        LoopChoice::Current => quote!(::core::option::Option::None),
        LoopChoice::Handle(handle) => {
            let given = given(handle);
            quote!(#private::on(#given))
        }
    }
}

/// A reference to the handle. rustc points at the expression if it is not a handle.
pub(super) fn given(handle: &Given) -> TokenStream {
    let expr = &handle.tokens;
    at(handle.at, quote!(&(#expr)))
}

fn enter(begun: &TokenStream) -> TokenStream {
    let (call, entered) = (local("__call"), local("__entered"));
    quote! {
        let #call = #begun;
        let #entered = #call.enter();
    }
}

/// Statements, the future, and the further arguments of a wait that returns failures as errors: the
/// time limit, and the look-up of an error that comes too late.
fn tried(
    future: &TokenStream,
    failure: Failure,
    private: &TokenStream,
) -> (TokenStream, TokenStream, TokenStream) {
    let Failure::Error { limit, late, .. } = failure else {
        return (TokenStream::new(), future.clone(), TokenStream::new());
    };
    let limit = optional(limit);
    if late == LateError::Dropped {
        let more = quote!(, #limit, ::core::option::Option::None);
        return (TokenStream::new(), future.clone(), more);
    }
    let (made, late) = (local("__future"), local("__late"));
    let steps = quote! {
        let #made = #future;
        let #late = #private::CleanUp::of(&#made).__koil_late();
    };
    (steps, quote!(#made), quote!(, #limit, #late))
}

/// `Some(Duration::new(1, 0))`, `None` or `__limit`
pub(super) fn optional(limit: Limit) -> TokenStream {
    match limit {
        Limit::Never => quote!(::core::option::Option::None),
        Limit::Fixed(limit) => {
            let (seconds, nanos) = (limit.as_secs(), limit.subsec_nanos());
            quote!(::core::option::Option::Some(::core::time::Duration::new(#seconds, #nanos)))
        }
        Limit::Given => local("__limit").into_token_stream(),
    }
}

/// A statement that evaluates the time limit. rustc points at the expression if it is none.
pub(super) fn evaluated(limit: Option<&Given>, private: &TokenStream) -> TokenStream {
    limit.map_or_else(TokenStream::new, |limit| {
        let (name, expr) = (local("__limit"), &limit.tokens);
        let value = at(limit.at, quote!(#private::limit(#expr)));
        quote!(let #name = #value;)
    })
}

/// The value of the attempt; on failure the twin returns the error. The span is that of the
/// returned type, so that rustc points there if that type cannot hold the error.
fn answered(tried: TokenStream, failure: Failure, private: &TokenStream) -> TokenStream {
    let Failure::Error { at: returned, .. } = failure else {
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
