//! `aio`: options that contradict it.

use proc_macro2::{Ident, Span};

use crate::{
    error::{Error, err},
    syntax::Kind,
};

/// The mistakes of options that name another place for one of the sides.
pub(super) fn check_aio(
    at: Span,
    suffix: Option<&String>,
    name: Option<&Ident>,
    kind: Kind,
) -> Vec<Error> {
    let suffix = suffix.map(|_| {
        err!(
            at,
            "`aio` and `suffix` choose two places for the blocking side; keep one"
        )
    });
    let name = name.filter(|_| kind == Kind::Fn).map(|name| {
        err!(
            name,
            "`name` names a second fn, and with `aio` both sides have the name of the one fn; keep one of the two options"
        )
    });
    suffix.into_iter().chain(name).collect()
}
