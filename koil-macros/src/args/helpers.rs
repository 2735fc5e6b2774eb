//! Helpers of `#[koil(..)]`: the options of one method for its own twin.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Meta, Token, Type, parse::ParseStream, punctuated::Punctuated};

use super::{
    timeout::{Timeout, timeout},
    words::{bare, closest, name, not_gone, read_words},
};
use crate::{
    error::{Error, Result, err},
    syntax::attrs::is_named,
};

#[derive(Default)]
pub(crate) struct Helpers {
    pub(crate) skip: Option<Span>,
    pub(crate) name: Option<Ident>,
    /// The returned type is not mapped.
    pub(crate) raw: Option<Span>,
    /// The value is a stream though its type does not say so.
    pub(crate) iter: Option<Span>,
    /// The value is a reader or writer though its type does not say so.
    pub(crate) io: Option<Span>,
    /// The value is a future though its type does not say so.
    pub(crate) wait: Option<Span>,
    /// A sync method is forwarded and runs under the loop's handle.
    pub(crate) enter: Option<Span>,
    /// Type parameters that the twin does not have, with the types that replace them.
    pub(crate) bind: Vec<Bound>,
    /// Failures of the bridge are returned.
    pub(crate) fallible: Option<Span>,
    pub(crate) timeout: Option<Timeout>,
    /// The loop's thread polls the future, stream or reader.
    pub(crate) lend: Option<Span>,
}

/// `U = Bytes`
pub(crate) struct Bound {
    pub(crate) param: Ident,
    pub(crate) ty: Type,
}

const READY: [&str; 11] = [
    "skip", "raw", "name", "iter", "io", "wait", "lend", "enter", "bind", "fallible", "timeout",
];

/// Returns the helpers that could be read, and the mistakes. They are separate, since the method
/// itself may have further mistakes to report.
pub(crate) fn helpers(attrs: &[Attribute]) -> (Helpers, Result<()>) {
    let mut errors = Error::accumulator();
    let mut words = Vec::new();
    for attr in attrs.iter().filter(|attr| is_named(attr, "koil")) {
        let list = errors.handle(list(attr)).unwrap_or_default();
        words.extend(read_words(list, &mut errors));
    }
    let mut helpers = Helpers::default();
    for (word, meta) in &words {
        errors.handle_in(|| helpers.take(word, meta));
    }
    errors.handle(helpers.check());
    for (word, _) in words.iter().filter(|(word, _)| word != "skip") {
        if helpers.skip.is_some() {
            errors.push(err!(word, "`skip` with `{word}` has no effect; remove one"));
        }
    }
    (helpers, errors.finish())
}

impl Helpers {
    fn take(&mut self, word: &Ident, meta: &Meta) -> Result<()> {
        let at = Some(word.span());
        match word.to_string().as_str() {
            "name" => {
                self.name = Some(name(meta)?);
                return Ok(());
            }
            "bind" => {
                self.bind = bind(meta)?;
                return Ok(());
            }
            "timeout" => {
                self.timeout = Some(timeout(word.span(), meta)?);
                return Ok(());
            }
            "fallible" => self.fallible = at,
            "skip" => self.skip = at,
            "raw" => self.raw = at,
            "iter" => self.iter = at,
            "io" => self.io = at,
            "wait" => self.wait = at,
            "lend" => self.lend = at,
            "enter" => self.enter = at,
            _ => {
                not_gone(word)?;
                return Err(unknown(word));
            }
        }
        bare(meta)
    }

    /// Rejects pairs of helpers that contradict each other.
    fn check(&self) -> Result<()> {
        let pairs = [
            (self.raw, "raw", self.iter, "iter"),
            (self.raw, "raw", self.wait, "wait"),
            (self.iter, "iter", self.wait, "wait"),
            (self.raw, "raw", self.io, "io"),
            (self.iter, "iter", self.io, "io"),
            (self.io, "io", self.wait, "wait"),
        ];
        let mut errors = Error::accumulator();
        for (first, first_word, second, second_word) in pairs {
            if let (Some(_), Some(at)) = (first, second) {
                errors.push(err!(
                    at,
                    "`{first_word}` and `{second_word}` contradict each other; keep one"
                ));
            }
        }
        errors.finish()
    }
}

fn bind(meta: &Meta) -> Result<Vec<Bound>> {
    let read = |input: ParseStream<'_>| {
        let param = input.parse()?;
        input.parse::<Token![=]>()?;
        let ty = input.parse()?;
        Ok(Bound { param, ty })
    };
    let list = meta
        .require_list()
        .map_err(|error| err!(error.span(), "`bind` takes a list; write `bind(U = Bytes)`"))?;
    let list = list.parse_args_with(|input: ParseStream<'_>| {
        Punctuated::<Bound, Token![,]>::parse_terminated_with(input, read)
    })?;
    Ok(list.into_iter().collect())
}

fn list(attr: &Attribute) -> Result<TokenStream> {
    match &attr.meta {
        Meta::List(list) if !list.tokens.is_empty() => Ok(list.tokens.clone()),
        other => Err(err!(
            other.path(),
            "`#[koil]` says nothing; write `#[koil(skip)]` or another helper"
        )),
    }
}

fn unknown(word: &Ident) -> Error {
    if let Some(meant) = closest(word, READY.into_iter()) {
        return err!(word, "unknown helper `{word}`; did you mean `{meant}`?");
    }
    let known = READY.map(|known| format!("`{known}`")).join(", ");
    err!(word, "unknown helper `{word}`; one of {known}")
}
