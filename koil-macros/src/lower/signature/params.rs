//! Parameters and receivers: each gets a plain name and, if it contains types with twins, the twin's type.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{Attribute, FnArg, Pat, PatIdent, PatType, ReceiverKind, Type, ext::IdentExt};

use crate::{
    error::{Error, Mistakes, Result, err},
    lower::types::bare,
    model::Param,
    syntax::{
        attrs::{conditional_helper, conditions, is_named},
        function::Function,
    },
};

/// The `self` of a function, as plain as its parameters.
pub(crate) fn receiver(function: &Function) -> Option<syn::Receiver> {
    let mut declared = function.sig.receiver()?.clone();
    declared.attrs = Vec::new();
    declared.mutability = None;
    Some(declared)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    Shared,
    Mutable,
}

/// The reference of `&self` and `&mut self`, also in `self: &Self`.
pub(crate) fn self_reference(function: &Function) -> Option<Reference> {
    let mutability = match &function.sig.receiver()?.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability,
        ReceiverKind::Typed(_, ty) => match bare(ty) {
            Type::Reference(reference) => &reference.mutability,
            _ => return None,
        },
        _ => return None,
    };
    Some(match mutability {
        None => Reference::Shared,
        Some(_) => Reference::Mutable,
    })
}

/// The parameters, with the types that `map` returns, and how they are passed. `map` reads the helpers of
/// a parameter.
pub(crate) fn params<P>(
    function: &Function,
    mistakes: &mut Mistakes,
    map: &dyn Fn(&PatType) -> Result<(Type, P)>,
) -> Vec<Param<P>> {
    if let Some(variadic) = &function.sig.variadic {
        mistakes.push(err!(
            variadic.dots,
            "variadic fns have no twin; take a slice"
        ));
    }
    let mut params = Vec::new();
    for (index, input) in function.sig.inputs.iter().enumerate() {
        match input {
            FnArg::Typed(typed) => {
                let name = param_name(&typed.pat, index, &function.sig.ident, &params);
                let mapped = mistakes.take(map(typed));
                params.extend(mapped.map(|(ty, pass)| Param {
                    conditions: conditions(&typed.attrs),
                    name,
                    ty,
                    pass,
                }));
                if let Some(helper) = conditional_helper(&typed.attrs) {
                    mistakes.push(no_helper(helper));
                }
            }
            FnArg::Receiver(receiver) => {
                mistakes.take(check_no_helpers(&receiver.attrs));
            }
        }
    }
    params
}

/// The user's name, if there is one and it does not hide the function to call. A name with a
/// capital letter may be a unit struct, which is a pattern and not a name.
///
/// Docs show the name that a pattern gets, so it is made of the names in the pattern. It collides
/// with no name of the user.
fn param_name<P>(pat: &Pat, index: usize, function: &Ident, earlier: &[Param<P>]) -> Ident {
    match pat {
        Pat::Ident(PatIdent {
            ident,
            subpat: None,
            ..
        }) if ident != function && !ident.unraw().to_string().starts_with(char::is_uppercase) => {
            ident.clone()
        }
        _ => {
            let name =
                joined_names(pat).filter(|name| earlier.iter().all(|param| param.name != *name));
            name.unwrap_or_else(|| format_ident!("arg{index}", span = Span::mixed_site()))
        }
    }
}

/// `left_right` for the pattern `(left, right)`.
fn joined_names(pat: &Pat) -> Option<Ident> {
    let mut names = Vec::new();
    names_in(&pat.to_token_stream(), &mut names);
    if names.is_empty() || names.len() > 3 {
        return None;
    }
    let joined = names.join("_");
    // The span has the edition of this crate, in which `gen` is a keyword.
    if joined == "gen" {
        return Some(Ident::new_raw("gen", Span::mixed_site()));
    }
    // With a keyword it is none of them, unless it is a raw name.
    let mut name: Ident = syn::parse_str(&joined).ok()?;
    name.set_span(Span::mixed_site());
    Some(name)
}

/// The lower-case names in a pattern that are no part of a path and no name of a field with a pattern
/// of its own.
fn names_in(pat: &TokenStream, names: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = pat.clone().into_iter().collect();
    let is_punct = |token: Option<&TokenTree>, mark: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => names_in(&group.stream(), names),
            TokenTree::Ident(name) => {
                let text = name.unraw().to_string();
                let is_bound = text.starts_with(char::is_lowercase)
                    && text != "ref"
                    && text != "mut"
                    && text != "box"
                    && !is_punct(tokens.get(index + 1), ':')
                    && !is_punct(
                        index.checked_sub(1).and_then(|before| tokens.get(before)),
                        ':',
                    );
                if is_bound {
                    names.push(text);
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Rejects helpers on an argument that takes none.
pub(crate) fn check_no_helpers(attrs: &[Attribute]) -> Result<()> {
    let helper = attrs.iter().find(|attr| is_named(attr, "koil"));
    match helper.or_else(|| conditional_helper(attrs)) {
        None => Ok(()),
        Some(helper) => Err(no_helper(helper)),
    }
}

fn no_helper(helper: &Attribute) -> Error {
    err!(
        helper.path(),
        "`#[koil(..)]` does not apply to this argument; remove it, or put it on the method if it is a helper of methods"
    )
}
