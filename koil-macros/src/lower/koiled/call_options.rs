//! `CallOptions`: the options of an item that apply to the call of each of its twins.

use proc_macro2::Span;
use syn::{Expr, Generics};

use super::fallible::Fallible;
use crate::{
    args::{Inline, Koiled},
    lower::signature::Names,
};

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
