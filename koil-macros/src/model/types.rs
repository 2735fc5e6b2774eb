//! Twin types: their wrappers, and the traits that they forward.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Generics, Path, Type, Visibility};

use super::{convert::IoTraits, docs::DocLine};

/// A type that wraps its original.
pub(crate) struct TwinType {
    pub(crate) docs: Vec<DocLine>,
    pub(crate) attrs: Vec<Attribute>,
    /// The attributes of each item that goes with the type: its `cfg`s, and `allow(deprecated)` if
    /// the type is deprecated.
    pub(crate) companions: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) aio: Ident,
    pub(crate) twin: Ident,
    /// The path of the twin in its impls, which rustdoc shows.
    pub(crate) shown: Path,
    pub(crate) generics: Generics,
    pub(crate) size: Size,
    pub(crate) wrap: Wrap,
    pub(crate) side: Side,
    pub(crate) template: Template,
    /// Does the original lead to this twin, by `HasTwin`?
    pub(crate) link: Link,
    pub(crate) accessors: Option<Visibility>,
    pub(crate) forwards: Vec<ForwardedImpl>,
    /// The crate whose readers and writers are forwarded.
    pub(crate) io: IoTraits,
    pub(crate) checked: Vec<CheckedForward>,
    pub(crate) forwards_with: Vec<ForwardedWith>,
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

/// The side that the wrapper is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Blocking users: a twin.
    Blocking,
    /// Async users: the methods of the wrapped type block.
    Async,
}

/// The code behind the forwarded traits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    /// That of the runtime.
    Looping,
    /// That of `koil-inline`.
    Inline,
}

/// May a type have other twins beside this one?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The original has this twin, as `HasTwin`.
    Only,
    /// Another twin may be the one of `HasTwin`.
    Second,
}

pub(crate) struct ForwardedImpl {
    pub(crate) what: Forwarded,
    pub(crate) shown: Shown,
}

/// A trait that the user lists: rustc points at its name if the original does not have it.
pub(crate) struct CheckedForward {
    pub(crate) what: Forwarded,
    pub(crate) at: Span,
}

/// A trait with a type argument. rustc points at its name if the original does not have it.
pub(crate) struct ForwardedWith {
    pub(crate) what: WithArgument,
    pub(crate) argument: Type,
    pub(crate) at: Span,
    /// The generics of the impl: those of the type, with a name for each lifetime of the argument that has none.
    pub(crate) generics: Generics,
    /// May it depend on the parameters of the type whether the original has the trait?
    pub(crate) depends: bool,
}

/// Does rustdoc list the impl?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Yes,
    /// The user says that the original has the trait. If it does not, that is told once, at the name
    /// of the trait.
    Claimed,
    /// The macro cannot see whether the original has the trait, so the docs do not promise it.
    No,
}

macro_rules! forwarded {
    ($(#[$of:meta])* $forwarded:ident: $($(#[$doc:meta])* $name:ident,)*) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $forwarded {
            $($(#[$doc])* $name,)*
        }

        impl $forwarded {
            pub(crate) const ALL: [$forwarded; [$(stringify!($name)),*].len()] =
                [$($forwarded::$name),*];

            pub(crate) fn name(self) -> &'static str {
                match self {
                    $($forwarded::$name => stringify!($name),)*
                }
            }
        }
    };
}

forwarded! {
    /// A trait that a twin has if its original has it.
    Forwarded:
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

forwarded! {
    /// A trait with a type argument, which a twin has if `forward(..)` lists it.
    WithArgument:
    From,
    TryFrom,
    FromIterator,
    Extend,
    AsRef,
    AsMut,
    PartialEq,
}

impl WithArgument {
    /// Does the trait make a value of the type?
    pub(crate) fn makes(self) -> bool {
        matches!(
            self,
            WithArgument::From | WithArgument::TryFrom | WithArgument::FromIterator
        )
    }
}

impl Forwarded {
    /// Does a call of the trait wait?
    pub(crate) fn waits(self) -> bool {
        matches!(
            self,
            Forwarded::Iterator
                | Forwarded::Read
                | Forwarded::BufRead
                | Forwarded::Write
                | Forwarded::Seek
        )
    }

    /// Is this a trait of readers and writers?
    pub(crate) fn is_io(self) -> bool {
        self.waits() && self != Forwarded::Iterator
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
