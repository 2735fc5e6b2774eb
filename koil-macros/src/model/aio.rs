//! The async side of items whose plain names block.

use proc_macro2::Ident;
use syn::{Attribute, Generics, Type, Visibility};

use super::{convert::Pass, docs::DocLine, signature::TwinSignature};

/// The async side of an item whose plain names block.
pub(crate) enum AsyncSide {
    Fn(Box<AsyncFn>),
    Methods(Box<AsyncView>),
}

/// A type with the name of a function, and with one member, `aio`: the async function.
pub(crate) struct AsyncFn {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    /// The member.
    pub(crate) member: Ident,
    pub(crate) docs: Vec<DocLine>,
}

/// Methods of the view of a type.
pub(crate) struct AsyncView {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) generics: Generics,
    pub(crate) view: Type,
    pub(crate) methods: Vec<ViewFn>,
    /// The name of the type, for calls in the bodies of its methods.
    pub(crate) of: Ident,
    /// The async methods as written, each with its hidden name.
    pub(crate) hidden: Vec<(Ident, Ident)>,
}

/// A method of a view. It calls the one that has a hidden name on the type.
pub(crate) struct ViewFn {
    pub(crate) signature: TwinSignature<Pass>,
    /// Is it an `async fn`?
    pub(crate) is_async: bool,
}

impl AsyncSide {
    /// Puts conditions on everything that is generated, and on what moves.
    pub(super) fn gate(&mut self, conditions: &[Attribute]) {
        let attrs = match self {
            AsyncSide::Fn(of) => &mut of.attrs,
            AsyncSide::Methods(view) => &mut view.attrs,
        };
        attrs.extend_from_slice(conditions);
    }
}
