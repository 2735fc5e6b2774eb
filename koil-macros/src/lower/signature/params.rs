//! Parameters and receivers: each gets a plain name and, if it contains types with twins, the twin's type.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::{Attribute, FnArg, Pat, PatIdent, Type, ext::IdentExt};

use crate::{
    error::{Mistakes, Result, err},
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

/// The parameters, with the types that `map` returns, and how they are passed.
pub(crate) fn params<P>(
    function: &Function,
    mistakes: &mut Mistakes,
    map: &dyn Fn(&Type) -> Result<(Type, P)>,
) -> Vec<Param<P>> {
    if let Some(variadic) = &function.sig.variadic {
        mistakes.push(err!(
            variadic.dots,
            "variadic fns have no twin; remove the attribute"
        ));
    }
    let mut params = Vec::new();
    for (index, input) in function.sig.inputs.iter().enumerate() {
        let attrs = match input {
            FnArg::Typed(typed) => {
                let name = param_name(&typed.pat, index, &function.sig.ident);
                let mapped = mistakes.take(map(&typed.ty));
                params.extend(mapped.map(|(ty, pass)| Param {
                    conditions: conditions(&typed.attrs),
                    name,
                    ty,
                    pass,
                }));
                &typed.attrs
            }
            FnArg::Receiver(receiver) => &receiver.attrs,
        };
        mistakes.take(no_helpers(attrs));
    }
    params
}

/// The user's name, if there is one and it does not hide the function to call. A name with a
/// capital letter may be a unit struct, which is a pattern and not a name.
fn param_name(pat: &Pat, index: usize, function: &Ident) -> Ident {
    match pat {
        Pat::Ident(PatIdent {
            ident,
            subpat: None,
            ..
        }) if ident != function && !ident.unraw().to_string().starts_with(char::is_uppercase) => {
            ident.clone()
        }
        _ => format_ident!("__arg{index}", span = Span::mixed_site()),
    }
}

fn no_helpers(attrs: &[Attribute]) -> Result<()> {
    let helper = attrs.iter().find(|attr| is_named(attr, "koil"));
    match helper.or_else(|| conditional_helper(attrs)) {
        None => Ok(()),
        Some(helper) => Err(err!(
            helper.path(),
            "`#[koil(..)]` on an argument is not there yet; put it on the method"
        )),
    }
}
