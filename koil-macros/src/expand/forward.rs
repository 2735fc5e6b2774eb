//! Std traits that a twin has when its original has them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{forward_async, fresh, types::Pieces};
use crate::model::{Forward, Forwarded, Shown};

// Output:  impl Clone for BlockingShop where for<'__koil> Shop: Clone { .. }
//
// So nobody has to know what the original derives or implements.
pub(super) fn forward(forward: &Forward, pieces: &Pieces<'_>) -> TokenStream {
    let Pieces {
        aio, twin, attrs, ..
    } = pieces;
    let (params, _, where_clause) = pieces.generics.split_for_impl();
    let hidden = match forward.shown {
        Shown::Yes => TokenStream::new(),
        Shown::No => quote!(#[doc(hidden)]),
    };
    let path = path(forward.what, twin);
    let body = body(forward.what, pieces);
    match forward.what {
        Forwarded::From => {
            let bounds = pieces.bounds(&pieces.sized);
            quote! {
                #hidden #attrs
                impl #params #path for #aio #bounds { #body }
            }
        }
        Forwarded::Deref => quote! {
            #hidden #attrs
            impl #params #path for #twin #where_clause { #body }
            #hidden #attrs
            impl #params ::core::ops::DerefMut for #twin #where_clause {
                fn deref_mut(&mut self) -> &mut #aio {
                    &mut self.__aio
                }
            }
        },
        what => {
            let sized = if gives_values(what) {
                &*pieces.sized
            } else {
                &[]
            };
            let asked = forward_async::asked(what, pieces.private).unwrap_or_else(|| path.clone());
            let bounds = pieces.bounds(sized.iter().chain([&quote!(#aio: #asked)]));
            let peace = (what == Forwarded::Clone)
                .then(|| quote!(#[allow(clippy::expl_impl_clone_on_copy)]));
            quote! {
                #hidden #attrs #peace
                impl #params #path for #twin #bounds { #body }
            }
        }
    }
}

/// Traits that only sized types can have.
fn gives_values(what: Forwarded) -> bool {
    use Forwarded::{Clone, Copy, Default, FromStr};
    matches!(what, Clone | Copy | Default | FromStr)
}

fn path(what: Forwarded, twin: &TokenStream) -> TokenStream {
    match what {
        Forwarded::Clone => quote!(::core::clone::Clone),
        Forwarded::Copy => quote!(::core::marker::Copy),
        Forwarded::Debug => quote!(::core::fmt::Debug),
        Forwarded::Display => quote!(::core::fmt::Display),
        Forwarded::Default => quote!(::core::default::Default),
        Forwarded::PartialEq => quote!(::core::cmp::PartialEq),
        Forwarded::Eq => quote!(::core::cmp::Eq),
        Forwarded::PartialOrd => quote!(::core::cmp::PartialOrd),
        Forwarded::Ord => quote!(::core::cmp::Ord),
        Forwarded::Hash => quote!(::core::hash::Hash),
        Forwarded::Error => quote!(::core::error::Error),
        Forwarded::FromStr => quote!(::core::str::FromStr),
        Forwarded::Iterator => quote!(::core::iter::Iterator),
        Forwarded::Read => quote!(::std::io::Read),
        Forwarded::BufRead => quote!(::std::io::BufRead),
        Forwarded::Write => quote!(::std::io::Write),
        Forwarded::Seek => quote!(::std::io::Seek),
        Forwarded::From => quote!(::core::convert::From<#twin>),
        Forwarded::Deref => quote!(::core::ops::Deref),
    }
}

fn body(what: Forwarded, pieces: &Pieces<'_>) -> TokenStream {
    let Pieces {
        private, aio, twin, ..
    } = pieces;
    let path = path(what, twin);
    let original = quote!(<#aio as #path>);
    // What makes values may spawn.
    let maker = match what {
        Forwarded::Clone => Some("clone"),
        Forwarded::Default => Some("default"),
        Forwarded::FromStr => Some("from_str"),
        _ => None,
    };
    let open = maker.map(|maker| forward_async::enter(pieces, &quote!(open), maker));
    let hasher = Ident::new(&fresh("__H", pieces.generics), Span::call_site());
    match what {
        Forwarded::Copy | Forwarded::Eq => TokenStream::new(),
        Forwarded::Iterator => forward_async::iterator(pieces),
        Forwarded::Read => forward_async::read(pieces),
        Forwarded::BufRead => forward_async::buf_read(pieces),
        Forwarded::Write => forward_async::write(pieces),
        Forwarded::Seek => forward_async::seek(pieces),
        Forwarded::Clone => quote! {
            #[track_caller]
            fn clone(&self) -> Self {
                #open
                #private::into_twin(#original::clone(&self.__aio))
            }
        },
        Forwarded::Debug | Forwarded::Display => quote! {
            fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #original::fmt(&self.__aio, __formatter)
            }
        },
        Forwarded::Default => quote! {
            #[track_caller]
            fn default() -> Self {
                #open
                #private::into_twin(#original::default())
            }
        },
        Forwarded::PartialEq => quote! {
            fn eq(&self, __other: &Self) -> bool {
                #original::eq(&self.__aio, &__other.__aio)
            }
        },
        Forwarded::PartialOrd => quote! {
            fn partial_cmp(
                &self,
                __other: &Self,
            ) -> ::core::option::Option<::core::cmp::Ordering> {
                #original::partial_cmp(&self.__aio, &__other.__aio)
            }
        },
        Forwarded::Ord => quote! {
            fn cmp(&self, __other: &Self) -> ::core::cmp::Ordering {
                #original::cmp(&self.__aio, &__other.__aio)
            }
        },
        Forwarded::Hash => quote! {
            fn hash<#hasher: ::core::hash::Hasher>(&self, __state: &mut #hasher) {
                #original::hash(&self.__aio, __state);
            }
        },
        Forwarded::Error => quote! {
            fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
                #original::source(&self.__aio)
            }
        },
        Forwarded::FromStr => quote! {
            type Err = #original::Err;

            #[track_caller]
            fn from_str(__text: &str) -> ::core::result::Result<Self, Self::Err> {
                #open
                ::core::result::Result::map(#original::from_str(__text), #private::into_twin)
            }
        },
        Forwarded::From => quote! {
            fn from(__twin: #twin) -> Self {
                #private::Twin::into_aio(__twin)
            }
        },
        Forwarded::Deref => quote! {
            type Target = #aio;

            fn deref(&self) -> &#aio {
                &self.__aio
            }
        },
    }
}
