//! `fallible` and `timeout`: the choice of the twins that return bridge failures.

use proc_macro2::{Ident, Span};
use syn::{GenericArgument, Type, spanned::Spanned};

use crate::{
    args::{Helpers, Koiled, Timeout},
    error::{Error, Result, err},
    lower::types::{
        async_traits::future_output,
        parts::{bare, type_arguments},
        tokens::readable,
    },
    model::{Convert, Failure},
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
    fn and(self, helpers: &'a Helpers) -> Fallible<'a> {
        Fallible {
            fallible: helpers.fallible.or(self.fallible),
            timeout: helpers.timeout.as_ref().or(self.timeout),
        }
    }

    fn first_word(self) -> Option<(Span, &'static str)> {
        let timeout = self.timeout.map(|timeout| (timeout.at, "timeout"));
        self.fallible.map(|at| (at, "fallible")).or(timeout)
    }
}

/// The failure mode of one function. `own` are options for this function alone, `block` are options
/// for the whole block, in which some functions do not wait.
pub(crate) fn failure(
    function: &Function,
    helpers: &Helpers,
    convert: &Convert,
    (own, block): (Fallible<'_>, Fallible<'_>),
) -> Result<Failure> {
    let own = own.and(helpers);
    if !matches!(convert, Convert::Wait(..)) {
        return match own.first_word() {
            None => Ok(Failure::Thrown),
            Some((at, word)) => Err(waits_for_nothing(at, word, convert, &function.sig.ident)),
        };
    }
    let all = block.and(helpers);
    let fallible = own.fallible.or(all.fallible);
    let timeout = own.timeout.or(all.timeout);
    match (fallible, timeout) {
        (None, None) => Ok(Failure::Thrown),
        (None, Some(timeout)) => Err(timeout.needs_fallible()),
        (Some(_), timeout) => Ok(Failure::Answered {
            at: holds_errors(function, helpers, own)?,
            limit: timeout.map(|timeout| timeout.limit),
        }),
    }
}

fn waits_for_nothing(at: Span, word: &str, convert: &Convert, name: &Ident) -> Error {
    if convert.crosses() {
        return err!(
            at,
            "`{word}` does not apply to an iterator; bound the wait for its items with `Iter::timeout` or `Iter::next_timeout`"
        );
    }
    err!(
        at,
        "`{word}` is about waiting, and `{name}` waits for nothing; remove it"
    )
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
        None => future_output(declared)?,
    };
    let value = future.as_ref().unwrap_or(declared);
    if is_no_result(value) {
        return Err(err!(
            value,
            "`fallible` needs a `Result`, and `{}` cannot hold a koil error; return one, or {otherwise}",
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
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    if last.ident == "Option" {
        return match type_arguments(&path.path).first() {
            Some(GenericArgument::Type(inner)) => is_no_result(inner),
            _ => false,
        };
    }
    path.path.segments.len() == 1 && VALUES.iter().any(|value| last.ident == value)
}
