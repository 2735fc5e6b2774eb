//! Types with twins among parameters: a twin takes twins, and passes their originals to its own original.

use quote::ToTokens;
use syn::{GenericArgument, Type, TypePath, TypeTuple};

use crate::{
    error::{Result, err},
    lower::types::{
        mapped::{Mapped, with_arguments},
        parts::{bare, type_arguments},
        pointers::twin_pointer,
        tokens::readable_tokens,
        twin_types::TwinTypes,
    },
    model::Convert,
};

/// The type of the twin's parameter, and the conversion from it to the original's parameter.
///
/// Types with twins inside a type that is not known here stay async: an argument need not be mapped, since
/// its caller can write `into_aio`.
pub(crate) fn back(ty: &Type, twins: &TwinTypes<'_>) -> Result<Mapped> {
    if let Some(twin) = twin_pointer(ty, twins) {
        return Ok(Mapped {
            ty: twin.ty,
            convert: Convert::Aio(twin.held),
        });
    }
    match bare(ty) {
        Type::Path(path) => in_container(ty, path, twins),
        Type::Tuple(tuple) => in_tuple(tuple, twins),
        _ => as_is(ty, twins),
    }
}

fn in_container(ty: &Type, path: &TypePath, twins: &TwinTypes<'_>) -> Result<Mapped> {
    let values = path
        .path
        .segments
        .last()
        .map_or(&[][..], |last| values_of(&last.ident));
    let mut found = Vec::new();
    for (index, argument) in type_arguments(&path.path).into_iter().enumerate() {
        let GenericArgument::Type(argument) = argument else {
            continue;
        };
        if !values.contains(&index) {
            nameable(argument, path, twins)?;
            continue;
        }
        let mapped = back(argument, twins)?;
        if !mapped.convert.is_as_is() {
            found.push((index, mapped));
        }
    }
    if found.is_empty() {
        return as_is(ty, twins);
    }
    Ok(with_arguments(path, found, twins))
}

/// The indices of the type arguments that are types of contained values, for the containers that
/// koil can map back.
fn values_of(container: &syn::Ident) -> &'static [usize] {
    match container.to_string().as_str() {
        "Option" | "Vec" | "VecDeque" | "LinkedList" => &[0],
        "Result" => &[0, 1],
        "HashMap" | "BTreeMap" => &[1],
        _ => &[],
    }
}

fn in_tuple(tuple: &TypeTuple, twins: &TwinTypes<'_>) -> Result<Mapped> {
    let mut mapped_tuple = tuple.clone();
    let mut converts = Vec::new();
    for element in &mut mapped_tuple.elems {
        let mapped = back(element, twins)?;
        *element = mapped.ty;
        converts.push(mapped.convert);
    }
    Ok(Mapped {
        ty: Type::Tuple(mapped_tuple),
        convert: Convert::tuple(converts),
    })
}

fn as_is(ty: &Type, twins: &TwinTypes<'_>) -> Result<Mapped> {
    nameable(ty, ty, twins)?;
    Ok(Mapped {
        ty: twins.async_self_type(ty),
        convert: Convert::AsIs,
    })
}

/// Rejects a type that mentions the `Self` of a trait. A type that stays async must have a name in
/// the twin's block, and the original of `Self` has none.
fn nameable(part: &Type, whole: &impl ToTokens, twins: &TwinTypes<'_>) -> Result<()> {
    match twins.nameless_in(part) {
        None => Ok(()),
        Some(word) => Err(err!(
            word,
            "`{}` has no twin in a trait; take `Self`, `&Self` or a `Vec` of them, or add `#[koil(skip)]`",
            readable_tokens(whole)
        )),
    }
}
