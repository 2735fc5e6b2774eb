//! `Mask`: hiding what a caller's thread is in, while that thread does the work of a loop.

use std::mem;
use std::sync::Arc;

use super::{BASE, Ground, LoopCore, stack};
use crate::scope::cancel::ambient::Surroundings;
use crate::scope::context::snapshot::Snapshot;
use crate::scope::flags::{self, CONTEXTS, ENTERED, GROUND, LOOP, POLLING, ROLE};

/// Makes a caller's thread look like the thread of a loop until this is dropped: tasks that run on
/// it meanwhile find that loop, no scope, no token and no context variables of the caller, and may
/// not block. Around the caller's own future it is lifted.
///
/// What the tasks leave behind on the thread is dropped with the mask.
#[must_use = "the thread is masked only while this lives"]
#[derive(Debug)]
pub(crate) struct Mask {
    hidden: Ambient,
    // It belongs to this thread.
    _not_send: std::marker::PhantomData<*const ()>,
}

impl Mask {
    /// Makes this thread look like the thread of `core`.
    pub(crate) fn begin(core: &Arc<LoopCore>) -> Mask {
        let mut hidden = Ambient {
            flags: LOOP,
            entered: vec![(u64::MAX, core.clone())],
            ..Ambient::default()
        };
        hidden.swap();
        Mask {
            hidden,
            _not_send: std::marker::PhantomData,
        }
    }

    /// Shows what is hidden, until the guard is dropped: for a poll of the caller's own future.
    pub(crate) fn lift(&mut self) -> Lifted<'_> {
        self.hidden.swap();
        Lifted(self)
    }
}

impl Drop for Mask {
    fn drop(&mut self) {
        self.hidden.swap();
    }
}

/// A [`Mask`] that is lifted; it is back when this is dropped.
#[must_use = "the mask is back when this is dropped"]
#[derive(Debug)]
pub(crate) struct Lifted<'a>(&'a mut Mask);

impl Drop for Lifted<'_> {
    fn drop(&mut self) {
        self.0.hidden.swap();
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
const FLAGS: u32 = ROLE | POLLING | CONTEXTS | GROUND;

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
