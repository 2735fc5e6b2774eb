//! `Running`: an inline call that this thread is in, and how deep such calls are nested.

#[cfg(feature = "std")]
pub(crate) use self::std::{Running, Suspended, is_running, set_mark};

#[cfg(not(feature = "std"))]
pub(crate) use self::no_std::{Running, set_mark};

#[cfg(feature = "std")]
mod std {
    use std::cell::Cell;
    use std::marker::PhantomData;
    use std::thread_local;

    use crate::flags::{self, CALLBACK, INLINE, MAY_BLOCK, OWN_POLL, POLLING};
    use crate::private;

    struct Thread {
        /// The number of inline calls around each other; 0 outside of any.
        depth: Cell<usize>,
        /// The depths whose futures have woken themselves, one bit each; depths from 63 on share the
        /// last one. Only of calls that have not ended. A wake by another thread leaves no mark: the
        /// future could wait for that thread for ever.
        marks: Cell<u64>,
    }

    thread_local! {
        static THREAD: Thread = const {
            Thread {
                depth: Cell::new(0),
                marks: Cell::new(0),
            }
        };
    }

    fn bit(depth: usize) -> u64 {
        1 << depth.min(63)
    }

    /// Called by the waker of this depth.
    pub(crate) fn set_mark(depth: usize) {
        THREAD.with(|thread| {
            // Otherwise the call of this waker is over.
            if depth <= thread.depth.get() {
                thread.marks.set(thread.marks.get() | bit(depth));
            }
        });
    }

    /// Clears the mark of this depth; true if it was set.
    #[cold]
    fn take_mark(depth: usize) -> bool {
        let bit = bit(depth);
        THREAD.with(|thread| thread.marks.replace(thread.marks.get() & !bit)) & bit != 0
    }

    /// True in a future that is polled by an inline call on this thread.
    pub(crate) fn is_running() -> bool {
        flags::all() & INLINE != 0
    }

    /// An inline call of this thread, until it is dropped.
    pub(crate) struct Running {
        outer_flags: u32,
        depth: usize,
    }

    impl Running {
        #[inline(always)]
        pub(crate) fn begin() -> Running {
            let outer_flags = flags::all();
            flags::set(outer_flags | INLINE);
            let depth = THREAD.with(|thread| {
                let depth = thread.depth.get() + 1;
                thread.depth.set(depth);
                depth
            });
            Running { outer_flags, depth }
        }

        #[inline(always)]
        pub(crate) fn depth(&self) -> usize {
            self.depth
        }

        /// True if the pending future has woken itself, or its wake may be kept back by the scheduler
        /// of this thread. Takes the mark.
        pub(crate) fn may_poll_again(&self) -> bool {
            take_mark(self.depth) || private::installed().is_some_and(|hooks| (hooks.keeps_wakes)())
        }

        /// Calls `poll` without the limit that a scheduler sets for the work of a task.
        #[allow(clippy::unused_self)] // As without std.
        pub(crate) fn unconstrained(&self, poll: &mut dyn FnMut()) {
            match private::installed() {
                Some(hooks) => (hooks.unconstrained)(poll),
                None => poll(),
            }
        }
    }

    impl Drop for Running {
        #[inline(always)]
        fn drop(&mut self) {
            flags::replace(INLINE | MAY_BLOCK, self.outer_flags);
            let has_marks = THREAD.with(|thread| {
                thread.depth.set(self.depth - 1);
                thread.marks.get() != 0
            });
            if has_marks {
                take_mark(self.depth);
            }
        }
    }

    /// The flags of the polls around blocking code, and the flag of that code.
    const SUSPENDED: u32 = INLINE | MAY_BLOCK | POLLING | OWN_POLL | CALLBACK;

    /// No inline call is known to this thread until this is dropped: blocking code that runs in one
    /// is outside of it.
    pub(crate) struct Suspended {
        inside: u32,
        // The flags belong to this thread.
        _not_send: PhantomData<*const ()>,
    }

    impl Suspended {
        /// `None` if the thread may not be blocked here: outside of an inline call, or on a thread
        /// that runs the tasks of a loop.
        #[inline(always)]
        pub(crate) fn begin() -> Option<Suspended> {
            let mut inside = flags::all();
            if inside & MAY_BLOCK == 0 {
                inside = ask(inside)?;
            }
            flags::set(inside & !SUSPENDED | CALLBACK);
            Some(Suspended {
                inside,
                _not_send: PhantomData,
            })
        }
    }

    impl Drop for Suspended {
        #[inline(always)]
        fn drop(&mut self) {
            // The blocking code may have changed other flags.
            flags::replace(SUSPENDED, self.inside);
        }
    }

    /// Asks whether the thread may be blocked; once for an inline call, which cannot change threads.
    /// Returns the flags from now on.
    #[cold]
    fn ask(flags: u32) -> Option<u32> {
        let is_inline = flags & INLINE != 0;
        let may_block = match private::installed() {
            Some(hooks) => (hooks.may_block)(),
            None => is_inline,
        };
        let answer = if is_inline { MAY_BLOCK } else { 0 };
        may_block.then_some(flags | answer)
    }
}

#[cfg(not(feature = "std"))]
mod no_std {
    use core::sync::atomic::{AtomicBool, Ordering};

    /// Without std a wake counts for the whole process. A call that takes the mark of another one
    /// polls once more than it has to, and the number of polls is limited.
    static MARK: AtomicBool = AtomicBool::new(false);

    /// Called by each waker.
    pub(crate) fn set_mark(_: usize) {
        // ORDERING: the mark publishes no data. In the only case that must work, a future that wakes
        // itself, one thread sets it and reads it.
        MARK.store(true, Ordering::Relaxed);
    }

    /// An inline call.
    pub(crate) struct Running;

    impl Running {
        pub(crate) fn begin() -> Running {
            // ORDERING: as in `set_mark`.
            MARK.store(false, Ordering::Relaxed);
            Running
        }

        #[allow(clippy::unused_self)] // As with std.
        pub(crate) fn depth(&self) -> usize {
            1
        }

        #[allow(clippy::unused_self)] // As with std.
        pub(crate) fn unconstrained(&self, poll: &mut dyn FnMut()) {
            poll();
        }

        #[allow(clippy::unused_self)] // As with std.
        pub(crate) fn may_poll_again(&self) -> bool {
            // Load and store, since some targets without std have no atomic swap.
            // ORDERING: as in `set_mark`.
            let is_set = MARK.load(Ordering::Relaxed);
            // ORDERING: as in `set_mark`.
            MARK.store(false, Ordering::Relaxed);
            is_set
        }
    }
}
