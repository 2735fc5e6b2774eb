//! `#[koilable]` on a struct: its marked fields are entered in order, and left in reverse.

use quote::quote;
use syn::{GenericParam, Generics, Index, Member, Path, Type, TypePath, spanned::Spanned};

use crate::{
    args::{self, Koilable},
    error::{Error, Result, err},
    lower::{
        koilable::guard_names::home,
        koilable::guard_names::{GuardNames, check_borrows, stays},
        signature::names::check_other_name,
        types::{
            parts::applied,
            tokens::located,
            twin_types::{SelfKind, SelfType, twin_ident},
        },
    },
    model::{Composition, Part, TwinContext},
    syntax::{
        attrs::{companions, conditional_helper, conditions, is_named},
        types::TypeItem,
    },
};

/// The context that a struct of contexts is itself.
pub(crate) fn composition(item: &TypeItem, words: &Koilable, koil: &Path) -> Result<TwinContext> {
    let mut errors = Error::accumulator();
    if let Some(helper) = item.attrs.iter().find(|attr| is_named(attr, "koil")) {
        errors.push(err!(
            helper.path(),
            "`#[koil(context)]` is for fields; write options in `#[koilable(..)]`"
        ));
    }
    let mut parts = Vec::new();
    let mut first = None;
    for (index, field) in item.fields.iter().enumerate() {
        if let Some(attr) = conditional_helper(&field.attrs) {
            errors.push(err!(
                attr.path(),
                "koil sees this struct before its `cfg_attr`s; write `#[koil(context)]` on two `cfg`-ed fields instead"
            ));
        }
        if !errors
            .handle(args::is_context(&field.attrs))
            .unwrap_or_default()
        {
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
    let borrows = item.generics.lifetimes().next();
    let at = borrows.map(|param| param.lifetime.span());
    let aio = applied(&item.ident, &item.generics);
    errors.handle(check_borrows(at, &named(&aio), words));
    errors.handle(check_other_name(words.name.as_ref(), &item.ident));
    errors.finish()?;
    if parts.is_empty() {
        return Err(err!(
            item.ident,
            "no field of `{}` is a context; write `#[koil(context)]` on those that are to be entered and left",
            item.ident
        ));
    }
    let error = match (&words.error, first) {
        (Some(error), _) => error.clone(),
        (None, Some(first)) => error_of(first, words, koil),
        (None, None) => {
            return Err(err!(
                item.ident,
                "every context of `{}` is under a `cfg`, so none can say what its error is; write `#[koilable(error = ..)]`",
                item.ident
            ));
        }
    };
    let own = SelfType {
        twin: words
            .name
            .clone()
            .unwrap_or_else(|| twin_ident(&item.ident)),
        path: aio.clone(),
        kind: SelfKind::Type,
    };
    let generics = without_defaults(&item.generics);
    let faces = GuardNames::of(own, words, koil, &generics);
    Ok(TwinContext {
        attrs: companions(&item.attrs),
        stays: stays(words),
        generics,
        aio: named(&aio),
        error: Some(error.clone()),
        home: home(words),
        at: item.ident.span(),
        composition: Some(Composition { error, parts }),
        twin_generics: faces.twin_generics,
        twin: faces.twin,
        enter: faces.enter,
        labels: faces.labels,
        link: faces.link,
    })
}

/// The error of the first part; the errors of the other parts are converted to it.
fn error_of(part: &Type, words: &Koilable, koil: &Path) -> Type {
    let context = if words.local.is_some() {
        quote!(LocalAsyncContext)
    } else {
        quote!(AsyncContext)
    };
    let error = quote!(<#part as #koil::#context>::Error);
    // All tokens have the span of the field, so that rustc points at the field.
    Type::Verbatim(located(error, part.span()))
}

fn named(path: &Path) -> Type {
    Type::Path(TypePath {
        attrs: Vec::new(),
        qself: None,
        path: path.clone(),
    })
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
