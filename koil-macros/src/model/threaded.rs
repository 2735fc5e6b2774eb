//! Async functions that run a blocking original on a worker thread.

use proc_macro2::Span;
use syn::{Attribute, Generics, Ident, Type, Visibility};

use super::{call::LoopChoice, docs::DocLine, signature::TwinSignature, traits::Declared};

/// An async function whose original runs as a job on another thread.
pub(crate) struct ThreadedFn {
    pub(crate) signature: TwinSignature<Carry>,
    pub(crate) job: Job,
    pub(crate) place: Place,
    pub(crate) on: LoopChoice,
    pub(crate) plain_calls: PlainCalls,
    /// The returned type: rustc points there if the value cannot leave the thread.
    pub(crate) returned: Span,
}

/// How an argument gets to another thread. rustc points at the span if it cannot.
#[derive(Clone, Copy)]
pub(crate) enum Carry {
    /// The value moves.
    Sent(Span),
    /// A copy of the value moves, and is lent to the original.
    Lent(Span),
    /// The value in a `koil::Threaded` is shared, and lent to the original.
    Shared(Span),
    /// The same, but passed to the original as the `Arc` that it is.
    SharedArc(Span),
    /// The object of the thread is lent to the original.
    Used,
    /// The object of the thread moves to the original.
    Taken,
}

/// The output of the other thread. The numbers limit how many items may be ahead.
#[derive(Clone, Copy)]
pub(crate) enum Job {
    /// One value.
    Value,
    /// The items of a returned iterator.
    Items(Option<usize>),
    /// A `Result` or `Option`, then the items of the iterator in it.
    Opened(Option<usize>),
    /// The items that the original hands to its last parameter.
    Yields(Option<usize>),
}

/// The effect of a cancel on the plain calls of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlainCalls {
    WaitOn,
    /// They unwind to the end of the job.
    Unwind,
}

pub(crate) enum Place {
    Pool,
    /// A thread for this job alone.
    Separate,
    /// The thread of an object of this type.
    Object(Box<Type>, ObjectUse),
}

/// The part of a job in the life of its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObjectUse {
    Made(Made),
    /// The object is lent to the job.
    Lent,
    /// The job ends the object.
    Taken,
}

/// Where the object is in the value of the function that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// It is the value.
    Always,
    /// It is in a `Result` or `Option`.
    Inside,
}

/// The async methods of a type, beside their originals.
pub(crate) struct ThreadedImpl {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) generics: Generics,
    pub(crate) self_ty: Type,
    pub(crate) methods: Vec<ThreadedFn>,
}

/// The async methods of an object on a thread of its own.
pub(crate) struct PinnedImpl {
    /// The type that has them; `None` if it is declared elsewhere.
    pub(crate) declared: Option<PinnedType>,
    /// The attributes of each further item.
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) object: Type,
    pub(crate) block: ThreadedImpl,
}

/// The type of a handle of a pinned object.
pub(crate) struct PinnedType {
    pub(crate) docs: Vec<DocLine>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
}

impl PinnedImpl {
    /// Puts everything under a `cfg`.
    pub(crate) fn gate(&mut self, feature: &[Attribute]) {
        self.conditions.extend_from_slice(feature);
        self.block.attrs.extend_from_slice(feature);
    }
}

/// A trait with the methods of its original, async, and its impl for `koil::Threaded`.
pub(crate) struct ThreadedTrait {
    pub(crate) declared: Declared,
    pub(crate) methods: Vec<ThreadedTraitFn>,
}

/// A method, declared in the async trait and run in its impl.
pub(crate) struct ThreadedTraitFn {
    pub(crate) run: ThreadedFn,
    /// The attributes of the method in the impl.
    pub(crate) impl_attrs: Vec<Attribute>,
}
