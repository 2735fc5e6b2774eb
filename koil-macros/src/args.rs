//! The words of the attributes: options of `#[koiled(..)]`, helpers of `#[koil(..)]`.

mod helpers;
mod options;
mod timeout;
mod words;

use proc_macro2::{Span, TokenStream};
use syn::{Expr, Ident, Meta, Path};

pub(crate) use self::{
    helpers::{Bound, Helpers, helpers},
    timeout::Timeout,
};
use self::{
    options::{accessors, docs, forward, handle, suffix, twin_name, twins},
    timeout::timeout,
    words::{bare, closest, path, read_words, text},
};
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
    /// Failures of the bridge are returned.
    pub(crate) fallible: Option<Span>,
    pub(crate) timeout: Option<Timeout>,
    /// Which loop.
    pub(crate) handle: Option<Expr>,
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
        ready: true,
    },
    Word {
        name: "timeout",
        takers: CALLS,
        ready: true,
    },
    Word {
        name: "docs",
        takers: ALL,
        ready: true,
    },
    Word {
        name: "handle",
        takers: &[Kind::Fn, Kind::Impl],
        ready: true,
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

/// What could be read, and the mistakes.
pub(crate) fn koiled(tokens: TokenStream, kind: Kind) -> (Koiled, Result<()>) {
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
    if let (Some(timeout), None) = (&args.timeout, args.fallible) {
        errors.push(timeout.needs_fallible());
    }
    (args, errors.finish())
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
            "fallible" => {
                bare(meta)?;
                self.fallible = Some(word.span());
            }
            "timeout" => self.timeout = Some(timeout(word.span(), meta)?),
            "handle" => self.handle = Some(handle(meta)?),
            "crate" => self.krate = Some(path(meta)?),
            _ => {}
        }
        Ok(())
    }
}
