//! Options of `#[koiled(..)]`.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{
    Expr, ExprPath, Ident, LitStr, Meta, Path, Token, Visibility, ext::IdentExt,
    parse::ParseStream, spanned::Spanned,
};

use super::{
    aio::check_aio,
    fallible::{FallibleOption, fallible},
    forward::{Forwards, forward},
    helpers::IoWord,
    inline::{Inline, inline, need_loop},
    list::OptionList,
    table::Taker,
    timeout::{Timeout, timeout},
    values::{
        choice, flag, handle, io_traits, is_lower_case, list, name, path, string, suffix, text,
        ungrouped, value,
    },
};
use crate::{
    error::{Error, Result, err},
    syntax::{Kind, attribute::Attribute},
};

#[derive(Default)]
pub(crate) struct Koiled {
    /// The name of the twin. That of an impl block's type is in `twin`.
    pub(crate) name: Option<Ident>,
    /// The path of the twin type of an impl block.
    pub(crate) twin: Option<Path>,
    pub(crate) suffix: Option<String>,
    /// The plain names block.
    pub(crate) aio: Option<Span>,
    pub(crate) twins: Vec<TwinEntry>,
    /// Members that get no twins, as with `#[koil(skip)]` on each.
    pub(crate) skip: Vec<Ident>,
    pub(crate) forward: Forwards,
    /// The crate whose readers and writers are forwarded.
    pub(crate) io: Option<IoWord>,
    pub(crate) accessors: Accessors,
    pub(crate) docs: Docs,
    pub(crate) feature: Option<LitStr>,
    /// Failures of the bridge are returned.
    pub(crate) fallible: Option<FallibleOption>,
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

/// One entry of `twins(..)`: `Bucket`, `crate::rows::Rows`, `Row = RowIter` or `Row = _`.
pub(crate) struct TwinEntry {
    /// The name of the type. Types in signatures are compared by their last path segment.
    pub(crate) aio: Ident,
    pub(crate) twin: TwinPlace,
}

/// The place where a twin is found.
pub(crate) enum TwinPlace {
    /// It has the usual name, and is beside its original, as a signature writes it.
    Beside,
    /// It has the usual name, and is beside its original, which has this path.
    BesideAt(Path),
    /// It has this path.
    At(Path),
    /// It is the `HasTwin` of its original. The word is `_`.
    ByType(Span),
}

#[derive(Clone, Default)]
pub(crate) enum Accessors {
    /// As visible as the type.
    #[default]
    Inherited,
    As(Visibility),
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
    let (name, twin) = match kind {
        Kind::Impl => (None, list.read("name", twin_path)),
        Kind::Struct | Kind::Enum => list.read("name", public_name).unwrap_or_default(),
        Kind::Fn | Kind::Trait => (list.read("name", twin_name), None),
    };
    let koiled = Koiled {
        name,
        twin,
        suffix: list.read("suffix", suffix),
        aio: list.read("aio", flag),
        twins: list.read("twins", twins).unwrap_or_default(),
        skip: list.read("skip", skip).unwrap_or_default(),
        forward: list.read("forward", forward).unwrap_or_default(),
        io: list.read("io", io),
        accessors: list.read("accessors", accessors).unwrap_or_default(),
        docs: list.read("docs", docs).unwrap_or_default(),
        feature: list.read("feature", text),
        fallible: list.read("fallible", fallible),
        timeout: list.read("timeout", timeout),
        lend: list.read("lend", flag),
        handle: list.read("handle", handle),
        inline: list.read("inline", inline),
        krate: list.read("crate", path),
    };
    let mut errors = list.into_errors();
    let name = koiled.name.as_ref().map(Spanned::span);
    if let (Some(name), Some(_)) = (
        name.or(koiled.twin.as_ref().map(Spanned::span)),
        &koiled.suffix,
    ) {
        errors.push(err!(
            name,
            "`name` and `suffix` both name the twin; keep one"
        ));
    }
    if let (Some(timeout), None) = (&koiled.timeout, koiled.fallible) {
        errors.push(timeout.needs_fallible());
    }
    if let Some(at) = koiled.aio {
        errors.extend(check_aio(
            at,
            koiled.suffix.as_ref(),
            koiled.name.as_ref(),
            kind,
        ));
        if matches!(koiled.accessors, Accessors::None) {
            errors.push(err!(
                at,
                "`aio` is an accessor, and `accessors = \"none\"` leaves it out; keep one"
            ));
        }
        if let (Some(feature), Kind::Struct | Kind::Enum) = (&koiled.feature, kind) {
            errors.push(err!(
                feature,
                "`feature` is for the blocking side, and on a type `aio` generates the async one; write it on the impl blocks"
            ));
        }
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
        let panics = koiled.fallible.and_then(|option| option.no_panics_inline());
        errors.extend(panics);
    }
    (koiled, errors.finish())
}

/// A value of several segments, in quotes or without.
fn long_path(meta: &Meta) -> Option<Path> {
    let path = match value(meta).map(ungrouped) {
        Some(Expr::Path(written)) => Some(written.path.clone()),
        value => value
            .and_then(string)
            .and_then(|text| text.parse_with(Path::parse_mod_style).ok()),
    };
    path.filter(|path| path.segments.len() > 1)
}

/// The name of a twin type, or the path under which its users know it.
fn public_name(meta: &Meta) -> Result<(Option<Ident>, Option<Path>)> {
    match long_path(meta) {
        Some(path)
            if path
                .segments
                .last()
                .is_some_and(|last| is_lower_case(&last.ident)) =>
        {
            Err(err!(
                meta,
                "a path is that of the twin type, and `{}` is no type; write `name = crate::blocking::Client`",
                path.to_token_stream().to_string().replace(' ', "")
            ))
        }
        Some(_) => Ok((None, Some(twin_path(meta)?))),
        None => Ok((Some(name(meta)?), None)),
    }
}

/// The name of a twin that is declared here.
fn twin_name(meta: &Meta) -> Result<Ident> {
    match long_path(meta) {
        Some(path) => {
            let last = path.segments.last().map(|last| last.ident.to_string());
            Err(err!(
                meta,
                "a twin is declared beside its original; write its name alone, `name = \"{}\"`",
                last.unwrap_or_default()
            ))
        }
        None => name(meta),
    }
}

/// The twin type of an impl block: `name = "BlockingC"`, or a path without quotes.
fn twin_path(meta: &Meta) -> Result<Path> {
    let path = match value(meta).map(ungrouped) {
        Some(Expr::Path(ExprPath {
            qself: None, path, ..
        })) => plain(path)?,
        _ => type_path(meta)?,
    };
    match path.segments.last().map(|last| &last.ident) {
        Some(name) if is_lower_case(name) => Err(err!(
            path,
            "`name` on an impl is the name of the twin type; for a method write `#[koil(name = \"{name}\")]` on the method"
        )),
        _ => Ok(path),
    }
}

/// Rejects a path with arguments: a twin has those of its original.
fn plain(path: &Path) -> Result<Path> {
    let with_arguments = path.segments.iter().find(|one| !one.arguments.is_none());
    match with_arguments {
        None => Ok(path.clone()),
        Some(segment) => Err(err!(
            segment,
            "the twin has the arguments of its original; write `{}`",
            segment.ident
        )),
    }
}

/// The path in the string of `name = ".."`.
fn type_path(meta: &Meta) -> Result<Path> {
    let text = text(meta)?;
    let read = text.parse_with(Path::parse_mod_style);
    match read {
        Ok(path) if path.segments.len() > 1 => Ok(path),
        // The errors of a name are better.
        _ => name(meta).map(Path::from),
    }
}

fn twins(meta: &Meta) -> Result<Vec<TwinEntry>> {
    let list = list(meta, "`twins(Bucket, Row = RowIter)`", twin_entry)?;
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

fn twin_entry(input: ParseStream<'_>) -> syn::Result<TwinEntry> {
    if let Ok(text) = input.fork().parse::<LitStr>() {
        return Err(syn::Error::new(
            text.span(),
            "`twins` lists types, without quotes; write `twins(Bucket, Row = RowIter)`",
        ));
    }
    let path = input.call(Path::parse_mod_style)?;
    if input.peek(Token![<]) {
        let message = format!(
            "`twins` lists a type without its arguments; write `{}`",
            path.to_token_stream().to_string().replace(' ', "")
        );
        return Err(input.error(message));
    }
    let Some(aio) = path.segments.last().map(|last| last.ident.clone()) else {
        return Err(input.error("expected a type"));
    };
    if input.parse::<Option<Token![=]>>()?.is_none() {
        let twin = match path.get_ident() {
            Some(_) => TwinPlace::Beside,
            None => TwinPlace::BesideAt(path),
        };
        return Ok(TwinEntry { aio, twin });
    }
    if path.get_ident().is_none() {
        let message = format!(
            "before `=`, `twins` has the name of the type alone; write `{aio} = ..`, or the path without `= ..`"
        );
        return Err(syn::Error::new_spanned(path, message));
    }
    let twin = match input.parse::<Option<Token![_]>>()? {
        Some(by_type) => TwinPlace::ByType(by_type.span()),
        None if input.peek(Ident::peek_any) || input.peek(Token![::]) => {
            TwinPlace::At(input.parse()?)
        }
        None => {
            let message = format!("the twin follows `=`; write `{aio} = Twin` or `{aio} = _`");
            return Err(input.error(message));
        }
    };
    Ok(TwinEntry { aio, twin })
}

/// `io = "futures"`
fn io(meta: &Meta) -> Result<IoWord> {
    Ok(IoWord {
        at: meta.path().span(),
        traits: Some(io_traits(meta)?),
    })
}

/// `"none"`, or a visibility.
fn accessors(meta: &Meta) -> Result<Accessors> {
    let text = text(meta)?;
    if text.value() == "none" {
        return Ok(Accessors::None);
    }
    match text.parse::<Visibility>() {
        Ok(vis @ (Visibility::Public(_) | Visibility::Restricted(_))) => Ok(Accessors::As(vis)),
        _ => Err(err!(
            text,
            "`accessors` cannot be `{}`; write a visibility such as `\"pub\"` or `\"pub(crate)\"`, or `\"none\"`",
            text.value()
        )),
    }
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
