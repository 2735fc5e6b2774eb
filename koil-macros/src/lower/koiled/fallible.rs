//! `fallible` and `timeout`: the choice of the twins that return bridge failures.

use std::mem;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{GenericArgument, Generics, PathArguments, Type, TypeParam, spanned::Spanned};

use crate::{
    args::{FallibleOption, Helpers, Koiled, Timeout, WrittenLimit},
    error::{Result, err},
    lower::{
        signature::{Around, check_no_self, check_self_is_original, self_in},
        types::{Shape, bare, borrowed, ends_with, readable, type_arguments},
    },
    model::{Failure, Given, ItemFailure, LateError, Limit, Panics, Returned},
    syntax::function::Function,
    tokens::mentions,
};

/// The `fallible` and `timeout` options of an item, for each of its functions that waits.
#[derive(Clone, Copy, Default)]
pub(crate) struct Fallible<'a> {
    fallible: Option<FallibleOption>,
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

    /// The failure mode of an iterator over items of this type, if the type is known.
    pub(crate) fn of_items(self, item: Option<&Type>) -> ItemFailure {
        let (limit, panics) = (self.limit(), self.panics());
        match (self.fallible, item.filter(|item| is_result(item))) {
            (None, _) => ItemFailure::Panic,
            (Some(_), None) => ItemFailure::AroundItem { limit, panics },
            (Some(_), Some(item)) => ItemFailure::IsItem {
                at: item.span(),
                limit,
                panics,
            },
        }
    }

    pub(crate) fn panics(self) -> Panics {
        match self.fallible.and_then(|option| option.panics) {
            Some(_) => Panics::Caught,
            None => Panics::Unwind,
        }
    }

    pub(crate) fn limit(self) -> Limit {
        match self.timeout.map(|timeout| &timeout.limit) {
            None => Limit::Never,
            Some(WrittenLimit::Literal(limit)) => Limit::Fixed(*limit),
            Some(WrittenLimit::Expr(_)) => Limit::Given,
        }
    }

    /// The expression of the time limit, for the function `name` that waits. `own` are the options
    /// that were written for this function.
    pub(crate) fn given_limit(
        self,
        own: Fallible<'_>,
        name: &Ident,
        around: Around<'_>,
    ) -> Result<Option<Box<Given>>> {
        let Some(WrittenLimit::Expr(limit)) = self.timeout.map(|timeout| &timeout.limit) else {
            return Ok(None);
        };
        if own.timeout.is_some() {
            check_self_is_original(Some(limit))?;
        }
        if !around.has_self() {
            if own.timeout.is_some() {
                check_no_self(Some(limit), "a `Duration`")?;
            } else if self_in(limit).is_some() {
                return Err(err!(
                    name,
                    "`{name}` has no `self`, which the `timeout` of this block reads; write `#[koil(timeout = \"5s\")]` on it, or `#[koil(timeout = None)]` for no limit"
                ));
            }
        }
        Ok(Some(Box::new(around.given(limit))))
    }

    /// Rejects these options on a function that does not wait, and whose value, made by `convert`,
    /// does not use them when it waits.
    pub(crate) fn check_unused(
        self,
        convert: &Returned,
        is_inline: bool,
        name: &Ident,
    ) -> Result<()> {
        let timeout = self.timeout.map(|timeout| (timeout.at, "timeout"));
        let Some((at, word)) = self
            .fallible
            .map(|option| (option.at, "fallible"))
            .or(timeout)
        else {
            return Ok(());
        };
        if convert.has_iter() {
            return if is_inline {
                Err(err!(
                    at,
                    "`{word}` does not apply to an inline iterator, whose `try_next` returns its failures; remove `{word}`"
                ))
            } else {
                Ok(())
            };
        }
        match (convert.has_io(), timeout) {
            (true, Some(_)) => Ok(()),
            (true, None) => Err(err!(
                at,
                "`{word}` has no effect on a reader or writer, whose operations return each failure as an `io::Error`; remove `{word}`"
            )),
            (false, _) => Err(err!(
                at,
                "`{word}` applies to calls that wait, and `{name}` does not wait; remove `{word}`"
            )),
        }
    }

    /// Rejects a time limit of a value that waits later, if no error could tell that it has passed.
    pub(crate) fn check_limit(self) -> Result<()> {
        match (self.fallible, self.timeout) {
            (None, Some(timeout)) => Err(timeout.needs_fallible()),
            _ => Ok(()),
        }
    }
}

/// The failure mode of a function that waits. `own` are the options that were written for this
/// function, `all` are these and those of its block.
pub(crate) fn failure(
    function: &Function,
    helpers: &Helpers,
    around: Option<&Generics>,
    (own, all): (Fallible<'_>, Fallible<'_>),
) -> Result<Failure> {
    match (all.fallible, all.timeout) {
        (None, None) => Ok(Failure::Panic),
        (None, Some(timeout)) => Err(timeout.needs_fallible()),
        (Some(_), _) => Ok(Failure::Error {
            at: holds_errors(function, helpers, own)?,
            limit: all.limit(),
            panics: all.panics(),
            late: late_error(function, helpers, around),
        }),
    }
}

/// An error that comes too late is a source if its type shows that it does not borrow, and is no
/// parameter: the look-up of an error's traits cannot ask for `'static`.
fn late_error(function: &Function, helpers: &Helpers, around: Option<&Generics>) -> LateError {
    let syn::ReturnType::Type(_, declared) = &function.sig.output else {
        return LateError::Dropped;
    };
    let output = Shape::without_twins(declared).output().ok().flatten();
    let lists = [Some(&function.sig.generics), around];
    let params = || lists.into_iter().flatten().flat_map(Generics::type_params);
    if helpers.wait.is_none() && has_owned_error(output.unwrap_or(declared), &params) {
        LateError::IsSource
    } else {
        LateError::Dropped
    }
}

fn has_owned_error<'g, P>(value: &Type, params: &impl Fn() -> P) -> bool
where
    P: Iterator<Item = &'g TypeParam>,
{
    let Type::Path(path) = bare(value) else {
        return false;
    };
    let arguments = type_arguments(&path.path);
    match (&*arguments, ends_with(&path.path, &["Option"])) {
        ([GenericArgument::Type(result)], true) => has_owned_error(result, params),
        ([_, GenericArgument::Type(error), ..], _) => {
            borrowed(error).is_none() && is_fixed(&error.to_token_stream(), params)
        }
        // An alias has the same error for all values.
        (_, _) => {
            let mut path = path.path.clone();
            let last = path.segments.last_mut();
            let given = last.map(|last| mem::take(&mut last.arguments));
            !has_lifetime(given.as_ref()) && is_fixed(&path.to_token_stream(), params)
        }
    }
}

/// Is the type, in these tokens, neither a parameter nor made of one?
fn is_fixed<'g, P>(ty: &TokenStream, params: &impl Fn() -> P) -> bool
where
    P: Iterator<Item = &'g TypeParam>,
{
    !mentions(ty, "Self") && params().all(|param| !mentions(ty, &param.ident.to_string()))
}

fn has_lifetime(arguments: Option<&PathArguments>) -> bool {
    matches!(arguments, Some(PathArguments::AngleBracketed(list))
        if list.args.iter().any(|argument| matches!(argument, GenericArgument::Lifetime(_))))
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

/// Is the type a `Result`, or an alias that says so by its name? Of an item most other names are
/// types of their own.
fn is_result(ty: &Type) -> bool {
    let Type::Path(path) = bare(ty) else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|last| last.ident.to_string().ends_with("Result"))
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
