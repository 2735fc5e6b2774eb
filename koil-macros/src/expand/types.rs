//! Twin types: the wrapper, the conversions between both sides, the forwarded traits.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Lifetime, ext::IdentExt};

use super::{docs::documented, tokens::fresh};
use crate::model::{Link, Shown, Size, Template, TwinType, Wrap};

// Output:  #[repr(transparent)]
//          pub struct BlockingShop { __aio: ::koil::__private::Shell<Shop> }
//          unsafe impl ::koil::__private::Twin for BlockingShop { .. }
//          ::koil::__private::forward! { { .. } [HasTwin FromShell ..] [Debug ..] }
//
// Templates are in the runtime wherever possible: a token that is made here, by code without
// optimisation, costs more compile time than one that rustc transcribes.
pub(super) fn type_item(ty: &TwinType, private: &TokenStream) -> TokenStream {
    let (params, arguments, where_clause) = ty.generics.split_for_impl();
    let (aio, twin, companions) = (&ty.aio, &ty.twin, &ty.companions);
    let (aio, twin) = (quote!(#aio #arguments), quote!(#twin #arguments));
    let declaration = declaration(ty, &aio, private);
    let forwards = forwards(ty, &aio, &twin);
    let template = match ty.template {
        Template::Looping => quote!(forward),
        Template::Inline => quote!(forward_inline),
    };
    // The template is not to be looked up where the items are configured out.
    let cfgs = companions.iter().filter(|attr| attr.path().is_ident("cfg"));
    quote! {
        #declaration

        #(#companions)*
        unsafe impl #params #private::Twin for #twin #where_clause {
            type Aio = #aio;
        }

        #(#cfgs)*
        #private::#template! { #forwards }
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

/// The input of `forward!`: facts about the type, then the traits shown in the docs, then the
/// hidden ones.
fn forwards(ty: &TwinType, aio: &TokenStream, twin: &TokenStream) -> TokenStream {
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
    let hasher = Ident::new(&fresh("__H", generics), Span::call_site());
    let (twin_name, aio_name) = (ty.twin.unraw().to_string(), ty.aio.unraw().to_string());
    let from = match ty.wrap {
        Wrap::Shell => "FromShell",
        Wrap::Bare => "FromBare",
    };
    let mut shown = Vec::new();
    shown.extend((ty.link == Link::Only).then_some("HasTwin"));
    shown.push(from);
    shown.extend(accessors.is_some().then_some("Accessors"));
    let mut hidden = Vec::new();
    for forward in &ty.forwards {
        match forward.shown {
            Shown::Yes => shown.push(forward.what.name()),
            Shown::No => hidden.push(forward.what.name()),
        }
    }
    let word = |name: &&str| Ident::new(name, Span::call_site());
    let (shown, hidden) = (shown.iter().map(word), hidden.iter().map(word));
    quote! {
        {
            [#(#companions)*] [#params] [#aio] [#twin] [#(#predicates,)*] [#sized]
            [#late #hasher #twin_name #aio_name #accessors]
        }
        [#(#shown)*] [#(#hidden)*]
    }
}
