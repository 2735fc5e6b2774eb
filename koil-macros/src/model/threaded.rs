//! Async functions that have a blocking original run on a worker thread.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Generics, Path, Type, Visibility};

use super::{TwinAssoc, TwinFn, TwinTraitConst};

/// An async function whose original runs as a job on another thread.
pub(crate) struct ThreadedFn {
    /// Signature and docs, and the call of the original as the job makes it.
    pub(crate) call: TwinFn,
    pub(crate) job: Job,
    pub(crate) place: Place,
    /// The returned type: where rustc shall point if it cannot leave the thread.
    pub(crate) returned: Span,
}

/// What comes from the other thread. Numbers are how many items may be ahead.
#[derive(Clone, Copy)]
pub(crate) enum Job {
    /// One value.
    Value,
    /// The items of a returned iterator.
    Items(Option<usize>),
    /// A `Result` or `Option`, then the items of the iterator in it.
    Opened(Option<usize>),
    /// What the original hands to its last parameter.
    Yields(Option<usize>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Pool,
    /// A thread for this job alone.
    Separate,
}

/// The async methods of a type, beside their originals.
pub(crate) struct ThreadedImpl {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) generics: Generics,
    pub(crate) self_ty: Type,
    pub(crate) methods: Vec<ThreadedFn>,
}

/// A trait with the methods of its original, async, and its impl for `koil::Threaded`.
pub(crate) struct ThreadedTrait {
    pub(crate) docs: Vec<String>,
    pub(crate) attrs: Vec<Attribute>,
    /// What stands above the impl.
    pub(crate) companions: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    /// With its own arguments.
    pub(crate) original: Path,
    /// What rustc says where a type has not the trait.
    pub(crate) advice: String,
    pub(crate) types: Vec<TwinAssoc>,
    pub(crate) consts: Vec<TwinTraitConst>,
    pub(crate) methods: Vec<ThreadedTraitFn>,
}

/// A method, declared in the async trait and run in its impl.
pub(crate) struct ThreadedTraitFn {
    pub(crate) docs: Vec<String>,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) run: ThreadedFn,
}
