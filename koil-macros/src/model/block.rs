//! The impl block of a twin type.

use proc_macro2::Ident;
use syn::{Attribute, Generics, Path, Type, Visibility};

use super::call::TwinFn;
use super::docs::DocLine;

/// An impl block of a twin type.
pub(crate) struct TwinImpl {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) generics: Generics,
    pub(crate) twin: Type,
    pub(crate) consts: Vec<TwinConst>,
    pub(crate) methods: Vec<TwinFn>,
    /// A method `next` that is not the one of an iterator: the twin must not be an iterator too.
    pub(crate) own_next: Option<OwnNext>,
    /// Twins that the block may use and does not: they must exist.
    pub(crate) unused: Vec<Path>,
}

/// A method `next(&mut self)`, and the text of the mistake if the twin is an iterator.
pub(crate) struct OwnNext {
    pub(crate) method: Ident,
    pub(crate) mistake: String,
}

pub(crate) struct TwinConst {
    pub(crate) docs: Vec<DocLine>,
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
