//! Arguments of the attributes: options of `#[koiled(..)]`, helpers of `#[koil(..)]`.

mod helpers;
mod koilable;
mod options;
mod table;
mod threaded;
mod timeout;
mod words;

use proc_macro2::{Span, TokenStream};
use syn::{Expr, Ident, Meta, Path};

pub(crate) use self::{
    helpers::{Bound, Helpers, helpers},
    koilable::{Koilable, is_context, koilable},
    threaded::{Threaded, threaded},
    timeout::Timeout,
};
use self::{
    options::{accessors, docs, forward, handle, suffix, twin_name, twins},
    table::{Word, check},
    timeout::timeout,
    words::{bare, not_gone, path, read_words, text},
};
use crate::{
    error::{Error, Result, err},
    model::Forwarded,
    syntax::Kind,
};

/// The parsed options of `#[koiled(..)]`.
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
    /// The loop's thread polls the futures, streams and readers of the twins.
    pub(crate) lend: Option<Span>,
    /// An expression for the handle of the loop to use.
    pub(crate) handle: Option<Expr>,
    /// The path of the koil crate, if it was renamed.
    pub(crate) krate: Option<Path>,
}

/// One entry of `twins(..)`: `Bucket`, or `Row = RowIter`.
pub(crate) struct Listed {
    pub(crate) aio: Ident,
    pub(crate) twin: Option<Path>,
}

/// The std traits that the twin of a type implements.
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
        name: "lend",
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

/// Returns the options that could be read, and the mistakes.
pub(crate) fn koiled(tokens: TokenStream, kind: Kind) -> (Koiled, Result<()>) {
    let mut errors = Error::accumulator();
    let mut args = Koiled::default();
    for (word, meta) in read_words(tokens, &mut errors) {
        errors.handle_in(|| {
            if CALLS.contains(&kind) {
                not_gone(&word)?;
            }
            check(OPTIONS, &word, kind)?;
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
            "lend" => {
                bare(meta)?;
                self.lend = Some(word.span());
            }
            "handle" => self.handle = Some(handle(meta)?),
            "crate" => self.krate = Some(path(meta)?),
            _ => {}
        }
        Ok(())
    }
}
