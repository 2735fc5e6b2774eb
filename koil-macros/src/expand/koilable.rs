//! Guards of an async context: one function per side (blocking and async) that enters it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

use super::{
    call, context_paths::ContextPaths, docs::docs, koilable_parts::composition, tokens::local,
};
use crate::{
    model::{LoopChoice, Stays, TwinContext},
    tokens::at,
};

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
    let paths = ContextPaths::of(twin, koil, private);
    let composition = twin
        .composition
        .as_ref()
        .map(|composed| composition(twin, composed, &paths, koil, private));
    let twin_is_context = twin_is_context(twin, &paths, koil, private);
    let blocking = blocking(twin, &paths, koil, private);
    let guarded = guarded(twin, &paths, koil, private);
    quote!(#composition #twin_is_context #blocking #guarded)
}

/// The impl that makes the twin a context like its original, so that one guard type serves both.
fn twin_is_context(
    twin: &TwinContext,
    paths: &ContextPaths,
    koil: &Path,
    private: &TokenStream,
) -> Option<TokenStream> {
    let blocking = twin.twin.as_ref()?;
    let ContextPaths { context, send, .. } = paths;
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

const BLOCKING_DOCS: &str =
    " Enters the context and waits for that. Its guard leaves it when it is dropped, and waits
 for that too; `close` says how it went.";

const ERRORS: &str = "
 # Errors

 The context's own, if it could not be entered.";

/// `BlockingPool::enter`, or `Pool::enter_blocking`.
fn blocking(
    twin: &TwinContext,
    paths: &ContextPaths,
    koil: &Path,
    private: &TokenStream,
) -> TokenStream {
    let TwinContext { attrs, enter, .. } = twin;
    let (generics, of) = match &twin.twin {
        Some(blocking) => (&twin.twin_generics, blocking),
        None => (&twin.generics, &twin.aio),
    };
    let where_clause = &generics.where_clause;
    let own = quote!(Self);
    let error = error(twin, &own, paths);
    let bounds = bounds(twin, &own, paths);
    let last = format!("\n Blocking twin of [`{}`].", twin.link);
    let docs = docs(&[BLOCKING_DOCS.to_owned(), ERRORS.to_owned(), last]);
    let names = names(twin, private);
    let kind = &paths.kind;
    let handle = local("__handle");
    let (found, given) = match &twin.handle {
        LoopChoice::Current => (TokenStream::new(), quote!(::core::option::Option::None)),
        LoopChoice::Handle(expr) => {
            let given = call::given(expr);
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
fn guarded(
    twin: &TwinContext,
    paths: &ContextPaths,
    koil: &Path,
    private: &TokenStream,
) -> TokenStream {
    let attrs = &twin.attrs;
    let (generics, on) = match &twin.view {
        Some(view) => (&twin.twin_generics, view),
        None => (&twin.generics, &twin.aio),
    };
    // The context, as the block with the function names it.
    let (of, value) = match twin.view {
        Some(_) => (
            quote!(<Self as #private::Twin>::Aio),
            quote!(#private::Twin::into_aio(self)),
        ),
        None => (quote!(Self), quote!(self)),
    };
    let where_clause = &generics.where_clause;
    let error = error(twin, &of, paths);
    let bounds = bounds(twin, &of, paths);
    let ContextPaths { send, kind, .. } = paths;
    let first = " Enters the context. Its guard leaves it: await its `close`, or drop it.";
    let docs = docs(&[first.to_owned(), ERRORS.to_owned()]);
    let names = names(twin, private);
    let guard = match twin.stays {
        Stays::Anywhere => quote!(AsyncEntered),
        Stays::OnItsThread => quote!(LocalAsyncEntered),
    };
    let call = at(twin.at, quote!(#private::enter_async::<#kind, #of>));
    quote! {
        #(#attrs)*
        impl #generics #on #where_clause {
            #docs
            #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
            #[track_caller]
            pub fn enter(self) -> impl ::core::future::Future<
                Output = ::core::result::Result<#koil::#guard<#of>, #error>
            > #send #bounds {
                #call(#names, #value)
            }
        }
    }
}

fn names(twin: &TwinContext, private: &TokenStream) -> TokenStream {
    let (enter, exit) = (twin.labels.0.lines(), twin.labels.1.lines());
    quote!(&#private::ContextNames { enter: #enter, exit: #exit })
}

fn error(twin: &TwinContext, of: &TokenStream, paths: &ContextPaths) -> TokenStream {
    let context = &paths.context;
    let own = || quote!(<#of as #context>::Error);
    twin.error
        .as_ref()
        .map_or_else(own, ToTokens::to_token_stream)
}

/// The bounds of a context that another thread may leave. They are written even if they depend on
/// no parameter: rustc then reports an unmet bound once, at the type, and not again in the body.
fn bounds(twin: &TwinContext, of: &TokenStream, paths: &ContextPaths) -> TokenStream {
    let error = error(twin, of, paths);
    let bounds = match twin.stays {
        Stays::Anywhere => quote! {
            where
                #of: ::core::marker::Send + 'static,
                #error: ::core::marker::Send + 'static
        },
        Stays::OnItsThread => TokenStream::new(),
    };
    at(twin.at, bounds)
}
