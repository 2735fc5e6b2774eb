//! `Mask`: hiding what a caller's thread is in, while that thread does the work of a loop.

use std::mem;
use std::sync::Arc;

use super::{
    BASE, BASE_IS_PLAIN, CONTEXTS, ENTERED, ENTERED_LEN, Ground, LoopCore, POLLING, ROLE, Role,
};
use crate::scope::cancel::ambient::Surroundings;
use crate::scope::context::snapshot::Snapshot;

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
            role: Role::Loop,
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
#[derive(Debug)]
struct Ambient {
    role: Role,
    polling: u32,
    contexts: u32,
    base_is_plain: bool,
    base: Ground,
    entered: Vec<(u64, Arc<LoopCore>)>,
    surroundings: Surroundings,
    context: Snapshot,
}

impl Default for Ambient {
    fn default() -> Ambient {
        Ambient {
            role: Role::Stranger,
            polling: 0,
            contexts: 0,
            base_is_plain: true,
            base: Ground::Plain,
            entered: Vec::new(),
            surroundings: Surroundings::default(),
            context: Snapshot::default(),
        }
    }
}

impl Ambient {
    /// Exchanges this for what koil knows about this thread.
    fn swap(&mut self) {
        self.role = ROLE.replace(self.role);
        self.polling = POLLING.replace(self.polling);
        self.contexts = CONTEXTS.replace(self.contexts);
        let was_plain = BASE_IS_PLAIN.replace(self.base_is_plain);
        if !(was_plain && self.base_is_plain) {
            // Where the slot is gone, nobody reads it any more.
            let _ = BASE.try_with(|base| mem::swap(&mut *base.borrow_mut(), &mut self.base));
        }
        self.base_is_plain = was_plain;
        let swapped = ENTERED.try_with(|stack| {
            let mut stack = stack.borrow_mut();
            mem::swap(&mut *stack, &mut self.entered);
            u32::try_from(stack.len()).unwrap_or(u32::MAX)
        });
        ENTERED_LEN.set(swapped.unwrap_or(0));
        self.surroundings.swap();
        self.context.swap();
    }
}
