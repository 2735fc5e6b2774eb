//! Parts of a type as it is written: its arguments, and what it wraps.

use quote::quote;
use syn::{GenericArgument, Generics, Ident, Path, PathArguments, Type, TypePath};

/// The type without the invisible groups of `macro_rules!` and without needless parentheses.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

/// The arguments of a path's last segment, without lifetimes.
pub(crate) fn type_arguments(path: &Path) -> Vec<&syn::GenericArgument> {
    match path.segments.last().map(|last| &last.arguments) {
        Some(PathArguments::AngleBracketed(list)) => {
            let lifetime = |argument: &&syn::GenericArgument| {
                matches!(argument, syn::GenericArgument::Lifetime(_))
            };
            list.args
                .iter()
                .filter(|argument| !lifetime(argument))
                .collect()
        }
        _ => Vec::new(),
    }
}

pub(crate) fn bare_mut(ty: &mut Type) -> &mut Type {
    match ty {
        Type::Group(group) => bare_mut(&mut group.elem),
        Type::Paren(paren) => bare_mut(&mut paren.elem),
        other => other,
    }
}

/// The `T` of a type `name<T>`, such as `Pin<T>`.
pub(crate) fn pointee<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let (found, pointee) = pointer(ty)?;
    (found == name).then_some(pointee)
}

/// Name and argument of a type with one type argument.
pub(crate) fn pointer(ty: &Type) -> Option<(&Ident, &Type)> {
    let Type::Path(path) = bare(ty) else {
        return None;
    };
    match type_arguments(&path.path)[..] {
        [GenericArgument::Type(pointee)] => Some((&path.path.segments.last()?.ident, pointee)),
        _ => None,
    }
}

/// Calls `f` with each type that this one is made of.
pub(crate) fn for_each_part(ty: &mut Type, f: &mut dyn FnMut(&mut Type)) {
    match ty {
        Type::Array(array) => f(&mut array.elem),
        Type::Group(group) => f(&mut group.elem),
        Type::Paren(paren) => f(&mut paren.elem),
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                if let PathArguments::AngleBracketed(list) = &mut segment.arguments {
                    for argument in &mut list.args {
                        if let GenericArgument::Type(ty) = argument {
                            f(ty);
                        }
                    }
                }
            }
        }
        Type::Reference(reference) => f(&mut reference.elem),
        Type::Slice(slice) => f(&mut slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(f),
        _ => {}
    }
}

/// `Store<'a, T>`: the name of a definition, with its own parameters as arguments.
pub(crate) fn applied(name: &Ident, generics: &Generics) -> Path {
    let (_, arguments, _) = generics.split_for_impl();
    syn::parse2(quote!(#name #arguments)).unwrap_or_else(|_| name.clone().into())
}

/// The type that a path names.
pub(crate) fn path_type(path: impl Into<Path>) -> Type {
    Type::Path(TypePath {
        attrs: Vec::new(),
        qself: None,
        path: path.into(),
    })
}
