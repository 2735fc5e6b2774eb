//! `Mapped`: a type as the twin has it, and the conversion of its values.

use crate::{
    lower::types::twin_types::TwinTypes,
    model::{Argument, Convert},
};
use syn::{GenericArgument, PathArguments, Type, TypePath, spanned::Spanned};

/// A type as the twin has it, and the conversion of its values to or from it.
pub(crate) struct Mapped<H> {
    pub(crate) ty: Type,
    pub(crate) convert: Convert<H>,
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
    let arguments = mapped.into_iter().map(|(index, mapped)| Argument {
        index,
        span,
        convert: mapped.convert,
    });
    Mapped {
        ty: Type::Path(path),
        convert: Convert::Container(arguments.collect()),
    }
}
