//! Helpers under a condition, `#[cfg_attr(condition, koil(..))]`: the two forms of such an item.
//!
//! An attribute sees its item before rustc expands the `cfg_attr`s inside it, and does not see
//! the `cfg_attr` under which it may stand itself. So twins are generated for both forms, each
//! under its own `cfg`; rustc keeps one of them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Meta, parse_quote};

use super::{attribute::Attribute, attrs::in_cfg_attr, edit::edited};
use crate::error::{Result, err};

/// The names of helpers, which may stand in a `cfg_attr` too.
pub(super) fn words(attribute: Attribute) -> &'static [&'static str] {
    match attribute {
        Attribute::Koiled | Attribute::Koilable => &["koil"],
        Attribute::Threaded | Attribute::ThreadedIterable => {
            &["koil", "threaded", "threaded_iterable"]
        }
    }
}

/// An item with helpers under one condition.
pub(crate) struct Forms {
    /// `#[cfg(condition)]`
    pub(crate) holds: syn::Attribute,
    /// The item if the condition holds.
    pub(crate) with: TokenStream,
    /// `#[cfg(not(condition))]`
    pub(crate) fails: syn::Attribute,
    /// The item if it does not.
    pub(crate) without: TokenStream,
}

/// `cfg_attr(condition, ..)` with helpers of koil in its list.
pub(super) struct Conditional {
    condition: TokenStream,
    helpers: Vec<Meta>,
    others: Vec<Meta>,
}

impl Conditional {
    /// Reads the tokens between the brackets of an attribute. `words` are the names of helpers.
    pub(super) fn of(attr: &TokenStream, words: &[&str]) -> Option<Conditional> {
        let Ok(Meta::List(list)) = syn::parse2(attr.clone()) else {
            return None;
        };
        if !list.path.is_ident("cfg_attr") {
            return None;
        }
        let (condition, listed) = in_cfg_attr(list.tokens)?;
        let (helpers, others): (Vec<Meta>, _) = listed.into_iter().partition(|meta| {
            let segment = meta.path().segments.last();
            segment.is_some_and(|segment| words.iter().any(|name| segment.ident == name))
        });
        (!helpers.is_empty()).then_some(Conditional {
            condition,
            helpers,
            others,
        })
    }

    fn with(&self) -> TokenStream {
        let (helpers, without) = (&self.helpers, self.without());
        quote!(#(#[#helpers])* #without)
    }

    pub(super) fn without(&self) -> TokenStream {
        let Conditional {
            condition, others, ..
        } = self;
        match others.as_slice() {
            [] => TokenStream::new(),
            others => quote!(#[cfg_attr(#condition, #(#others),*)]),
        }
    }
}

/// The forms of an item, if it has helpers under a condition.
pub(crate) fn forms(item: &TokenStream, attribute: Attribute) -> Result<Option<Forms>> {
    let words = words(attribute);
    let mut conditions: Vec<TokenStream> = Vec::new();
    let with = edited(item.clone(), &mut |attr, _| {
        let found = Conditional::of(attr, words)?;
        conditions.push(found.condition.clone());
        Some(found.with())
    });
    let (Some(with), [condition, others @ ..]) = (with, conditions.as_slice()) else {
        return Ok(None);
    };
    let text = condition.to_string();
    if let Some(other) = others.iter().find(|other| other.to_string() != text) {
        return Err(err!(
            syn::Error::new_spanned(other, "").span(),
            "the helpers of one item stand under one condition, and another one has `{text}`; write that here, or write two items with opposite `cfg`s"
        ));
    }
    let without = edited(item.clone(), &mut |attr, _| {
        Some(Conditional::of(attr, words)?.without())
    });
    Ok(Some(Forms {
        holds: parse_quote!(#[cfg(#condition)]),
        with,
        fails: parse_quote!(#[cfg(not(#condition))]),
        without: without.unwrap_or_else(|| item.clone()),
    }))
}
