//! Guards of an async context: one function per side (blocking and async) that enters it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Path, spanned::Spanned};

use super::{at, docs::docs, koilable_parts::composition, local};
use crate::model::{Home, Stays, TwinContext};

/// The tokens that differ between a context that may move to other threads and one that stays on
/// its thread.
pub(super) struct Words {
    /// `::koil::AsyncContext`
    pub(super) context: TokenStream,
    /// `+ Send`
    pub(super) send: TokenStream,
    /// `::koil::__private::AnyThread`
    pub(super) kind: TokenStream,
}

// Input:   impl AsyncContext for Pool { type Error = io::Error; .. }
// Output:  impl ::koil::AsyncContext for BlockingPool { .. }
//          impl BlockingPool {
//              pub fn enter(self) -> Result<::koil::Entered<Self>, io::Error> {
//                  ::koil::__private::enter::<AnyThread, Self>(None, &NAMES, self)
//              }
//          }
//          impl Pool {
//              pub fn enter(self) -> impl Future<Output = Result<::koil::AsyncEntered<Self>, io::Error>> + Send {
//                  ::koil::__private::enter_async::<AnyThread, Self>(&NAMES, self)
//              }
//          }
pub(super) fn context(twin: &TwinContext, koil: &Path, private: &TokenStream) -> TokenStream {
    let words = match twin.stays {
        Stays::Anywhere => Words {
            context: quote!(#koil::AsyncContext),
            send: quote!(+ ::core::marker::Send),
            kind: quote!(#private::AnyThread),
        },
        Stays::OnItsThread => Words {
            context: quote!(#koil::LocalAsyncContext),
            send: TokenStream::new(),
            kind: quote!(#private::SameThread),
        },
    };
    let composition = twin
        .composition
        .as_ref()
        .map(|composed| composition(twin, composed, &words, koil, private));
    let twin_is_context = twin_is_context(twin, &words, koil, private);
    let blocking = blocking(twin, &words, koil, private);
    let guarded = guarded(twin, &words, koil, private);
    quote!(#composition #twin_is_context #blocking #guarded)
}

/// The impl that makes the twin a context like its original, so that one guard type serves both.
fn twin_is_context(
    twin: &TwinContext,
    words: &Words,
    koil: &Path,
    private: &TokenStream,
) -> Option<TokenStream> {
    let blocking = twin.twin.as_ref()?;
    let Words { context, send, .. } = words;
    let (attrs, generics) = (&twin.attrs, &twin.twin_generics);
    let where_clause = &generics.where_clause;
    let aio = quote!(<Self as #private::Twin>::Aio);
    let future = quote! {
        impl ::core::future::Future<
            Output = ::core::result::Result<(), <Self as #context>::Error>
        > #send
    };
    let original = quote!(#private::Twin::aio_mut(self));
    Some(quote! {
        #(#attrs)*
        #[doc(hidden)]
        impl #generics #context for #blocking #where_clause {
            type Error = <#aio as #context>::Error;

            const __KOIL_PARTS: usize = <#aio as #context>::__KOIL_PARTS;

            fn aenter(&mut self) -> #future {
                <#aio as #context>::aenter(#original)
            }

            fn aexit(&mut self, __cause: #koil::Exit) -> #future {
                <#aio as #context>::aexit(#original, __cause)
            }

            fn __koil_enter(&mut self, __progress: &mut #private::OpenParts) -> #future {
                <#aio as #context>::__koil_enter(#original, __progress)
            }

            fn __koil_leave(
                &mut self,
                __progress: &mut #private::OpenParts,
                __cause: #koil::Exit,
            ) -> #future {
                <#aio as #context>::__koil_leave(#original, __progress, __cause)
            }
        }
    })
}

/// `BlockingPool::enter`, or `Pool::enter_blocking`.
fn blocking(twin: &TwinContext, words: &Words, koil: &Path, private: &TokenStream) -> TokenStream {
    let TwinContext { attrs, enter, .. } = twin;
    let (generics, of) = match &twin.twin {
        Some(blocking) => (&twin.twin_generics, blocking),
        None => (&twin.generics, &twin.aio),
    };
    let where_clause = &generics.where_clause;
    let error = error(twin, words);
    let bounds = bounds(twin, words);
    let docs = docs(&[
        format!(" Blocking twin of [`{}`].", twin.link),
        String::new(),
        " Enters the context and waits for that. Its guard leaves it when it is dropped, and waits"
            .to_owned(),
        " for that too; `close` says how it went.".to_owned(),
        String::new(),
        " # Errors".to_owned(),
        String::new(),
        " The context's own, if it could not be entered.".to_owned(),
    ]);
    let names = names(twin, private);
    let kind = &words.kind;
    let handle = local("__handle");
    let (found, given) = match &twin.home {
        Home::Ambient => (TokenStream::new(), quote!(::core::option::Option::None)),
        Home::Given(expr) => {
            let given = at(expr.span(), quote!(&(#expr)));
            (
                quote!(let #handle = <#koil::Handle as ::core::clone::Clone>::clone(#given);),
                quote!(::core::option::Option::Some(&#handle)),
            )
        }
    };
    let call = at(twin.at, quote!(#private::enter::<#kind, Self>));
    quote! {
        #(#attrs)*
        impl #generics #of #where_clause {
            #docs
            #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
            #[track_caller]
            pub fn #enter(self) -> ::core::result::Result<#koil::Entered<Self>, #error> #bounds {
                #found
                #call(#given, #names, self)
            }
        }
    }
}

/// `Pool::enter`
fn guarded(twin: &TwinContext, words: &Words, koil: &Path, private: &TokenStream) -> TokenStream {
    let TwinContext {
        attrs,
        generics,
        aio,
        ..
    } = twin;
    let where_clause = &generics.where_clause;
    let error = error(twin, words);
    let bounds = bounds(twin, words);
    let Words { send, kind, .. } = words;
    let docs = docs(&[
        " Enters the context. Its guard leaves it: await its `close`, or drop it.".to_owned(),
        String::new(),
        " # Errors".to_owned(),
        String::new(),
        " The context's own, if it could not be entered.".to_owned(),
    ]);
    let names = names(twin, private);
    let guard = match twin.stays {
        Stays::Anywhere => quote!(AsyncEntered),
        Stays::OnItsThread => quote!(LocalAsyncEntered),
    };
    let call = at(twin.at, quote!(#private::enter_async::<#kind, Self>));
    quote! {
        #(#attrs)*
        impl #generics #aio #where_clause {
            #docs
            #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
            #[track_caller]
            pub fn enter(self) -> impl ::core::future::Future<
                Output = ::core::result::Result<#koil::#guard<Self>, #error>
            > #send #bounds {
                #call(#names, self)
            }
        }
    }
}

fn names(twin: &TwinContext, private: &TokenStream) -> TokenStream {
    let (enter, exit) = (twin.labels.0.lines(), twin.labels.1.lines());
    quote!(&#private::ContextNames { enter: #enter, exit: #exit })
}

fn error(twin: &TwinContext, words: &Words) -> TokenStream {
    let context = &words.context;
    let own = || quote!(<Self as #context>::Error);
    twin.error
        .as_ref()
        .map_or_else(own, ToTokens::to_token_stream)
}

/// The bounds of a context that another thread may leave. They are written even if they depend on
/// no parameter: rustc then reports an unmet bound once, at the type, and not again in the body.
fn bounds(twin: &TwinContext, words: &Words) -> TokenStream {
    let error = error(twin, words);
    let bounds = match twin.stays {
        Stays::Anywhere => quote! {
            where
                Self: ::core::marker::Send + 'static,
                #error: ::core::marker::Send + 'static
        },
        Stays::OnItsThread => TokenStream::new(),
    };
    at(twin.at, bounds)
}
