//! `Mutex` and `Condvar` without poison: no lock of koil's is held while user code runs, and each
//! value is sound after any panic.

#[cfg(all(test, koil_loom))]
use loom::sync as imp;
#[cfg(not(all(test, koil_loom)))]
use std::sync as imp;
use std::sync::{PoisonError, TryLockError};
use std::time::{Duration, Instant};

pub(crate) use self::imp::MutexGuard;

/// A lock that ignores poison.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(imp::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Mutex<T> {
        Mutex(imp::Mutex::new(value))
    }

    #[inline]
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` if another thread has the lock.
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.0.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A condition variable for a [`Mutex`].
#[derive(Debug, Default)]
pub(crate) struct Condvar(imp::Condvar);

impl Condvar {
    pub(crate) fn new() -> Condvar {
        Condvar(imp::Condvar::new())
    }

    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }

    /// Sleeps while `has_to_wait` returns true.
    pub(crate) fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut has_to_wait: impl FnMut(&mut T) -> bool,
    ) -> MutexGuard<'a, T> {
        while has_to_wait(&mut guard) {
            guard = self.0.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        guard
    }

    /// As [`wait_while`](Condvar::wait_while), at most for `limit`.
    pub(crate) fn wait_timeout_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        limit: Duration,
        mut has_to_wait: impl FnMut(&mut T) -> bool,
    ) -> MutexGuard<'a, T> {
        let begun = Instant::now();
        while has_to_wait(&mut guard) {
            let Some(left) = limit.checked_sub(begun.elapsed()) else {
                break;
            };
            let waited = self.0.wait_timeout(guard, left);
            guard = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        guard
    }
}
