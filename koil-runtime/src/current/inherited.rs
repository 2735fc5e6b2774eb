//! Loops that a forked child inherits: they are marked, so that no thread waits for them or takes
//! their locks.

#[cfg(unix)]
pub(super) use self::unix::watch;

#[cfg(not(unix))]
pub(super) fn watch() {}

#[cfg(unix)]
mod unix {
    use std::cell::{Cell, RefCell};
    use std::mem;
    use std::sync::Weak;
    use std::sync::atomic::{AtomicBool, Ordering};

    use crate::current::core::{self, LoopCore};
    use crate::fork::unix::at_fork;
    use crate::scope::cancel::current_cancel;
    use crate::sync::MutexGuard;

    type Loops = MutexGuard<'static, Vec<Weak<LoopCore>>>;

    thread_local! {
        /// The list of loops, locked by the thread that forks: so it is consistent in the child.
        static LOCKED: RefCell<Option<Loops>> = const { RefCell::new(None) };
        /// The runtime whose context is entered on the thread that forks.
        static RUNTIME: Cell<Option<tokio::runtime::Id>> = const { Cell::new(None) };
    }

    /// From now on a fork marks the loops that the child inherits.
    pub(in crate::current) fn watch() {
        // As in `fork::watch`: a second registration does no harm.
        static WATCHED: AtomicBool = AtomicBool::new(false);
        // ORDERING: Acquire and Release, so that a thread that sees it set may rely on the
        // registration.
        if !WATCHED.load(Ordering::Acquire) {
            at_fork(Some(before), Some(in_parent), in_child);
            // ORDERING: as above.
            WATCHED.store(true, Ordering::Release);
        }
    }

    extern "C" fn before() {
        RUNTIME.set(
            tokio::runtime::Handle::try_current()
                .ok()
                .map(|runtime| runtime.id()),
        );
        // A thread holds the list only to copy it or to add a loop, and runs no user code then. If
        // thread-locals are destroyed, the child gets no list: see `in_child`.
        let _ = LOCKED.try_with(|locked| {
            locked.borrow_mut().get_or_insert_with(core::all);
        });
    }

    extern "C" fn in_parent() {
        let _ = LOCKED.try_with(RefCell::take);
    }

    extern "C" fn in_child() {
        current_cancel::leave_behind();
        super::super::leave_behind(RUNTIME.get());
        // A thread that forks in the destructor of its last thread-locals has no list. Its child
        // recognises the loops by their fork count too, only later than by this mark.
        let Ok(Some(mut loops)) = LOCKED.try_with(RefCell::take) else {
            return;
        };
        for core in loops.iter().filter_map(Weak::upgrade) {
            core.registry.mark_stayed_behind();
            // Never the last reference: its owners from before the fork have not dropped theirs.
            drop(core);
        }
        mem::forget(mem::take(&mut *loops));
    }
}
