//! `timeout = "5s"`, `timeout = self.limit`: the time that a twin may wait.

use std::time::Duration;

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Expr, Meta, spanned::Spanned};

use super::values::{string, ungrouped, value};
use crate::error::{Error, Result, err};

pub(crate) struct Timeout {
    /// The span of the word `timeout`.
    pub(crate) at: Span,
    pub(crate) limit: WrittenLimit,
}

/// A time limit as written.
pub(crate) enum WrittenLimit {
    Literal(Duration),
    /// An expression for a `Duration` or an `Option<Duration>`.
    Expr(Box<Expr>),
}

impl Timeout {
    pub(crate) fn needs_fallible(&self) -> Error {
        err!(
            self.at,
            "`timeout` needs `fallible`: a twin that can time out must return an error; add `fallible`"
        )
    }
}

pub(super) fn timeout(meta: &Meta) -> Result<Timeout> {
    let no_duration = |at: &dyn ToTokens| {
        err!(
            at.to_token_stream(),
            "`timeout` is not a duration; write `\"250ms\"`, `\"5s\"` or `\"2m\"`, or an expression for a `Duration`, without quotes"
        )
    };
    let written = value(meta).ok_or_else(|| no_duration(meta))?;
    let limit = match (string(written), ungrouped(written)) {
        (Some(text), _) => {
            let limit = duration(&text.value()).ok_or_else(|| no_duration(text))?;
            WrittenLimit::Literal(limit)
        }
        (None, Expr::Lit(_)) => return Err(no_duration(meta)),
        (None, _) => WrittenLimit::Expr(Box::new(written.clone())),
    };
    let at = meta.path().span();
    Ok(Timeout { at, limit })
}

fn duration(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    }
}
