//! Fork detection: the number of forks behind this process, and values that each process makes
//! anew.
//!
//! In a forked child only the thread that forked exists. Loop threads stayed behind, and a lock
//! that another thread held stays locked forever. So nothing that was made before the fork is
//! locked or waited for in the child: a value that must not be touched there is in an
//! [`OfProcess`], and a static of which each process needs its own in a [`PerProcess`]. The ready
//! path checks nothing: a fork marks the inherited
//! loops as stopped (`current::inherited`), and code that checks for a stopped loop finds that
//! mark.

#![allow(unsafe_code)]

use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

static FORKS: AtomicU32 = AtomicU32::new(0);

/// A process, told apart from the children that it forks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Process {
    /// The number of forks behind it.
    forks: u32,
}

impl Process {
    fn current() -> Process {
        // ORDERING: Relaxed; the number is changed in the child, by its only thread, before
        // anything else.
        let forks = FORKS.load(Ordering::Relaxed);
        Process { forks }
    }
}

/// True if this process was forked after forks began to be counted.
pub(crate) fn is_child() -> bool {
    Process::current().forks != 0
}

/// From now on forks are counted. Called before anything is made that a child may inherit.
pub(crate) fn watch() {
    #[cfg(unix)]
    unix::watch();
}

/// A value that only the process which made it can use. A forked child cannot reach it, and leaks it
/// instead of dropping it.
pub(crate) struct OfProcess<T> {
    process: Process,
    /// `None` only during the drop.
    value: Option<T>,
}

impl<T> OfProcess<T> {
    pub(crate) fn new(value: T) -> OfProcess<T> {
        watch();
        OfProcess {
            process: Process::current(),
            value: Some(value),
        }
    }

    /// True in a forked child, if the value was made before the fork.
    #[inline]
    pub(crate) fn is_inherited(&self) -> bool {
        self.process != Process::current()
    }

    /// The value; `None` in a forked child.
    #[inline]
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| !self.is_inherited())
    }

    /// The value; `None` in a forked child.
    #[inline]
    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        let is_inherited = self.is_inherited();
        self.value.as_mut().filter(|_| !is_inherited)
    }
}

impl<T> Drop for OfProcess<T> {
    fn drop(&mut self) {
        if self.is_inherited() {
            mem::forget(self.value.take());
        }
    }
}

#[cfg(unix)]
pub(crate) mod unix {
    //! `pthread_atfork` handlers: functions that run before and after every fork.

    use std::sync::atomic::{AtomicBool, Ordering};

    use super::FORKS;

    /// A function that runs at every fork, on the thread that forks: before it, and after it on
    /// either side.
    pub(crate) type Moment = extern "C" fn();

    /// Runs these functions at every fork from now on. None of them may unwind, and the one that
    /// runs in the child may take no lock that another thread could have held.
    pub(crate) fn at_fork(before: Option<Moment>, parent: Option<Moment>, child: Moment) {
        let plain = |moment: Moment| -> unsafe extern "C" fn() { moment };
        // SAFETY: the handlers are functions of this program, and live as long as it does.
        let code = unsafe {
            libc::pthread_atfork(before.map(plain), parent.map(plain), Some(plain(child)))
        };
        assert_eq!(code, 0, "there is memory to watch for forks with");
    }

    pub(super) fn watch() {
        // Not a `Once`, which is a lock too: threads that race may register twice, and a child then
        // counts by two.
        static WATCHED: AtomicBool = AtomicBool::new(false);
        // ORDERING: Acquire pairs with the Release below, so that a thread that sees the flag set
        // may rely on the registration.
        if !WATCHED.load(Ordering::Acquire) {
            at_fork(None, None, count_one);
            // ORDERING: as above.
            WATCHED.store(true, Ordering::Release);
        }
    }

    extern "C" fn count_one() {
        // ORDERING: Relaxed, as in `Process::current`.
        FORKS.fetch_add(1, Ordering::Relaxed);
    }
}

/// A value of which each process has its own: a child gets a fresh one, whatever other threads of
/// its parent were doing with the parent's value. The inherited value is leaked in the child.
pub(crate) struct PerProcess<T> {
    made: AtomicPtr<Made<T>>,
    make: fn() -> T,
}

struct Made<T> {
    process: Process,
    value: T,
}

impl<T: Send + Sync + 'static> PerProcess<T> {
    pub(crate) const fn new(make: fn() -> T) -> PerProcess<T> {
        PerProcess {
            made: AtomicPtr::new(ptr::null_mut()),
            make,
        }
    }

    /// The value of this process, made on the first call in this process.
    pub(crate) fn get(&self) -> &'static T {
        // ORDERING: Acquire pairs with the Release of `make`.
        let found = self.made.load(Ordering::Acquire);
        // SAFETY: the pointer is null, or came out of a box that is never freed once its pointer is
        // stored (see `make`).
        match unsafe { found.as_ref() } {
            Some(made) if made.process == Process::current() => &made.value,
            _ => self.make(found),
        }
    }

    #[cold]
    fn make(&self, outdated: *mut Made<T>) -> &'static T {
        watch();
        let fresh = Box::into_raw(Box::new(Made {
            process: Process::current(),
            value: (self.make)(),
        }));
        // ORDERING: Release publishes the value; Acquire makes visible the value of a thread that
        // was faster.
        let swapped =
            self.made
                .compare_exchange(outdated, fresh, Ordering::AcqRel, Ordering::Acquire);
        let made = match swapped {
            Ok(_) => fresh,
            Err(faster) => {
                // SAFETY: `fresh` came out of the box above, and was not stored, so no other thread
                // has it.
                drop(unsafe { Box::from_raw(fresh) });
                faster
            }
        };
        // SAFETY: a value whose pointer has been stored is never freed, and only shared references
        // to it are made.
        unsafe { &(*made).value }
    }
}
