//! Options of `#[koilable(..)]`, and its only helper, `#[koil(context)]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{Expr, LitStr, Meta, Path, Type, TypePath};

use super::{
    aio::check_aio,
    list::OptionList,
    table::Taker,
    values::{flag, handle, is_lower_case, name, path, string, suffix, text, ungrouped, value},
};
use crate::{
    error::{Result, err},
    syntax::{Kind, attribute::Attribute},
};

#[derive(Default)]
pub(crate) struct Koilable {
    /// The context stays on its thread.
    pub(crate) local: Option<Span>,
    pub(crate) name: Option<Ident>,
    pub(crate) suffix: Option<String>,
    /// The plain name blocks, and the async side is in a view of the type.
    pub(crate) aio: Option<Span>,
    /// The error type of a composition.
    pub(crate) error: Option<Type>,
    pub(crate) feature: Option<LitStr>,
    /// An expression for the handle of the loop to use.
    pub(crate) handle: Option<Expr>,
    /// The path of the koil crate, if it was renamed.
    pub(crate) krate: Option<Path>,
}

/// Returns the options that could be read, and the mistakes.
pub(crate) fn koilable(tokens: TokenStream, kind: Kind) -> (Koilable, Result<()>) {
    let mut list = OptionList::new(tokens, Taker::On(Attribute::Koilable, kind));
    let koilable = Koilable {
        local: list.read("local", flag),
        name: list.read("name", type_name),
        suffix: list.read("suffix", suffix),
        aio: list.read("aio", flag),
        error: list.read("error", error),
        feature: list.read("feature", text),
        handle: list.read("handle", handle),
        krate: list.read("crate", path),
    };
    let mut errors = list.into_errors();
    if let (Some(name), Some(_)) = (&koilable.name, &koilable.suffix) {
        errors.push(err!(
            name,
            "`name` is the name of the twin type, and with `suffix` there is no twin type; keep one"
        ));
    }
    if let Some(at) = koilable.aio {
        errors.extend(check_aio(at, koilable.suffix.as_ref(), None, kind));
    }
    (koilable, errors.finish())
}

fn type_name(meta: &Meta) -> Result<Ident> {
    let name = name(meta)?;
    if is_lower_case(&name) {
        return Err(err!(
            name,
            "`name` is the name of the twin type; to rename the function, write `suffix = \"..\"`"
        ));
    }
    Ok(name)
}

/// Reads `error = ServiceError`. A type that is not a path is written in quotes.
fn error(meta: &Meta) -> Result<Type> {
    let no_type = |at: &dyn ToTokens| {
        err!(
            at.to_token_stream(),
            "`error` takes a type; write `error = ServiceError`, or `error = \"Box<dyn Error>\"` with quotes"
        )
    };
    let value = value(meta).ok_or_else(|| no_type(meta))?;
    if let Some(text) = string(value) {
        return text.parse().map_err(|_| no_type(text));
    }
    match ungrouped(value) {
        Expr::Path(path) if path.attrs.is_empty() => Ok(Type::Path(TypePath {
            attrs: Vec::new(),
            qself: path.qself.clone(),
            path: path.path.clone(),
        })),
        other => Err(no_type(other)),
    }
}

/// Is the field a part of the composition?
pub(crate) fn is_context(attrs: &[syn::Attribute]) -> Result<bool> {
    let mut list = OptionList::of_helpers(attrs, Taker::Field);
    let context = list.read("context", flag);
    list.into_errors().finish_with(context.is_some())
}
