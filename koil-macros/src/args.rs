//! The words of the attributes: options of `#[koiled(..)]`, helpers of `#[koil(..)]`.

mod helpers;
mod words;

use proc_macro2::TokenStream;
use syn::{Ident, Meta, Path, Token, ext::IdentExt, parse::ParseStream, punctuated::Punctuated};

pub(crate) use self::helpers::{Helpers, helpers};
use self::words::{closest, name, path, read_words, text};
use crate::{
    error::{Error, Result, err},
    model::Forwarded,
    syntax::Kind,
};

/// What `#[koiled(..)]` says.
#[derive(Default)]
pub(crate) struct Koiled {
    pub(crate) name: Option<Ident>,
    pub(crate) suffix: Option<String>,
    pub(crate) twins: Vec<Listed>,
    pub(crate) forward: Forward,
    pub(crate) accessors: Accessors,
    pub(crate) docs: Docs,
    pub(crate) feature: Option<syn::LitStr>,
    /// Where koil is, if it was renamed.
    pub(crate) krate: Option<Path>,
}

/// One entry of `twins(..)`: `Bucket`, or `Row = RowIter`.
pub(crate) struct Listed {
    pub(crate) aio: Ident,
    pub(crate) twin: Option<Path>,
}

/// Which std traits the twin of a type has.
#[derive(Default)]
pub(crate) enum Forward {
    #[default]
    All,
    Only(Vec<Forwarded>),
    AllBut(Vec<Forwarded>),
}

#[derive(Default)]
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

/// An option, the kinds of item that take it, and whether koil can do it yet.
struct Word {
    name: &'static str,
    takers: &'static [Kind],
    ready: bool,
}

const ALL: &[Kind] = &[Kind::Fn, Kind::Struct, Kind::Enum, Kind::Impl, Kind::Trait];
const CALLS: &[Kind] = &[Kind::Fn, Kind::Impl, Kind::Trait];
const TYPES: &[Kind] = &[Kind::Struct, Kind::Enum];

const OPTIONS: &[Word] = &[
    Word {
        name: "name",
        takers: ALL,
        ready: true,
    },
    Word {
        name: "suffix",
        takers: &[Kind::Fn, Kind::Impl],
        ready: true,
    },
    Word {
        name: "aio",
        takers: &[Kind::Fn, Kind::Struct, Kind::Enum, Kind::Impl],
        ready: false,
    },
    Word {
        name: "twins",
        takers: CALLS,
        ready: true,
    },
    Word {
        name: "forward",
        takers: TYPES,
        ready: true,
    },
    Word {
        name: "accessors",
        takers: TYPES,
        ready: true,
    },
    Word {
        name: "pinned",
        takers: TYPES,
        ready: false,
    },
    Word {
        name: "feature",
        takers: ALL,
        ready: true,
    },
    Word {
        name: "fallible",
        takers: CALLS,
        ready: false,
    },
    Word {
        name: "timeout",
        takers: &[Kind::Fn, Kind::Impl],
        ready: false,
    },
    Word {
        name: "docs",
        takers: ALL,
        ready: true,
    },
    Word {
        name: "handle",
        takers: CALLS,
        ready: false,
    },
    Word {
        name: "inline",
        takers: &[Kind::Fn, Kind::Impl],
        ready: false,
    },
    Word {
        name: "crate",
        takers: ALL,
        ready: true,
    },
];

pub(crate) fn koiled(tokens: TokenStream, kind: Kind) -> Result<Koiled> {
    let mut errors = Error::accumulator();
    let mut args = Koiled::default();
    for (word, meta) in read_words(tokens, &mut errors) {
        errors.handle_in(|| {
            check(&word, kind)?;
            args.take(&word, &meta, kind)
        });
    }
    if let (Some(name), Some(_)) = (&args.name, &args.suffix) {
        errors.push(err!(
            name,
            "`name` and `suffix` both name the twin; keep one"
        ));
    }
    errors.finish_with(args)
}

/// Is this an option, one that the item takes, one that is there?
fn check(word: &Ident, kind: Kind) -> Result<()> {
    let all = || OPTIONS.iter().map(|option| option.name);
    let Some(option) = OPTIONS.iter().find(|option| word == option.name) else {
        return Err(match closest(word, all()) {
            Some(meant) => err!(word, "unknown option `{word}`; did you mean `{meant}`?"),
            None => err!(
                word,
                "unknown option `{word}`; {kind} takes {}",
                taken_by(kind)
            ),
        });
    };
    if !option.takers.contains(&kind) {
        let taken = taken_by(kind);
        return Err(err!(
            word,
            "`{word}` does not apply to {kind}; {kind} takes {taken}"
        ));
    }
    if !option.ready {
        return Err(err!(word, "`{word}` is not there yet; remove it"));
    }
    Ok(())
}

/// The options that this kind of item takes, for a message.
fn taken_by(kind: Kind) -> String {
    let taken = OPTIONS
        .iter()
        .filter(|option| option.takers.contains(&kind) && option.ready);
    taken
        .map(|option| format!("`{}`", option.name))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Koiled {
    fn take(&mut self, word: &Ident, meta: &Meta, kind: Kind) -> Result<()> {
        match word.to_string().as_str() {
            "name" => self.name = Some(twin_name(meta, kind)?),
            "suffix" => self.suffix = Some(suffix(meta)?),
            "twins" => self.twins = twins(meta)?,
            "forward" => self.forward = forward(meta)?,
            "accessors" => self.accessors = accessors(meta)?,
            "docs" => self.docs = docs(meta)?,
            "feature" => self.feature = Some(text(meta)?),
            "crate" => self.krate = Some(path(meta)?),
            _ => {}
        }
        Ok(())
    }
}

fn twin_name(meta: &Meta, kind: Kind) -> Result<Ident> {
    let ident = name(meta)?;
    if kind == Kind::Impl && ident.unraw().to_string().starts_with(char::is_lowercase) {
        return Err(err!(
            ident,
            "`name` on an impl names the twin type; for a method write `#[koil(name = \"{ident}\")]` on it"
        ));
    }
    Ok(ident)
}

fn suffix(meta: &Meta) -> Result<String> {
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

fn twins(meta: &Meta) -> Result<Vec<Listed>> {
    let read = |input: ParseStream<'_>| {
        let aio = input.parse()?;
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

fn forward(meta: &Meta) -> Result<Forward> {
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
    let known = Forwarded::ALL
        .map(|forwarded| format!("`{}`", forwarded.name()))
        .join(", ");
    err!(name, "koil does not forward `{name}`; it forwards {known}")
}

fn accessors(meta: &Meta) -> Result<Accessors> {
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

fn docs(meta: &Meta) -> Result<Docs> {
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
