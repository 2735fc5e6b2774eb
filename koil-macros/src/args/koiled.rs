//! Options of `#[koiled(..)]`.

use proc_macro2::{Span, TokenStream};
use syn::{
    Expr, Ident, LitStr, Meta, Path, Token, ext::IdentExt, parse::ParseStream, spanned::Spanned,
};

use super::{
    inline::{Inline, inline, need_loop},
    list::OptionList,
    table::Taker,
    timeout::{Timeout, timeout},
    values::{choice, flag, handle, is_lower_case, list, name, path, suffix, text},
};
use crate::{
    error::{Error, Result, err},
    model::Forwarded,
    syntax::{Kind, attribute::Attribute},
};

#[derive(Default)]
pub(crate) struct Koiled {
    pub(crate) name: Option<Ident>,
    pub(crate) suffix: Option<String>,
    pub(crate) twins: Vec<TwinEntry>,
    /// Members that get no twins, as with `#[koil(skip)]` on each.
    pub(crate) skip: Vec<Ident>,
    pub(crate) forward: ForwardList,
    pub(crate) accessors: Accessors,
    pub(crate) docs: Docs,
    pub(crate) feature: Option<LitStr>,
    /// Failures of the bridge are returned.
    pub(crate) fallible: Option<Span>,
    pub(crate) timeout: Option<Timeout>,
    /// The loop's thread polls the futures, streams and readers of the twins.
    pub(crate) lend: Option<Span>,
    /// An expression for the handle of the loop to use.
    pub(crate) handle: Option<Expr>,
    /// The twins run without a loop.
    pub(crate) inline: Option<Inline>,
    /// The path of the koil crate, if it was renamed.
    pub(crate) krate: Option<Path>,
}

/// One entry of `twins(..)`: `Bucket`, or `Row = RowIter`.
pub(crate) struct TwinEntry {
    pub(crate) aio: Ident,
    pub(crate) twin: Option<Path>,
}

/// The std traits that the twin of a type implements.
#[derive(Default)]
pub(crate) enum ForwardList {
    #[default]
    All,
    Only(Vec<Forwarded>),
    AllBut(Vec<Forwarded>),
}

#[derive(Clone, Default)]
pub(crate) enum Accessors {
    /// As visible as the type.
    #[default]
    Inherited,
    Public,
    None,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Docs {
    #[default]
    Prose,
    All,
    Link,
    None,
}

/// Returns the options that could be read, and the mistakes.
pub(crate) fn koiled(tokens: TokenStream, kind: Kind) -> (Koiled, Result<()>) {
    let mut list = OptionList::new(tokens, Taker::On(Attribute::Koiled, kind));
    let koiled = Koiled {
        name: list.read("name", |meta| twin_name(meta, kind)),
        suffix: list.read("suffix", suffix),
        twins: list.read("twins", twins).unwrap_or_default(),
        skip: list.read("skip", skip).unwrap_or_default(),
        forward: list.read("forward", forward).unwrap_or_default(),
        accessors: list.read("accessors", accessors).unwrap_or_default(),
        docs: list.read("docs", docs).unwrap_or_default(),
        feature: list.read("feature", text),
        fallible: list.read("fallible", flag),
        timeout: list.read("timeout", timeout),
        lend: list.read("lend", flag),
        handle: list.read("handle", handle),
        inline: list.read("inline", inline),
        krate: list.read("crate", path),
    };
    let mut errors = list.into_errors();
    if let (Some(name), Some(_)) = (&koiled.name, &koiled.suffix) {
        errors.push(err!(
            name,
            "`name` and `suffix` both name the twin; keep one"
        ));
    }
    if let (Some(timeout), None) = (&koiled.timeout, koiled.fallible) {
        errors.push(timeout.needs_fallible());
    }
    if koiled.inline.is_some() {
        let handle = koiled.handle.as_ref().map(Spanned::span);
        let timeout = koiled.timeout.as_ref().map(|timeout| timeout.at);
        let given = [
            ("handle", handle),
            ("timeout", timeout),
            ("lend", koiled.lend),
        ];
        errors.extend(need_loop(&given));
    }
    (koiled, errors.finish())
}

fn twin_name(meta: &Meta, kind: Kind) -> Result<Ident> {
    let name = name(meta)?;
    if kind == Kind::Impl && is_lower_case(&name) {
        return Err(err!(
            name,
            "`name` on an impl is the name of the twin type; for a method write `#[koil(name = \"{name}\")]` on the method"
        ));
    }
    Ok(name)
}

fn twins(meta: &Meta) -> Result<Vec<TwinEntry>> {
    let list = list(meta, "`twins(Bucket, Row = RowIter)`", |input| {
        let aio = type_name(input)?;
        let twin = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(TwinEntry { aio, twin })
    })?;
    let mut errors = Error::accumulator();
    for (index, TwinEntry { aio, .. }) in list.iter().enumerate() {
        if list[..index].iter().any(|earlier| earlier.aio == *aio) {
            errors.push(err!(aio, "`{aio}` is listed twice; remove one"));
        }
    }
    errors.finish_with(list)
}

fn skip(meta: &Meta) -> Result<Vec<Ident>> {
    list(meta, "`skip(new, builder)`", Ident::parse_any)
}

/// Reads a single name such as `Bucket`, since types in signatures are compared by their last path
/// segment.
fn type_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    if let Ok(text) = input.fork().parse::<LitStr>() {
        return Err(syn::Error::new(
            text.span(),
            "`twins` lists types, without quotes; write `twins(Bucket, Row = RowIter)`",
        ));
    }
    let path = input.call(Path::parse_mod_style)?;
    if let Some(name) = path.get_ident() {
        return Ok(name.clone());
    }
    let last = path.segments.last().map(|last| last.ident.to_string());
    let last = last.unwrap_or_default();
    Err(syn::Error::new_spanned(
        path,
        format!("`twins` lists a type by its name, without a path; write `{last}`"),
    ))
}

fn forward(meta: &Meta) -> Result<ForwardList> {
    let example = "`forward(Clone, Debug)` or `forward(-Clone)`";
    let list = list(meta, example, |input| {
        let minus = input.parse::<Option<Token![-]>>()?;
        Ok((minus.is_some(), input.call(Ident::parse_any)?))
    })?;
    let mut errors = Error::accumulator();
    let mut traits = Vec::new();
    let without = list.first().is_some_and(|(without, _)| *without);
    for (minus, name) in &list {
        if *minus != without {
            errors.push(err!(
                name,
                "`forward` lists traits to forward or, each with `-`, traits to leave out; write only one kind"
            ));
        }
        let mut all = Forwarded::ALL.into_iter();
        match all.find(|forwarded| name == forwarded.name()) {
            Some(forwarded) => traits.push(forwarded),
            None => errors.push(unknown_trait(name)),
        }
    }
    errors.finish_with(if without {
        ForwardList::AllBut(traits)
    } else {
        ForwardList::Only(traits)
    })
}

fn unknown_trait(name: &Ident) -> Error {
    const AUTO: [&str; 5] = ["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe"];
    if AUTO.iter().any(|auto| name == auto) {
        return err!(
            name,
            "the twin is `{name}` if its original is; remove `{name}`"
        );
    }
    let known = Forwarded::ALL.map(Forwarded::name).join("`, `");
    err!(
        name,
        "koil does not forward `{name}`; it forwards `{known}`"
    )
}

fn accessors(meta: &Meta) -> Result<Accessors> {
    let choices = [("pub", Accessors::Public), ("none", Accessors::None)];
    choice(meta, &choices)
}

fn docs(meta: &Meta) -> Result<Docs> {
    let choices = [
        ("prose", Docs::Prose),
        ("all", Docs::All),
        ("link", Docs::Link),
        ("none", Docs::None),
    ];
    choice(meta, &choices)
}
