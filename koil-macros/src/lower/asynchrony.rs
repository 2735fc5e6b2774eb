//! Futures, streams and iterators, recognised by the last segment of their paths.

use syn::{
    AngleBracketedGenericArguments, GenericArgument, PathArguments, TraitBound, Type,
    TypeImplTrait, TypeParamBound,
};

use super::handles::{bare, type_arguments};
use crate::{
    error::{Result, err},
    syntax::block::Bounds,
};

/// The output, if values of this type are futures.
pub(crate) fn future_output(ty: &Type) -> Result<Option<Type>> {
    yielded(ty, "Future", "Output", &["BoxFuture", "LocalBoxFuture"])
}

/// The item, if values of this type are streams.
pub(crate) fn stream_item(ty: &Type) -> Result<Option<Type>> {
    yielded(ty, "Stream", "Item", &["BoxStream", "LocalBoxStream"])
}

/// The item of an `impl Iterator`.
pub(crate) fn iterator_item(node: &TypeImplTrait) -> Option<&Type> {
    associated(find(&node.bounds, "Iterator")?, "Item")
}

/// Are values of this type async readers or writers (in the sense of tokio)?
pub(crate) fn is_io(ty: &Type) -> bool {
    const NAMES: [&str; 3] = ["AsyncRead", "AsyncBufRead", "AsyncWrite"];
    let bounds = bounds(ty);
    bounds.is_some_and(|bounds| NAMES.iter().any(|name| find(bounds, name).is_some()))
}

/// `impl Stream<Item = T> + ..` with another trait and another item. All other tokens stay the
/// user's, above all the `impl` token, since its edition decides which lifetimes are captured.
pub(crate) fn with_item(
    node: &TypeImplTrait,
    from: &str,
    to: Option<&syn::Path>,
    item: &Type,
) -> TypeImplTrait {
    let mut node = node.clone();
    for bound in &mut node.bounds {
        let TypeParamBound::Trait(bound) = bound else {
            continue;
        };
        let Some(last) = bound
            .path
            .segments
            .last_mut()
            .filter(|last| last.ident == from)
        else {
            continue;
        };
        if let PathArguments::AngleBracketed(list) = &mut last.arguments {
            set_associated(list, item);
        }
        let arguments = last.arguments.clone();
        if let Some(to) = to {
            bound.path = to.clone();
            if let Some(last) = bound.path.segments.last_mut() {
                last.arguments = arguments;
            }
        }
    }
    node
}

fn set_associated(list: &mut AngleBracketedGenericArguments, item: &Type) {
    for argument in &mut list.args {
        if let GenericArgument::AssocType(assoc) = argument
            && assoc.ident == "Item"
        {
            assoc.ty = item.clone();
        }
    }
}

fn yielded(ty: &Type, name: &str, assoc: &str, aliases: &[&str]) -> Result<Option<Type>> {
    if let Type::Path(path) = bare(ty)
        && let Some(last) = path.path.segments.last()
        && aliases.iter().any(|alias| last.ident == alias)
        && let Some(GenericArgument::Type(yielded)) = type_arguments(&path.path).last()
    {
        return Ok(Some(yielded.clone()));
    }
    let Some(bound) = bounds(ty).and_then(|bounds| find(bounds, name)) else {
        return Ok(None);
    };
    match associated(bound, assoc) {
        Some(yielded) => Ok(Some(yielded.clone())),
        None => Err(err!(
            bound,
            "`{name}` without `{assoc} = ..` has no twin; write `{name}<{assoc} = ..>`"
        )),
    }
}

/// The bounds of `impl ..`, `Pin<Box<dyn ..>>` and `Box<dyn .. + Unpin>`.
fn bounds(ty: &Type) -> Option<&Bounds> {
    match bare(ty) {
        Type::ImplTrait(node) => Some(&node.bounds),
        Type::Path(_) => match pointee(ty, "Pin") {
            Some(boxed) => trait_object(pointee(boxed, "Box")?),
            None => {
                trait_object(pointee(ty, "Box")?).filter(|bounds| find(bounds, "Unpin").is_some())
            }
        },
        _ => None,
    }
}

fn trait_object(ty: &Type) -> Option<&Bounds> {
    match bare(ty) {
        Type::TraitObject(object) => Some(&object.bounds),
        _ => None,
    }
}

/// The `T` of a type `name<T>`, such as `Pin<T>`.
pub(crate) fn pointee<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = bare(ty) else {
        return None;
    };
    path.path
        .segments
        .last()
        .filter(|last| last.ident == name)?;
    match type_arguments(&path.path)[..] {
        [GenericArgument::Type(pointee)] => Some(pointee),
        _ => None,
    }
}

fn find<'t>(bounds: &'t Bounds, name: &str) -> Option<&'t TraitBound> {
    bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last()?;
            (last.ident == name).then_some(bound)
        }
        _ => None,
    })
}

fn associated<'t>(bound: &'t TraitBound, name: &str) -> Option<&'t Type> {
    let PathArguments::AngleBracketed(list) = &bound.path.segments.last()?.arguments else {
        return None;
    };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assoc) if assoc.ident == name => Some(&assoc.ty),
        _ => None,
    })
}
