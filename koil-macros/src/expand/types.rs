//! A twin type: its wrapper, the ways between both sides, what it forwards.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs::docs, forward::forward};
use crate::model::{TwinType, Wrap};

/// The pieces that every template of a type needs.
pub(super) struct Pieces<'a> {
    pub(super) private: &'a TokenStream,
    /// `Shop<T>`
    pub(super) aio: TokenStream,
    /// `BlockingShop<T>`
    pub(super) twin: TokenStream,
    /// What stands above each generated item.
    pub(super) attrs: TokenStream,
}

pub(super) fn type_item(ty: &TwinType, private: &TokenStream) -> TokenStream {
    let (_, arguments, _) = ty.generics.split_for_impl();
    let (aio, twin, companions) = (&ty.aio, &ty.twin, &ty.companions);
    let pieces = Pieces {
        private,
        aio: quote!(#aio #arguments),
        twin: quote!(#twin #arguments),
        attrs: quote!(#(#companions)*),
    };
    let declaration = declaration(ty, &pieces);
    let bridge = bridge(ty, &pieces);
    let accessors = accessors(ty, &pieces);
    let forwards = ty
        .forwards
        .iter()
        .map(|forwarded| forward(forwarded, ty, &pieces));
    quote!(#declaration #bridge #accessors #(#forwards)*)
}

// Input:   pub struct Shop<T> { items: Vec<T> }
// Output:  #[repr(transparent)]
//          pub struct BlockingShop<T>(::koil::__private::Shell<Shop<T>>);
fn declaration(ty: &TwinType, pieces: &Pieces<'_>) -> TokenStream {
    let Pieces { private, aio, .. } = pieces;
    let TwinType {
        attrs,
        vis,
        twin,
        generics,
        ..
    } = ty;
    let docs = docs(&ty.docs);
    let field = match ty.wrap {
        Wrap::Shell => quote!(#private::Shell<#aio>),
        Wrap::Bare => aio.clone(),
    };
    let where_clause = &generics.where_clause;
    quote! {
        #docs
        #(#attrs)*
        #[allow(dead_code, deprecated)]
        #[repr(transparent)]
        #vis struct #twin #generics (#field) #where_clause;
    }
}

/// What makes the wrapper a twin, and how a value becomes one.
fn bridge(ty: &TwinType, pieces: &Pieces<'_>) -> TokenStream {
    let Pieces {
        private,
        aio,
        twin,
        attrs,
    } = pieces;
    let (params, _, where_clause) = ty.generics.split_for_impl();
    let (sized_params, _, sized_where) = ty.sized.split_for_impl();
    let wrapped = match ty.wrap {
        Wrap::Shell => quote!(#private::Shell::new(original)),
        Wrap::Bare => quote!(original),
    };
    quote! {
        #attrs
        unsafe impl #params #private::Twin for #twin #where_clause {
            type Aio = #aio;

            fn aio(&self) -> &#aio {
                &self.0
            }

            fn aio_mut(&mut self) -> &mut #aio {
                &mut self.0
            }
        }

        #attrs
        impl #params #private::HasTwin for #aio #where_clause {
            type Twin = #twin;
        }

        #attrs
        impl #sized_params ::core::convert::From<#aio> for #twin #sized_where {
            fn from(original: #aio) -> Self {
                Self(#wrapped)
            }
        }
    }
}

/// The way from one side to the other, by name.
fn accessors(ty: &TwinType, pieces: &Pieces<'_>) -> TokenStream {
    let Some(vis) = &ty.accessors else {
        return TokenStream::new();
    };
    let Pieces {
        private, aio, twin, ..
    } = pieces;
    let into_blocking = quote! {
        /// This value as its blocking twin.
        #[allow(dead_code)]
        #vis fn into_blocking(self) -> #twin {
            #private::into_twin(self)
        }
    };
    let blocking = quote! {
        /// The blocking twin of this value.
        #[allow(dead_code)]
        #vis fn blocking(&self) -> &#twin {
            #private::as_twin(self)
        }

        /// The blocking twin of this value, to change it.
        #[allow(dead_code)]
        #vis fn blocking_mut(&mut self) -> &mut #twin {
            #private::as_twin_mut(self)
        }
    };
    let into_aio = quote! {
        /// The async original out of this twin.
        #[allow(dead_code)]
        #vis fn into_aio(self) -> #aio {
            #private::Twin::into_aio(self)
        }
    };
    let aio_refs = quote! {
        /// The async original of this twin.
        #[allow(dead_code)]
        #vis fn aio(&self) -> &#aio {
            #private::Twin::aio(self)
        }

        /// The async original of this twin, to change it.
        #[allow(dead_code)]
        #vis fn aio_mut(&mut self) -> &mut #aio {
            #private::Twin::aio_mut(self)
        }
    };
    let of_aio = inherent(ty, pieces, aio, &blocking, &into_blocking);
    let of_twin = inherent(ty, pieces, twin, &aio_refs, &into_aio);
    quote!(#of_aio #of_twin)
}

/// Methods by reference and by value: one block, or two if the type may be unsized.
fn inherent(
    ty: &TwinType,
    pieces: &Pieces<'_>,
    of: &TokenStream,
    by_ref: &TokenStream,
    by_value: &TokenStream,
) -> TokenStream {
    let attrs = &pieces.attrs;
    let (params, _, where_clause) = ty.generics.split_for_impl();
    let (sized_params, _, sized_where) = ty.sized.split_for_impl();
    match ty.wrap {
        Wrap::Shell => quote! {
            #attrs
            impl #params #of #where_clause { #by_ref #by_value }
        },
        Wrap::Bare => quote! {
            #attrs
            impl #params #of #where_clause { #by_ref }
            #attrs
            impl #sized_params #of #sized_where { #by_value }
        },
    }
}
