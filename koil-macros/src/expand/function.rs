//! One twin: a signature like the original's, and one call of the original.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ReturnType, Type, WhereClause};

use super::{
    call::{Waited, caught, entered, evaluated, noted, waited},
    convert::convert as converted,
    docs::documented,
    tokens::{Code, local},
};
use crate::model::{Call, Callee, Pass, Poller, Safety, StdBy, TwinFn, TwinSignature};

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
    if !twin.is_called() {
        return shown(&attrs, signature);
    }
    with_body(&attrs, signature, &body(twin, private))
}

/// A function that only rustdoc sees, which does not compile bodies.
fn shown<P>(attrs: &TokenStream, signature: &TwinSignature<P>) -> TokenStream {
    let (vis, signature) = (&signature.vis, self::signature(signature));
    quote!(#attrs #vis #signature { loop {} })
}

/// The function with these attributes instead of its own.
pub(super) fn with_body<P>(
    attrs: &TokenStream,
    signature: &TwinSignature<P>,
    body: &TokenStream,
) -> TokenStream {
    let place = place(&signature.name);
    let mut vis = signature.vis.to_token_stream().into_iter();
    let public = vis.next().map(|mut public| {
        public.set_span(place);
        public
    });
    let signature = self::signature(signature);
    let mut body = Group::new(Delimiter::Brace, body.clone());
    body.set_span(place);
    quote! {
        #attrs
        #[track_caller]
        #public #(#vis)* #signature #body
    }
}

/// The place of the original's name. The ends of a twin are there, since rustc takes the span of a
/// function from them: so it points at the original where a method of this name exists already.
pub(super) fn place(name: &Ident) -> Span {
    Span::call_site().located_at(name.span())
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
    let place = place(name);
    // An empty clause after `impl A +` is Rust, but not for syn, which other attributes read with.
    let clause = (generics.where_clause.is_some() || !ends_in_plus(output))
        .then(|| where_clause(generics.where_clause.as_ref(), place));
    let keyword = Ident::new("fn", place);
    let mut params = Group::new(Delimiter::Parenthesis, quote!(#receiver #(#params),*));
    params.set_span(place);
    quote!(#safety #keyword #name #generics #params #output #clause)
}

fn ends_in_plus(output: &ReturnType) -> bool {
    matches!(output, ReturnType::Type(_, ty)
        if matches!(&**ty, Type::ImplTrait(ty) if ty.bounds.trailing_punct()))
}

/// The clause, also an empty one: its last token is at this place.
fn where_clause(clause: Option<&WhereClause>, place: Span) -> TokenStream {
    let predicates = clause.iter().flat_map(|clause| &clause.predicates);
    let predicates = predicates.map(|predicate| quote_spanned!(place=> #predicate,));
    quote_spanned!(place=> where #(#predicates)*)
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
    let argument = |name: TokenStream, pass: &Pass| converted(&name, pass, private).expression();
    let receiver = signature.receiver.as_ref().map(|receiver| {
        let name = receiver.declared.self_token.to_token_stream();
        argument(name, &receiver.pass)
    });
    let call = call(signature, receiver, &argument, None, private);
    let (begun, Code { steps, value }) = match &twin.call {
        Call::Plain | Call::ByDeref => (TokenStream::new(), converted(&call, convert, private)),
        Call::Entered(on) => (
            entered(on, &signature.labels, private),
            converted(&call, convert, private),
        ),
        Call::Noted => (
            noted(&signature.labels, private),
            converted(&call, convert, private),
        ),
        Call::Waits(wait) => {
            let Waited { begun, code } = waited(&call, wait, &signature.labels, private);
            let code = if convert.is_as_is() {
                code
            } else {
                let (output, Code { steps, value }) = (local("__value"), code);
                let converted = converted(&quote!(#output), convert, private);
                let (more, converted) = (converted.steps, converted.value);
                Code {
                    steps: quote!(#steps let #output = #value; #more),
                    value: converted,
                }
            };
            (begun, caught(code, wait.failure, private))
        }
    };
    let limit = evaluated(twin.limit.as_deref(), private);
    let made = std_arguments(signature, private);
    quote!(#limit #begun #made #steps #value)
}

// Output:  let body = std_argument(&__call, body);
//          let into = &mut std_argument(&__call, into);
fn std_arguments(signature: &TwinSignature<Pass>, private: &TokenStream) -> TokenStream {
    let made = signature.params.iter().filter_map(|param| {
        let Pass::Std(by, poller) = &param.pass else {
            return None;
        };
        let (conditions, name) = (&param.conditions, &param.name);
        let reference = (*by != StdBy::Value).then(|| quote!(&mut));
        let made = match poller {
            Poller::Inline => quote!(#private::StdIo::new(#name)),
            Poller::Caller | Poller::Loop(_) => {
                let call = local("__call");
                quote!(#private::std_argument(&#call, #name))
            }
        };
        let pinned = (*by == StdBy::Pin)
            .then(|| quote!(#(#conditions)* let #name = ::core::pin::Pin::new(#name);));
        Some(quote!(#(#conditions)* let #name = #reference #made; #pinned))
    });
    made.collect()
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
