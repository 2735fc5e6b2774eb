//! `Mapped`: a type as the twin has it, and the conversion of its values.

use quote::quote;
use syn::{GenericArgument, Lifetime, PathArguments, Type, TypePath, TypeTuple, spanned::Spanned};

use super::fallible::Fallible;
use crate::{
    error::Result,
    lower::{
        signature::is_self,
        types::{TwinTypes, bare, pointee},
    },
    model::{Convert, IntoTwin, IoTraits, PollBy, TypeArgument},
};

/// A type as the twin has it, and the conversion of its values to or from it.
pub(crate) struct Mapped<H> {
    pub(crate) ty: Type,
    pub(crate) convert: Convert<H>,
}

/// The types with twins, the thread that polls, and the failure mode: how returned values are mapped.
pub(crate) struct Mapper<'a> {
    pub(crate) twins: &'a TwinTypes<'a>,
    pub(crate) poll: PollBy,
    pub(crate) fallible: Fallible<'a>,
    /// The crate of readers and writers whose path does not tell it.
    pub(crate) io: IoTraits,
}

impl Mapper<'_> {
    /// `&Option<Body>` becomes `Option<&BlockingBody>`, and `&mut Option<Body>` a guard.
    pub(crate) fn optional(&self, ty: &Type) -> Option<Mapped<IntoTwin>> {
        let Type::Reference(reference) = bare(ty) else {
            return None;
        };
        let twin = self.twins.twin_of(pointee(&reference.elem, "Option")?)?;
        // The twin of a trait cannot know the size of its original.
        if self.twins.of_trait() && is_self(&twin) {
            return None;
        }
        let koil = self.twins.koil;
        let (and, lifetime) = (&reference.and_token, &reference.lifetime);
        let (ty, convert) = if reference.mutability.is_some() {
            let elided = Lifetime::new("'_", and.span);
            let lifetime = lifetime.as_ref().unwrap_or(&elided);
            let ty = quote!(#koil::OptionMut<#lifetime, #twin>);
            (ty, IntoTwin::OptionMut(Box::new(twin)))
        } else {
            let ty = quote!(::core::option::Option<#and #lifetime #twin>);
            (ty, IntoTwin::OptionRef(Box::new(twin)))
        };
        Some(Mapped {
            ty: Type::Verbatim(ty),
            convert: Convert::Held(convert),
        })
    }
}

/// The path with some of its type arguments replaced. Indices do not count lifetimes.
pub(crate) fn with_arguments<H>(
    path: &TypePath,
    mapped: Vec<(usize, Mapped<H>)>,
    twins: &TwinTypes<'_>,
) -> Mapped<H> {
    let span = path
        .path
        .segments
        .last()
        .map_or_else(|| path.span(), |last| last.ident.span());
    let mut path = path.clone();
    if let Some(last) = path.path.segments.last_mut()
        && let PathArguments::AngleBracketed(list) = &mut last.arguments
    {
        let not_lifetimes = list
            .args
            .iter_mut()
            .filter(|arg| !matches!(arg, GenericArgument::Lifetime(_)));
        for (position, argument) in not_lifetimes.enumerate() {
            let changed = mapped.iter().find(|(index, _)| *index == position);
            *argument = match changed {
                Some((_, mapped)) => GenericArgument::Type(mapped.ty.clone()),
                None => twins.async_self(argument),
            };
        }
    }
    let arguments = mapped.into_iter().map(|(index, mapped)| TypeArgument {
        index,
        span,
        convert: mapped.convert,
    });
    Mapped {
        ty: Type::Path(path),
        convert: Convert::Container(arguments.collect()),
    }
}

/// A tuple whose elements are mapped.
pub(crate) fn tuple<H>(
    tuple: &TypeTuple,
    map: &dyn Fn(&Type) -> Result<Mapped<H>>,
) -> Result<Mapped<H>> {
    let mut mapped_tuple = tuple.clone();
    let mut converts = Vec::new();
    for element in &mut mapped_tuple.elems {
        let mapped = map(element)?;
        *element = mapped.ty;
        converts.push(mapped.convert);
    }
    Ok(Mapped {
        ty: Type::Tuple(mapped_tuple),
        convert: Convert::tuple(converts),
    })
}
