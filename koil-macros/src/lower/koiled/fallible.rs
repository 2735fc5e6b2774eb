//! `fallible` and `timeout`: the choice of the twins that return bridge failures.

use proc_macro2::{Ident, Span};
use syn::{GenericArgument, Type, spanned::Spanned};

use crate::{
    args::{Helpers, Koiled, Timeout},
    error::{Result, err},
    lower::types::{Shape, bare, ends_with, readable, type_arguments},
    model::Failure,
    syntax::function::Function,
};

/// The `fallible` and `timeout` options of an item, for each of its functions that waits.
#[derive(Clone, Copy, Default)]
pub(crate) struct Fallible<'a> {
    fallible: Option<Span>,
    timeout: Option<&'a Timeout>,
}

impl<'a> Fallible<'a> {
    pub(crate) fn of(koiled: &'a Koiled) -> Fallible<'a> {
        Fallible {
            fallible: koiled.fallible,
            timeout: koiled.timeout.as_ref(),
        }
    }

    /// The same, with the function's own options where it has any.
    pub(crate) fn and(self, helpers: &'a Helpers) -> Fallible<'a> {
        Fallible {
            fallible: helpers.fallible.or(self.fallible),
            timeout: helpers.timeout.as_ref().or(self.timeout),
        }
    }

    /// Rejects these options on a function that does not wait.
    pub(crate) fn check_unused(self, waits_later: bool, name: &Ident) -> Result<()> {
        let timeout = self.timeout.map(|timeout| (timeout.at, "timeout"));
        let first = self.fallible.map(|at| (at, "fallible")).or(timeout);
        match first {
            None => Ok(()),
            Some((at, word)) if waits_later => Err(err!(
                at,
                "`{word}` does not apply to an iterator; limit the wait for its items with `Iter::timeout` or `Iter::next_timeout`"
            )),
            Some((at, word)) => Err(err!(
                at,
                "`{word}` applies to calls that wait, and `{name}` does not wait; remove `{word}`"
            )),
        }
    }
}

/// The failure mode of a function that waits. `own` are the options that were written for this
/// function, `all` are these and those of its block.
pub(crate) fn failure(
    function: &Function,
    helpers: &Helpers,
    own: Fallible<'_>,
    all: Fallible<'_>,
) -> Result<Failure> {
    let Fallible { fallible, timeout } = all;
    match (fallible, timeout) {
        (None, None) => Ok(Failure::Panic),
        (None, Some(timeout)) => Err(timeout.needs_fallible()),
        (Some(_), timeout) => Ok(Failure::Error {
            at: holds_errors(function, helpers, own)?,
            limit: timeout.map(|timeout| timeout.limit),
        }),
    }
}

/// The span of the returned type, if the type may hold an error. rustc checks whether it can.
fn holds_errors(function: &Function, helpers: &Helpers, own: Fallible<'_>) -> Result<Span> {
    let name = &function.sig.ident;
    let otherwise = match own.fallible {
        Some(_) => "remove `fallible`".to_owned(),
        None => format!("move `{name}` to a block without `fallible`"),
    };
    let syn::ReturnType::Type(_, declared) = &function.sig.output else {
        return Err(err!(
            name,
            "`fallible` needs a `Result`, and `{name}` returns nothing; return `Result<(), ..>`, or {otherwise}"
        ));
    };
    let future = match function.sig.asyncness {
        Some(_) => None,
        None if helpers.wait.is_some() => return Ok(declared.span()),
        None => Shape::without_twins(declared).output()?,
    };
    let value = future.unwrap_or(declared);
    if is_no_result(value) {
        return Err(err!(
            value,
            "`fallible` needs a `Result`, and `{}` cannot hold a koil error; return a `Result`, or {otherwise}",
            readable(value)
        ));
    }
    Ok(declared.span())
}

/// Is the type surely not a `Result`? An unknown name may be an alias of one.
fn is_no_result(ty: &Type) -> bool {
    const VALUES: [&str; 27] = [
        "Self", "bool", "char", "str", "String", "u8", "u16", "u32", "u64", "u128", "usize", "i8",
        "i16", "i32", "i64", "i128", "isize", "f32", "f64", "Vec", "Arc", "Rc", "Box", "HashMap",
        "BTreeMap", "HashSet", "Duration",
    ];
    let Type::Path(path) = bare(ty) else {
        return !matches!(
            bare(ty),
            Type::Macro(_) | Type::Verbatim(_) | Type::Infer(_)
        );
    };
    if ends_with(&path.path, &["Option"]) {
        return match type_arguments(&path.path).first() {
            Some(GenericArgument::Type(inner)) => is_no_result(inner),
            _ => false,
        };
    }
    path.path.segments.len() == 1 && ends_with(&path.path, &VALUES)
}
