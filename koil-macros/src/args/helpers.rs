//! Helpers of `#[koil(..)]`: the options of one method for its own twin.

use proc_macro2::{Ident, Span};
use syn::{
    Attribute, Expr, Meta, Token, Type, parse::ParseStream, punctuated::Punctuated,
    spanned::Spanned,
};

use super::{
    fallible::{FallibleOption, fallible},
    inline::{Inline, inline, need_loop},
    list::OptionList,
    table::Taker,
    timeout::{Timeout, timeout},
    values::{docs, flag, io_traits, list, name},
};
use crate::{
    error::{Accumulator, Error, Result, err},
    model::IoTraits,
};

#[derive(Default)]
pub(crate) struct Helpers {
    pub(crate) skip: Option<Span>,
    pub(crate) name: Option<Ident>,
    /// The returned type is not mapped.
    pub(crate) raw: Option<Span>,
    /// The value is a stream though its type does not say so.
    pub(crate) iter: Option<Span>,
    /// The value is a reader or writer though its type does not say so, or not of which crate.
    pub(crate) io: Option<IoWord>,
    /// The value is a future though its type does not say so.
    pub(crate) wait: Option<Span>,
    /// A sync method is forwarded and runs under the loop's handle.
    pub(crate) enter: Option<Span>,
    /// Type parameters that the twin does not have, with the types that replace them.
    pub(crate) bind: Vec<Binding>,
    /// The docs of the twin, instead of those of its original.
    pub(crate) doc: Option<Expr>,
    /// Failures of the bridge are returned.
    pub(crate) fallible: Option<FallibleOption>,
    pub(crate) timeout: Option<Timeout>,
    /// The loop's thread polls the future, stream or reader.
    pub(crate) lend: Option<Span>,
    /// The twin runs without a loop.
    pub(crate) inline: Option<Inline>,
}

/// `io`, or `io = "futures"`
#[derive(Clone, Copy)]
pub(crate) struct IoWord {
    pub(crate) at: Span,
    /// The crate of the traits, if it is named.
    pub(crate) traits: Option<IoTraits>,
}

/// `U = Bytes`; on `into_future` also `U = Bytes | Row`.
pub(crate) struct Binding {
    pub(crate) param: Ident,
    pub(crate) types: Vec<Type>,
}

/// Returns the helpers that could be read, and the mistakes. They are separate, since the method
/// itself may have further mistakes to report.
pub(crate) fn helpers(attrs: &[Attribute]) -> (Helpers, Result<()>) {
    let mut list = OptionList::of_helpers(attrs, Taker::Member);
    let helpers = Helpers {
        skip: list.read("skip", flag),
        name: list.read("name", name),
        raw: list.read("raw", flag),
        iter: list.read("iter", flag),
        io: list.read("io", io),
        wait: list.read("wait", flag),
        enter: list.read("enter", flag),
        bind: list.read("bind", bind).unwrap_or_default(),
        doc: list.read("doc", docs),
        fallible: list.read("fallible", fallible),
        timeout: list.read("timeout", timeout),
        lend: list.read("lend", flag),
        inline: list.read("inline", inline),
    };
    let words: Vec<Ident> = list.words().cloned().collect();
    let mut errors = list.into_errors();
    helpers.check_pairs(&mut errors);
    if helpers.inline.is_some() {
        errors.extend(helpers.need_loop());
    }
    for word in words.iter().filter(|word| *word != "skip") {
        if helpers.skip.is_some() {
            errors.push(err!(
                word,
                "`{word}` has no effect beside `skip`; remove one"
            ));
        }
    }
    (helpers, errors.finish())
}

/// A helper of an argument, with its place.
#[derive(Clone, Copy)]
pub(crate) enum ArgumentHelper {
    /// A plain closure in place of an async callback.
    Callback(Span),
    /// A reader or writer of std in place of an async one.
    Std(Span),
}

/// The helper of this argument, if it has one.
pub(crate) fn argument(attrs: &[Attribute]) -> Result<Option<ArgumentHelper>> {
    let mut list = OptionList::of_helpers(attrs, Taker::Argument);
    let callback = list.read("callback", flag).map(ArgumentHelper::Callback);
    let std = list.read("std", flag);
    let mut errors = list.into_errors();
    if let (Some(_), Some(std)) = (callback, std) {
        errors.push(err!(
            std,
            "`callback` and `std` contradict each other; keep one"
        ));
    }
    errors.finish()?;
    Ok(callback.or(std.map(ArgumentHelper::Std)))
}

impl Helpers {
    /// The mistakes of helpers that need a loop, if the twin is to have none.
    pub(crate) fn need_loop(&self) -> Vec<Error> {
        let timeout = self.timeout.as_ref().map(|timeout| timeout.at);
        let mut mistakes = need_loop(&[
            ("timeout", timeout),
            ("lend", self.lend),
            ("enter", self.enter),
        ]);
        mistakes.extend(self.fallible.and_then(|option| option.no_panics_inline()));
        mistakes
    }

    /// Rejects pairs of helpers that contradict each other.
    fn check_pairs(&self, errors: &mut Accumulator) {
        let kinds = [
            self.raw.map(|at| (at, "raw")),
            self.iter.map(|at| (at, "iter")),
            self.io.map(|word| (word.at, "io")),
            self.wait.map(|at| (at, "wait")),
        ];
        let mut given = kinds.into_iter().flatten();
        while let Some((_, first)) = given.next() {
            for (at, second) in given.clone() {
                errors.push(err!(
                    at,
                    "`{first}` and `{second}` contradict each other; keep one"
                ));
            }
        }
    }
}

fn io(meta: &Meta) -> Result<IoWord> {
    Ok(IoWord {
        at: meta.path().span(),
        traits: match meta {
            Meta::Path(_) => None,
            _ => Some(io_traits(meta)?),
        },
    })
}

fn bind(meta: &Meta) -> Result<Vec<Binding>> {
    list(meta, "`bind(U = Bytes)`", |input: ParseStream<'_>| {
        let param = input.parse()?;
        input.parse::<Token![=]>()?;
        let types = Punctuated::<Type, Token![|]>::parse_separated_nonempty(input)?;
        let types = types.into_iter().collect();
        Ok(Binding { param, types })
    })
}
