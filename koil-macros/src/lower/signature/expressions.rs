//! Expressions in options, `handle = ..` and `timeout = ..`: each is evaluated in the twin, where `self`
//! means the original.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Expr, Path, spanned::Spanned};

use super::names::Owner;
use crate::{
    error::{Result, err},
    lower::types::{replace_self, replaced},
    model::{Given, Held, LoopChoice},
    tokens::at as located,
};

/// The `self` and the `Self` of a twin, as an expression in an option sees them.
#[derive(Clone, Copy)]
pub(crate) enum Around<'a> {
    /// The twin is a method of the original's type, or a function.
    Original { has_self: bool },
    /// The twin is a method of a twin, with this `self`.
    Twin {
        held: Option<Held>,
        owner: &'a Owner,
        koil: &'a Path,
    },
}

impl Around<'_> {
    pub(crate) fn has_self(self) -> bool {
        match self {
            Around::Original { has_self } => has_self,
            Around::Twin { held, .. } => held.is_some(),
        }
    }

    /// The expression, as the twin evaluates it.
    pub(crate) fn given(self, expr: &Expr) -> Given {
        let at = expr.span();
        let tokens = expr.to_token_stream();
        let Around::Twin { held, owner, koil } = self else {
            return Given { tokens, at };
        };
        let with_types = match owner {
            Owner::Free => tokens,
            Owner::Type(ty) => replace_self(tokens, &quote!(#ty)),
            Owner::Trait { original, .. } => {
                let aio = quote!(<Self as #koil::__private::Twin>::Aio as #original);
                replace_self(tokens, &aio)
            }
        };
        let tokens = replaced(with_types, &|word, _| {
            let held = held.filter(|_| word == "self")?;
            let original = match held {
                Held::Value => quote!(#koil::__private::Twin::aio(&#word)),
                Held::Ref => quote!(#koil::__private::Twin::aio(#word)),
                _ => quote!(#koil::__private::Twin::aio(&*#word)),
            };
            Some(located(word.span(), original))
        });
        Given { tokens, at }
    }
}

/// The loop of a twin's call. A function without `self` cannot use a handle that comes from `self`:
/// its call, and the value it makes, are on the current loop.
pub(crate) fn loop_choice(handle: Option<&Expr>, around: Around<'_>) -> LoopChoice {
    match handle {
        Some(handle) if around.has_self() || self_in(handle).is_none() => {
            LoopChoice::Handle(Box::new(around.given(handle)))
        }
        _ => LoopChoice::Current,
    }
}

/// Rejects `self` in an option of a function that has none. `value` is the value to write.
pub(crate) fn check_no_self(expr: Option<&Expr>, value: &str) -> Result<()> {
    match expr.and_then(self_in) {
        None => Ok(()),
        Some(word) => Err(err!(
            word,
            "this function has no `self`; use an argument, a static or a function that returns {value}"
        )),
    }
}

/// Rejects `self.aio()`, in an expression whose `self` is the original already.
pub(crate) fn check_self_is_original(expr: Option<&Expr>) -> Result<()> {
    match expr.and_then(|expr| aio_of_self(expr.to_token_stream())) {
        None => Ok(()),
        Some(word) => Err(err!(
            word,
            "`self` is the original here, not its twin; write `self` without `.aio()`"
        )),
    }
}

/// The `self` in an expression.
pub(crate) fn self_in(expr: &Expr) -> Option<Ident> {
    find_self(expr.to_token_stream())
}

fn find_self(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == "self" => Some(word),
        TokenTree::Group(group) => find_self(group.stream()),
        _ => None,
    })
}

/// The word `aio` of a `self.aio()`.
fn aio_of_self(tokens: TokenStream) -> Option<Ident> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let in_order = tokens.windows(3).find_map(|three| match three {
        [
            TokenTree::Ident(word),
            TokenTree::Punct(dot),
            TokenTree::Ident(aio),
        ] if word == "self" && dot.as_char() == '.' && aio == "aio" => Some(aio.clone()),
        _ => None,
    });
    in_order.or_else(|| {
        tokens.into_iter().find_map(|token| match token {
            TokenTree::Group(group) => aio_of_self(group.stream()),
            _ => None,
        })
    })
}
