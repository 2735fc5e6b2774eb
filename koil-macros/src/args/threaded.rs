//! Options of `#[threaded(..)]` and `#[threaded_iterable(..)]`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, ExprLit, Lit, LitStr, Meta, Path, spanned::Spanned};

use super::{
    aio::check_aio,
    list::OptionList,
    table::Taker,
    values::{flag, handle, name, path, text, ungrouped, value},
};
use crate::{
    error::{Result, err},
    syntax::{Kind, attribute::Attribute},
};

#[derive(Clone, Default)]
pub(crate) struct Threaded {
    pub(crate) name: Option<Ident>,
    /// The async twin is in a type of its own.
    pub(crate) aio: Option<Span>,
    /// The job runs on a thread of its own.
    pub(crate) separate: Option<Span>,
    /// `&self` may be cloned.
    pub(crate) clone: Option<Span>,
    /// Plain calls of the job are cut short too.
    pub(crate) unwinding: bool,
    /// The loop to use.
    pub(crate) handle: Option<Expr>,
    /// The methods run on the thread of one object.
    pub(crate) pinned: Option<Pinned>,
    /// The number of items that may be ahead of the consumer.
    pub(crate) capacity: Option<usize>,
    pub(crate) feature: Option<LitStr>,
    /// The path of the koil crate, if it was renamed.
    pub(crate) krate: Option<Path>,
    /// At least one option could not be read.
    pub(crate) incomplete: bool,
}

/// `pinned`, or `pinned(AsyncDb)`.
#[derive(Clone)]
pub(crate) struct Pinned {
    /// The async type that gets the methods, if it is declared elsewhere.
    pub(crate) of: Option<Ident>,
}

/// Returns the options that could be read, and the mistakes.
pub(crate) fn threaded(
    tokens: TokenStream,
    attribute: Attribute,
    kind: Kind,
) -> (Threaded, Result<()>) {
    let mut list = OptionList::new(tokens, Taker::On(attribute, kind));
    let mut threaded = Threaded {
        name: list.read("name", name),
        aio: list.read("aio", flag),
        separate: list.read("separate", flag),
        clone: list.read("clone", flag),
        unwinding: list.read("unwinding", flag).is_some(),
        handle: list.read("handle", handle),
        pinned: list.read("pinned", pinned),
        capacity: list.read("capacity", capacity),
        feature: list.read("feature", text),
        krate: list.read("crate", path),
        incomplete: false,
    };
    let mut errors = list.into_errors();
    if let Some(at) = threaded.aio {
        errors.extend(check_aio(at, None, threaded.name.as_ref(), kind));
        if threaded.pinned.is_some() {
            errors.push(err!(
                at,
                "`pinned` puts the async methods on a type of their own, and `aio` on a view of this type; keep one"
            ));
        }
    }
    let mistakes = errors.finish();
    threaded.incomplete = mistakes.is_err();
    (threaded, mistakes)
}

fn pinned(meta: &Meta) -> Result<Pinned> {
    let Meta::List(list) = meta else {
        return flag(meta).map(|_| Pinned { of: None });
    };
    let of = syn::parse2(list.tokens.clone()).map_err(|_| {
        err!(
            meta,
            "`pinned(..)` takes the name of an async type that another block declares; write `pinned(AsyncDb)`, or `pinned` to declare one"
        )
    })?;
    Ok(Pinned { of: Some(of) })
}

fn capacity(meta: &Meta) -> Result<usize> {
    let no_number = |at: Span| {
        err!(
            at,
            "`capacity` takes a number of items; write `capacity = 64`"
        )
    };
    let number = match value(meta).map(ungrouped) {
        Some(Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        })) => number,
        Some(other) => return Err(no_number(other.span())),
        None => return Err(no_number(meta.span())),
    };
    match number.base10_parse() {
        Ok(0) => Err(err!(
            number,
            "with `capacity = 0` no item could be sent; write 1 or more"
        )),
        Ok(capacity) if matches!(number.suffix(), "" | "usize") => Ok(capacity),
        _ => Err(no_number(number.span())),
    }
}
