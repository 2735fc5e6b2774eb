//! The signature of a twin, in either direction, and the function that it calls.

use proc_macro2::Ident;
use syn::{Attribute, Generics, Path, ReturnType, Type, Visibility};

use super::docs::DocLine;

/// The signature of a twin. `P` is how its arguments are passed to the original.
pub(crate) struct TwinSignature<P> {
    pub(crate) docs: Vec<DocLine>,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) safety: Safety,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) receiver: Option<Receiver<P>>,
    pub(crate) params: Vec<Param<P>>,
    pub(crate) output: ReturnType,
    pub(crate) callee: Callee,
    /// The arguments of the call for the original's type and const parameters. They are explicit,
    /// since some parameters occur only in its body.
    pub(crate) turbofish: Vec<Type>,
    pub(crate) labels: Labels,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    Safe,
    Unsafe,
}

/// `self` as the twin declares it, and how it is passed to the original.
pub(crate) struct Receiver<P> {
    pub(crate) declared: syn::Receiver,
    pub(crate) pass: P,
}

/// A parameter. At this stage each has a plain name.
pub(crate) struct Param<P> {
    /// `cfg`s, repeated where the argument is passed.
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) pass: P,
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
#[derive(Clone)]
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
