//! Generic parameters of a twin, and the arguments of its call.

use proc_macro2::Ident;
use quote::quote;
use syn::{GenericParam, Generics, Signature, Type};

use crate::{
    args::Binding,
    error::{Mistakes, err},
    lower::types::path_type,
};

/// The generic arguments of the call: one for each type and const parameter of the original. The
/// parameters in `inferred` are `_`.
pub(crate) fn turbofish(original: &Signature, bounds: &[Binding], inferred: &[Ident]) -> Vec<Type> {
    let arguments = original.generics.params.iter().filter_map(|param| {
        let name = match param {
            GenericParam::Lifetime(_) => return None,
            GenericParam::Type(param) => &param.ident,
            GenericParam::Const(param) => &param.ident,
        };
        if inferred.contains(name) {
            return Some(Type::Verbatim(quote!(_)));
        }
        let bound = bounds.iter().find(|bound| bound.param == *name);
        let bound = bound.and_then(|bound| bound.types.first());
        Some(bound.map_or_else(|| path_type(name.clone()), Type::clone))
    });
    arguments.collect()
}

pub(crate) fn check_conditional_generics(generics: &Generics, mistakes: &mut Mistakes) {
    for param in &generics.params {
        let attrs = match param {
            GenericParam::Lifetime(param) => &param.attrs,
            GenericParam::Type(param) => &param.attrs,
            GenericParam::Const(param) => &param.attrs,
        };
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("cfg")) {
            mistakes.push(err!(
                attr.path(),
                "koil cannot repeat the `cfg` of a generic parameter in the call; write two items with opposite `cfg`s"
            ));
        }
    }
}
