//! Borrows in a type, and the owned type to use instead.

use proc_macro2::Span;
use quote::quote;
use syn::{
    CapturedParam, GenericArgument, Lifetime, Path, PathArguments, Type, TypeParamBound,
    parse::Parser, punctuated::Punctuated,
};

use super::parts::{bare, for_each_part, pointee, type_arguments};

/// The first `&` or lifetime in a type that is not `'static`.
///
/// Lifetimes in `fn(&T)` and `Fn(&T)` do not count: they are bound by each call.
pub(crate) fn borrowed(ty: &Type) -> Option<Span> {
    match ty {
        Type::Reference(reference) => match &reference.lifetime {
            Some(lifetime) if is_static(lifetime) => borrowed(&reference.elem),
            _ => Some(reference.and_token.span),
        },
        Type::Path(path) => {
            let of_self = path.qself.as_ref().and_then(|qself| borrowed(&qself.ty));
            of_self.or_else(|| in_path(&path.path))
        }
        Type::Array(array) => borrowed(&array.elem),
        Type::Slice(slice) => borrowed(&slice.elem),
        Type::Group(group) => borrowed(&group.elem),
        Type::Paren(paren) => borrowed(&paren.elem),
        Type::Ptr(pointer) => borrowed(&pointer.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(borrowed),
        Type::ImplTrait(node) => in_bounds(&node.bounds),
        Type::TraitObject(object) => in_bounds(&object.bounds),
        _ => None,
    }
}

pub(crate) fn is_static(lifetime: &Lifetime) -> bool {
    lifetime.ident == "static"
}

fn in_path(path: &Path) -> Option<Span> {
    path.segments.iter().find_map(|segment| {
        let PathArguments::AngleBracketed(list) = &segment.arguments else {
            return None;
        };
        list.args.iter().find_map(|argument| match argument {
            GenericArgument::Lifetime(lifetime) => of_lifetime(lifetime),
            GenericArgument::Type(ty) => borrowed(ty),
            GenericArgument::AssocType(assoc) => borrowed(&assoc.ty),
            GenericArgument::Constraint(constraint) => in_bounds(&constraint.bounds),
            _ => None,
        })
    })
}

fn in_bounds<P>(bounds: &Punctuated<TypeParamBound, P>) -> Option<Span> {
    bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Lifetime(lifetime) => of_lifetime(lifetime),
        TypeParamBound::Trait(bound) if bound.lifetimes.is_none() => in_path(&bound.path),
        TypeParamBound::PreciseCapture(capture) => {
            capture.params.iter().find_map(|param| match param {
                CapturedParam::Lifetime(lifetime) => of_lifetime(lifetime),
                _ => None,
            })
        }
        _ => None,
    })
}

fn of_lifetime(lifetime: &Lifetime) -> Option<Span> {
    (!is_static(lifetime)).then(|| lifetime.span())
}

/// `Option<String>` for `Option<&str>`, if such a type can be written down.
pub(crate) fn owned(ty: &Type) -> Option<Type> {
    let owned = replaced(ty);
    borrowed(&owned).is_none().then_some(owned)
}

fn replaced(ty: &Type) -> Type {
    if let Type::Reference(reference) = bare(ty) {
        return owned_form(&reference.elem);
    }
    // The `str` of `Cow<'_, str>`.
    if let Some(borrowed) = pointee(ty, "Cow") {
        return owned_form(borrowed);
    }
    let mut ty = bare(ty).clone();
    for_each_part(&mut ty, &mut |part| *part = replaced(part));
    ty
}

/// The type that `ToOwned` makes from a reference to this type.
fn owned_form(ty: &Type) -> Type {
    let owned = match bare(ty) {
        Type::Slice(slice) => {
            let element = replaced(&slice.elem);
            quote!(Vec<#element>)
        }
        Type::Path(path) if type_arguments(&path.path).is_empty() => {
            let last = path.path.segments.last();
            match last.map(|last| last.ident.to_string()).as_deref() {
                Some("str") => quote!(String),
                Some("Path") => quote!(PathBuf),
                Some("CStr") => quote!(CString),
                Some("OsStr") => quote!(OsString),
                _ => return replaced(ty),
            }
        }
        _ => return replaced(ty),
    };
    <Type as syn::parse::Parse>::parse
        .parse2(owned)
        .unwrap_or_else(|_| ty.clone())
}
