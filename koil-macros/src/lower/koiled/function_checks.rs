//! Mistakes of a function as a whole: it is not async, cannot be, or has helpers that do not apply.

use syn::{Ident, ReturnType, Signature, Type};

use super::returned::Output;
use crate::{
    args::{Helpers, Koiled},
    error::{Error, Mistakes, err},
    lower::types::{Shape, bare},
    syntax::function::Function,
};

/// The mistake of a function that waits for nothing.
pub(crate) fn not_async(sig: &Signature) -> Error {
    let name = &sig.ident;
    let may_be_one = matches!(&sig.output, ReturnType::Type(_, ty)
        if matches!(bare(ty), Type::Path(_)) && Shape::without_twins(ty).result_value().is_none());
    let instead = if may_be_one {
        "add `#[koil(wait)]` or `#[koil(iter)]` if the type is one by another name"
    } else {
        "return `impl Stream`"
    };
    err!(
        name,
        "`{name}` is not async and returns neither a future nor a stream; remove `#[koiled]`, or {instead}"
    )
}

pub(crate) fn check_free_fn(
    function: &Function,
    koiled: &Koiled,
    helpers: &Helpers,
    mistakes: &mut Mistakes,
) {
    let sig = &function.sig;
    if let Some(at) = &sig.constness {
        mistakes.push(err!(
            at,
            "a `const fn` cannot be async; remove `const` or `#[koiled]`"
        ));
    }
    if let Some(abi) = &sig.abi {
        mistakes.push(err!(
            abi.extern_token,
            "a twin has not the ABI of an `extern` fn; remove `extern` or `#[koiled]`"
        ));
    }
    if sig.ident == "main" {
        mistakes.push(err!(
            sig.ident,
            "`main` needs no twin; write `fn main() {{ koil::unkoil(async {{ .. }}) }}`"
        ));
    }
    if let (Some(_), Some(name)) = (&koiled.name, &helpers.name) {
        mistakes.push(err!(name, "`name` is given twice; keep one"));
    }
    if let Some(at) = helpers.skip {
        mistakes.push(err!(
            at,
            "`skip` is for methods; remove `#[koiled]` from this fn"
        ));
    }
}

/// Checks that `lend` is on a function that returns a future, stream or reader, and `enter` on one
/// that does not.
pub(crate) fn check_helpers(
    helpers: &Helpers,
    output: &Output,
    name: &Ident,
    mistakes: &mut Mistakes,
) {
    let waits = output.wait.is_some() || output.convert.waits_later();
    if let Some(at) = helpers.lend.filter(|_| !waits) {
        mistakes.push(err!(
            at,
            "`lend` chooses the polling thread, and `{name}` returns no future, stream or reader; remove `lend`"
        ));
    }
    if let Some(at) = helpers.enter.filter(|_| waits) {
        mistakes.push(err!(
            at,
            "`enter` is for sync methods, and `{name}` runs under the loop's handle without it; remove `enter`"
        ));
    }
}
