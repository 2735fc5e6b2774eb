//! `Running`: an inline call that this thread is in, and how deep such calls are nested.

#[cfg(feature = "std")]
pub(crate) use self::std::{Running, Suspended, is_running, may_block, set_mark};

#[cfg(not(feature = "std"))]
pub(crate) use self::no_std::{Running, set_mark};

#[cfg(feature = "std")]
mod std {
    use std::cell::Cell;
    use std::thread_local;

    use crate::private::{self, Hooks};

    /// The innermost inline call of a thread.
    #[derive(Clone, Copy)]
    struct CallFrame {
        /// The number of calls around each other; 0 outside of any.
        depth: usize,
        hooks: Option<&'static Hooks>,
        /// The state that `Hooks::enter` returned for the outermost call.
        around: usize,
    }

    const OUTSIDE: CallFrame = CallFrame {
        depth: 0,
        hooks: None,
        around: 0,
    };

    struct Thread {
        frame: Cell<CallFrame>,
        /// The depths whose futures have woken themselves, one bit each; depths from 63 on share the
        /// last one. A wake by another thread leaves no mark: the future could wait for that thread
        /// for ever.
        marks: Cell<u64>,
    }

    thread_local! {
        static THREAD: Thread = const {
            Thread {
                frame: Cell::new(OUTSIDE),
                marks: Cell::new(0),
            }
        };
    }

    fn bit(depth: usize) -> u64 {
        1 << depth.min(63)
    }

    /// Called by the waker of this depth.
    pub(crate) fn set_mark(depth: usize) {
        THREAD.with(|thread| thread.marks.set(thread.marks.get() | bit(depth)));
    }

    /// True in a future that is polled by an inline call on this thread.
    pub(crate) fn is_running() -> bool {
        THREAD.with(|thread| thread.frame.get().depth > 0)
    }

    /// True if code that blocks may run here: in an inline call, on a thread that may be blocked.
    pub(crate) fn may_block() -> bool {
        let frame = THREAD.with(|thread| thread.frame.get());
        match (frame.depth, frame.hooks) {
            (0, _) => private::installed().is_some_and(|hooks| (hooks.may_block)(None)),
            (_, None) => true,
            (_, Some(hooks)) => (hooks.may_block)(Some(frame.around)),
        }
    }

    /// An inline call of this thread, until it is dropped.
    pub(crate) struct Running {
        outer: CallFrame,
        hooks: Option<(&'static Hooks, usize)>,
    }

    impl Running {
        #[inline]
        pub(crate) fn begin() -> Running {
            let hooks = private::installed().map(|hooks| (hooks, (hooks.enter)()));
            THREAD.with(|thread| {
                let outer = thread.frame.get();
                let depth = outer.depth + 1;
                let entered = hooks.map_or(0, |(_, around)| around);
                thread.frame.set(CallFrame {
                    depth,
                    hooks: outer.hooks.or(hooks.map(|(hooks, _)| hooks)),
                    around: if outer.depth == 0 {
                        entered
                    } else {
                        outer.around
                    },
                });
                // A call before this one may have left its mark.
                thread.marks.set(thread.marks.get() & !bit(depth));
                Running { outer, hooks }
            })
        }

        #[inline]
        pub(crate) fn depth(&self) -> usize {
            self.outer.depth + 1
        }

        /// True if the pending future has woken itself, or its wake may be kept back by the scheduler
        /// of this thread. Takes the mark.
        pub(crate) fn may_poll_again(&self) -> bool {
            let bit = bit(self.depth());
            let marks = THREAD.with(|thread| thread.marks.replace(thread.marks.get() & !bit));
            marks & bit != 0 || self.hooks.is_some_and(|(hooks, _)| (hooks.keeps_wakes)())
        }

        /// Calls `poll` without the limit that a scheduler sets for the work of a task.
        pub(crate) fn unconstrained(&self, poll: &mut dyn FnMut()) {
            match self.hooks {
                Some((hooks, _)) => (hooks.unconstrained)(poll),
                None => poll(),
            }
        }
    }

    impl Drop for Running {
        #[inline]
        fn drop(&mut self) {
            THREAD.with(|thread| thread.frame.set(self.outer));
            if let Some((hooks, around)) = self.hooks {
                (hooks.leave)(around);
            }
        }
    }

    /// No inline call is known to this thread until this is dropped: blocking code that runs in one
    /// is outside of it.
    pub(crate) struct Suspended {
        frame: CallFrame,
        inside: Option<usize>,
    }

    impl Suspended {
        pub(crate) fn begin() -> Suspended {
            let frame = THREAD.with(|thread| thread.frame.replace(OUTSIDE));
            let hooks = frame.hooks;
            Suspended {
                frame,
                inside: hooks.map(|hooks| (hooks.suspend)(frame.around)),
            }
        }
    }

    impl Drop for Suspended {
        fn drop(&mut self) {
            THREAD.with(|thread| thread.frame.set(self.frame));
            if let (Some(hooks), Some(inside)) = (self.frame.hooks, self.inside) {
                (hooks.leave)(inside);
            }
        }
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
