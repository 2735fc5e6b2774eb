//! What is generated for an async context: its guards, and the exits of a composition.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Generics, Member, Type};

use super::{Home, Labels};

/// A type that can be entered.
pub(crate) struct TwinContext {
    /// What stands above each generated item: its `cfg`s.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) generics: Generics,
    /// The same where `Self` would be the twin.
    pub(crate) twin_generics: Generics,
    pub(crate) aio: Type,
    /// Without one, blocking code enters the type itself.
    pub(crate) twin: Option<Type>,
    /// What blocking code calls.
    pub(crate) enter: Ident,
    /// As the user names it; if that cannot be repeated, the trait's own.
    pub(crate) error: Option<Type>,
    pub(crate) stays: Stays,
    pub(crate) home: Home,
    /// Of the enter, and of the end.
    pub(crate) labels: (Labels, Labels),
    pub(crate) link: String,
    /// Where rustc shall point if the type may not do what a context must.
    pub(crate) at: Span,
    pub(crate) composition: Option<Composition>,
}

/// Who may leave a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stays {
    /// Any thread.
    Anywhere,
    /// Its own.
    OnItsThread,
}

/// A struct whose fields are entered one after the other.
pub(crate) struct Composition {
    pub(crate) error: Type,
    pub(crate) parts: Vec<Part>,
}

pub(crate) struct Part {
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) field: Member,
    /// Where rustc shall point if it is no context.
    pub(crate) at: Span,
}
