//! Parameters of blocking twins: a twin takes twins, and passes their originals to its original.

use quote::ToTokens;
use syn::Type;

use super::mapped::{Mapped, tuple, with_arguments};
use crate::{
    error::{Result, err},
    lower::types::{Named, Shape, TwinTypes, readable_tokens},
    model::{Convert, Held},
};

/// The type of the twin's parameter, and the conversion from it to the original's parameter.
///
/// A type with a twin stays async inside of a type that is not known here: an argument need not be
/// mapped, since its caller can write `into_aio`.
pub(crate) fn back(ty: &Type, twins: &TwinTypes<'_>) -> Result<Mapped<Held>> {
    match Shape::of(ty, twins) {
        Shape::Twin(twin) => Ok(Mapped {
            ty: twin.ty,
            convert: Convert::Held(twin.held),
        }),
        Shape::Named(named) => in_container(ty, &named, twins),
        Shape::Tuple(of) => tuple(of, &|element| back(element, twins)),
        _ => as_is(ty, twins),
    }
}

fn in_container(ty: &Type, named: &Named<'_>, twins: &TwinTypes<'_>) -> Result<Mapped<Held>> {
    let last = named.path.path.segments.last();
    let values = last.map_or(&[][..], |last| values_of(&last.ident));
    let mut found = Vec::new();
    for &(index, argument) in &named.arguments {
        if !values.contains(&index) {
            nameable(argument, named.path, twins)?;
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
    Ok(with_arguments(named.path, found, twins))
}

/// The indices of the type arguments whose values are mapped in an argument. Each has an impl of
/// `MapTwin` in koil-inline, in `twin/map.rs`; `Poll` and `ControlFlow` have one for returned
/// values only. A type of the user with one of these names needs an impl too.
fn values_of(container: &syn::Ident) -> &'static [usize] {
    match container.to_string().as_str() {
        "Option" | "Vec" | "VecDeque" | "LinkedList" => &[0],
        "Result" => &[0, 1],
        "HashMap" | "BTreeMap" => &[1],
        _ => &[],
    }
}

fn as_is(ty: &Type, twins: &TwinTypes<'_>) -> Result<Mapped<Held>> {
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
