//! Parsers for the values of the options of `#[koiled(..)]`.

use syn::{
    Expr, ExprLit, Ident, Lit, LitStr, Meta, Path, Token, ext::IdentExt, parse::ParseStream,
    punctuated::Punctuated,
};

use super::{
    Accessors, Docs, Forward, Listed,
    words::{name, text, ungrouped},
};
use crate::{
    error::{Error, Result, err},
    model::Forwarded,
    syntax::Kind,
};

pub(super) fn twin_name(meta: &Meta, kind: Kind) -> Result<Ident> {
    let ident = name(meta)?;
    if kind == Kind::Impl && ident.unraw().to_string().starts_with(char::is_lowercase) {
        return Err(err!(
            ident,
            "`name` on an impl names the twin type; for a method write `#[koil(name = \"{ident}\")]` on it"
        ));
    }
    Ok(ident)
}

pub(super) fn suffix(meta: &Meta) -> Result<String> {
    let text = text(meta)?;
    let suffix = text.value();
    if suffix.is_empty() {
        return Err(err!(
            text,
            "`suffix` is empty; the twin would have the original's name"
        ));
    }
    if syn::parse_str::<Ident>(&format!("name{suffix}")).is_err() {
        return Err(err!(
            text,
            "`suffix` must go on an identifier; `{suffix}` does not"
        ));
    }
    Ok(suffix)
}

pub(super) fn twins(meta: &Meta) -> Result<Vec<Listed>> {
    let read = |input: ParseStream<'_>| {
        let aio = listed_name(input)?;
        let twin = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Listed { aio, twin })
    };
    let list = meta.require_list().map_err(|error| {
        err!(
            error.span(),
            "`twins` takes a list; write `twins(Bucket, Row = RowIter)`"
        )
    })?;
    let list: Vec<Listed> = list
        .parse_args_with(|input: ParseStream<'_>| {
            Punctuated::<Listed, Token![,]>::parse_terminated_with(input, read)
        })?
        .into_iter()
        .collect();
    let mut errors = Error::accumulator();
    for (index, listed) in list.iter().enumerate() {
        if list[..index]
            .iter()
            .any(|earlier| earlier.aio == listed.aio)
        {
            errors.push(err!(
                listed.aio,
                "`{}` is listed twice; remove one",
                listed.aio
            ));
        }
    }
    errors.finish_with(list)
}

/// Reads a single name such as `Bucket`, since types in signatures are compared by their last path
/// segment.
fn listed_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    if let Ok(text) = input.fork().parse::<LitStr>() {
        return Err(syn::Error::new(
            text.span(),
            "`twins` lists types, without quotes; write `twins(Bucket, Row = RowIter)`",
        ));
    }
    let path = input.call(Path::parse_mod_style)?;
    let last = path.segments.last().map(|last| last.ident.clone());
    match (path.get_ident(), last) {
        (None, Some(last)) => Err(syn::Error::new_spanned(
            &path,
            format!(
                "a type is listed by its name alone, whatever path it has in signatures; write `{last}`"
            ),
        )),
        (Some(name), _) => Ok(name.clone()),
        (None, None) => input.parse(),
    }
}

pub(super) fn forward(meta: &Meta) -> Result<Forward> {
    let read = |input: ParseStream<'_>| {
        Ok((
            input.parse::<Option<Token![-]>>()?.is_some(),
            input.call(Ident::parse_any)?,
        ))
    };
    let list = meta.require_list().map_err(|error| {
        err!(
            error.span(),
            "`forward` takes a list; write `forward(Clone, Debug)` or `forward(-Clone)`"
        )
    })?;
    let list = list.parse_args_with(|input: ParseStream<'_>| {
        Punctuated::<(bool, Ident), Token![,]>::parse_terminated_with(input, read)
    })?;
    let mut errors = Error::accumulator();
    let mut traits = Vec::new();
    let without = list.first().is_some_and(|(without, _)| *without);
    for (minus, name) in &list {
        if *minus != without {
            errors.push(err!(
                name,
                "`forward` lists the traits to have or, each with `-`, those not to have; keep one kind"
            ));
        }
        match Forwarded::ALL
            .into_iter()
            .find(|forwarded| name == forwarded.name())
        {
            Some(forwarded) => traits.push(forwarded),
            None => errors.push(unknown_trait(name)),
        }
    }
    errors.finish_with(if without {
        Forward::AllBut(traits)
    } else {
        Forward::Only(traits)
    })
}

fn unknown_trait(name: &Ident) -> Error {
    const AUTO: [&str; 5] = ["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe"];
    if AUTO.iter().any(|auto| name == auto) {
        return err!(
            name,
            "a twin is `{name}` where its original is; remove `{name}`"
        );
    }
    let known = Forwarded::ALL
        .map(|forwarded| format!("`{}`", forwarded.name()))
        .join(", ");
    err!(name, "koil does not forward `{name}`; it forwards {known}")
}

pub(super) fn handle(meta: &Meta) -> Result<Expr> {
    match meta {
        Meta::NameValue(pair) => match ungrouped(&pair.value) {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Err(err!(
                text,
                "`handle` takes an expression, without quotes; write `handle = {}`",
                text.value()
            )),
            _ => Ok(pair.value.clone()),
        },
        other => Err(err!(
            other,
            "`handle` takes an expression; write `handle = self.aio().handle()`"
        )),
    }
}

pub(super) fn accessors(meta: &Meta) -> Result<Accessors> {
    let text = text(meta)?;
    match text.value().as_str() {
        "pub" => Ok(Accessors::Public),
        "none" => Ok(Accessors::None),
        other => Err(err!(
            text,
            "unknown accessors `{other}`; write `\"pub\"` or `\"none\"`"
        )),
    }
}

pub(super) fn docs(meta: &Meta) -> Result<Docs> {
    let text = text(meta)?;
    match text.value().as_str() {
        "prose" => Ok(Docs::Prose),
        "all" => Ok(Docs::All),
        "link" => Ok(Docs::Link),
        "none" => Ok(Docs::None),
        other => Err(err!(
            text,
            "unknown docs `{other}`; write `\"prose\"`, `\"all\"`, `\"link\"` or `\"none\"`"
        )),
    }
}
