//! A twin type: its wrapper, the ways between both sides, what it forwards.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Generics, Lifetime, ext::IdentExt};

use super::{docs::docs, forward::forward, fresh};
use crate::model::{Size, TwinType, Wrap};

/// The pieces that every template of a type needs.
pub(super) struct Pieces<'a> {
    pub(super) private: &'a TokenStream,
    /// `Shop<T>`
    pub(super) aio: TokenStream,
    /// `BlockingShop<T>`
    pub(super) twin: TokenStream,
    /// `Shop` and `BlockingShop`, for error texts.
    pub(super) aio_name: String,
    pub(super) twin_name: String,
    /// What stands above each generated item.
    pub(super) attrs: TokenStream,
    pub(super) generics: &'a Generics,
    /// What holds where the type is held by value.
    pub(super) sized: Vec<TokenStream>,
}

pub(super) fn type_item(ty: &TwinType, private: &TokenStream) -> TokenStream {
    let (_, arguments, _) = ty.generics.split_for_impl();
    let (aio, twin, companions) = (&ty.aio, &ty.twin, &ty.companions);
    let aio = quote!(#aio #arguments);
    let twin = quote!(#twin #arguments);
    let pieces = Pieces {
        private,
        aio_name: ty.aio.unraw().to_string(),
        twin_name: ty.twin.unraw().to_string(),
        attrs: quote!(#(#companions)*),
        generics: &ty.generics,
        sized: match ty.size {
            Size::Known => Vec::new(),
            Size::MayBeUnknown => {
                vec![
                    quote!(#aio: ::core::marker::Sized),
                    quote!(#twin: ::core::marker::Sized),
                ]
            }
        },
        aio,
        twin,
    };
    let declaration = declaration(ty, &pieces);
    let bridge = bridge(ty, &pieces);
    let accessors = accessors(ty, &pieces);
    let forwards = ty
        .forwards
        .iter()
        .map(|forwarded| forward(forwarded, &pieces));
    quote!(#declaration #bridge #accessors #(#forwards)*)
}

impl Pieces<'_> {
    /// `'__koil`
    fn late(&self) -> Lifetime {
        let name = fresh("__koil", self.generics);
        Lifetime::new(&format!("'{name}"), Span::call_site())
    }

    /// The type's own bounds, and more that nobody decides before someone asks.
    ///
    /// `for<'__koil>` is what puts them off: where such a bound is false the item is absent,
    /// instead of an error.
    pub(super) fn bounds<'b>(
        &self,
        more: impl IntoIterator<Item = &'b TokenStream>,
    ) -> TokenStream {
        let own = self
            .generics
            .where_clause
            .iter()
            .flat_map(|clause| &clause.predicates);
        let own = own.map(|predicate| quote!(#predicate));
        let late = self.late();
        let more = more.into_iter().map(|bound| quote!(for<#late> #bound));
        let all: Vec<TokenStream> = own.chain(more).collect();
        if all.is_empty() {
            TokenStream::new()
        } else {
            quote!(where #(#all),*)
        }
    }
}

// Input:   pub struct Shop<T> { items: Vec<T> }
// Output:  #[repr(transparent)]
//          pub struct BlockingShop<T> { __aio: ::koil::__private::Shell<Shop<T>> }
// The field has a name, or `twin.0` would not reach that of a tuple struct.
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
        #[allow(dead_code, deprecated, non_camel_case_types)]
        #[repr(transparent)]
        #vis struct #twin #generics #where_clause { __aio: #field }
    }
}

/// What makes the wrapper a twin, and how a value becomes one.
fn bridge(ty: &TwinType, pieces: &Pieces<'_>) -> TokenStream {
    let Pieces {
        private,
        aio,
        twin,
        attrs,
        ..
    } = pieces;
    let (params, _, where_clause) = ty.generics.split_for_impl();
    let sized = pieces.bounds(&pieces.sized);
    let wrapped = match ty.wrap {
        Wrap::Shell => quote!(#private::Shell::new(__original)),
        Wrap::Bare => quote!(__original),
    };
    quote! {
        #attrs
        unsafe impl #params #private::Twin for #twin #where_clause {
            type Aio = #aio;

            fn aio(&self) -> &#aio {
                &self.__aio
            }

            fn aio_mut(&mut self) -> &mut #aio {
                &mut self.__aio
            }
        }

        #attrs
        impl #params #private::HasTwin for #aio #sized {
            type Twin = #twin;
        }

        #attrs
        impl #params ::core::convert::From<#aio> for #twin #sized {
            fn from(__original: #aio) -> Self {
                Self { __aio: #wrapped }
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
        private,
        aio,
        twin,
        attrs,
        ..
    } = pieces;
    let (params, _, where_clause) = ty.generics.split_for_impl();
    // A bound of a method may be false for one type and true for another, like that of an impl.
    let sized = &pieces.sized;
    let sized = if sized.is_empty() {
        TokenStream::new()
    } else {
        let late = pieces.late();
        quote!(where #(for<#late> #sized),*)
    };
    quote! {
        #attrs
        impl #params #aio #where_clause {
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

            /// This value as its blocking twin.
            #[allow(dead_code)]
            #vis fn into_blocking(self) -> #twin #sized {
                #private::into_twin(self)
            }
        }

        #attrs
        impl #params #twin #where_clause {
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

            /// The async original out of this twin.
            #[allow(dead_code)]
            #vis fn into_aio(self) -> #aio #sized {
                #private::Twin::into_aio(self)
            }
        }
    }
}
