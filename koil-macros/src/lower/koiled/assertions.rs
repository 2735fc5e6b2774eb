//! `#[koil(wait | iter | io)]`: checks that these words fit the returned type.

use proc_macro2::Span;
use syn::Type;

use crate::{
    args::{Helpers, IoWord},
    error::{Mistakes, Result, err},
    lower::types::{IoBound, Shape, has_impl},
    syntax::function::Function,
};

/// Rejects `wait`, `iter` and `io` on a function that returns nothing.
pub(crate) fn check_something_returned(
    function: &Function,
    helpers: &Helpers,
    mistakes: &mut Mistakes,
) {
    let wait = helpers.wait.filter(|_| function.sig.asyncness.is_none());
    let io = helpers.io.map(|word| word.at);
    let words = [(wait, "wait"), (helpers.iter, "iter"), (io, "io")];
    for (at, word) in words {
        if let Some(at) = at {
            let name = &function.sig.ident;
            mistakes.push(err!(at, "`{name}` returns nothing; remove `{word}`"));
        }
    }
}

/// Rejects `#[koil(wait)]` on a type that shows by itself that it is a future, and on a type
/// without a name.
pub(crate) fn check_wait(ty: &Type, shape: &Shape<'_>, word: Span) -> Result<()> {
    if shape.output()?.is_some() {
        return Err(err!(
            word,
            "koil recognises this type as a future; remove `wait`"
        ));
    }
    if has_impl(ty) {
        return Err(err!(
            word,
            "koil cannot name the output of an `impl` type; return `impl Future<Output = ..>`, and remove `wait`"
        ));
    }
    Ok(())
}

/// Rejects `iter` and `io` on types that show by themselves that they are streams, readers or
/// writers. With `iter`, the items of such a stream would not become twins.
pub(crate) fn check_redundant(shape: &Shape<'_>, helpers: &Helpers) -> Result<()> {
    let inner = shape.result_value();
    let inner = inner.map(|(_, inner)| Shape::without_twins(inner));
    let shape = inner.as_ref().unwrap_or(shape);
    match (helpers.iter, helpers.io) {
        (Some(at), _) if shape.item()?.is_some() => Err(err!(
            at,
            "koil recognises this type as a stream; remove `iter`"
        )),
        (_, Some(word)) => match shape {
            Shape::Io(io) => check_io(word, *io),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Rejects `io` where it says nothing new.
fn check_io(word: IoWord, written: IoBound) -> Result<()> {
    match (word.traits, written.traits) {
        (None, _) => Err(err!(
            word.at,
            "koil recognises this type as a reader or writer; remove `io`, or name the crate of its traits, `io = \"futures\"`"
        )),
        (Some(_), Some(_)) => Err(err!(
            word.at,
            "the path of the trait tells its crate; remove `io`"
        )),
        (Some(_), None) => Ok(()),
    }
}
