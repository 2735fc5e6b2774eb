//! Streams, readers and writers: the types that the twin returns in their place.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    AngleBracketedGenericArguments, GenericArgument, PathArguments, Type, TypeImplTrait,
    TypeParamBound,
};

use super::mapped::{Mapped, Mapper, with_arguments};
use crate::{
    error::{Result, err},
    lower::types::{Shape, bare},
    model::{BlockingIo, Convert, Each, IntoTwin, IoTraits, ItemFailure},
    tokens::at,
};

impl Mapper<'_> {
    /// A stream of these items, as an iterator over the mapped items.
    pub(crate) fn stream(
        &self,
        ty: &Type,
        item: &Type,
        mapped: Mapped<IntoTwin>,
    ) -> Result<Mapped<IntoTwin>> {
        if mapped.convert.is_as_is() || mapped.convert.waits_later() {
            return Ok(self.iterated(ty, Some(item)));
        }
        let failure = self.fallible.of_items(Some(item));
        let convert = Box::new(mapped.convert);
        let koil = self.twins.koil;
        let (ty, each) = match bare(ty) {
            // A mock of the twin could not make a stream of originals, and the original of `Self`
            // has no name.
            Type::ImplTrait(node) if self.twins.of_trait() => {
                let iterator = syn::parse2(quote!(::core::iter::Iterator)).ok();
                let item = match failure {
                    ItemFailure::AroundItem { .. } => {
                        let item = &mapped.ty;
                        let result = quote!(::core::result::Result<#item, #koil::Error>);
                        Type::Verbatim(result)
                    }
                    ItemFailure::Panic | ItemFailure::IsItem { .. } => mapped.ty,
                };
                let ty = with_item(node, "Stream", iterator.as_ref(), &item);
                (Type::ImplTrait(ty), Each::Opaque(convert))
            }
            _ if self.poll.is_inline() => {
                self.nameable(item)?;
                let item = &mapped.ty;
                let ty = quote!(impl ::core::iter::Iterator<Item = #item>);
                (Type::Verbatim(ty), Each::Opaque(convert))
            }
            _ => {
                self.nameable(item)?;
                let (stream, item) = (self.twins.async_self(ty), &mapped.ty);
                let iter = match failure {
                    ItemFailure::AroundItem { .. } => quote!(TimeoutIter),
                    ItemFailure::Panic | ItemFailure::IsItem { .. } => quote!(MapIter),
                };
                let ty = quote!(#koil::#iter<#stream, #item>);
                (Type::Verbatim(ty), Each::Mapped(convert))
            }
        };
        Ok(Mapped {
            ty,
            convert: Convert::Held(IntoTwin::Iter(self.poll, each, failure)),
        })
    }

    /// The path of the iterator over a stream.
    fn iter_path(&self, failure: ItemFailure) -> TokenStream {
        let koil = self.twins.koil;
        match failure {
            _ if self.poll.is_inline() => quote!(#koil::inline::Iter),
            ItemFailure::Panic | ItemFailure::IsItem { .. } => quote!(#koil::Iter),
            ItemFailure::AroundItem { .. } => quote!(#koil::TimeoutIter),
        }
    }

    /// The user's type, unchanged, inside `Iter`: it captures the same lifetimes.
    fn iterated(&self, stream: &Type, item: Option<&Type>) -> Mapped<IntoTwin> {
        let failure = self.fallible.of_items(item);
        let (iter, stream) = (self.iter_path(failure), self.twins.async_self(stream));
        Mapped {
            ty: Type::Verbatim(quote!(#iter<#stream>)),
            convert: Convert::Held(IntoTwin::Iter(self.poll, Each::AsIs, failure)),
        }
    }

    /// `#[koil(iter)]`: if the type is not a stream, rustc points at the word.
    pub(crate) fn iterated_by(&self, stream: &Type, word: Span) -> Mapped<IntoTwin> {
        let failure = self.fallible.of_items(None);
        let stream = self.twins.async_self(stream);
        let iter = at(word, self.iter_path(failure));
        let poll = self.poll.asserted(word);
        Mapped {
            ty: Type::Verbatim(quote_spanned!(word=> #iter<#stream>)),
            convert: Convert::Held(IntoTwin::Iter(poll, Each::AsIs, failure)),
        }
    }

    /// The user's type, unchanged, inside `Io`.
    pub(crate) fn blocking_io(&self, io: &Type, at: Span, traits: IoTraits) -> Mapped<IntoTwin> {
        let koil = self.twins.koil;
        let io = self.twins.async_self(io);
        let io = match traits {
            IoTraits::Tokio => io.to_token_stream(),
            IoTraits::Futures => quote!(#koil::FuturesIo<#io>),
        };
        Mapped {
            ty: Type::Verbatim(quote!(#koil::Io<#io>)),
            convert: Convert::Held(IntoTwin::Io(BlockingIo {
                poll: self.poll,
                traits,
                at,
                limit: self.fallible.limit(),
                panics: self.fallible.panics(),
            })),
        }
    }

    /// `#[koil(iter)]`, `#[koil(io)]`: the helper means the type itself, or the content of a
    /// `Result` or `Option`.
    pub(crate) fn declared(
        &self,
        ty: &Type,
        shape: &Shape<'_>,
        meant: impl Fn(&Self, &Type) -> Mapped<IntoTwin>,
    ) -> Mapped<IntoTwin> {
        match shape.result_value() {
            Some((path, inner)) => with_arguments(path, vec![(0, meant(self, inner))], self.twins),
            None => meant(self, ty),
        }
    }

    /// Rejects a boxed stream of `Self` in a trait: the type of the stream is written out, and a
    /// trait cannot name the original of `Self`.
    fn nameable(&self, item: &Type) -> Result<()> {
        match self.twins.nameless_in(item) {
            Some(word) => Err(err!(
                word,
                "the twin of a trait cannot name a boxed stream of `Self`; return `impl Stream` or add `#[koil(skip)]`"
            )),
            None => Ok(()),
        }
    }
}

/// `impl Stream<Item = T> + ..` with another trait and another item. All other tokens stay the
/// user's, above all the `impl` token, since its edition decides which lifetimes are captured.
pub(crate) fn with_item(
    node: &TypeImplTrait,
    from: &str,
    to: Option<&syn::Path>,
    item: &Type,
) -> TypeImplTrait {
    let mut node = node.clone();
    for bound in &mut node.bounds {
        let TypeParamBound::Trait(bound) = bound else {
            continue;
        };
        let Some(last) = bound
            .path
            .segments
            .last_mut()
            .filter(|last| last.ident == from)
        else {
            continue;
        };
        if let PathArguments::AngleBracketed(list) = &mut last.arguments {
            set_associated(list, item);
        }
        let arguments = last.arguments.clone();
        if let Some(to) = to {
            bound.path = to.clone();
            if let Some(last) = bound.path.segments.last_mut() {
                last.arguments = arguments;
            }
        }
    }
    node
}

fn set_associated(list: &mut AngleBracketedGenericArguments, item: &Type) {
    for argument in &mut list.args {
        if let GenericArgument::AssocType(assoc) = argument
            && assoc.ident == "Item"
        {
            assoc.ty = item.clone();
        }
    }
}
