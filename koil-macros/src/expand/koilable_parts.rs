//! A composition of contexts: its parts are entered in order, and left in reverse.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::{at, koilable::Words, local};
use crate::model::{Composition, Part, TwinContext};

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
//                  __exits.finish()
//              }
//              ..
//          }
pub(super) fn composition(
    twin: &TwinContext,
    composed: &Composition,
    words: &Words,
    koil: &Path,
    private: &TokenStream,
) -> TokenStream {
    let Words { context, kind, .. } = words;
    let TwinContext {
        attrs,
        generics,
        aio,
        ..
    } = twin;
    let where_clause = &generics.where_clause;
    let error = &composed.error;
    let result = quote!(::core::result::Result<(), <Self as #context>::Error>);
    let (progress, cause, exits, part, parts, failed) = (
        local("__progress"),
        local("__cause"),
        local("__exits"),
        local("__part"),
        local("__parts"),
        local("__failed"),
    );
    let counted = composed
        .parts
        .iter()
        .map(|Part { conditions, .. }| quote!(#(#conditions)* { #parts += 1; }));
    let enters = composed.parts.iter().map(|part| {
        let Part {
            conditions,
            field,
            at: place,
        } = part;
        let enter = quote! {
            if let ::core::result::Result::Err(#failed) =
                #private::enter_part::<#kind, _>(#progress, &mut self.#field).await
            {
                return ::core::result::Result::Err(::core::convert::From::from(#failed));
            }
        };
        let enter = at(*place, enter);
        quote!(#(#conditions)* { #enter })
    });
    let leaves = composed.parts.iter().rev().map(|counted| {
        let Part {
            conditions,
            field,
            at: place,
        } = counted;
        let leave = quote! {
            #exits.leave(#part, #progress, &mut self.#field, ::core::convert::From::from).await
        };
        let leave = at(*place, leave);
        quote!(#(#conditions)* { #part -= 1; #leave; })
    });
    quote! {
        #(#attrs)*
        impl #generics #context for #aio #where_clause {
            type Error = #error;

            const __KOIL_PARTS: usize = {
                let mut #parts = 0;
                #(#counted)*
                #parts
            };

            async fn aenter(&mut self) -> #result {
                let mut #progress = #private::OpenParts::whole(0);
                match <Self as #context>::__koil_enter(self, &mut #progress).await {
                    ::core::result::Result::Ok(()) => ::core::result::Result::Ok(()),
                    ::core::result::Result::Err(__error) => {
                        #private::undone::<Self, _>(
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

            async fn __koil_enter(&mut self, #progress: &mut #private::OpenParts) -> #result {
                #(#enters)*
                ::core::result::Result::Ok(())
            }

            async fn __koil_leave(
                &mut self,
                #progress: &mut #private::OpenParts,
                #cause: #koil::Exit,
            ) -> #result {
                let mut #exits = #private::Exits::<#kind, <Self as #context>::Error>::new(#cause);
                let mut #part = <Self as #context>::__KOIL_PARTS;
                #(#leaves)*
                #exits.finish()
            }
        }
    }
}
