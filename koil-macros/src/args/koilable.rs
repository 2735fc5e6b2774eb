//! Options of `#[koilable(..)]`, and its only helper, `#[koil(context)]`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{
    Attribute as Written, Expr, ExprLit, Lit, LitStr, Meta, Path, Type, TypePath, ext::IdentExt,
};

use super::{
    options::{handle, suffix},
    table::{Word, check},
    words::{bare, name, path, read_words, text, ungrouped},
};
use crate::{
    error::{Error, Result, err},
    syntax::{Kind, attrs::is_named},
};

/// The parsed options of `#[koilable(..)]`.
#[derive(Default)]
pub(crate) struct Koilable {
    /// The context stays on its thread.
    pub(crate) local: Option<Span>,
    pub(crate) name: Option<Ident>,
    pub(crate) suffix: Option<String>,
    /// The error type of a composition.
    pub(crate) error: Option<Type>,
    pub(crate) feature: Option<LitStr>,
    /// An expression for the handle of the loop to use.
    pub(crate) handle: Option<Expr>,
    /// The path of the koil crate, if it was renamed.
    pub(crate) krate: Option<Path>,
}

const BOTH: &[Kind] = &[Kind::Struct, Kind::Impl];

const OPTIONS: &[Word] = &[
    Word {
        name: "local",
        takers: BOTH,
        ready: true,
    },
    Word {
        name: "suffix",
        takers: BOTH,
        ready: true,
    },
    Word {
        name: "aio",
        takers: BOTH,
        ready: false,
    },
    Word {
        name: "name",
        takers: BOTH,
        ready: true,
    },
    Word {
        name: "error",
        takers: &[Kind::Struct],
        ready: true,
    },
    Word {
        name: "feature",
        takers: BOTH,
        ready: true,
    },
    Word {
        name: "handle",
        takers: BOTH,
        ready: true,
    },
    Word {
        name: "crate",
        takers: BOTH,
        ready: true,
    },
];

/// Returns the options that could be read, and the mistakes.
pub(crate) fn koilable(tokens: TokenStream, kind: Kind) -> (Koilable, Result<()>) {
    let mut errors = Error::accumulator();
    let mut args = Koilable::default();
    for (word, meta) in read_words(tokens, &mut errors) {
        errors.handle_in(|| {
            check(OPTIONS, &word, kind)?;
            args.take(&word, &meta)
        });
    }
    if let (Some(name), Some(_)) = (&args.name, &args.suffix) {
        errors.push(err!(
            name,
            "`name` names the twin type, and with `suffix` there is none; keep one"
        ));
    }
    (args, errors.finish())
}

impl Koilable {
    fn take(&mut self, word: &Ident, meta: &Meta) -> Result<()> {
        match word.to_string().as_str() {
            "local" => {
                bare(meta)?;
                self.local = Some(word.span());
            }
            "name" => self.name = Some(twin_name(meta)?),
            "suffix" => self.suffix = Some(suffix(meta)?),
            "error" => self.error = Some(error(meta)?),
            "feature" => self.feature = Some(text(meta)?),
            "handle" => self.handle = Some(handle(meta)?),
            "crate" => self.krate = Some(path(meta)?),
            _ => {}
        }
        Ok(())
    }
}

fn twin_name(meta: &Meta) -> Result<Ident> {
    let ident = name(meta)?;
    if ident.unraw().to_string().starts_with(char::is_lowercase) {
        return Err(err!(
            ident,
            "`name` names the twin type; for another name of the function write `suffix = \"..\"`"
        ));
    }
    Ok(ident)
}

/// Reads `error = ServiceError`. A type that is not a path is written in quotes.
fn error(meta: &Meta) -> Result<Type> {
    let wrong = |at: &dyn quote::ToTokens| {
        err!(
            at.to_token_stream(),
            "`error` takes a type; write `error = ServiceError`, or `error = \"Box<dyn Error>\"` with quotes"
        )
    };
    let Meta::NameValue(pair) = meta else {
        return Err(wrong(meta));
    };
    match ungrouped(&pair.value) {
        Expr::Path(path) if path.attrs.is_empty() => Ok(Type::Path(TypePath {
            attrs: Vec::new(),
            qself: path.qself.clone(),
            path: path.path.clone(),
        })),
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => text.parse().map_err(|_| wrong(text)),
        other => Err(wrong(other)),
    }
}

/// Is the field a part of the composition?
pub(crate) fn is_context(attrs: &[Written]) -> Result<bool> {
    let mut errors = Error::accumulator();
    let mut is_context = false;
    for attr in attrs.iter().filter(|attr| is_named(attr, "koil")) {
        let Meta::List(list) = &attr.meta else {
            errors.push(err!(
                attr.path(),
                "`#[koil]` says nothing; write `#[koil(context)]`, or remove it"
            ));
            continue;
        };
        for (word, meta) in read_words(list.tokens.clone(), &mut errors) {
            if word != "context" {
                errors.push(err!(
                    word,
                    "unknown helper `{word}`; a field takes `context`, if it is to be entered and left with the struct"
                ));
                continue;
            }
            if is_context {
                errors.push(err!(word, "`context` is given twice; keep one"));
            }
            is_context = true;
            errors.handle(bare(&meta));
        }
    }
    errors.finish_with(is_context)
}
