//! Traits with a type argument, such as `From<Vec<u8>>`, that twins forward to their originals.
//!
//! They are few, and each is listed by hand, so that no template of the runtime has them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{ext::IdentExt, parse_quote};

use super::tokens::fresh;
use crate::{
    model::{ForwardedWith, Template, TwinType, WithArgument},
    tokens::all_at,
};

// Output:  impl ::core::convert::From<Vec<u8>> for BlockingBody {
//              #[track_caller]
//              fn from(__value: Vec<u8>) -> Self {
//                  ::core::convert::From::from(::koil::__private::made(
//                      "BlockingBody::from\nBody::from",
//                      || <Body as ::core::convert::From<Vec<u8>>>::from(__value),
//                  ))
//              }
//          }
pub(super) fn impls(ty: &TwinType, private: &TokenStream) -> TokenStream {
    let impls = ty
        .forwards_with
        .iter()
        .map(|forward| item(ty, forward, private));
    quote!(#(#impls)*)
}

fn item(ty: &TwinType, forward: &ForwardedWith, private: &TokenStream) -> TokenStream {
    let (_, arguments, _) = ty.generics.split_for_impl();
    let (aio, twin, companions) = (&ty.aio, &ty.shown, &ty.companions);
    let (aio, twin) = (quote!(#aio #arguments), quote!(#twin #arguments));
    let of = path(forward);
    let mut generics = forward.generics.clone();
    if forward.depends {
        let clause = generics.make_where_clause();
        clause.predicates.push(parse_quote!(#aio: #of));
    }
    let (params, _, where_clause) = generics.split_for_impl();
    let items = if forward.what.makes() {
        constructor(ty, forward, (&aio, &of), private)
    } else {
        view(ty, forward, (&aio, &of))
    };
    let item = quote! {
        impl #params #of for #twin #where_clause {
            #items
        }
    };
    let item = all_at(forward.at, item);
    quote!(#(#companions)* #item)
}

fn path(forward: &ForwardedWith) -> TokenStream {
    let argument = &forward.argument;
    match forward.what {
        WithArgument::From => quote!(::core::convert::From<#argument>),
        WithArgument::TryFrom => quote!(::core::convert::TryFrom<#argument>),
        WithArgument::AsRef => quote!(::core::convert::AsRef<#argument>),
        WithArgument::AsMut => quote!(::core::convert::AsMut<#argument>),
        WithArgument::FromIterator => quote!(::core::iter::FromIterator<#argument>),
        WithArgument::Extend => quote!(::core::iter::Extend<#argument>),
        WithArgument::PartialEq => quote!(::core::cmp::PartialEq<#argument>),
    }
}

/// The items of a trait that makes a value. Code that makes one may spawn, so it runs under the loop.
fn constructor(
    ty: &TwinType,
    forward: &ForwardedWith,
    (aio, of): (&TokenStream, &TokenStream),
    private: &TokenStream,
) -> TokenStream {
    let argument = &forward.argument;
    let made = |method: &str, call: TokenStream| match ty.template {
        Template::Looping => {
            let (twin, aio) = (ty.twin.unraw(), ty.aio.unraw());
            let names = format!("{twin}::{method}\n{aio}::{method}");
            quote!(#private::made(#names, || #call))
        }
        Template::Inline => call,
    };
    match forward.what {
        WithArgument::TryFrom => {
            let made = made("try_from", quote!(<#aio as #of>::try_from(__value)));
            quote! {
                type Error = <#aio as #of>::Error;

                #[track_caller]
                fn try_from(__value: #argument) -> ::core::result::Result<Self, Self::Error> {
                    ::core::result::Result::map(#made, ::core::convert::From::from)
                }
            }
        }
        WithArgument::FromIterator => {
            let items = Ident::new(&fresh("I", &forward.generics), Span::call_site());
            let made = made("from_iter", quote!(<#aio as #of>::from_iter(__items)));
            quote! {
                #[track_caller]
                fn from_iter<#items>(__items: #items) -> Self
                where
                    #items: ::core::iter::IntoIterator<Item = #argument>,
                {
                    ::core::convert::From::from(#made)
                }
            }
        }
        _ => {
            let made = made("from", quote!(<#aio as #of>::from(__value)));
            quote! {
                #[track_caller]
                fn from(__value: #argument) -> Self {
                    <Self as ::core::convert::From<#aio>>::from(#made)
                }
            }
        }
    }
}

/// The item of a trait that takes a value by reference.
fn view(
    ty: &TwinType,
    forward: &ForwardedWith,
    (aio, of): (&TokenStream, &TokenStream),
) -> TokenStream {
    let argument = &forward.argument;
    let original = |method: TokenStream| quote!(<#aio as #of>::#method);
    match forward.what {
        WithArgument::AsRef => {
            let method = original(quote!(as_ref));
            quote! {
                fn as_ref(&self) -> &#argument {
                    #method(&self.__aio)
                }
            }
        }
        WithArgument::AsMut => {
            let method = original(quote!(as_mut));
            quote! {
                fn as_mut(&mut self) -> &mut #argument {
                    #method(&mut self.__aio)
                }
            }
        }
        WithArgument::PartialEq => {
            let method = original(quote!(eq));
            quote! {
                fn eq(&self, __other: &#argument) -> bool {
                    #method(&self.__aio, __other)
                }
            }
        }
        _ => {
            let method = original(quote!(extend));
            let items = Ident::new(&fresh("I", &ty.generics), Span::call_site());
            quote! {
                fn extend<#items>(&mut self, __items: #items)
                where
                    #items: ::core::iter::IntoIterator<Item = #argument>,
                {
                    #method(&mut self.__aio, __items);
                }
            }
        }
    }
}
