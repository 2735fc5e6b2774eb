//! Parameters and receivers: each gets a plain name and, if it contains types with twins, the twin's type.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::{
    Attribute, FnArg, Pat, PatIdent, PatType, ReceiverKind, Type, ext::IdentExt, spanned::Spanned,
};

use crate::{
    error::{Error, Result, err},
    lower::{
        signature::arguments::back,
        types::{
            mapped::Mapped,
            pointers::{held, inner_mut, twin_pointer},
            tokens::readable,
            twin_types::TwinTypes,
        },
    },
    model::{Convert, Held, Param, Pass, Receiver},
    syntax::{
        attrs::{conditional_helper, conditions, is_named},
        function::Function,
    },
};

pub(crate) fn receiver(function: &Function, twins: &TwinTypes<'_>) -> Result<Option<Receiver>> {
    let Some(written) = function.sig.receiver() else {
        return Ok(None);
    };
    let mut declared = written.clone();
    declared.attrs = Vec::new();
    declared.mutability = None;
    if twins.own.is_none() {
        return Ok(Some(Receiver {
            declared,
            pass: Pass::AsIs,
        }));
    }
    let held = match &mut declared.kind {
        ReceiverKind::Value => Held::Value,
        ReceiverKind::Reference(_, _, None) => Held::Ref,
        ReceiverKind::Reference(_, _, Some(_)) => Held::RefMut,
        ReceiverKind::Typed(_, ty) => {
            let Some(twin) = twin_pointer(ty, twins) else {
                return Err(unmappable(ty));
            };
            **ty = twin.ty;
            twin.held
        }
        _ => {
            return Err(err!(
                written,
                "this receiver cannot be mapped; add `#[koil(skip)]`"
            ));
        }
    };
    Ok(Some(Receiver {
        declared,
        pass: Pass::Aio(held),
    }))
}

pub(crate) fn params(function: &Function, twins: &TwinTypes<'_>) -> Result<Vec<Param>> {
    let mut errors = Error::accumulator();
    if let Some(variadic) = &function.sig.variadic {
        errors.push(err!(
            variadic.dots,
            "variadic fns have no twin; remove the attribute"
        ));
    }
    let mut params = Vec::new();
    for (index, input) in function.sig.inputs.iter().enumerate() {
        let attrs = match input {
            FnArg::Typed(typed) => {
                let name = param_name(&typed.pat, index, &function.sig.ident);
                params.extend(errors.handle(param(name, typed, twins)));
                &typed.attrs
            }
            FnArg::Receiver(receiver) => &receiver.attrs,
        };
        errors.handle(no_helpers(attrs));
    }
    errors.finish_with(params)
}

fn param(name: Ident, typed: &PatType, twins: &TwinTypes<'_>) -> Result<Param> {
    let (ty, pass) = match back(&typed.ty, twins)? {
        Mapped {
            ty,
            convert: Convert::AsIs,
        } => (ty, Pass::AsIs),
        Mapped {
            ty,
            convert: Convert::Aio(held),
        } => (ty, Pass::Aio(held)),
        Mapped { ty, convert } => (ty, Pass::Inside(Box::new(convert))),
    };
    Ok(Param {
        conditions: conditions(&typed.attrs),
        name,
        ty,
        pass,
    })
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

/// The error for a receiver that has no twin. It names the closest receiver that has one.
fn unmappable(ty: &Type) -> Error {
    let mut inner = ty.clone();
    let shape = held(ty);
    let instead = inner_mut(&mut inner, shape).map(|inner| held(inner));
    let instead = match instead {
        Some(Held::Arc) => "self: Arc<Self>",
        Some(Held::Rc) => "self: Rc<Self>",
        Some(Held::Box) => "self: Box<Self>",
        _ => "&self",
    };
    let text = readable(ty);
    err!(
        ty.span(),
        "receiver `{text}` cannot be mapped; use `{instead}` or `#[koil(skip)]`"
    )
}
