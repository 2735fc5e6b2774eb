//! What koil knows about this thread; in `core`, what belongs to a loop; in `workers`, its threads for
//! blocking jobs; in `inherited`, what becomes of all of it in a forked child.

mod core;
mod inherited;
mod mask;
mod workers;

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::Ordering;

#[cfg(unix)]
use crate::pool;

pub(crate) use self::core::{
    Closer, ErrorHook, Hooks, LoopCore, NoticeHook, Registry, Waiter, Waiting,
};
pub(crate) use self::mask::Mask;
pub(crate) use self::workers::{ThreadHook, Workers, run_hook};

/// What this thread is to koil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A thread koil did not start.
    Stranger,
    /// The loop thread of a loop: it must never block.
    Loop,
    /// Another thread of a loop: it runs blocking jobs, in which it may block, or tasks of a
    /// multi-threaded loop, in which it may not.
    Worker,
}

/// What this thread stands on, judged before koil entered any tokio context on it.
#[derive(Debug, Clone)]
pub(crate) enum Ground {
    /// No scheduler runs on this thread: it may park.
    Plain,
    /// The thread is inside the context of a tokio runtime that is not its own loop's.
    Foreign(tokio::runtime::Handle),
    /// Tokio's thread-locals are gone.
    Ending,
}

thread_local! {
    // No destructors, so these can be read at any moment of a thread's life.
    static ROLE: Cell<Role> = const { Cell::new(Role::Stranger) };
    static POLLING: Cell<u32> = const { Cell::new(0) };
    static CONTEXTS: Cell<u32> = const { Cell::new(0) };
    static BASE_IS_PLAIN: Cell<bool> = const { Cell::new(true) };
    static ENTERED_LEN: Cell<u32> = const { Cell::new(0) };
    static INHERITED: Cell<Option<tokio::runtime::Id>> = const { Cell::new(None) };

    // What stands below the contexts that koil has entered, where that is not `Plain`.
    static BASE: RefCell<Ground> = const { RefCell::new(Ground::Plain) };

    // The loops entered on this thread, innermost last; the first is the thread's own, if any.
    static ENTERED: RefCell<Vec<(u64, Arc<LoopCore>)>> = const { RefCell::new(Vec::new()) };
}

#[inline]
pub(crate) fn role() -> Role {
    ROLE.get()
}

/// Makes this thread part of `core` for the rest of its life.
pub(crate) fn adopt_thread(core: Arc<LoopCore>, role: Role) {
    ROLE.set(role);
    std::mem::forget(Entry::push(core));
}

/// The runtime that this thread brought into a forked child as its context: its other threads
/// stayed behind.
pub(crate) fn inherited_runtime() -> Option<tokio::runtime::Id> {
    INHERITED.get()
}

/// The loop whose thread this is.
pub(crate) fn home() -> Option<Arc<LoopCore>> {
    if role() == Role::Stranger {
        return None;
    }
    ENTERED
        .try_with(|stack| stack.borrow().first().map(|(_, core)| core.clone()))
        .ok()
        .flatten()
}

/// True if this is a thread of a koil loop, and `runtime` is that loop's.
pub(crate) fn is_home(runtime: &tokio::runtime::Handle) -> bool {
    home().is_some_and(|core| core.tokio.id() == runtime.id())
}

/// The loop that was entered last on this thread, or whose thread this is.
pub(crate) fn entered() -> Option<Arc<LoopCore>> {
    if ENTERED_LEN.get() == 0 {
        return None;
    }
    ENTERED
        .try_with(|stack| stack.borrow().last().map(|(_, core)| core.clone()))
        .ok()
        .flatten()
}

/// True if a look-up on this thread would find `core`.
pub(crate) fn is_ambient(core: &Arc<LoopCore>) -> bool {
    if ENTERED_LEN.get() == 0 {
        // ORDERING: Relaxed; a wrong answer costs one entry on the stack of this thread.
        return core.is_global.load(Ordering::Relaxed);
    }
    let innermost = ENTERED.try_with(|stack| {
        stack
            .borrow()
            .last()
            .is_some_and(|(_, entered)| Arc::ptr_eq(entered, core))
    });
    innermost.unwrap_or(false)
}

/// `core` is the ambient loop until this is dropped; entries may be dropped in any order.
pub(crate) struct Entry {
    id: u64,
    // The entry belongs to the stack of this thread.
    _not_send: PhantomData<*const ()>,
}

impl Entry {
    pub(crate) fn push(core: Arc<LoopCore>) -> Entry {
        thread_local!(static NEXT: Cell<u64> = const { Cell::new(0) });
        let id = NEXT.get();
        NEXT.set(id + 1);
        // Where the stack is gone already, the thread is ending and has no ambient loop any more.
        let pushed = ENTERED.try_with(|stack| stack.borrow_mut().push((id, core)));
        if pushed.is_ok() {
            ENTERED_LEN.set(ENTERED_LEN.get() + 1);
        }
        Entry {
            id,
            _not_send: PhantomData,
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let removed = ENTERED.try_with(|stack| {
            let mut stack = stack.borrow_mut();
            let at = stack.iter().rposition(|(id, _)| *id == self.id)?;
            Some(stack.remove(at))
        });
        if let Ok(Some(entry)) = removed {
            ENTERED_LEN.set(ENTERED_LEN.get() - 1);
            drop(entry);
        }
    }
}

/// In a forked child: where the process-wide loop was entered or at home on this thread, the one of
/// the child takes its place.
#[cfg(unix)]
fn leave_behind(runtime: Option<tokio::runtime::Id>) {
    pool::leave_behind();
    INHERITED.set(runtime);
    let _ = ENTERED.try_with(|stack| {
        let Ok(mut stack) = stack.try_borrow_mut() else {
            return;
        };
        // ORDERING: Relaxed, as in `is_ambient`.
        let is_global = |core: &LoopCore| core.is_global.load(Ordering::Relaxed);
        stack
            .extract_if(.., |(_, core)| is_global(core))
            .for_each(std::mem::forget);
        ENTERED_LEN.set(u32::try_from(stack.len()).unwrap_or(u32::MAX));
    });
}

/// True while this thread is inside a future that koil polls.
#[inline]
pub(crate) fn is_polling() -> bool {
    POLLING.get() != 0
}

/// This thread is inside a koil poll until this is dropped.
pub(crate) struct Polling;

impl Polling {
    pub(crate) fn begin() -> Polling {
        POLLING.set(POLLING.get() + 1);
        Polling
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        POLLING.set(POLLING.get() - 1);
    }
}

/// The ground below the tokio contexts that koil itself entered on this thread, if it did.
#[inline]
pub(crate) fn base_ground() -> Option<Ground> {
    if CONTEXTS.get() == 0 {
        return None;
    }
    if BASE_IS_PLAIN.get() {
        return Some(Ground::Plain);
    }
    Some(
        BASE.try_with(|base| base.borrow().clone())
            .unwrap_or(Ground::Ending),
    )
}

/// How many tokio contexts koil has entered on this thread.
pub(crate) fn contexts() -> u32 {
    CONTEXTS.get()
}

/// koil has a tokio context entered on this thread until this is dropped.
pub(crate) struct InContext;

impl InContext {
    #[inline]
    pub(crate) fn begin(ground: &Ground) -> InContext {
        if CONTEXTS.get() == 0 {
            let is_plain = matches!(ground, Ground::Plain);
            BASE_IS_PLAIN.set(is_plain);
            if !is_plain {
                // Where the slot is gone, `base_ground` says that the thread is ending.
                let _ = BASE.try_with(|base| base.replace(ground.clone()));
            }
        }
        CONTEXTS.set(CONTEXTS.get() + 1);
        InContext
    }
}

impl Drop for InContext {
    fn drop(&mut self) {
        CONTEXTS.set(CONTEXTS.get() - 1);
    }
}
