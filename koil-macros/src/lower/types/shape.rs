//! `Shape`: what a type is, read once from the way it is written.
//!
//! Traits and types are recognised by the last segment of their paths.

use proc_macro2::Span;
use syn::{GenericArgument, PathArguments, TraitBound, Type, TypeParamBound, TypePath, TypeTuple};

use super::{
    parts::{bare, ends_with, pointee, type_arguments},
    pointers::{TwinPointer, twin_pointer},
    twin_types::TwinTypes,
};
use crate::{
    error::{Result, err},
    model::IoTraits,
    syntax::block::Bounds,
};

pub(crate) enum Shape<'t> {
    /// A type with a twin, or a pointer to one.
    Twin(Box<TwinPointer>),
    Future(Yielded<'t>),
    Stream(Yielded<'t>),
    /// An async reader or writer.
    Io(IoBound),
    Iterator,
    /// A named type with its type arguments, perhaps a container.
    Named(Named<'t>),
    Tuple(&'t TypeTuple),
    Other,
}

/// The bound that makes a value a reader or writer.
#[derive(Clone, Copy)]
pub(crate) struct IoBound {
    /// The name of the trait.
    pub(crate) at: Span,
    /// The crate of the trait, if its path tells.
    pub(crate) traits: Option<IoTraits>,
    /// A trait of the other crate.
    pub(crate) other: Option<Span>,
}

pub(crate) struct Named<'t> {
    pub(crate) path: &'t TypePath,
    /// The type arguments, each with its index, in which lifetimes do not count.
    pub(crate) arguments: Vec<(usize, &'t Type)>,
}

/// The type that a future or stream yields.
pub(crate) enum Yielded<'t> {
    Written(&'t Type),
    /// It is not written: the bound, its name and the name of the type.
    Hidden(&'t TraitBound, &'static str, &'static str),
}

impl<'t> Yielded<'t> {
    fn of(bound: &'t TraitBound, name: &'static str, item: &'static str) -> Yielded<'t> {
        match associated(bound, item) {
            Some(ty) => Yielded::Written(ty),
            None => Yielded::Hidden(bound, name, item),
        }
    }

    pub(crate) fn ty(&self) -> Result<&'t Type> {
        match self {
            Yielded::Written(ty) => Ok(ty),
            Yielded::Hidden(bound, name, item) => Err(err!(
                bound,
                "`{name}` without `{item} = ..` has no twin; write `{name}<{item} = ..>`"
            )),
        }
    }
}

impl<'t> Shape<'t> {
    pub(crate) fn of(ty: &'t Type, twins: &TwinTypes<'_>) -> Shape<'t> {
        match twin_pointer(ty, twins) {
            Some(twin) => Shape::Twin(Box::new(twin)),
            None => Shape::without_twins(ty),
        }
    }

    /// The shape of a type where no type counts as one with a twin.
    pub(crate) fn without_twins(ty: &'t Type) -> Shape<'t> {
        if let Some(shape) = Traits::of(ty).and_then(|traits| traits.shape()) {
            return shape;
        }
        match bare(ty) {
            Type::Path(path) => Named::of(path).shape(),
            Type::Tuple(tuple) => Shape::Tuple(tuple),
            _ => Shape::Other,
        }
    }

    /// The output, if values of this type are futures.
    pub(crate) fn output(&self) -> Result<Option<&'t Type>> {
        match self {
            Shape::Future(output) => output.ty().map(Some),
            _ => Ok(None),
        }
    }

    /// The item, if values of this type are streams.
    pub(crate) fn item(&self) -> Result<Option<&'t Type>> {
        match self {
            Shape::Stream(item) => item.ty().map(Some),
            _ => Ok(None),
        }
    }

    /// The type in a `Result` or `Option`.
    pub(crate) fn result_value(&self) -> Option<(&'t TypePath, &'t Type)> {
        let Shape::Named(named) = self else {
            return None;
        };
        match named.arguments.first() {
            Some((0, value)) if named.is_one_of(&["Result", "Option"]) => Some((named.path, value)),
            _ => None,
        }
    }
}

impl<'t> Named<'t> {
    fn of(path: &'t TypePath) -> Named<'t> {
        let arguments = type_arguments(&path.path).into_iter().enumerate();
        let arguments = arguments.filter_map(|(index, argument)| match argument {
            GenericArgument::Type(ty) => Some((index, ty)),
            _ => None,
        });
        Named {
            path,
            arguments: arguments.collect(),
        }
    }

    pub(crate) fn is_one_of(&self, names: &[&str]) -> bool {
        ends_with(&self.path.path, names)
    }

    /// The context, if this is a guard of koil for async code.
    pub(crate) fn guarded(&self) -> Option<&'t Type> {
        let is_guard = match self.arguments.len() {
            1 => self.is_one_of(&["AsyncEntered", "LocalAsyncEntered"]),
            2 => self.is_one_of(&["AsyncGuard"]),
            _ => false,
        };
        let (_, context) = self.arguments.first().filter(|_| is_guard)?;
        Some(context)
    }

    /// The aliases of boxed futures and streams are not containers.
    fn shape(self) -> Shape<'t> {
        match self.arguments.last() {
            Some((_, output)) if self.is_one_of(&["BoxFuture", "LocalBoxFuture"]) => {
                Shape::Future(Yielded::Written(output))
            }
            Some((_, item)) if self.is_one_of(&["BoxStream", "LocalBoxStream"]) => {
                Shape::Stream(Yielded::Written(item))
            }
            _ => Shape::Named(self),
        }
    }
}

/// The traits of `impl ..`, `Box<dyn ..>` and `Pin<Box<dyn ..>>`.
pub(crate) struct Traits<'t> {
    bounds: &'t Bounds,
    behind: Behind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Nothing,
    Box,
    PinnedBox,
}

impl<'t> Traits<'t> {
    pub(crate) fn of(ty: &'t Type) -> Option<Traits<'t>> {
        let (object, behind) = match bare(ty) {
            Type::ImplTrait(node) => {
                return Some(Traits {
                    bounds: &node.bounds,
                    behind: Behind::Nothing,
                });
            }
            Type::Path(_) => match pointee(ty, "Pin") {
                Some(pinned) => (pointee(pinned, "Box")?, Behind::PinnedBox),
                None => (pointee(ty, "Box")?, Behind::Box),
            },
            _ => return None,
        };
        match bare(object) {
            Type::TraitObject(object) => Some(Traits {
                bounds: &object.bounds,
                behind,
            }),
            _ => None,
        }
    }

    fn shape(&self) -> Option<Shape<'t>> {
        if self.behind != Behind::Box || self.find(&["Unpin"]).is_some() {
            if let Some(bound) = self.find(&["Future"]) {
                return Some(Shape::Future(Yielded::of(bound, "Future", "Output")));
            }
            if let Some(bound) = self.find(&["Stream"]) {
                return Some(Shape::Stream(Yielded::of(bound, "Stream", "Item")));
            }
            if let Some(io) = self.io() {
                return Some(Shape::Io(io));
            }
        }
        self.iterator().map(|_| Shape::Iterator)
    }

    /// The first bound of a reader or writer; its crate may be told by another one.
    fn io(&self) -> Option<IoBound> {
        let bounds = self.bounds().filter(|bound| ends_with(&bound.path, &IO));
        let at = |bound: &TraitBound| Some(bound.path.segments.last()?.ident.span());
        let mut bounds = bounds.map(|bound| (at(bound), io_traits(&bound.path)));
        let first = bounds.clone().next()?;
        let traits = bounds.clone().find_map(|(_, traits)| traits);
        let other = bounds.find(|(_, other)| other.is_some() && *other != traits);
        Some(IoBound {
            at: first.0?,
            traits,
            other: other.and_then(|(at, _)| at),
        })
    }

    pub(crate) fn is_pinned(&self) -> bool {
        self.behind == Behind::PinnedBox
    }

    /// The bound that makes a value an iterator.
    pub(crate) fn iterator(&self) -> Option<&'t TraitBound> {
        const NAMES: [&str; 4] = [
            "Iterator",
            "DoubleEndedIterator",
            "ExactSizeIterator",
            "FusedIterator",
        ];
        self.find(&NAMES).filter(|_| !self.is_pinned())
    }

    /// The first bound with one of these names.
    pub(crate) fn find(&self, names: &[&str]) -> Option<&'t TraitBound> {
        self.bounds().find(|bound| ends_with(&bound.path, names))
    }

    pub(crate) fn bounds(&self) -> impl Iterator<Item = &'t TraitBound> + Clone + use<'t> {
        self.bounds.iter().filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) => Some(bound),
            _ => None,
        })
    }
}

/// The traits of readers and writers, in both crates.
pub(crate) const IO: [&str; 4] = ["AsyncRead", "AsyncBufRead", "AsyncWrite", "AsyncSeek"];

/// The crate of a trait of readers and writers, if its path tells.
fn io_traits(path: &syn::Path) -> Option<IoTraits> {
    const FUTURES: [&str; 6] = [
        "futures",
        "futures_io",
        "futures_util",
        "futures_lite",
        "async_std",
        "smol",
    ];
    let mut segments = path.segments.iter().rev().skip(1);
    segments.find_map(|segment| {
        if segment.ident == "tokio" {
            Some(IoTraits::Tokio)
        } else if FUTURES.iter().any(|name| segment.ident == name) {
            Some(IoTraits::Futures)
        } else {
            None
        }
    })
}

/// The `T` of a bound `Trait<Name = T>`.
pub(crate) fn associated<'t>(bound: &'t TraitBound, name: &str) -> Option<&'t Type> {
    let PathArguments::AngleBracketed(list) = &bound.path.segments.last()?.arguments else {
        return None;
    };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assoc) if assoc.ident == name => Some(&assoc.ty),
        _ => None,
    })
}
