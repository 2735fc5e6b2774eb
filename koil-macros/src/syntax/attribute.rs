//! `Attribute`: koil's attributes on items, and the kinds of item that each applies to.

use proc_macro2::{Span, TokenStream};

use super::kind::{Kind, keyword};
use crate::error::{Result, err};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    Koiled,
    Koilable,
    Threaded,
    ThreadedIterable,
}

impl Attribute {
    #[cfg(test)]
    pub(crate) fn called(name: &str) -> Option<Attribute> {
        let all = [
            Attribute::Koiled,
            Attribute::Koilable,
            Attribute::Threaded,
            Attribute::ThreadedIterable,
        ];
        all.into_iter().find(|attribute| attribute.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Attribute::Koiled => "koiled",
            Attribute::Koilable => "koilable",
            Attribute::Threaded => "threaded",
            Attribute::ThreadedIterable => "threaded_iterable",
        }
    }

    /// The kind of an item, if the attribute may stand on it.
    pub(crate) fn kind_of(self, tokens: &TokenStream) -> Result<Kind> {
        let (name, places) = (self.name(), self.places());
        let Some(keyword) = keyword(tokens) else {
            return Err(err!(
                Span::call_site(),
                "`#[{name}]` applies to {places}; remove it here"
            ));
        };
        match Kind::from_keyword(&keyword) {
            Some(kind) if self.applies_to(kind) => Ok(kind),
            _ => Err(err!(
                keyword,
                "`#[{name}]` applies to {places}, not to `{keyword}`; remove it here"
            )),
        }
    }

    fn applies_to(self, kind: Kind) -> bool {
        match self {
            Attribute::Koiled => true,
            Attribute::Koilable => matches!(kind, Kind::Struct | Kind::Impl),
            Attribute::Threaded => matches!(kind, Kind::Fn | Kind::Impl | Kind::Trait),
            Attribute::ThreadedIterable => kind == Kind::Fn,
        }
    }

    /// The kinds of item that the attribute applies to, for error messages.
    pub(crate) fn places(self) -> &'static str {
        match self {
            Attribute::Koiled => "a fn, struct, enum, impl or trait",
            Attribute::Koilable => "an impl of `AsyncContext` or a struct",
            Attribute::Threaded => "a fn, impl or trait",
            Attribute::ThreadedIterable => "a fn",
        }
    }
}
