//! Streams, readers and writers: the types that the twin returns in their place.

use proc_macro2::Span;
use quote::{quote, quote_spanned};
use syn::Type;

use crate::{
    error::{Result, err},
    lower::{
        koiled::{
            mapped::{Mapped, with_arguments},
            returned::Table,
        },
        types::{
            async_traits::with_item,
            parts::{bare, result_value},
        },
    },
    model::{Convert, Each, IntoTwin},
    tokens::at,
};

impl Table<'_> {
    pub(crate) fn stream(&self, ty: &Type, item: &Type) -> Result<Mapped<IntoTwin>> {
        let mapped = self.map(item)?;
        if mapped.convert.is_as_is() || mapped.convert.waits_later() {
            return Ok(self.iterated(ty));
        }
        let convert = Box::new(mapped.convert);
        let (ty, each) = match bare(ty) {
            // A mock of the twin could not make a stream of originals, and the original of `Self`
            // has no name.
            Type::ImplTrait(node) if self.twins.of_trait() => {
                let iterator = syn::parse2(quote!(::core::iter::Iterator)).ok();
                let ty = with_item(node, "Stream", iterator.as_ref(), &mapped.ty);
                (Type::ImplTrait(ty), Each::Opaque(convert))
            }
            _ => {
                self.nameable(item)?;
                let (koil, stream) = (self.twins.koil, self.twins.async_self(ty));
                let item = &mapped.ty;
                let ty = quote!(#koil::MapIter<#stream, #item>);
                (Type::Verbatim(ty), Each::Mapped(convert))
            }
        };
        Ok(Mapped {
            ty,
            convert: Convert::Held(IntoTwin::Iter(self.poll, each)),
        })
    }

    /// The user's type, unchanged, inside `Iter`: it captures the same lifetimes.
    pub(crate) fn iterated(&self, stream: &Type) -> Mapped<IntoTwin> {
        let koil = self.twins.koil;
        let stream = self.twins.async_self(stream);
        Mapped {
            ty: Type::Verbatim(quote!(#koil::Iter<#stream>)),
            convert: Convert::Held(IntoTwin::Iter(self.poll, Each::AsIs)),
        }
    }

    /// `#[koil(iter)]`: if the type is not a stream, rustc points at the word.
    pub(crate) fn iterated_by(&self, stream: &Type, word: Span) -> Mapped<IntoTwin> {
        let koil = self.twins.koil;
        let stream = self.twins.async_self(stream);
        let iter = at(word, quote!(#koil::Iter));
        Mapped {
            ty: Type::Verbatim(quote_spanned!(word=> #iter<#stream>)),
            convert: Convert::Held(IntoTwin::Iter(self.poll.asserted(word), Each::AsIs)),
        }
    }

    /// The user's type, unchanged, inside `Io`.
    pub(crate) fn blocking_io(&self, io: &Type) -> Mapped<IntoTwin> {
        let koil = self.twins.koil;
        let io = self.twins.async_self(io);
        Mapped {
            ty: Type::Verbatim(quote!(#koil::Io<#io>)),
            convert: Convert::Held(IntoTwin::Io(self.poll)),
        }
    }

    /// `#[koil(iter)]`, `#[koil(io)]`: the helper means the type itself, or the content of a
    /// `Result` or `Option`.
    pub(crate) fn declared(
        &self,
        ty: &Type,
        meant: impl Fn(&Self, &Type) -> Mapped<IntoTwin>,
    ) -> Mapped<IntoTwin> {
        if let Some((path, inner)) = result_value(ty) {
            return with_arguments(path, vec![(0, meant(self, inner))], self.twins);
        }
        meant(self, ty)
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
