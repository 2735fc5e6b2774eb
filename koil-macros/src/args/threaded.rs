//! Options of `#[threaded(..)]` and `#[threaded_iterable(..)]`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, ExprLit, Lit, LitStr, Meta, Path};

use super::{
    table::{Word, check},
    words::{bare, name, path, read_words, text, ungrouped},
};
use crate::{
    error::{Error, Result, err},
    syntax::{Kind, attribute::Attribute},
};

/// The parsed options of `#[threaded(..)]` or `#[threaded_iterable(..)]`.
#[derive(Clone, Default)]
pub(crate) struct Threaded {
    pub(crate) name: Option<Ident>,
    /// The job runs on a thread of its own.
    pub(crate) separate: Option<Span>,
    /// `&self` may be cloned.
    pub(crate) clone: Option<Span>,
    /// The number of items that may be ahead of the consumer.
    pub(crate) capacity: Option<usize>,
    pub(crate) feature: Option<LitStr>,
    /// The path of the koil crate, if it was renamed.
    pub(crate) krate: Option<Path>,
    /// At least one option could not be read.
    pub(crate) incomplete: bool,
}

const ALL: &[Kind] = &[Kind::Fn, Kind::Impl, Kind::Trait];

/// All options except `capacity`, which is the last.
const ONE_VALUE: &[Word] = OPTIONS.split_at(OPTIONS.len() - 1).0;

const OPTIONS: &[Word] = &[
    Word {
        name: "name",
        takers: &[Kind::Fn, Kind::Trait],
        ready: true,
    },
    Word {
        name: "aio",
        takers: &[Kind::Fn, Kind::Impl],
        ready: false,
    },
    Word {
        name: "separate",
        takers: ALL,
        ready: true,
    },
    Word {
        name: "clone",
        takers: &[Kind::Fn, Kind::Impl],
        ready: true,
    },
    Word {
        name: "feature",
        takers: ALL,
        ready: true,
    },
    Word {
        name: "crate",
        takers: ALL,
        ready: true,
    },
    Word {
        name: "capacity",
        takers: &[Kind::Fn],
        ready: true,
    },
];

/// Returns the options that could be read, and the mistakes.
pub(crate) fn threaded(
    tokens: TokenStream,
    attribute: Attribute,
    kind: Kind,
) -> (Threaded, Result<()>) {
    let mut errors = Error::accumulator();
    let mut args = Threaded::default();
    for (word, meta) in read_words(tokens, &mut errors) {
        errors.handle_in(|| {
            let one_value = attribute == Attribute::Threaded;
            if one_value && word == "capacity" {
                return Err(err!(
                    word,
                    "`capacity` is about items, and `#[threaded]` gives one value; write `#[threaded_iterable]`, or remove it"
                ));
            }
            let options = if one_value { ONE_VALUE } else { OPTIONS };
            check(options, &word, kind)?;
            args.take(&word, &meta)
        });
    }
    let mistakes = errors.finish();
    args.incomplete = mistakes.is_err();
    (args, mistakes)
}

impl Threaded {
    fn take(&mut self, word: &Ident, meta: &Meta) -> Result<()> {
        match word.to_string().as_str() {
            "name" => self.name = Some(name(meta)?),
            "separate" => {
                bare(meta)?;
                self.separate = Some(word.span());
            }
            "clone" => {
                bare(meta)?;
                self.clone = Some(word.span());
            }
            "capacity" => self.capacity = Some(capacity(meta)?),
            "feature" => self.feature = Some(text(meta)?),
            "crate" => self.krate = Some(path(meta)?),
            _ => {}
        }
        Ok(())
    }
}

fn capacity(meta: &Meta) -> Result<usize> {
    let number = match meta {
        Meta::NameValue(pair) => match ungrouped(&pair.value) {
            Expr::Lit(ExprLit {
                lit: Lit::Int(number),
                ..
            }) => number,
            other => return Err(no_number(other)),
        },
        other => return Err(no_number(other)),
    };
    match number.base10_parse() {
        Ok(0) => Err(err!(
            number,
            "with `capacity = 0` no item could be handed over; write 1 or more"
        )),
        Ok(capacity) if matches!(number.suffix(), "" | "usize") => Ok(capacity),
        _ => Err(no_number(number)),
    }
}

fn no_number(at: &impl syn::spanned::Spanned) -> Error {
    err!(
        at.span(),
        "`capacity` is how many items may be ahead, a number; write `capacity = 64`"
    )
}
