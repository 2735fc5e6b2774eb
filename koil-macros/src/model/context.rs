//! Async contexts: their guards, and the parts of a composition.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Generics, Member, Type};

use super::{call::LoopChoice, signature::Labels};

/// A type that can be entered.
pub(crate) struct TwinContext {
    /// The attributes of each generated item: its `cfg`s, and `allow(deprecated)` if the type is
    /// deprecated.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) generics: Generics,
    /// The same, for places where `Self` would be the twin.
    pub(crate) twin_generics: Generics,
    pub(crate) aio: Type,
    /// Without a twin type, blocking code enters the type itself.
    pub(crate) twin: Option<Type>,
    /// The view that async code enters, if blocking code enters the type itself by the plain name.
    pub(crate) view: Option<Type>,
    /// The name of the function that blocking code calls.
    pub(crate) enter: Ident,
    /// The error type as the user wrote it. If it cannot be repeated, the trait's own is used.
    pub(crate) error: Option<Type>,
    pub(crate) stays: Stays,
    pub(crate) handle: LoopChoice,
    /// The labels of the enter, and of the exit.
    pub(crate) labels: (Labels, Labels),
    pub(crate) link: String,
    /// rustc points here if the type does not meet the requirements of a context.
    pub(crate) at: Span,
    pub(crate) composition: Option<Composition>,
}

/// The threads that may leave a context: the kinds `AnyThread` and `SameThread` of the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stays {
    /// Any thread.
    Anywhere,
    /// Only its own thread.
    OnItsThread,
}

/// A struct with fields that are entered one after the other.
pub(crate) struct Composition {
    pub(crate) error: Type,
    pub(crate) parts: Vec<Part>,
}

pub(crate) struct Part {
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) field: Member,
    /// rustc points here if the field is not a context.
    pub(crate) at: Span,
}
