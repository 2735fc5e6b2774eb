//! The stack of loops entered on this thread, innermost last; usable at any time of the thread's
//! life.

use std::cell::RefCell;
use std::mem::{self, ManuallyDrop};
use std::sync::Arc;

use super::{LoopCore, Role, role};
use crate::scope::flags::{self, ENTERED};

/// Entries with their numbers; the first is the thread's own loop, if it has one.
pub(super) type Stack = Vec<(u64, Arc<LoopCore>)>;

thread_local! {
    // No destructor: a loop may be entered in the destructor of any other thread-local, and a
    // look-up there must not find another one. `TIDY` frees the memory, or else the code that
    // empties the stack last.
    static STACK: RefCell<ManuallyDrop<Stack>> = const { RefCell::new(ManuallyDrop::new(Vec::new())) };

    static TIDY: Tidy = const { Tidy };
}

/// Calls `f` with the stack; `f` runs no foreign code.
#[inline]
pub(super) fn with<R>(f: impl FnOnce(&mut Stack) -> R) -> R {
    STACK.with(|stack| f(&mut stack.borrow_mut()))
}

pub(super) fn push(id: u64, core: Arc<LoopCore>) {
    // Made here, so that it is dropped when the thread ends.
    let _ = TIDY.try_with(|_| ());
    with(|stack| stack.push((id, core)));
    flags::replace(ENTERED, ENTERED);
}

pub(super) fn remove(id: u64) {
    let removed = with(|stack| {
        let at = stack.iter().rposition(|(other, _)| *other == id)?;
        let entry = stack.remove(at);
        note_emptiness(stack);
        Some(entry)
    });
    // This may be the last reference to a loop, so it is dropped outside the borrow.
    drop(removed);
}

/// Sets the flag that a look-up reads first, and frees an empty stack if `TIDY` is gone already.
pub(super) fn note_emptiness(stack: &mut Stack) {
    flags::replace(ENTERED, if stack.is_empty() { 0 } else { ENTERED });
    if stack.is_empty() && TIDY.try_with(|_| ()).is_err() {
        mem::take(stack);
    }
}

/// Frees the memory of the stack when the thread ends.
struct Tidy;

impl Drop for Tidy {
    fn drop(&mut self) {
        let left = with(|stack| {
            // The entry of a thread's own loop lasts for the thread's whole life; any other has a
            // guard.
            let is_over = stack.is_empty() || role() != Role::Stranger;
            is_over.then(|| mem::take(stack))
        });
        if left.is_some() {
            flags::replace(ENTERED, 0);
        }
        drop(left);
    }
}
