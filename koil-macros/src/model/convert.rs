//! Conversions of values between the two sides of a call.

use proc_macro2::Span;
use syn::Type;

use super::{
    poll::{PollBy, Poller},
    terms::{Limit, Panics},
};

/// How a value of one side becomes a value of the other. `H` converts a value that is, or holds, a
/// type with a twin.
pub(crate) enum Convert<H> {
    AsIs,
    Held(H),
    /// A container: the values of its type arguments are converted.
    Container(Vec<TypeArgument<H>>),
    Tuple(Vec<Convert<H>>),
    /// A closure of the blocking user: a callback for the original.
    Callback(Box<Callback>),
    /// A reader or writer of std: an async one for the original. It is made before the call of the
    /// original, for a call that this thread polls.
    Std(StdBy, Poller),
}

/// How the original takes a reader or writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StdBy {
    Value,
    Reference,
    /// A pinned reference.
    Pin,
}

/// A callback for the original that calls a closure of the blocking user.
pub(crate) struct Callback {
    pub(crate) produced: Produced,
    /// Is the closure called by `&mut`?
    pub(crate) is_mut: bool,
    pub(crate) arguments: Vec<Returned>,
    /// How the value of the closure becomes one of the original.
    pub(crate) answer: Convert<Held>,
}

/// The product of a call of the callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Produced {
    Value,
    /// The callback is an async closure.
    ByAsyncClosure,
    ReadyFuture,
    BoxedFuture,
}

/// How a returned value of the original becomes one of the twin.
pub(crate) type Returned = Convert<IntoTwin>;

/// How an argument of the twin becomes one of the original.
pub(crate) type Pass = Convert<Held>;

pub(crate) struct TypeArgument<H> {
    /// The index of the type argument, lifetimes not counted.
    pub(crate) index: usize,
    /// The container as written: rustc points here if it cannot be mapped.
    pub(crate) span: Span,
    pub(crate) convert: Convert<H>,
}

/// The reference or pointer that holds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Value,
    Ref,
    RefMut,
    Arc,
    Rc,
    Box,
    PinRef,
    PinRefMut,
    PinBox,
    /// `&[Shop]`
    Slice,
    SliceMut,
}

/// How a value of the original becomes its twin.
pub(crate) enum IntoTwin {
    /// An async value that has a twin of type `.1`.
    Twin(Held, Box<Type>),
    /// The same for a twin of which only the layout is known.
    Cast(Box<Type>),
    /// A reference to an `Option` of a value that has such a twin.
    OptionRef(Box<Type>),
    OptionMut(Box<Type>),
    /// A stream: an iterator over its items.
    Iter(PollBy, Each, ItemFailure),
    /// An async reader or writer: a blocking one.
    Io(BlockingIo),
    /// A guard of async code, as one for blocking code; its context becomes this twin. rustc points
    /// at the span if it cannot.
    Guard(Span, Option<Box<Type>>),
    /// An iterator: each item is converted.
    Items(Box<Returned>),
}

/// An async reader or writer as a blocking one.
#[derive(Clone, Copy)]
pub(crate) struct BlockingIo {
    pub(crate) poll: PollBy,
    pub(crate) traits: IoTraits,
    /// rustc points here if the value has none of these traits.
    pub(crate) at: Span,
    /// How long each operation may wait.
    pub(crate) limit: Limit,
    pub(crate) panics: Panics,
}

/// The crate whose `AsyncRead`, `AsyncBufRead`, `AsyncWrite` and `AsyncSeek` a type has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum IoTraits {
    #[default]
    Tokio,
    Futures,
}

/// The conversion of each item of a stream.
pub(crate) enum Each {
    AsIs,
    /// Converted; the iterator's type is `koil::MapIter`.
    Mapped(Box<Returned>),
    /// Converted; the iterator's type is `impl Iterator`, since the twin of a trait cannot name it.
    Opaque(Box<Returned>),
}

/// The behaviour of an iterator if the bridge fails while it waits for an item.
#[derive(Clone, Copy)]
pub(crate) enum ItemFailure {
    /// It panics.
    Panic,
    /// The items are `Result`s, and the failure is one of them.
    IsItem {
        /// The type of the items: rustc points there if it cannot hold the failure.
        at: Span,
        limit: Limit,
        panics: Panics,
    },
    /// Each item is in a `Result`, which can hold the failure.
    AroundItem { limit: Limit, panics: Panics },
}

impl<H> Convert<H> {
    pub(crate) fn is_as_is(&self) -> bool {
        matches!(self, Convert::AsIs)
    }

    /// The conversion of a tuple, from one conversion for each element.
    pub(crate) fn tuple(elements: Vec<Convert<H>>) -> Convert<H> {
        if elements.iter().all(Convert::is_as_is) {
            Convert::AsIs
        } else {
            Convert::Tuple(elements)
        }
    }
}

impl Convert<IntoTwin> {
    /// Does a value wait when it is used, as an iterator or reader does?
    pub(crate) fn waits_later(&self) -> bool {
        self.has_iter() || self.has_io()
    }

    pub(crate) fn has_iter(&self) -> bool {
        self.any(&|held| matches!(held, IntoTwin::Iter(..)))
    }

    pub(crate) fn has_io(&self) -> bool {
        self.any(&|held| matches!(held, IntoTwin::Io(..)))
    }

    /// Does `so` hold for a value in this conversion?
    pub(crate) fn any(&self, so: &dyn Fn(&IntoTwin) -> bool) -> bool {
        match self {
            Convert::AsIs | Convert::Callback(_) | Convert::Std(..) => false,
            Convert::Held(held) => {
                let inner = match held {
                    IntoTwin::Items(inner)
                    | IntoTwin::Iter(_, Each::Mapped(inner) | Each::Opaque(inner), _) => {
                        Some(inner)
                    }
                    _ => None,
                };
                so(held) || inner.is_some_and(|inner| inner.any(so))
            }
            Convert::Container(arguments) => {
                arguments.iter().any(|argument| argument.convert.any(so))
            }
            Convert::Tuple(elements) => elements.iter().any(|element| element.any(so)),
        }
    }
}
