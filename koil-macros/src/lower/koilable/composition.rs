//! `#[koilable]` on a struct: its marked fields are entered in order, and left in reverse.

use quote::quote;
use syn::{GenericParam, Generics, Index, Member, Path, Type, spanned::Spanned};

use super::guards::{Context, check_borrows};
use crate::{
    args::{self, Koilable},
    error::{Mistakes, Result, err},
    lower::{
        signature::{check_other_name, view_ident},
        types::{SelfKind, SelfType, applied, path_type, twin_ident},
    },
    model::{Composition, Part, TwinContext},
    syntax::{
        attrs::{companions, conditional_helper, conditions, is_named},
        types::TypeItem,
    },
    tokens::at,
};

/// The context that a struct of contexts is itself.
pub(crate) fn composition(
    item: &TypeItem,
    options: &Koilable,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<TwinContext> {
    if let Some(helper) = item.attrs.iter().find(|attr| is_named(attr, "koil")) {
        mistakes.push(err!(
            helper.path(),
            "`#[koil(context)]` is for fields; remove it here, or write the option in `#[koilable(..)]`"
        ));
    }
    let aio = applied(&item.ident, &item.generics);
    let (parts, error) = mistakes.flawless(|mistakes| {
        let (parts, first) = parts(item, mistakes);
        let borrows = item.generics.lifetimes().next();
        let at = borrows.map(|param| param.lifetime.span());
        mistakes.take(check_borrows(at, &path_type(aio.clone()), options));
        mistakes.take(check_other_name(options.name.as_ref(), &item.ident));
        Some((parts, first))
    })?;
    let error = mistakes.take(error_type(item, &parts, error, options, koil))?;
    let twin = options.name.clone();
    let context = Context {
        of_self: SelfType {
            twin: twin
                .unwrap_or_else(|| match options.aio {
                    Some(_) => view_ident(&item.ident),
                    None => twin_ident(&item.ident),
                })
                .into(),
            path: aio,
            kind: SelfKind::Type,
        },
        attrs: companions(&item.attrs),
        generics: without_defaults(&item.generics),
        error: Some(error.clone()),
        at: item.ident.span(),
        composition: Some(Composition { error, parts }),
    };
    Some(context.guarded(options, koil, mistakes))
}

/// The fields that are contexts, and the type of the first that is under no `cfg`.
fn parts<'i>(item: &'i TypeItem, mistakes: &mut Mistakes) -> (Vec<Part>, Option<&'i Type>) {
    let mut parts = Vec::new();
    let mut first = None;
    for (index, field) in item.fields.iter().enumerate() {
        if let Some(attr) = conditional_helper(&field.attrs) {
            mistakes.push(err!(
                attr.path(),
                "koil reads a helper in one `cfg_attr`, not in a nested one; write `#[cfg_attr(all(..), koil(context))]`"
            ));
        }
        let is_context = mistakes.take(args::is_context(&field.attrs));
        if !is_context.unwrap_or_default() {
            continue;
        }
        let conditions = conditions(&field.attrs);
        if first.is_none() && conditions.is_empty() {
            first = Some(&field.ty);
        }
        parts.push(Part {
            conditions,
            field: match &field.ident {
                Some(name) => Member::Named(name.clone()),
                None => Member::Unnamed(Index {
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                    span: field.ty.span(),
                }),
            },
            at: field.ty.span(),
        });
    }
    (parts, first)
}

/// The error of the composition: the one that the user names, or that of the first part.
fn error_type(
    item: &TypeItem,
    parts: &[Part],
    first: Option<&Type>,
    options: &Koilable,
    koil: &Path,
) -> Result<Type> {
    let name = &item.ident;
    if parts.is_empty() {
        return Err(err!(
            name,
            "no field of `{name}` is a context; write `#[koil(context)]` on each field that is entered and left with it"
        ));
    }
    match (&options.error, first) {
        (Some(error), _) => Ok(error.clone()),
        (None, Some(first)) => Ok(error_of(first, options, koil)),
        (None, None) => Err(err!(
            name,
            "every context of `{name}` is under a `cfg`, so none determines the error type; write `#[koilable(error = ..)]`"
        )),
    }
}

/// The error of the first part; the errors of the other parts are converted to it.
fn error_of(part: &Type, options: &Koilable, koil: &Path) -> Type {
    let context = if options.local.is_some() {
        quote!(LocalAsyncContext)
    } else {
        quote!(AsyncContext)
    };
    let error = quote!(<#part as #koil::#context>::Error);
    // All tokens have the span of the field, so that rustc points at the field.
    Type::Verbatim(at(part.span(), error))
}

/// The generics of a struct, for the header of an impl.
fn without_defaults(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    for param in &mut generics.params {
        match param {
            GenericParam::Type(param) => param.default = None,
            GenericParam::Const(param) => param.default = None,
            GenericParam::Lifetime(_) => {}
        }
    }
    generics
}
