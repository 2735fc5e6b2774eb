//! The koil state of this thread; in `core`, `registry`, `work_list` and `relay`, the state of
//! a loop; in `workers`, its threads for blocking jobs; in `handed_over`, the work that its calls have handed
//! over; in `inherited`, the handling of all of it in a forked child.

mod core;
pub(crate) mod handed_over;
mod inherited;
mod mask;
mod polled_work;
mod registry;
pub(crate) mod relay;
mod stack;
mod work_list;
mod workers;

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::Ordering;

#[cfg(unix)]
use crate::pool;

pub(crate) use self::core::{
    Closer, ErrorHook, Hooks, LoopCore, NoticeHook, NoticeKind, are_refusals_marked, mark_refusals,
};
pub(crate) use self::mask::Mask;
pub(crate) use self::polled_work::PolledWork;
pub(crate) use self::registry::{GuardMark, Listed, Members, TaskMark};
pub(crate) use self::work_list::{WorkKind, WorkMark};
pub(crate) use self::workers::{ThreadHook, Workers, run_hook};
use crate::scope::flags::{
    self, CALLBACK, CONTEXT, CONTEXTS, ENTERED, EXECUTOR, HANDED, INSIDE_POLL, LOOP, NOT_PLAIN,
    OWN_POLL, POLLING, ROLE, WORKER,
};

/// The role of this thread for koil.
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

/// How a thread may wait: its tokio state, as found before koil entered any tokio context on it.
#[derive(Debug, Clone, Default)]
pub(crate) enum ThreadKind {
    /// No scheduler runs on this thread: it may park.
    #[default]
    Plain,
    /// The thread is inside the context of a tokio runtime that is not its own loop's.
    Foreign(tokio::runtime::Handle),
    /// Tokio's thread-locals are destroyed.
    Ending,
}

impl ThreadKind {
    /// The kind of this thread, where koil has entered no context on it.
    #[inline]
    pub(crate) fn here() -> ThreadKind {
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if is_home(&runtime) => ThreadKind::Plain,
            Ok(runtime) => ThreadKind::Foreign(runtime),
            Err(error) if error.is_thread_local_destroyed() => ThreadKind::Ending,
            Err(_) => ThreadKind::Plain,
        }
    }
}

thread_local! {
    // No destructor, so this can be read at any time of a thread's life.
    static INHERITED: Cell<Option<tokio::runtime::Id>> = const { Cell::new(None) };

    // The kind of the thread below the contexts that koil has entered, if it is not `Plain`.
    static BASE: RefCell<ThreadKind> = const { RefCell::new(ThreadKind::Plain) };
}

#[inline]
pub(crate) fn role() -> Role {
    match flags::get(ROLE) {
        LOOP => Role::Loop,
        WORKER => Role::Worker,
        _ => Role::Stranger,
    }
}

/// Makes this thread a thread of `core` for the rest of its life.
pub(crate) fn adopt_thread(core: Arc<LoopCore>, role: Role) {
    let role = match role {
        Role::Stranger => 0,
        Role::Loop => LOOP,
        Role::Worker => WORKER,
    };
    flags::replace(ROLE, role);
    std::mem::forget(Entry::push(core));
}

/// The runtime whose context this thread brought into a forked child: the other threads of that
/// runtime do not exist here.
pub(crate) fn inherited_runtime() -> Option<tokio::runtime::Id> {
    INHERITED.get()
}

/// The loop that this thread belongs to.
pub(crate) fn home() -> Option<Arc<LoopCore>> {
    if role() == Role::Stranger {
        return None;
    }
    stack::with(|stack| stack.first().map(|(_, core)| core.clone()))
}

/// True if this is a thread of a koil loop, and `runtime` is that loop's.
pub(crate) fn is_home(runtime: &tokio::runtime::Handle) -> bool {
    home().is_some_and(|core| core.tokio.id() == runtime.id())
}

/// The loop that was entered last on this thread, or the loop that the thread belongs to.
pub(crate) fn entered() -> Option<Arc<LoopCore>> {
    if !flags::any(ENTERED) {
        return None;
    }
    stack::with(|stack| stack.last().map(|(_, core)| core.clone()))
}

/// True if a look-up on this thread would find `core`.
#[inline(always)]
pub(crate) fn is_ambient(core: &Arc<LoopCore>) -> bool {
    if flags::any(ENTERED) {
        return is_innermost(core);
    }
    // ORDERING: Relaxed; a wrong answer costs one entry on the stack of this thread.
    core.is_global.load(Ordering::Relaxed)
}

#[inline(never)]
fn is_innermost(core: &Arc<LoopCore>) -> bool {
    stack::with(|stack| {
        let innermost = stack.last();
        innermost.is_some_and(|(_, entered)| Arc::ptr_eq(entered, core))
    })
}

/// `core` is the ambient loop until this is dropped; entries may be dropped in any order.
pub(crate) struct Entry {
    id: u64,
    // The entry belongs to the stack of this thread.
    _not_send: PhantomData<*const ()>,
}

impl Entry {
    #[inline(never)]
    pub(crate) fn push(core: Arc<LoopCore>) -> Entry {
        thread_local!(static NEXT: Cell<u64> = const { Cell::new(0) });
        let id = NEXT.get();
        NEXT.set(id + 1);
        stack::push(id, core);
        Entry {
            id,
            _not_send: PhantomData,
        }
    }
}

impl Drop for Entry {
    #[inline(never)]
    fn drop(&mut self) {
        stack::remove(self.id);
    }
}

/// In a forked child: removes the entries of the parent's process-wide loop from this thread, so
/// that the child's own takes its place.
#[cfg(unix)]
fn leave_behind(runtime: Option<tokio::runtime::Id>) {
    pool::leave_behind();
    INHERITED.set(runtime);
    stack::with(|stack| {
        // ORDERING: Relaxed, as in `is_ambient`.
        let is_global = |core: &LoopCore| core.is_global.load(Ordering::Relaxed);
        stack
            .extract_if(.., |(_, core)| is_global(core))
            .for_each(std::mem::forget);
        stack::note_emptiness(stack);
    });
}

/// True while this thread is inside a future that koil polls.
#[inline]
pub(crate) fn is_polling() -> bool {
    flags::any(INSIDE_POLL)
}

/// True in blocking code that a future of this thread's own call runs: a call there parks and never
/// drives, since the tasks of a loop would run amid that future.
#[inline]
pub(crate) fn is_in_callback() -> bool {
    flags::any(CALLBACK)
}

/// The flags of a poll.
const POLL: u32 = POLLING | OWN_POLL | EXECUTOR;

/// This thread is inside a koil poll until this is dropped.
pub(crate) struct Polling {
    outer: u32,
}

impl Polling {
    /// The poll of a task, or of a future that was lent.
    #[inline]
    pub(crate) fn begin() -> Polling {
        Polling::enter(POLLING, EXECUTOR)
    }

    /// The poll of a future by the thread that makes the call.
    #[inline]
    pub(crate) fn begin_own() -> Polling {
        Polling::enter(POLLING | OWN_POLL, EXECUTOR)
    }

    #[inline]
    fn enter(flags: u32, kept: u32) -> Polling {
        let outer = flags::get(POLL);
        flags::replace(POLL & !kept, flags);
        Polling { outer }
    }

    /// As [`Polling::begin`], for a future that is polled by an executor koil does not know, unless
    /// that executor is inside a future that koil polls.
    pub(crate) fn begin_for_executor() -> Polling {
        if !is_polling() {
            return Polling::enter(POLLING | EXECUTOR, 0);
        }
        Polling {
            outer: flags::get(POLL),
        }
    }
}

impl Drop for Polling {
    #[inline]
    fn drop(&mut self) {
        flags::replace(POLL, self.outer);
    }
}

/// True if an executor polls here, whose thread may not be blocked.
pub(crate) fn is_polled_by_executor() -> bool {
    flags::any(EXECUTOR)
}

/// The kind of this thread below the tokio contexts that koil itself entered on this thread, if there are any.
#[inline]
pub(crate) fn base_thread_kind() -> Option<ThreadKind> {
    let flags = flags::get(CONTEXTS | NOT_PLAIN);
    if flags & CONTEXTS == 0 {
        return None;
    }
    if flags & NOT_PLAIN == 0 {
        return Some(ThreadKind::Plain);
    }
    Some(
        BASE.try_with(|base| base.borrow().clone())
            .unwrap_or(ThreadKind::Ending),
    )
}

/// The number of tokio contexts that koil has entered on this thread.
pub(crate) fn contexts() -> u32 {
    flags::get(CONTEXTS) / CONTEXT
}

/// The record that koil has a tokio context entered on this thread, until this is dropped.
pub(crate) struct ContextRecord {
    outer: u32,
    /// The flags to restore.
    mask: u32,
}

impl ContextRecord {
    #[inline(always)]
    /// `collects` is `COLLECTS` for a call that collects the work which is handed over from now on,
    /// until the record is dropped, and 0 for others. It has to take that work before the drop.
    pub(crate) fn begin(thread: &ThreadKind, collects: u32) -> ContextRecord {
        // `HANDED` is the bit after `COLLECTS`.
        let mask = CONTEXTS | NOT_PLAIN | collects | collects << 1;
        let outer = flags::get(mask);
        let mut inner = outer & !HANDED | collects;
        if outer & HANDED != 0 {
            handed_over::put_aside();
        }
        if outer & CONTEXTS == 0 && !matches!(thread, ThreadKind::Plain) {
            // If the slot is destroyed, `base_thread_kind` returns that the thread is ending.
            let _ = BASE.try_with(|base| base.replace(thread.clone()));
            inner |= NOT_PLAIN;
        }
        if outer & CONTEXTS != CONTEXTS {
            inner += CONTEXT;
        }
        flags::replace(mask, inner);
        ContextRecord { outer, mask }
    }
}

impl Drop for ContextRecord {
    #[inline]
    fn drop(&mut self) {
        flags::replace(self.mask, self.outer);
        if self.outer & HANDED != 0 {
            handed_over::restore();
        }
    }
}
