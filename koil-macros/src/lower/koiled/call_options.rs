//! `CallOptions`: the options of an item that apply to the call of each of its twins.

use proc_macro2::Span;
use syn::{Expr, Generics};

use super::fallible::Fallible;
use crate::{
    args::{Inline, Koiled, WrittenLimit},
    error::Mistakes,
    lower::signature::{Names, check_self_is_original},
};

/// Rejects `self.aio()` in the expressions of an item.
pub(crate) fn check_expressions(koiled: &Koiled, mistakes: &mut Mistakes) {
    let limit = match koiled.timeout.as_ref().map(|timeout| &timeout.limit) {
        Some(WrittenLimit::Expr(limit)) => Some(&**limit),
        _ => None,
    };
    mistakes.take(check_self_is_original(koiled.handle.as_ref()));
    mistakes.take(check_self_is_original(limit));
}

pub(crate) struct CallOptions<'a> {
    pub(crate) names: Names<'a>,
    /// The generics of the block or trait.
    pub(crate) around: Option<&'a Generics>,
    /// The failure options of the whole block.
    pub(crate) fallible: Fallible<'a>,
    /// The span of `lend`, if the loop's thread polls for the whole block.
    pub(crate) lend: Option<Span>,
    pub(crate) handle: Option<&'a Expr>,
    pub(crate) inline: Option<&'a Inline>,
}

impl<'a> CallOptions<'a> {
    pub(crate) fn of(
        names: Names<'a>,
        koiled: &'a Koiled,
        around: Option<&'a Generics>,
    ) -> CallOptions<'a> {
        CallOptions {
            names,
            around,
            fallible: Fallible::of(koiled),
            lend: koiled.lend,
            handle: koiled.handle.as_ref(),
            inline: koiled.inline.as_ref(),
        }
    }
}
