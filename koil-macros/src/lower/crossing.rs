//! Streams, readers and writers: the types that the twin returns in their place.

use proc_macro2::Span;
use quote::{quote, quote_spanned};
use syn::Type;

use super::{
    asynchrony::with_item,
    handles::bare,
    located,
    output::{Mapped, Table, with_arguments},
    said::opened,
};
use crate::{
    error::{Result, err},
    model::{Convert, Each},
};

impl Table<'_> {
    pub(super) fn stream(&self, ty: &Type, item: &Type) -> Result<Mapped> {
        let mapped = self.map(item)?;
        if mapped.convert.is_as_is() || mapped.convert.crosses() {
            return Ok(self.iterated(ty));
        }
        let convert = Box::new(mapped.convert);
        let (ty, each) = match bare(ty) {
            // A mock of the twin could not make a stream of originals, and the original of `Self`
            // has no name.
            Type::ImplTrait(node) if self.handles.of_trait() => {
                let iterator = syn::parse2(quote!(::core::iter::Iterator)).ok();
                let ty = with_item(node, "Stream", iterator.as_ref(), &mapped.ty);
                (Type::ImplTrait(ty), Each::Opaque(convert))
            }
            _ => {
                self.nameable(item)?;
                let (koil, stream) = (self.handles.koil, self.handles.async_self(ty));
                let item = &mapped.ty;
                let ty = quote!(#koil::MapIter<#stream, #item>);
                (Type::Verbatim(ty), Each::Mapped(convert))
            }
        };
        Ok(Mapped {
            ty,
            convert: Convert::Iter(self.road, each),
        })
    }

    /// The user's type, unchanged, inside `Iter`: it captures the same lifetimes.
    pub(super) fn iterated(&self, stream: &Type) -> Mapped {
        let koil = self.handles.koil;
        let stream = self.handles.async_self(stream);
        Mapped {
            ty: Type::Verbatim(quote!(#koil::Iter<#stream>)),
            convert: Convert::Iter(self.road, Each::AsIs),
        }
    }

    /// `#[koil(iter)]`: if the type is not a stream, rustc points at the word.
    pub(super) fn iterated_by(&self, stream: &Type, word: Span) -> Mapped {
        let koil = self.handles.koil;
        let stream = self.handles.async_self(stream);
        let iter = located(quote!(#koil::Iter), word);
        Mapped {
            ty: Type::Verbatim(quote_spanned!(word=> #iter<#stream>)),
            convert: Convert::Iter(self.road.said(word), Each::AsIs),
        }
    }

    /// The user's type, unchanged, inside `Io`.
    pub(super) fn blocking_io(&self, io: &Type) -> Mapped {
        let koil = self.handles.koil;
        let io = self.handles.async_self(io);
        Mapped {
            ty: Type::Verbatim(quote!(#koil::Io<#io>)),
            convert: Convert::Io(self.road),
        }
    }

    /// `#[koil(iter)]`, `#[koil(io)]`: the helper means the type itself, or the content of a
    /// `Result` or `Option`.
    pub(super) fn declared(&self, ty: &Type, meant: impl Fn(&Self, &Type) -> Mapped) -> Mapped {
        if let Some((path, inner)) = opened(ty) {
            return with_arguments(path, vec![(0, meant(self, inner))], self.handles);
        }
        meant(self, ty)
    }

    /// Rejects a boxed stream of `Self` in a trait: the type of the stream is written out, and a
    /// trait cannot name the original of `Self`.
    fn nameable(&self, item: &Type) -> Result<()> {
        match self.handles.nameless_in(item) {
            Some(word) => Err(err!(
                word,
                "the twin of a trait cannot name a boxed stream of `Self`; return `impl Stream` or add `#[koil(skip)]`"
            )),
            None => Ok(()),
        }
    }
}
