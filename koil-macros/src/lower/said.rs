//! `#[koil(wait | iter | io)]`: checks that these words fit the returned type.

use proc_macro2::Span;
use syn::{GenericArgument, Type, TypePath};

use super::{
    asynchrony::{future_output, is_io, stream_item},
    handles::{bare, type_arguments},
    tokens::has_impl,
};
use crate::{
    args::Helpers,
    error::{Error, Result, err},
    syntax::function::Function,
};

/// Rejects `wait`, `iter` and `io` on a function that returns nothing.
pub(super) fn something_returned(function: &Function, helpers: &Helpers) -> Result<()> {
    let wait = helpers.wait.filter(|_| function.sig.asyncness.is_none());
    let words = [(wait, "wait"), (helpers.iter, "iter"), (helpers.io, "io")];
    let mut errors = Error::accumulator();
    for (at, word) in words {
        if let Some(at) = at {
            let name = &function.sig.ident;
            errors.push(err!(at, "`{name}` returns nothing; remove `{word}`"));
        }
    }
    errors.finish()
}

/// Rejects `#[koil(wait)]` on a type that shows by itself that it is a future, and on a type
/// without a name.
pub(super) fn named(ty: &Type, word: Span) -> Result<()> {
    if future_output(ty)?.is_some() {
        return Err(err!(
            word,
            "this type says that it is a future; remove `wait`"
        ));
    }
    if has_impl(ty) {
        return Err(err!(
            word,
            "what a type without a name gives cannot be named either; return `impl Future<Output = ..>`, and remove `wait`"
        ));
    }
    Ok(())
}

/// Rejects `iter` and `io` on types that show by themselves that they are streams, readers or
/// writers. With `iter`, the items of such a stream would not become twins.
pub(super) fn told_once(ty: &Type, helpers: &Helpers) -> Result<()> {
    let inner = opened(ty).map_or(ty, |(_, inner)| inner);
    match (helpers.iter, helpers.io) {
        (Some(at), _) if stream_item(inner)?.is_some() => Err(err!(
            at,
            "this type says that it is a stream; remove `iter`"
        )),
        (_, Some(at)) if is_io(inner) => Err(err!(
            at,
            "this type says that it is a reader or writer; remove `io`"
        )),
        _ => Ok(()),
    }
}

/// The type in a `Result` or `Option`.
pub(super) fn opened(ty: &Type) -> Option<(&TypePath, &Type)> {
    let Type::Path(path) = bare(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    if last.ident != "Result" && last.ident != "Option" {
        return None;
    }
    match type_arguments(&path.path).first() {
        Some(GenericArgument::Type(inner)) => Some((path, inner)),
        _ => None,
    }
}
