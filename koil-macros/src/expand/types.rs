//! Twin types: the wrapper, the conversions between both sides, the forwarded traits.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Lifetime, ext::IdentExt};

use super::{docs::documented, forwards_with, tokens::fresh};
use crate::{
    model::{Forwarded, IoTraits, Link, Shown, Side, Size, Template, TwinType, Wrap},
    tokens::at,
};

// Output:  #[repr(transparent)]
//          pub struct BlockingShop { __aio: ::koil::__private::Shell<Shop> }
//          unsafe impl ::koil::__private::Twin for BlockingShop { .. }
//          ::koil::__private::forward! { { .. } '__koil [;] [HasTwin FromShell ..] [Debug ..] }
//
// Templates are in the runtime wherever possible: a token that is made here, by code without
// optimisation, costs more compile time than one that rustc transcribes.
pub(super) fn type_item(ty: &TwinType, private: &TokenStream) -> TokenStream {
    let (params, arguments, where_clause) = ty.generics.split_for_impl();
    let (aio, twin, companions) = (&ty.aio, &ty.shown, &ty.companions);
    let (aio, twin) = (quote!(#aio #arguments), quote!(#twin #arguments));
    let declaration = declaration(ty, &aio, private);
    let forwards = forwards(ty, (&aio, &twin), private);
    let checks = checks(ty, private);
    let forwards_with = forwards_with::impls(ty, private);
    // A type whose plain names block is its own twin: it has the twins of the traits that it implements.
    let own = (ty.side == Side::Async).then(|| {
        quote! {
            #(#companions)*
            unsafe impl #params #private::Twin for #aio #where_clause {
                type Aio = Self;
            }
        }
    });
    quote! {
        #declaration

        #(#companions)*
        unsafe impl #params #private::Twin for #twin #where_clause {
            type Aio = #aio;
        }

        #own

        #forwards

        #forwards_with

        #checks
    }
}

// Output:  const _: fn() = ::koil::__private::forwards::Read::<Body<'static>>;
fn checks(ty: &TwinType, private: &TokenStream) -> TokenStream {
    let (aio, companions) = (&ty.aio, &ty.companions);
    let lifetimes = ty.generics.lifetimes().map(|_| quote!('static));
    let aio = quote!(#aio<#(#lifetimes),*>);
    let checks = ty.checked.iter().map(|check| {
        let name = word(check.what, ty.io);
        let check = at(
            check.at,
            quote!(const _: fn() = #private::forwards::#name::<#aio>;),
        );
        quote!(#(#companions)* #check)
    });
    quote!(#(#checks)*)
}

/// The word for a trait in `forward!`.
fn word(what: Forwarded, io: IoTraits) -> Ident {
    let name = what.name();
    match io {
        IoTraits::Futures if what.is_io() => format_ident!("Futures{name}"),
        IoTraits::Futures | IoTraits::Tokio => Ident::new(name, Span::call_site()),
    }
}

// Input:   pub struct Shop<T> { items: Vec<T> }
// Output:  #[repr(transparent)]
//          pub struct BlockingShop<T> { __aio: ::koil::__private::Shell<Shop<T>> }
// The field has a name. A tuple field would hide the `.0` of an original tuple struct from
// `twin.0`.
fn declaration(ty: &TwinType, aio: &TokenStream, private: &TokenStream) -> TokenStream {
    let (vis, twin, generics) = (&ty.vis, &ty.twin, &ty.generics);
    let attrs = documented(&ty.docs, &ty.attrs);
    let field = match ty.wrap {
        Wrap::Shell => quote!(#private::Shell<#aio>),
        Wrap::Bare => aio.clone(),
    };
    let where_clause = &generics.where_clause;
    quote! {
        #attrs
        #[allow(dead_code, deprecated, non_camel_case_types)]
        #[repr(transparent)]
        #vis struct #twin #generics #where_clause { __aio: #field }
    }
}

/// The calls of `forward!`: facts about the type, then how sure its traits are, then the traits that
/// the docs show, then the hidden ones.
fn forwards(
    ty: &TwinType,
    (aio, twin): (&TokenStream, &TokenStream),
    private: &TokenStream,
) -> TokenStream {
    let (companions, generics, accessors) = (&ty.companions, &ty.generics, &ty.accessors);
    let (params, _, where_clause) = generics.split_for_impl();
    let predicates = where_clause.iter().flat_map(|clause| &clause.predicates);
    // `for<'__koil>` delays the check: rustc decides the bound where it is needed, not here.
    let late = fresh("__koil", generics);
    let late = Lifetime::new(&format!("'{late}"), Span::call_site());
    let sized = match ty.size {
        Size::Known => TokenStream::new(),
        Size::MayBeUnknown => quote! {
            for<#late> #aio: ::core::marker::Sized, for<#late> #twin: ::core::marker::Sized,
        },
    };
    let hasher = Ident::new(&fresh("H", generics), Span::call_site());
    let (twin_name, aio_name) = (ty.twin.unraw().to_string(), ty.aio.unraw().to_string());
    let facts = quote! {
        {
            [#(#companions)*] [#params] [#aio] [#twin] [#(#predicates,)*] [#sized]
            [#hasher #twin_name #aio_name #accessors]
        }
        #late
    };
    let template = match ty.template {
        Template::Looping => quote!(forward),
        Template::Inline => quote!(forward_inline),
    };
    // A bound that depends on no parameter would be a warning.
    let sure = if generics.params.is_empty() {
        quote!([;])
    } else {
        quote!([; ()])
    };
    let (shown, claimed, hidden) = listed(ty);
    // The template is not to be looked up where the items are configured out.
    let cfgs = companions.iter().filter(|attr| attr.path().is_ident("cfg"));
    let cfgs = quote!(#(#cfgs)*);
    let claimed = (!claimed.is_empty()).then(|| {
        quote! {
            #cfgs
            #[cfg(not(doc))]
            #private::#template! { #facts [; (#late)] [#(#claimed)*] [] }
            #cfgs
            #[cfg(doc)]
            #private::#template! { #facts #sure [#(#claimed)*] [] }
        }
    });
    quote! {
        #cfgs
        #private::#template! { #facts #sure [#(#shown)*] [#(#hidden)*] }
        #claimed
    }
}

/// The words for the items of the type: shown ones, claimed ones, hidden ones.
fn listed(ty: &TwinType) -> (Vec<Ident>, Vec<Ident>, Vec<Ident>) {
    let item = |name: &str| Ident::new(name, Span::call_site());
    let from = match ty.wrap {
        Wrap::Shell => "FromShell",
        Wrap::Bare => "FromBare",
    };
    let mut shown = Vec::new();
    let (has_twin, accessors_of) = match ty.side {
        Side::Blocking => (ty.link == Link::Only, "Accessors"),
        Side::Async => (false, "Views"),
    };
    shown.extend(has_twin.then(|| item("HasTwin")));
    shown.push(item(from));
    shown.extend(ty.accessors.is_some().then(|| item(accessors_of)));
    let (mut claimed, mut hidden) = (Vec::new(), Vec::new());
    for forward in &ty.forwards {
        let list = match forward.shown {
            Shown::Yes => &mut shown,
            Shown::Claimed => &mut claimed,
            Shown::No => &mut hidden,
        };
        list.push(word(forward.what, ty.io));
    }
    (shown, claimed, hidden)
}
