//! A composition of contexts: its parts are entered in order, and left in reverse.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::{context_paths::ContextPaths, tokens::local};
use crate::{
    model::{Composition, Part, TwinContext},
    tokens::at,
};

// Input:   struct Service { #[koil(context)] pool: Pool, #[koil(context)] cache: Cache, url: String }
// Output:  impl ::koil::AsyncContext for Service {
//              type Error = <Pool as ::koil::AsyncContext>::Error;
//              async fn __koil_enter(&mut self, __progress: &mut OpenParts) -> Result<(), Self::Error> {
//                  enter_part::<AnyThread, _>(__progress, &mut self.pool).await?;
//                  enter_part::<AnyThread, _>(__progress, &mut self.cache).await?;
//                  Ok(())
//              }
//              async fn __koil_leave(..) -> Result<(), Self::Error> {
//                  let mut __exits = Exits::<AnyThread, _>::new(__cause);
//                  __exits.leave(1, __progress, &mut self.cache, From::from).await;
//                  __exits.leave(0, __progress, &mut self.pool, From::from).await;
//                  __exits.finish::<Self>()
//              }
//              ..
//          }
pub(super) fn composition(
    twin: &TwinContext,
    composed: &Composition,
    paths: &ContextPaths,
    koil: &Path,
    private: &TokenStream,
) -> TokenStream {
    let context = &paths.context;
    let (attrs, generics, aio) = (&twin.attrs, &twin.generics, &twin.aio);
    let where_clause = &generics.where_clause;
    let error = &composed.error;
    let parts = local("__parts");
    let counted = composed
        .parts
        .iter()
        .map(|Part { conditions, .. }| quote!(#(#conditions)* { #parts += 1; }));
    let whole = whole(paths, koil, private);
    let enter = enter(composed, paths, private);
    let leave = leave(composed, paths, koil, private);
    quote! {
        #(#attrs)*
        impl #generics #context for #aio #where_clause {
            type Error = #error;

            const __KOIL_PARTS: usize = {
                let mut #parts = 0;
                #(#counted)*
                #parts
            };

            #whole
            #enter
            #leave
        }
    }
}

/// `aenter` and `aexit`: a composition by itself, which is no part of another.
fn whole(
    ContextPaths { context, kind, .. }: &ContextPaths,
    koil: &Path,
    private: &TokenStream,
) -> TokenStream {
    let result = result(context);
    let (progress, cause) = (local("__progress"), local("__cause"));
    quote! {
        async fn aenter(&mut self) -> #result {
            let mut #progress = #private::OpenParts::whole(0);
            match <Self as #context>::__koil_enter(self, &mut #progress).await {
                ::core::result::Result::Ok(()) => ::core::result::Result::Ok(()),
                ::core::result::Result::Err(__error) => {
                    #private::undone::<#kind, Self>(
                        <Self as #context>::__koil_leave(
                            self,
                            &mut #progress,
                            #koil::Exit::Dropped,
                        ).await,
                    );
                    ::core::result::Result::Err(__error)
                }
            }
        }

        async fn aexit(&mut self, #cause: #koil::Exit) -> #result {
            let mut #progress = #private::OpenParts::whole(<Self as #context>::__KOIL_PARTS);
            <Self as #context>::__koil_leave(self, &mut #progress, #cause).await
        }
    }
}

fn enter(
    composed: &Composition,
    ContextPaths { context, kind, .. }: &ContextPaths,
    private: &TokenStream,
) -> TokenStream {
    let result = result(context);
    let (progress, failed) = (local("__progress"), local("__failed"));
    let enters = composed.parts.iter().map(|part| {
        let (conditions, field) = (&part.conditions, &part.field);
        let enter = quote! {
            if let ::core::result::Result::Err(#failed) =
                #private::enter_part::<#kind, _>(#progress, &mut self.#field).await
            {
                return ::core::result::Result::Err(::core::convert::From::from(#failed));
            }
        };
        let enter = at(part.at, enter);
        quote!(#(#conditions)* { #enter })
    });
    quote! {
        async fn __koil_enter(&mut self, #progress: &mut #private::OpenParts) -> #result {
            #(#enters)*
            ::core::result::Result::Ok(())
        }
    }
}

fn leave(
    composed: &Composition,
    ContextPaths { context, kind, .. }: &ContextPaths,
    koil: &Path,
    private: &TokenStream,
) -> TokenStream {
    let result = result(context);
    let (progress, cause) = (local("__progress"), local("__cause"));
    let (exits, position) = (local("__exits"), local("__part"));
    let leaves = composed.parts.iter().rev().map(|part| {
        let (conditions, field) = (&part.conditions, &part.field);
        let leave = quote! {
            #exits.leave(#position, #progress, &mut self.#field, ::core::convert::From::from).await
        };
        let leave = at(part.at, leave);
        quote!(#(#conditions)* { #position -= 1; #leave; })
    });
    quote! {
        async fn __koil_leave(
            &mut self,
            #progress: &mut #private::OpenParts,
            #cause: #koil::Exit,
        ) -> #result {
            let mut #exits = #private::Exits::<#kind, <Self as #context>::Error>::new(#cause);
            let mut #position = <Self as #context>::__KOIL_PARTS;
            #(#leaves)*
            #exits.finish::<Self>()
        }
    }
}

fn result(context: &TokenStream) -> TokenStream {
    quote!(::core::result::Result<(), <Self as #context>::Error>)
}
