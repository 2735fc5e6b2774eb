//! Attributes of members: those that a twin gets, and those that are mistakes.

use crate::{
    args,
    error::{Error, Result, err},
    lower::signature::names::path_text,
    syntax::{
        attrs::{conditional_helper, is_named},
        block::Invocation,
    },
};
use quote::quote_spanned;
use syn::{Attribute, LitStr, parse::Parser};

/// `#[cfg(feature = "..")]` on everything that is generated.
pub(crate) fn feature_gate(feature: Option<&LitStr>) -> Vec<Attribute> {
    let Some(feature) = feature else {
        return Vec::new();
    };
    // rustc's messages about the feature point at the user's string.
    let cfg = quote_spanned!(feature.span()=> #[cfg(feature = #feature)]);
    Attribute::parse_outer.parse2(cfg).unwrap_or_default()
}

/// Rejects attributes that are in the wrong place on a member.
pub(crate) fn check_attrs(attrs: &[Attribute], place: &str) -> Result<()> {
    let mut errors = Error::accumulator();
    if let Some(attr) = conditional_helper(attrs) {
        errors.push(err!(
            attr.path(),
            "koil sees this block before its `cfg_attr`s; write `#[koil(skip)]` on two `cfg`-ed methods instead"
        ));
    }
    if let Some(attr) = attrs.iter().find(|attr| is_named(attr, "koiled")) {
        errors.push(err!(
            attr.path(),
            "`#[koiled]` is already on the {place}; remove it here"
        ));
    }
    errors.finish()
}

/// Rejects a macro invocation without `skip`: the user has to know that its members get no twins.
pub(crate) fn check_macro(invocation: &Invocation) -> Result<()> {
    let (helpers, mistakes) = args::helpers(&invocation.attrs);
    if helpers.skip.is_some() {
        return mistakes;
    }
    let name = path_text(&invocation.path);
    Err(err!(
        invocation.path,
        "koil cannot look inside `{name}!{{..}}`; methods made by it get no twin: add `#[koil(skip)]` to accept"
    ))
}
