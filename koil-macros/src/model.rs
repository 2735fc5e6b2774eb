//! The model: the code to generate, as plain data. All decisions are made, no tokens are printed
//! yet.
//!
//! |                       | one value                  | many items                       |
//! | --------------------- | -------------------------- | -------------------------------- |
//! | **async to blocking** | a future is waited for     | a stream becomes an iterator     |
//! | **blocking to async** | a job runs on a worker     | an iterator is fed to a stream   |
//!
//! A twin is one call of its original: [`TwinFn`] in the first direction, with arguments by
//! [`Pass`]; [`ThreadedFn`] in the second, with arguments by [`Carry`].

mod aio;
mod block;
mod call;
mod context;
mod convert;
mod docs;
mod poll;
mod signature;
mod terms;
mod threaded;
mod traits;
mod types;

use syn::{Attribute, Path};

pub(crate) use self::aio::{AsyncFn, AsyncSide, AsyncView, ViewFn};
pub(crate) use self::block::{ConstValue, OwnNext, TwinConst, TwinImpl};
pub(crate) use self::call::{Call, Failure, LateError, LoopChoice, Start, TwinFn, Wait};
pub(crate) use self::context::{Composition, Part, Stays, TwinContext};
pub(crate) use self::convert::{
    BlockingIo, Callback, Convert, Each, Held, IntoTwin, IoTraits, ItemFailure, Pass, Produced,
    Returned, StdBy, TypeArgument,
};
pub(crate) use self::docs::DocLine;
pub(crate) use self::poll::{Known, PollBy, Poller};
pub(crate) use self::signature::{Callee, Labels, Param, Receiver, Safety, TwinSignature};
pub(crate) use self::terms::{Given, Limit, Panics};
pub(crate) use self::threaded::{
    Carry, Job, Made, ObjectUse, PinnedImpl, PinnedType, Place, PlainCalls, ThreadedFn,
    ThreadedImpl, ThreadedTrait, ThreadedTraitFn,
};
pub(crate) use self::traits::{Declared, TwinAssoc, TwinTrait, TwinTraitConst, TwinTraitFn};
pub(crate) use self::types::{
    CheckedForward, Forwarded, ForwardedImpl, ForwardedWith, Link, Shown, Side, Size, Template,
    TwinType, WithArgument, Wrap,
};

/// The code to generate for one item.
pub(crate) struct Model {
    /// The path of the koil crate.
    pub(crate) koil: Path,
    pub(crate) twin: Twin,
    /// The async side, if the plain names block.
    pub(crate) async_side: Option<AsyncSide>,
}

impl Model {
    /// Puts conditions on everything that is generated.
    pub(crate) fn gate(&mut self, conditions: &[Attribute]) {
        if let Some(side) = &mut self.async_side {
            side.gate(conditions);
        }
        let attrs = match &mut self.twin {
            Twin::Fn(twin) => &mut twin.signature.attrs,
            Twin::Type(twin) => {
                twin.companions.extend_from_slice(conditions);
                &mut twin.attrs
            }
            Twin::Impls(twins) => {
                let attrs = twins.iter_mut().map(|twin| &mut twin.attrs);
                return attrs.for_each(|attrs| attrs.extend_from_slice(conditions));
            }
            Twin::Trait(twin) => return twin.declared.gate(conditions),
            Twin::ThreadedFn(twin) => &mut twin.signature.attrs,
            Twin::ThreadedImpl(twin) => &mut twin.attrs,
            Twin::PinnedImpl(twin) => return twin.gate(conditions),
            Twin::ThreadedTrait(twin) => return twin.declared.gate(conditions),
            Twin::Context(twin) => &mut twin.attrs,
        };
        attrs.extend_from_slice(conditions);
    }
}

impl Model {
    /// Do functions of the original get other names?
    pub(crate) fn moves_original(&self) -> bool {
        match (&self.async_side, &self.twin) {
            (Some(AsyncSide::Fn(_)), Twin::Fn(_)) => true,
            (Some(AsyncSide::Methods(view)), Twin::Impls(_)) => !view.hidden.is_empty(),
            _ => false,
        }
    }
}

pub(crate) enum Twin {
    Fn(Box<TwinFn>),
    Type(Box<TwinType>),
    /// One, or one for each type that a builder is awaited for.
    Impls(Vec<TwinImpl>),
    Trait(Box<TwinTrait>),
    ThreadedFn(Box<ThreadedFn>),
    ThreadedImpl(Box<ThreadedImpl>),
    PinnedImpl(Box<PinnedImpl>),
    ThreadedTrait(Box<ThreadedTrait>),
    Context(Box<TwinContext>),
}
