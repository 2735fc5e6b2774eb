//! Readers for the values of options that several attributes take.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{
    Expr, ExprLit, Lit, LitStr, Meta, Path, Token, ext::IdentExt, parse::ParseStream,
    punctuated::Punctuated, spanned::Spanned,
};

use crate::{
    error::{Result, err},
    model::IoTraits,
};

/// The span of a word without a value.
pub(super) fn flag(meta: &Meta) -> Result<Span> {
    match meta {
        Meta::Path(path) => Ok(path.span()),
        other => {
            let word = word_of(other);
            Err(err!(other, "`{word}` takes no value; write `{word}`"))
        }
    }
}

/// The string of `word = ".."`.
pub(super) fn text(meta: &Meta) -> Result<LitStr> {
    let value = value(meta);
    if let Some(text) = value.and_then(string) {
        return Ok(text.clone());
    }
    let word = word_of(meta);
    let meant = match value.map(ungrouped) {
        Some(Expr::Path(path)) => path.to_token_stream().to_string().replace(' ', ""),
        _ => "..".to_owned(),
    };
    Err(err!(
        meta,
        "`{word}` takes a string; write `{word} = \"{meant}\"`"
    ))
}

pub(super) fn name(meta: &Meta) -> Result<Ident> {
    let text = text(meta)?;
    text.parse().map_err(|_| {
        let (word, written) = (word_of(meta), text.value());
        if written.is_empty() {
            return err!(
                text,
                "`{word}` is empty; write `{word} = \"..\"` or remove it"
            );
        }
        if syn::parse_str::<Ident>(&format!("r#{written}")).is_ok() {
            return err!(text, "`{written}` is a keyword; write `r#{written}`");
        }
        err!(
            text,
            "`{written}` cannot be an identifier; write letters, digits and `_`"
        )
    })
}

/// Does the name begin like that of a function?
pub(super) fn is_lower_case(name: &Ident) -> bool {
    name.unraw().to_string().starts_with(char::is_lowercase)
}

pub(super) fn path(meta: &Meta) -> Result<Path> {
    let text = text(meta)?;
    text.parse_with(Path::parse_mod_style).map_err(|_| {
        let (word, written) = (word_of(meta), text.value());
        err!(
            text,
            "`{word}` takes a path, and `{written}` is none; write one such as `crate::koil`"
        )
    })
}

pub(super) fn suffix(meta: &Meta) -> Result<String> {
    let text = text(meta)?;
    let suffix = text.value();
    if suffix.is_empty() {
        return Err(err!(
            text,
            "`suffix` is empty, so the twin would have the name of its original; write `suffix = \"..\"` or remove it"
        ));
    }
    if syn::parse_str::<Ident>(&format!("name{suffix}")).is_err() {
        return Err(err!(
            text,
            "`{suffix}` cannot be the end of an identifier; write letters, digits and `_`"
        ));
    }
    Ok(suffix)
}

pub(super) fn handle(meta: &Meta) -> Result<Expr> {
    let Some(value) = value(meta) else {
        return Err(err!(
            meta,
            "`handle` takes an expression; write one for a `koil::Handle`, such as `handle = HANDLE`"
        ));
    };
    match string(value) {
        None => Ok(value.clone()),
        Some(text) => Err(err!(
            text,
            "`handle` takes an expression, without quotes; write `handle = {}`",
            text.value()
        )),
    }
}

/// The crate of the traits of readers and writers.
pub(super) fn io_traits(meta: &Meta) -> Result<IoTraits> {
    choice(
        meta,
        &[("tokio", IoTraits::Tokio), ("futures", IoTraits::Futures)],
    )
}

/// The text of `doc = ".."`, or a macro that makes it.
pub(super) fn docs(meta: &Meta) -> Result<Expr> {
    let wrong = || {
        err!(
            meta,
            "`doc` takes the docs of the twin; write `doc = \"..\"` or `doc = include_str!(\"..\")`"
        )
    };
    let value = value(meta).map(ungrouped).ok_or_else(wrong)?;
    match (string(value), value) {
        (Some(text), _) if text.value().trim().is_empty() => Err(err!(
            text,
            "`doc` is empty; write the docs of the twin, or remove it for those of the original"
        )),
        (Some(_), _) | (None, Expr::Macro(_)) => Ok(value.clone()),
        (None, _) => Err(wrong()),
    }
}

/// One of the strings in `choices`.
pub(super) fn choice<T: Clone>(meta: &Meta, choices: &[(&str, T)]) -> Result<T> {
    let text = text(meta)?;
    let written = text.value();
    if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == written) {
        return Ok(choice.clone());
    }
    let word = word_of(meta);
    let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    Err(err!(
        text,
        "`{word}` cannot be `{written}`; write one of `\"{}\"`",
        names.join("\"`, `\"")
    ))
}

/// The entries of `word(..)`; `example` is such a list.
pub(super) fn list<T>(
    meta: &Meta,
    example: &str,
    entry: fn(ParseStream<'_>) -> syn::Result<T>,
) -> Result<Vec<T>> {
    let list = meta.require_list().map_err(|error| {
        let word = word_of(meta);
        err!(error.span(), "`{word}` takes a list; write {example}")
    })?;
    let entries = list.parse_args_with(|input: ParseStream<'_>| {
        Punctuated::<T, Token![,]>::parse_terminated_with(input, entry)
    })?;
    Ok(entries.into_iter().collect())
}

/// The value of `word = value`.
pub(super) fn value(meta: &Meta) -> Option<&Expr> {
    match meta {
        Meta::NameValue(pair) => Some(&pair.value),
        _ => None,
    }
}

/// The text of a string literal.
pub(super) fn string(value: &Expr) -> Option<&LitStr> {
    match ungrouped(value) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text),
        _ => None,
    }
}

/// The value without the invisible groups that `macro_rules!` puts around it.
pub(super) fn ungrouped(value: &Expr) -> &Expr {
    match value {
        Expr::Group(group) => ungrouped(&group.expr),
        other => other,
    }
}

fn word_of(meta: &Meta) -> String {
    let word = meta.path().get_ident();
    word.map(Ident::to_string).unwrap_or_default()
}
