//! `Mask`: hiding what a caller's thread is in, while that thread does the work of a loop.

use std::mem;
use std::sync::Arc;

use super::{BASE, Ground, LoopCore, stack};
use crate::scope::cancel::ambient::Surroundings;
use crate::scope::context::snapshot::Snapshot;
use crate::scope::flags::{self, CALLER_DRIVES, CONTEXTS, ENTERED, GROUND, LOOP, POLLING, ROLE};

/// What a caller's thread looks like while it drives a loop: the thread of that loop. Tasks that run on
/// it find that loop, no scope, no token and no context variables of the caller, and may not block.
///
/// What the tasks leave behind on the thread is dropped with the mask.
#[derive(Debug)]
pub(crate) struct Mask {
    /// What the mask shows, or hides while it is on.
    other: Ambient,
    // It belongs to this thread.
    _not_send: std::marker::PhantomData<*const ()>,
}

impl Mask {
    /// A mask that is not on yet; one serves for all turns of a call.
    pub(crate) fn new(core: &Arc<LoopCore>) -> Mask {
        Mask {
            other: Ambient {
                flags: LOOP | CALLER_DRIVES,
                entered: vec![(u64::MAX, core.clone())],
                ..Ambient::default()
            },
            _not_send: std::marker::PhantomData,
        }
    }

    /// Makes this thread look like the thread of the loop until the guard is dropped.
    pub(crate) fn put_on(&mut self) -> Masked<'_> {
        self.other.swap();
        Masked(self)
    }
}

/// A [`Mask`] that is on; it is off when this is dropped.
#[must_use = "the mask is off when this is dropped"]
#[derive(Debug)]
pub(crate) struct Masked<'a>(&'a mut Mask);

impl Drop for Masked<'_> {
    fn drop(&mut self) {
        self.0.other.swap();
    }
}

/// All that koil knows about a thread. By default: nothing.
#[derive(Debug, Default)]
struct Ambient {
    /// Those of `FLAGS`.
    flags: u32,
    base: Ground,
    entered: stack::Stack,
    surroundings: Surroundings,
    context: Snapshot,
}

/// The flags that are not kept by the other fields.
const FLAGS: u32 = ROLE | POLLING | CONTEXTS | GROUND | CALLER_DRIVES;

impl Ambient {
    /// Exchanges this for what koil knows about this thread.
    fn swap(&mut self) {
        let before = flags::replace(FLAGS, self.flags);
        if (before | self.flags) & GROUND != 0 {
            // Where the slot is gone, nobody reads it any more.
            let _ = BASE.try_with(|base| mem::swap(&mut *base.borrow_mut(), &mut self.base));
        }
        self.flags = before;
        let is_any_entered = stack::with(|stack| {
            mem::swap(stack, &mut self.entered);
            !stack.is_empty()
        });
        flags::replace(ENTERED, if is_any_entered { ENTERED } else { 0 });
        self.surroundings.swap();
        self.context.swap();
    }
}
