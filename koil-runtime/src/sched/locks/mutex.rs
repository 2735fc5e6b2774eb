//! `Mutex`: a lock whose waiters are served by priority, and whose holder inherits theirs.

#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::Arc;

use super::mutex_core::MutexCore;
use crate::bridge::unkoil::unkoil;

/// A mutex for async and blocking code. The highest [`Priority`](crate::sched::Priority) that waits gets it next, and
/// the code that holds it runs at that priority meanwhile.
///
/// It belongs to no runtime: any task, on any thread and executor, may share it with blocking code.
///
/// * **Order**: by effective priority, then by arrival. The place is taken in the first poll, and an
///   unlock hands the mutex to the first one in the line directly: code that comes later, also the
///   code that has just unlocked, waits behind it.
/// * **Inheritance**: the holder has at least the priority of each that waits, through chains of any
///   length: if it waits for another mutex, it moves up in that line, and raises the next holder. The
///   level falls back with the unlock, and when a waiter gives up. The holder is the task of an
///   executor of this module, a [`Priority`](crate::sched::Priority) scope, a task of koil, or the blocking calls of a
///   thread, in which the mutex was taken. In other code, such as a task of `tokio::spawn` without a scope,
///   there is nothing to raise.
/// * **No poison**: a panic unlocks.
/// * **Deadlocks** are not broken: code that waits for a mutex which it holds itself waits until it is
///   cancelled, dropped or out of time.
///
/// A mutex that is free costs one atomic operation to lock and one to unlock. No lock is allocated, so a
/// mutex may be a static.
///
/// ```
/// use koil::sched::Mutex;
///
/// static TOTAL: Mutex<u32> = Mutex::new(0);
///
/// koil::unkoil(async {
///     *TOTAL.lock().await += 1;
/// });
/// *TOTAL.lock_blocking() += 1;
/// assert_eq!(*TOTAL.try_lock().unwrap(), 2);
/// ```
///
/// # Fork
///
/// A child has the mutex as it was: one that another thread of the parent held stays locked.
pub struct Mutex<T: ?Sized> {
    core: MutexCore,
    value: UnsafeCell<T>,
}

// SAFETY: the value moves with the mutex.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: only one guard at a time gives access to the value, on one thread at a time.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// A free mutex with this value.
    #[cfg(not(all(test, koil_loom)))]
    #[must_use]
    pub const fn new(value: T) -> Mutex<T> {
        Mutex {
            core: MutexCore::new(),
            value: UnsafeCell::new(value),
        }
    }

    #[cfg(all(test, koil_loom))]
    pub fn new(value: T) -> Mutex<T> {
        Mutex {
            core: MutexCore::new(),
            value: UnsafeCell::new(value),
        }
    }

    /// The value, without the mutex.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits until the mutex belongs to the running code.
    ///
    /// The place in the line is taken in the first poll. Dropping the future leaves the line; if it has been
    /// given the mutex already, the next one gets it.
    ///
    /// Tokio's cooperative budget is neither asked nor used up: a mutex that is free makes no task
    /// yield.
    #[track_caller]
    pub fn lock(&self) -> impl Future<Output = MutexGuard<'_, T>> + use<'_, T> {
        self.lock_at(Location::caller())
    }

    /// As [`lock`](Mutex::lock), for the code at this place.
    pub(super) fn lock_at(
        &self,
        place: &'static Location<'static>,
    ) -> impl Future<Output = MutexGuard<'_, T>> + use<'_, T> {
        let acquiring = self.core.acquire(place);
        async move {
            acquiring.await;
            MutexGuard::new(self)
        }
    }

    /// As [`lock`](Mutex::lock), with a guard that keeps the mutex alive and borrows nothing.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use koil::sched::Mutex;
    ///
    /// let names = Arc::new(Mutex::new(vec!["first"]));
    /// let guard = koil::unkoil(names.clone().lock_owned());
    /// let task = koil::unkoil_task(async move { guard.len() });
    /// assert_eq!(task.result().unwrap(), 1);
    /// ```
    #[track_caller]
    pub fn lock_owned(self: Arc<Self>) -> impl Future<Output = OwnedMutexGuard<T>> + use<T> {
        let place = Location::caller();
        async move {
            self.core.acquire(place).await;
            OwnedMutexGuard {
                mutex: self,
                _value: PhantomData,
            }
        }
    }

    /// Locks from blocking code: a blocking call as any other, [`unkoil`](crate::unkoil) of
    /// [`lock`](Mutex::lock).
    ///
    /// Like `unkoil`, it can return only the guard: a scope that is cancelled ends the wait if it is
    /// [`unwinding`](crate::CancelScope::unwinding). For an error in place of the panic take
    /// [`try_unkoil`](crate::try_unkoil) of `lock`, and for a time limit
    /// [`unkoil_timeout`](crate::unkoil_timeout). A wait that ends early leaves the line.
    ///
    /// # Panics
    ///
    /// As `unkoil`, also where the mutex is free: inside a future that koil polls and on a loop thread (await
    /// `lock` there), and if the loop of the call stops meanwhile.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use koil::sched::Mutex;
    ///
    /// let mutex = Mutex::new(0);
    /// let held = mutex.lock_blocking();
    /// let late = koil::unkoil_timeout(Duration::from_millis(5), mutex.lock());
    /// assert!(late.unwrap_err().is_timeout());
    /// # drop(held);
    /// ```
    #[track_caller]
    pub fn lock_blocking(&self) -> MutexGuard<'_, T> {
        unkoil(self.lock())
    }

    /// Locks if the mutex is free, and never waits. `None` also while it is being handed to one that has waited.
    #[track_caller]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let taken = self.core.try_take(Location::caller());
        taken.then(|| MutexGuard::new(self))
    }

    /// The value: nobody else has this mutex.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Mutex<T> {
        Mutex::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Mutex<T> {
        Mutex::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Mutex");
        match self.try_lock() {
            Some(guard) => text.field("value", &&*guard).finish(),
            None => text.field("value", &format_args!("<locked>")).finish(),
        }
    }
}

/// The access to the value of a [`Mutex`]; dropping it unlocks, on any thread.
#[must_use = "the mutex is unlocked when the guard is dropped"]
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    /// A guard is shared and sent as the reference that it stands for.
    _value: PhantomData<&'a mut T>,
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The mutex has been taken for this guard.
    fn new(mutex: &'a Mutex<T>) -> MutexGuard<'a, T> {
        MutexGuard {
            mutex,
            _value: PhantomData,
        }
    }

    /// The mutex of this guard.
    pub(super) fn mutex(&self) -> &'a Mutex<T> {
        self.mutex
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the guard holds the mutex.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the guard holds the mutex, and is borrowed alone.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.mutex.core.unlock();
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// As [`MutexGuard`], with the mutex kept alive: made by [`Mutex::lock_owned`].
#[must_use = "the mutex is unlocked when the guard is dropped"]
pub struct OwnedMutexGuard<T: ?Sized> {
    mutex: Arc<Mutex<T>>,
    _value: PhantomData<T>,
}

impl<T: ?Sized> Deref for OwnedMutexGuard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the guard holds the mutex.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T: ?Sized> DerefMut for OwnedMutexGuard<T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the guard holds the mutex, and is borrowed alone.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T: ?Sized> Drop for OwnedMutexGuard<T> {
    fn drop(&mut self) {
        self.mutex.core.unlock();
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for OwnedMutexGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
