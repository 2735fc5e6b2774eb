//! `fallible`: what the bridge fails with is returned, not thrown.

use proc_macro2::Span;
use syn::{ReturnType, Type, spanned::Spanned};

use super::handles::bare;
use crate::{
    error::{Error, Result, err},
    model::Convert,
};

/// A fallible wait, where `fallible` was said to this function, or to all of its block.
pub(super) fn fallible(
    word: Option<Span>,
    block: Option<Span>,
    output: &ReturnType,
    convert: Convert,
) -> Result<Convert> {
    match convert {
        Convert::Wait(road, inner) if word.or(block).is_some() => match output {
            ReturnType::Type(_, ty) if may_be_result(ty) => {
                Ok(Convert::TryWait(road, ty.span(), inner))
            }
            ReturnType::Type(_, ty) => Err(no_room(ty.span(), &super::readable(ty))),
            ReturnType::Default => Err(no_room(
                word.or(block).unwrap_or_else(Span::call_site),
                "()",
            )),
        },
        other => match word {
            Some(at) if other.crosses() => Err(err!(
                at,
                "`fallible` does not apply to an iterator; bound its waits with `Iter::next_timeout`"
            )),
            Some(at) => Err(err!(
                at,
                "`fallible` says how a future fails, and there is none; remove it"
            )),
            None => Ok(other),
        },
    }
}

fn no_room(at: Span, ty: &str) -> Error {
    err!(
        at,
        "`fallible` needs a `Result`; `{ty}` cannot hold a koil error"
    )
}

/// An alias may be one; what has another name for certain is none.
fn may_be_result(ty: &Type) -> bool {
    const OTHERS: [&str; 10] = [
        "Option", "Vec", "String", "Self", "bool", "u8", "u32", "u64", "usize", "i32",
    ];
    match bare(ty) {
        Type::Path(path) => !OTHERS.iter().any(|other| {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == other)
        }),
        // As expansions build it, of what was a path.
        Type::Verbatim(tokens) => !tokens.is_empty() && tokens.to_string() != "()",
        _ => false,
    }
}
