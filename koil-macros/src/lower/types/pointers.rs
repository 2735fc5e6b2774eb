//! Twins behind references and smart pointers: types that can be converted at no cost.

use syn::{GenericArgument, PathArguments, Type};

use crate::{
    lower::types::{
        parts::{bare, bare_mut, pointee},
        tokens::has_impl,
        twin_types::TwinTypes,
    },
    model::Held,
};

/// A type that is a handle, or holds one directly.
pub(crate) struct TwinPointer {
    pub(crate) held: Held,
    /// The whole type, with the twin in place of the handle.
    pub(crate) ty: Type,
    /// The twin alone, so that an expression can name it.
    pub(crate) twin: Type,
}

pub(crate) fn twin_pointer(ty: &Type, twins: &TwinTypes<'_>) -> Option<TwinPointer> {
    let held = held(ty);
    let mut ty = ty.clone();
    let inner = inner_mut(&mut ty, held)?;
    let twin = twins.twin_of(inner)?;
    *inner = twin.clone();
    // A type with `impl Trait` among its arguments cannot be written in an expression.
    let twin = if has_impl(&twin) {
        Type::Infer(infer())
    } else {
        twin
    };
    Some(TwinPointer { held, ty, twin })
}

/// The way in which a type holds its content.
pub(crate) fn held(ty: &Type) -> Held {
    if let Type::Reference(reference) = bare(ty) {
        let of_many = matches!(bare(&reference.elem), Type::Slice(_));
        return match (reference.mutability, of_many) {
            (None, false) => Held::Ref,
            (Some(_), false) => Held::RefMut,
            (None, true) => Held::Slice,
            (Some(_), true) => Held::SliceMut,
        };
    }
    if let Some(pinned) = pointee(ty, "Pin") {
        match held(pinned) {
            Held::Ref => return Held::PinRef,
            Held::RefMut => return Held::PinRefMut,
            Held::Box => return Held::PinBox,
            _ => {}
        }
    }
    let pointers = [("Arc", Held::Arc), ("Rc", Held::Rc), ("Box", Held::Box)];
    let pointer = pointers
        .into_iter()
        .find(|(name, _)| pointee(ty, name).is_some());
    pointer.map_or(Held::Value, |(_, held)| held)
}

/// The held type, in its place in the whole type.
pub(crate) fn inner_mut(ty: &mut Type, held: Held) -> Option<&mut Type> {
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
