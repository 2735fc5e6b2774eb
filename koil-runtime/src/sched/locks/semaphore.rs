//! `Semaphore`: permits that are given by priority.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::semaphore_core::SemaphoreCore;
use crate::bridge::unkoil::unkoil;

/// A number of permits for async and blocking code; the highest
/// [`Priority`](crate::sched::Priority) that waits gets its permits next, and equals by arrival.
///
/// Nobody overtakes: permits that are free, but too few for the first one in the line, wait with it,
/// and code that comes later waits behind. The place in the line is taken in the first poll. A
/// permit has no single holder, so nobody inherits a priority through a semaphore; where one at a time may
/// enter, take a [`Mutex`](crate::sched::Mutex).
///
/// ```
/// use koil::sched::{Priority, Semaphore};
///
/// /// Two connections.
/// static CONNECTIONS: Semaphore = Semaphore::new(2);
///
/// fn report() -> usize {
///     let _permit = CONNECTIONS.acquire_blocking(1);
///     CONNECTIONS.available_permits()
/// }
///
/// // No report that waits is served before this one.
/// assert_eq!(Priority::HIGH.scope(report), 1);
/// ```
pub struct Semaphore {
    core: SemaphoreCore,
}

impl Semaphore {
    /// The highest number of permits.
    pub const MAX_PERMITS: usize = SemaphoreCore::MAX;

    /// A semaphore with this number of permits.
    ///
    /// # Panics
    ///
    /// If they are more than [`MAX_PERMITS`](Semaphore::MAX_PERMITS).
    #[cfg(not(all(test, koil_loom)))]
    #[must_use]
    pub const fn new(permits: usize) -> Semaphore {
        Semaphore {
            core: SemaphoreCore::new(permits),
        }
    }

    /// Waits for this number of permits, all at once.
    ///
    /// Dropping the future leaves the line; permits that it has been given go to the next ones. More permits than
    /// there will ever be are waited for without end.
    #[track_caller]
    pub fn acquire(&self, permits: usize) -> impl Future<Output = SemaphorePermit<'_>> + use<'_> {
        let acquiring = self.core.acquire(permits, Location::caller());
        async move {
            acquiring.await;
            SemaphorePermit {
                semaphore: self,
                permits,
            }
        }
    }

    /// As [`acquire`](Semaphore::acquire), with permits that keep the semaphore alive and borrow
    /// nothing.
    #[track_caller]
    pub fn acquire_owned(
        self: Arc<Self>,
        permits: usize,
    ) -> impl Future<Output = OwnedSemaphorePermit> + use<> {
        let place = Location::caller();
        async move {
            self.core.acquire(permits, place).await;
            OwnedSemaphorePermit {
                semaphore: self,
                permits,
            }
        }
    }

    /// Acquires from blocking code: [`unkoil`](crate::unkoil) of [`acquire`](Semaphore::acquire).
    ///
    /// For an error in place of the panic take [`try_unkoil`](crate::try_unkoil) of `acquire`, and for a
    /// time limit [`unkoil_timeout`](crate::unkoil_timeout).
    ///
    /// # Panics
    ///
    /// As `unkoil`, also where there are permits: inside a future that koil polls and on a loop thread
    /// (await `acquire` there), and if the loop of the call stops meanwhile.
    #[track_caller]
    pub fn acquire_blocking(&self, permits: usize) -> SemaphorePermit<'_> {
        unkoil(self.acquire(permits))
    }

    /// This number of permits, if nobody waits and there are enough; never waits.
    pub fn try_acquire(&self, permits: usize) -> Option<SemaphorePermit<'_>> {
        let taken = self.core.try_take(permits);
        // A permit that is made and dropped would add permits.
        taken.then(|| SemaphorePermit {
            semaphore: self,
            permits,
        })
    }

    /// Adds permits; the first ones in the line get them.
    ///
    /// # Panics
    ///
    /// If there would be more than [`MAX_PERMITS`](Semaphore::MAX_PERMITS).
    pub fn add_permits(&self, permits: usize) {
        self.core.give(permits);
    }

    /// The number of free permits at this moment. Some may be kept for the first one in the line.
    pub fn available_permits(&self) -> usize {
        self.core.available()
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore")
            .field("available_permits", &self.available_permits())
            .finish()
    }
}

/// Permits of a [`Semaphore`]; dropping this gives them back, on any thread.
#[derive(Debug)]
#[must_use = "the permits are given back when this is dropped"]
pub struct SemaphorePermit<'a> {
    semaphore: &'a Semaphore,
    permits: usize,
}

impl SemaphorePermit<'_> {
    /// The number of permits.
    pub fn permits(&self) -> usize {
        self.permits
    }

    /// Keeps the permits from being given back: the semaphore has fewer from now on.
    pub fn forget(mut self) {
        self.permits = 0;
    }
}

impl Drop for SemaphorePermit<'_> {
    fn drop(&mut self) {
        self.semaphore.core.give(self.permits);
    }
}

/// As [`SemaphorePermit`], with the semaphore kept alive: made by [`Semaphore::acquire_owned`].
#[derive(Debug)]
#[must_use = "the permits are given back when this is dropped"]
pub struct OwnedSemaphorePermit {
    semaphore: Arc<Semaphore>,
    permits: usize,
}

impl OwnedSemaphorePermit {
    /// The number of permits.
    pub fn permits(&self) -> usize {
        self.permits
    }

    /// Keeps the permits from being given back: the semaphore has fewer from now on.
    pub fn forget(mut self) {
        self.permits = 0;
    }
}

impl Drop for OwnedSemaphorePermit {
    fn drop(&mut self) {
        self.semaphore.core.give(self.permits);
    }
}
