//! `Mask`: hides the state of a caller's thread while that thread runs tasks of a loop.

use std::mem;
use std::sync::Arc;

use super::handed_over::{self, Handed};
use super::{BASE, LoopCore, Role, ThreadKind, role, stack};
use crate::scope::cancel::current_cancel::Surroundings;
use crate::scope::context::snapshot::Snapshot;
use crate::scope::flags::{
    self, CALLBACK, CALLER_DRIVES, COLLECTS, CONTEXTS, ENTERED, EXECUTOR, HANDED, INSIDE_POLL,
    LOOP, MAY_BLOCK, NOT_PLAIN, OWN_POLL, ROLE, UI, WORKER,
};

/// The state that a caller's thread shows while it drives a loop: the state of that loop's thread.
/// Tasks that run on it see that loop, no scope, no token and no context variables of the caller,
/// and may not block.
///
/// State that the tasks set on the thread is dropped with the mask.
#[derive(Debug)]
pub(crate) struct Mask {
    /// The state that the mask shows; while it is on, the state that it hides.
    other: Ambient,
    // It belongs to this thread.
    _not_send: std::marker::PhantomData<*const ()>,
}

impl Mask {
    /// A mask that is not on yet; used for all turns of a call.
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

    /// A mask that shows a worker of the loop, for a job on a thread of the application. Where the
    /// thread may not block, it still may not.
    pub(crate) fn of_worker(core: &Arc<LoopCore>) -> Mask {
        let role = match role() {
            Role::Loop => LOOP,
            Role::Worker | Role::Stranger => WORKER,
        };
        Mask {
            other: Ambient {
                flags: role | flags::get(INSIDE_POLL | EXECUTOR | CALLER_DRIVES),
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

/// All koil state of a thread. The default is the state of a thread without any.
#[derive(Debug, Default)]
struct Ambient {
    /// The flags in `FLAGS`.
    flags: u32,
    base: ThreadKind,
    entered: stack::Stack,
    surroundings: Surroundings,
    context: Snapshot,
    handed: Handed,
}

/// The flags that the other fields do not imply.
const FLAGS: u32 = ROLE
    | INSIDE_POLL
    | EXECUTOR
    | MAY_BLOCK
    | OWN_POLL
    | CALLBACK
    | CONTEXTS
    | NOT_PLAIN
    | CALLER_DRIVES
    | COLLECTS
    | HANDED
    | UI;

impl Ambient {
    /// Exchanges this for the koil state of this thread.
    fn swap(&mut self) {
        let before = flags::replace(FLAGS, self.flags);
        if (before | self.flags) & NOT_PLAIN != 0 {
            // If the slot is destroyed, no code reads it any more.
            let _ = BASE.try_with(|base| mem::swap(&mut *base.borrow_mut(), &mut self.base));
        }
        if (before | self.flags) & HANDED != 0 {
            handed_over::swap(&mut self.handed);
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
