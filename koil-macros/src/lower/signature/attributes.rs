//! Attributes of members: those that a twin gets, and those that are mistakes.

use quote::quote_spanned;
use syn::{Attribute as Written, LitStr, parse::Parser};

use super::names::path_text;
use crate::{
    args::{self, Helpers},
    error::{Error, Mistakes, err},
    syntax::{
        attribute::Attribute,
        attrs::{conditional_helper, conditions, is_named, lints},
        block::{Block, Invocation},
    },
};

/// `#[cfg(feature = "..")]` on everything that is generated.
pub(crate) fn feature_gate(feature: Option<&LitStr>) -> Vec<Written> {
    let Some(feature) = feature else {
        return Vec::new();
    };
    // rustc's messages about the feature point at the user's string.
    let cfg = quote_spanned!(feature.span()=> #[cfg(feature = #feature)]);
    Written::parse_outer.parse2(cfg).unwrap_or_default()
}

/// The `#[koil(..)]` helpers of a member.
pub(crate) fn read_helpers(attrs: &[Written], mistakes: &mut Mistakes) -> Helpers {
    let (helpers, wrong) = args::helpers(attrs);
    mistakes.take(wrong);
    helpers
}

/// Rejects attributes that do not belong on a member of this item.
pub(crate) fn check_attrs(attrs: &[Written], item: &str, mistakes: &mut Mistakes) {
    if let Some(attr) = conditional_helper(attrs) {
        mistakes.push(err!(
            attr.path(),
            "koil reads a helper in one `cfg_attr`, not in a nested one; write `#[cfg_attr(all(..), koil(..))]`"
        ));
    }
    if let Some(attr) = attrs.iter().find(|attr| is_named(attr, "koiled")) {
        mistakes.push(err!(
            attr.path(),
            "`#[koiled]` is already on the {item}; remove it here"
        ));
    }
}

/// The mistake of a macro invocation without `skip`: the user has to know that its members get no
/// twins.
pub(crate) fn unseen_members(invocation: &Invocation) -> Error {
    let name = path_text(&invocation.path);
    err!(
        invocation.path,
        "koil cannot see the methods that `{name}!{{..}}` makes, so they get no twins; add `#[koil(skip)]` to accept this"
    )
}

/// The same for an invocation in a `#[koiled]` block or trait.
pub(crate) fn check_macro(invocation: &Invocation, mistakes: &mut Mistakes) {
    let (helpers, wrong) = args::helpers(&invocation.attrs);
    mistakes.take(match helpers.skip {
        Some(_) => wrong,
        None => Err(unseen_members(invocation)),
    });
}

/// Rejects specialised and negative impls, which have no `results`.
pub(crate) fn check_impl(
    block: &Block,
    results: &str,
    negative: &str,
    attribute: Attribute,
    mistakes: &mut Mistakes,
) {
    let name = attribute.name();
    if let Some(at) = &block.defaultness {
        mistakes.push(err!(
            at,
            "specialised impls have no {results}; remove `#[{name}]` here"
        ));
    }
    if let Some(at) = &block.negative {
        mistakes.push(err!(at, "{negative}; remove `#[{name}]` here"));
    }
}

/// The attributes of a method that an impl repeats.
pub(crate) fn conditions_and_lints(attrs: &[Written]) -> Vec<Written> {
    let mut repeated = conditions(attrs);
    repeated.extend(lints(attrs));
    repeated
}
