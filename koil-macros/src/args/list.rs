//! `OptionList`: the reader of every attribute's options. It splits the list, checks the words by
//! the table, and keeps the mistakes of each.

use proc_macro2::{Ident, TokenStream};
use syn::{
    Attribute, LitStr, Meta, Token,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use super::table::{Taker, check};
use crate::{
    error::{Accumulator, Error, Result, err},
    syntax::attrs::is_named,
};

#[derive(Default)]
pub(super) struct OptionList {
    options: Vec<GivenOption>,
    /// Mistakes that belong to none of the options.
    errors: Accumulator,
}

struct GivenOption {
    word: Ident,
    meta: Meta,
    state: State,
}

enum State {
    Unread,
    Read,
    Wrong(Error),
}

impl OptionList {
    /// The options of an attribute of an item.
    pub(super) fn new(tokens: TokenStream, taker: Taker) -> OptionList {
        let mut list = OptionList::default();
        list.extend(tokens, taker);
        list
    }

    /// The options in all `#[koil(..)]` of a member or field.
    pub(super) fn of_helpers(attrs: &[Attribute], taker: Taker) -> OptionList {
        let mut list = OptionList::default();
        for attr in attrs.iter().filter(|attr| is_named(attr, "koil")) {
            match &attr.meta {
                Meta::List(meta) if !meta.tokens.is_empty() => {
                    list.extend(meta.tokens.clone(), taker);
                }
                other => {
                    let remedy = match taker {
                        Taker::Field => "`#[koil(context)]` or remove it",
                        Taker::Argument => "`#[koil(callback)]` or `#[koil(std)]`, or remove it",
                        _ => "`#[koil(skip)]` or another helper",
                    };
                    list.errors.push(err!(
                        other.path(),
                        "`#[koil]` without a helper has no effect; write {remedy}"
                    ));
                }
            }
        }
        list
    }

    fn extend(&mut self, tokens: TokenStream, taker: Taker) {
        let metas = Punctuated::<Meta, Token![,]>::parse_terminated_with;
        let metas = (|input: ParseStream<'_>| metas(input, unquoted)).parse2(tokens);
        let metas = self.errors.handle(metas.map_err(Error::from));
        for meta in metas.unwrap_or_default() {
            match meta.path().get_ident().cloned() {
                Some(word) if self.words().any(|earlier| *earlier == word) => {
                    let twice = err!(word, "`{word}` is given twice; keep one");
                    self.errors.push(twice);
                }
                Some(word) => {
                    let state = match check(&word, taker) {
                        Ok(()) => State::Unread,
                        Err(error) => State::Wrong(error),
                    };
                    self.options.push(GivenOption { word, meta, state });
                }
                None => self.errors.push(err!(
                    meta.path(),
                    "an option is a single word; write it without a path"
                )),
            }
        }
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &Ident> {
        self.options.iter().map(|option| &option.word)
    }

    /// The value of an option, if it is in the list and could be read.
    pub(super) fn read<T>(
        &mut self,
        name: &str,
        reader: impl FnOnce(&Meta) -> Result<T>,
    ) -> Option<T> {
        let is_unread = |option: &&mut GivenOption| {
            option.word == name && matches!(option.state, State::Unread)
        };
        let option = self.options.iter_mut().find(is_unread)?;
        match reader(&option.meta) {
            Ok(value) => {
                option.state = State::Read;
                Some(value)
            }
            Err(error) => {
                option.state = State::Wrong(error);
                None
            }
        }
    }

    /// The mistakes, when all options have been read.
    pub(super) fn into_errors(mut self) -> Accumulator {
        for option in self.options {
            match option.state {
                State::Wrong(error) => self.errors.push(error),
                State::Read => {}
                State::Unread => debug_assert!(false, "no code reads `{}`", option.word),
            }
        }
        self.errors
    }
}

/// Reads `skip`; rejects `"skip"`.
fn unquoted(input: ParseStream<'_>) -> syn::Result<Meta> {
    match input.fork().parse::<LitStr>() {
        Ok(text) => Err(syn::Error::new(
            text.span(),
            format!("options are words without quotes; write `{}`", text.value()),
        )),
        Err(_) => input.parse(),
    }
}
