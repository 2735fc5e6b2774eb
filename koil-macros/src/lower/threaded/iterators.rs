//! Iterators among return types, and the types of their items.

use proc_macro2::{Ident, Span};
use quote::quote_spanned;
use syn::{Type, spanned::Spanned};

use crate::{
    error::{Error, Result, err},
    lower::types::{Shape, Traits, associated, bare, borrowed, owned, readable},
};

/// Would the items of this type be made after the function has returned?
pub(crate) fn makes_items(shape: &Shape<'_>) -> bool {
    match shape.result_value() {
        Some((_, inner)) => matches!(Shape::without_twins(inner), Shape::Iterator),
        None => matches!(shape, Shape::Iterator),
    }
}

/// The item of an iterator of this type.
pub(crate) fn item(ty: &Type, name: &Ident) -> Result<Type> {
    let Some(traits) = Traits::of(ty).filter(|traits| !traits.is_pinned()) else {
        return named_item(ty, name);
    };
    // A trait of any name may say what the items are.
    if let Some(item) = traits.bounds().find_map(|bound| associated(bound, "Item")) {
        no_borrow(item)?;
        return Ok(item.clone());
    }
    match traits.iterator() {
        Some(bound) => Err(err!(
            bound.span(),
            "koil must see the type of the items; write `Iterator<Item = ..>`"
        )),
        None => Err(no_iterator(name, ty.span())),
    }
}

/// The item of an iterator that has a named type. rustc resolves it.
fn named_item(ty: &Type, name: &Ident) -> Result<Type> {
    let Type::Path(path) = bare(ty) else {
        return Err(no_iterator(name, ty.span()));
    };
    let last = path.path.segments.last();
    let last = last.map(|last| last.ident.to_string()).unwrap_or_default();
    if COLLECTIONS.contains(&&*last) {
        return Err(err!(
            ty.span(),
            "a `{last}` is complete before its first item could be sent; return an iterator, or write `#[threaded]`"
        ));
    }
    if last == "Receiver" {
        return Err(err!(
            ty.span(),
            "a `Receiver` is no iterator itself; return `impl Iterator<Item = ..>`, and call `into_iter` on it"
        ));
    }
    if LENDERS.contains(&&*last)
        && let Some(at) = borrowed(ty)
    {
        return Err(err!(
            at,
            "the items of `{}` borrow from a value that the job drops; return `impl Iterator<Item = ..>` with owned items, as `cloned` makes them",
            readable(ty)
        ));
    }
    if NO_ITERATORS.contains(&&*last) {
        return Err(no_iterator(name, ty.span()));
    }
    // rustc's messages about the item point at the type.
    let span = Span::call_site().located_at(ty.span());
    let item = quote_spanned!(span=> <#ty as ::core::iter::Iterator>::Item);
    Ok(Type::Verbatim(item))
}

const COLLECTIONS: [&str; 7] = [
    "Vec",
    "VecDeque",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
];

/// The iterators of std whose items are references, where the iterator has a lifetime.
const LENDERS: [&str; 12] = [
    "Iter",
    "IterMut",
    "Keys",
    "Values",
    "ValuesMut",
    "Lines",
    "Split",
    "SplitWhitespace",
    "Chunks",
    "ChunksExact",
    "Windows",
    "Components",
];

const NO_ITERATORS: [&str; 21] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32",
    "f64", "bool", "char", "str", "String", "PathBuf", "Result", "Option",
];

pub(crate) fn no_iterator(name: &Ident, at: Span) -> Error {
    err!(
        at,
        "`{name}` returns no iterator; return `impl Iterator<Item = T>`, or take `&mut Yielder<T>` as the last parameter, or write `#[threaded]`"
    )
}

/// Rejects borrows in the output of a job, which has to outlive the borrows of its original.
pub(crate) fn no_borrow(ty: &Type) -> Result<()> {
    let Some(at) = borrowed(ty) else {
        return Ok(());
    };
    let text = readable(ty);
    Err(match owned(ty) {
        Some(owned) => err!(
            at,
            "`{text}` borrows from a value that the job drops; return `{}`",
            readable(&owned)
        ),
        None => err!(
            at,
            "`{text}` borrows from a value that the job drops; return a type without lifetimes"
        ),
    })
}
