//! Twins behind references and smart pointers: types that can be converted at no cost.

use syn::{GenericArgument, PathArguments, Type};

use super::{
    parts::{bare, bare_mut, pointer},
    tokens::has_impl,
    twin_types::TwinTypes,
};
use crate::model::Held;

/// A type that is a handle, or holds one directly.
pub(crate) struct TwinPointer {
    pub(crate) held: Held,
    /// The whole type, with the twin in place of the handle.
    pub(crate) ty: Type,
    /// The twin alone, so that an expression can name it.
    pub(crate) twin: Type,
}

pub(crate) fn twin_pointer(ty: &Type, twins: &TwinTypes<'_>) -> Option<TwinPointer> {
    let (held, inner) = held(ty);
    let twin = twins.twin_of(inner)?;
    let mut ty = ty.clone();
    *inner_mut(&mut ty, held)? = twin.clone();
    // A type with `impl Trait` among its arguments cannot be written in an expression.
    let twin = if has_impl(&twin) {
        Type::Infer(infer())
    } else {
        twin
    };
    Some(TwinPointer { held, ty, twin })
}

/// The way in which a type holds its content, and the type of the content.
pub(crate) fn held(ty: &Type) -> (Held, &Type) {
    if let Type::Reference(reference) = bare(ty) {
        return match (reference.mutability, bare(&reference.elem)) {
            (None, Type::Slice(slice)) => (Held::Slice, &slice.elem),
            (Some(_), Type::Slice(slice)) => (Held::SliceMut, &slice.elem),
            (None, _) => (Held::Ref, &reference.elem),
            (Some(_), _) => (Held::RefMut, &reference.elem),
        };
    }
    let Some((name, inner)) = pointer(ty) else {
        return (Held::Value, ty);
    };
    match name.to_string().as_str() {
        "Arc" => (Held::Arc, inner),
        "Rc" => (Held::Rc, inner),
        "Box" => (Held::Box, inner),
        "Pin" => match held(inner) {
            (Held::Ref, inner) => (Held::PinRef, inner),
            (Held::RefMut, inner) => (Held::PinRefMut, inner),
            (Held::Box, inner) => (Held::PinBox, inner),
            _ => (Held::Value, ty),
        },
        _ => (Held::Value, ty),
    }
}

/// The held type, in its place in the whole type.
fn inner_mut(ty: &mut Type, held: Held) -> Option<&mut Type> {
    let ty = bare_mut(ty);
    match held {
        Held::Value => Some(ty),
        Held::Ref | Held::RefMut => match ty {
            Type::Reference(reference) => Some(&mut reference.elem),
            _ => None,
        },
        Held::Slice | Held::SliceMut => match ty {
            Type::Reference(reference) => match bare_mut(&mut reference.elem) {
                Type::Slice(slice) => Some(&mut slice.elem),
                _ => None,
            },
            _ => None,
        },
        Held::Arc | Held::Rc | Held::Box => argument_mut(ty),
        Held::PinRef => inner_mut(argument_mut(ty)?, Held::Ref),
        Held::PinRefMut => inner_mut(argument_mut(ty)?, Held::RefMut),
        Held::PinBox => inner_mut(argument_mut(ty)?, Held::Box),
    }
}

fn argument_mut(ty: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(list) = &mut path.path.segments.last_mut()?.arguments else {
        return None;
    };
    list.args.iter_mut().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn infer() -> syn::TypeInfer {
    syn::TypeInfer {
        attrs: Vec::new(),
        underscore_token: <syn::Token![_]>::default(),
    }
}
