//! The model: the code to generate, as plain data. All decisions are made, no tokens are printed
//! yet.
//!
//! |                       | one value                  | many items                       |
//! | --------------------- | -------------------------- | -------------------------------- |
//! | **async to blocking** | a future is waited for     | a stream becomes an iterator     |
//! | **blocking to async** | a job runs on a worker     | an iterator is fed to a stream   |
//!
//! A twin is one call of its original: arguments go in by [`Pass`], the value comes out by
//! [`Convert`].

mod call;
mod context;
mod failure;
mod threaded;
mod traits;

use proc_macro2::{Ident, Span};
use syn::{Attribute, Generics, Path, ReturnType, Type, Visibility};

pub(crate) use self::call::{Known, PollBy, Poller, Start, Wait, WaitCall};
pub(crate) use self::context::{Composition, Part, Stays, TwinContext};
pub(crate) use self::failure::{Failure, Home};
pub(crate) use self::threaded::{
    Job, Place, ThreadedFn, ThreadedImpl, ThreadedTrait, ThreadedTraitFn,
};
pub(crate) use self::traits::{Declared, TwinAssoc, TwinTrait, TwinTraitConst, TwinTraitFn};

/// The code to generate for one item.
pub(crate) struct Model {
    /// The path of the koil crate.
    pub(crate) koil: Path,
    pub(crate) item: Item,
}

pub(crate) enum Item {
    Fn(Box<TwinFn>),
    Type(Box<TwinType>),
    Impl(Box<TwinImpl>),
    Trait(Box<TwinTrait>),
    Threaded(Box<ThreadedFn>),
    ThreadedImpl(Box<ThreadedImpl>),
    ThreadedTrait(Box<ThreadedTrait>),
    Context(Box<TwinContext>),
}

/// A blocking function that calls its original.
pub(crate) struct TwinFn {
    pub(crate) docs: Vec<String>,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) safety: Safety,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    /// The arguments of the call for the original's type and const parameters. They are explicit,
    /// since some parameters occur only in its body.
    pub(crate) turbofish: Vec<Type>,
    pub(crate) receiver: Option<Receiver>,
    pub(crate) params: Vec<Param>,
    pub(crate) output: ReturnType,
    pub(crate) start: Start,
    pub(crate) home: Home,
    pub(crate) callee: Callee,
    pub(crate) convert: Convert,
    pub(crate) labels: Labels,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    Safe,
    Unsafe,
}

/// `self` as the twin declares it, and how it is passed to the original.
pub(crate) struct Receiver {
    pub(crate) declared: syn::Receiver,
    pub(crate) pass: Pass,
}

/// A parameter. At this stage each has a plain name.
pub(crate) struct Param {
    /// `cfg`s, repeated where the argument is passed.
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) pass: Pass,
}

/// How a parameter of the twin becomes an argument of the original.
pub(crate) enum Pass {
    AsIs,
    /// The twin is converted back to its original.
    Aio(Held),
    /// The twins in the value are converted back.
    Inside(Box<Convert>),
    /// The value moves to another thread. rustc points at the span if it cannot.
    Sent(Span),
    /// A copy of the value moves to another thread, and is lent to the original there.
    Lent(Span),
    /// The value in a `koil::Threaded` is shared with another thread, and lent to the original
    /// there.
    Shared(Span),
    /// The same, but passed to the original as the `Arc` that it is.
    SharedArc(Span),
}

/// How a value of the original becomes a value of the twin. For a parameter: the way back.
pub(crate) enum Convert {
    AsIs,
    /// A future: wait for its output.
    Wait(Wait, Box<Convert>),
    /// A stream: an iterator over its items.
    Iter(PollBy, Each),
    /// An async reader or writer: a blocking one.
    Io(PollBy),
    /// An iterator: each item is converted.
    Items(Box<Convert>),
    /// An async value that has a twin of type `.1`.
    Twin(Held, Box<Type>),
    /// The same for a twin of which only the layout is known.
    Cast(Box<Type>),
    /// A twin: converted back to its original.
    Aio(Held),
    /// A container: the values of its type arguments are converted.
    Container(Vec<Argument>),
    Tuple(Vec<Convert>),
}

impl Convert {
    pub(crate) fn is_as_is(&self) -> bool {
        matches!(self, Convert::AsIs)
    }

    /// The conversion of a tuple, from one conversion for each element.
    pub(crate) fn tuple(elements: Vec<Convert>) -> Convert {
        if elements.iter().all(Convert::is_as_is) {
            Convert::AsIs
        } else {
            Convert::Tuple(elements)
        }
    }

    /// Does the conversion wait, now or when an iterator or reader is used?
    pub(crate) fn crosses(&self) -> bool {
        self.any(&|convert| {
            matches!(
                convert,
                Convert::Wait(..) | Convert::Iter(..) | Convert::Io(_)
            )
        })
    }

    /// Does `so` hold for this conversion, or for one inside?
    pub(crate) fn any(&self, so: &dyn Fn(&Convert) -> bool) -> bool {
        so(self)
            || match self {
                Convert::AsIs
                | Convert::Twin(..)
                | Convert::Cast(_)
                | Convert::Aio(_)
                | Convert::Io(_)
                | Convert::Iter(_, Each::AsIs) => false,
                Convert::Wait(_, inner)
                | Convert::Items(inner)
                | Convert::Iter(_, Each::Opaque(inner) | Each::Mapped(inner)) => inner.any(so),
                Convert::Container(arguments) => {
                    arguments.iter().any(|argument| argument.convert.any(so))
                }
                Convert::Tuple(elements) => elements.iter().any(|element| element.any(so)),
            }
    }
}

/// The conversion of each item of a stream.
pub(crate) enum Each {
    AsIs,
    /// Converted; the iterator's type is `koil::MapIter`.
    Mapped(Box<Convert>),
    /// Converted; the iterator's type is `impl Iterator`, since the twin of a trait cannot name it.
    Opaque(Box<Convert>),
}

pub(crate) struct Argument {
    /// The index of the type argument, lifetimes not counted.
    pub(crate) index: usize,
    /// The container as written: rustc points here if it cannot be mapped.
    pub(crate) span: Span,
    pub(crate) convert: Box<Convert>,
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

/// The function to call.
pub(crate) enum Callee {
    Free(Ident),
    Inherent(Box<Type>, Ident),
    /// A method of this trait, on the async side of `Self`.
    Trait(Path, Ident),
    /// A method of this trait, on the value that is shared by `Self`, a `koil::Threaded`.
    Shared(Path, Ident),
}

/// Names of both sides for error texts.
pub(crate) struct Labels {
    pub(crate) twin: String,
    pub(crate) original: String,
}

impl Labels {
    /// The form that the runtime takes: one literal, with one name per line.
    pub(crate) fn lines(&self) -> String {
        format!("{}\n{}", self.twin, self.original)
    }
}

/// An impl block of a twin type.
pub(crate) struct TwinImpl {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) generics: Generics,
    pub(crate) twin: Type,
    pub(crate) consts: Vec<TwinConst>,
    pub(crate) methods: Vec<TwinFn>,
}

pub(crate) struct TwinConst {
    pub(crate) docs: Vec<String>,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) aio: Type,
    pub(crate) value: ConstValue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConstValue {
    AsIs,
    Twin,
}

/// A type that wraps its original.
pub(crate) struct TwinType {
    pub(crate) docs: Vec<String>,
    pub(crate) attrs: Vec<Attribute>,
    /// The attributes of each item that goes with the type: its `cfg`s, and `allow(deprecated)` if
    /// the type is deprecated.
    pub(crate) companions: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) aio: Ident,
    pub(crate) twin: Ident,
    pub(crate) generics: Generics,
    pub(crate) size: Size,
    pub(crate) wrap: Wrap,
    pub(crate) accessors: Option<Visibility>,
    pub(crate) forwards: Vec<Forward>,
}

/// Can the type be held by value?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Known,
    /// The last field may be unsized; the type is held by value only if it is not.
    MayBeUnknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrap {
    /// In a cell whose drop enters the loop.
    Shell,
    /// Without a cell: its drop check would forbid uses that borrowing handles allow.
    Bare,
}

pub(crate) struct Forward {
    pub(crate) what: Forwarded,
    pub(crate) shown: Shown,
}

/// Does rustdoc list the impl?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Yes,
    /// The macro cannot see whether the original has the trait, so the docs do not promise it.
    No,
}

/// A trait that a twin has if its original has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forwarded {
    Clone,
    Copy,
    Debug,
    Display,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Error,
    FromStr,
    /// For an original that is a stream; the next four for an async reader, writer and so on.
    Iterator,
    Read,
    BufRead,
    Write,
    Seek,
    /// The conversion from the twin to its original; the other direction always exists.
    From,
    Deref,
}

impl Forwarded {
    pub(crate) const ALL: [Forwarded; 19] = [
        Forwarded::Clone,
        Forwarded::Copy,
        Forwarded::Debug,
        Forwarded::Display,
        Forwarded::Default,
        Forwarded::PartialEq,
        Forwarded::Eq,
        Forwarded::PartialOrd,
        Forwarded::Ord,
        Forwarded::Hash,
        Forwarded::Error,
        Forwarded::FromStr,
        Forwarded::Iterator,
        Forwarded::Read,
        Forwarded::BufRead,
        Forwarded::Write,
        Forwarded::Seek,
        Forwarded::From,
        Forwarded::Deref,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Forwarded::Clone => "Clone",
            Forwarded::Copy => "Copy",
            Forwarded::Debug => "Debug",
            Forwarded::Display => "Display",
            Forwarded::Default => "Default",
            Forwarded::PartialEq => "PartialEq",
            Forwarded::Eq => "Eq",
            Forwarded::PartialOrd => "PartialOrd",
            Forwarded::Ord => "Ord",
            Forwarded::Hash => "Hash",
            Forwarded::Error => "Error",
            Forwarded::FromStr => "FromStr",
            Forwarded::Iterator => "Iterator",
            Forwarded::Read => "Read",
            Forwarded::BufRead => "BufRead",
            Forwarded::Write => "Write",
            Forwarded::Seek => "Seek",
            Forwarded::From => "From",
            Forwarded::Deref => "Deref",
        }
    }

    /// Is `other` this trait, or one that this trait requires?
    pub(crate) fn needs(self, other: Forwarded) -> bool {
        let supertraits: &[Forwarded] = match self {
            Forwarded::Copy => &[Forwarded::Clone],
            Forwarded::Eq | Forwarded::PartialOrd => &[Forwarded::PartialEq],
            Forwarded::Ord => &[Forwarded::Eq, Forwarded::PartialOrd],
            Forwarded::Error => &[Forwarded::Debug, Forwarded::Display],
            Forwarded::BufRead => &[Forwarded::Read],
            _ => &[],
        };
        self == other || supertraits.iter().any(|needed| needed.needs(other))
    }
}
