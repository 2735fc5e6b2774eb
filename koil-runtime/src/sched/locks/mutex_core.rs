//! `MutexCore`: taking, waiting for, and handing over a mutex, without its value.

#![allow(unsafe_code)]

use std::panic::Location;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll, Waker};

use super::graph::{self, LineNumber};
use super::levels::{Holder, Levels, WaitId, Waiter};
use super::owner::Owner;
use crate::sync::{AtomicPtr, Ordering};

/// The place of code that takes a lock.
pub(super) type TakenAt = &'static Location<'static>;

/// The states of the word are those of [`Owner`].
pub(super) struct MutexCore {
    owner: AtomicPtr<()>,
    /// Where it was taken, for texts alone.
    place: AtomicPtr<Location<'static>>,
    line: LineNumber,
}

impl MutexCore {
    #[cfg(not(all(test, koil_loom)))]
    pub(super) const fn new() -> MutexCore {
        MutexCore {
            owner: AtomicPtr::new(ptr::null_mut()),
            place: AtomicPtr::new(ptr::null_mut()),
            line: LineNumber::new(),
        }
    }

    #[cfg(all(test, koil_loom))]
    pub(super) fn new() -> MutexCore {
        MutexCore {
            owner: AtomicPtr::new(ptr::null_mut()),
            place: AtomicPtr::new(ptr::null_mut()),
            line: LineNumber::new(),
        }
    }

    /// Takes the mutex if it is free, for the code that runs here.
    #[inline]
    pub(super) fn try_take(&self, place: TakenAt) -> bool {
        // ORDERING: Relaxed; only a hint.
        if !self.owner.load(Ordering::Relaxed).is_null() {
            return false;
        }
        let taken = self.take_as(Owner::new(graph::holding_party()));
        if taken {
            self.set_place(place);
        }
        taken
    }

    fn take_as(&self, owner: Owner) -> bool {
        // ORDERING: Acquire, pairs with the Release of `unlock`: the value is seen as it was left.
        let taken = self.owner.compare_exchange(
            ptr::null_mut(),
            owner.0,
            Ordering::Acquire,
            Ordering::Relaxed,
        );
        if taken.is_err() {
            // SAFETY: this value was not stored.
            drop(unsafe { owner.into_party() });
        }
        taken.is_ok()
    }

    /// Takes the mutex as soon as it is free; the place in the line is that of the first poll.
    pub(super) fn acquire(&self, place: TakenAt) -> Acquiring<'_> {
        Acquiring {
            core: self,
            place,
            wait: None,
        }
    }

    /// Gives the mutex back, to the first one in the line if there is one.
    #[inline]
    pub(super) fn unlock(&self) {
        // ORDERING: Relaxed; the place goes with the owner.
        self.place.store(ptr::null_mut(), Ordering::Relaxed);
        // ORDERING: Relaxed; the holder wrote it, or was told by the graph that it is the holder.
        let owner = Owner(self.owner.load(Ordering::Relaxed));
        if !owner.is_contended() {
            // ORDERING: Release, pairs with the Acquire of `take_as`.
            let freed = self.owner.compare_exchange(
                owner.0,
                ptr::null_mut(),
                Ordering::Release,
                Ordering::Relaxed,
            );
            if freed.is_ok() {
                // SAFETY: the word is null now, so its reference belongs to this call.
                return drop(unsafe { owner.into_party() });
            }
        }
        self.hand_over();
    }

    #[cold]
    fn hand_over(&self) {
        let mut graph = graph::lock();
        let waker = self.choose(&mut graph);
        // ORDERING: Relaxed; changed only under the lock of the graph, now that it is contended.
        let before = Owner(self.owner.load(Ordering::Relaxed));
        let next = waker.as_ref().map_or(Owner::FREE, |(next, _)| *next);
        // ORDERING: Release, pairs with the Acquire of `take_as`. One that was chosen learns of it
        // under the lock of the graph.
        self.owner.store(next.0, Ordering::Release);
        drop(graph);
        // SAFETY: the word has another value now, so its reference belongs to this call.
        drop(unsafe { before.into_party() });
        if let Some((_, Some(waker))) = waker {
            waker.wake();
        }
    }

    /// Chooses the first one in the line; its waker, and the next value of the word.
    fn choose(&self, graph: &mut Levels) -> Option<(Owner, Option<Waker>)> {
        let line = self.line.get();
        let chosen = graph.choose_first(line)?;
        let is_contended = graph.has_line(line);
        let waiter = graph.waiter(chosen)?;
        self.set_place(waiter.place);
        let owner = Owner::new(Some(waiter.party.clone()));
        let owner = if is_contended {
            owner.contended()
        } else {
            owner
        };
        Some((owner, waiter.waker.take()))
    }

    /// Puts the code that runs here into the line; `None` if it has taken the mutex instead.
    #[cold]
    fn wait(&self, waker: Waker, place: TakenAt) -> Option<WaitId> {
        let waiter = Waiter::new(self.line.made(), 1, waker, place);
        let mut graph = graph::lock();
        // ORDERING: Acquire, as in `take_as`; the place is that of this owner.
        let mut owner = Owner(self.owner.load(Ordering::Acquire));
        while !owner.is_contended() {
            let next = if owner.is_free() {
                Owner::new(Some(waiter.party.clone()))
            } else {
                owner.contended()
            };
            // ORDERING: Acquire, as above.
            let changed =
                self.owner
                    .compare_exchange(owner.0, next.0, Ordering::Acquire, Ordering::Acquire);
            match changed {
                Ok(_) if owner.is_free() => {
                    self.set_place(place);
                    drop(graph);
                    return None;
                }
                Ok(_) => owner = next,
                Err(other) => {
                    if owner.is_free() {
                        // SAFETY: this value was not stored.
                        drop(unsafe { next.into_party() });
                    }
                    owner = Owner(other);
                }
            }
        }
        let holder = Holder {
            // SAFETY: a contended word changes only under the lock of the graph, which is held.
            party: unsafe { owner.party() },
            place: self.place(),
        };
        let wait = graph::next_id();
        graph.add(wait, waiter, Some(holder));
        Some(wait)
    }

    fn set_place(&self, place: TakenAt) {
        // ORDERING: Relaxed; the value is a static, and says nothing about the lock.
        self.place
            .store(ptr::from_ref(place).cast_mut(), Ordering::Relaxed);
    }

    fn place(&self) -> Option<TakenAt> {
        // ORDERING: Relaxed, as above.
        let place = self.place.load(Ordering::Relaxed);
        // SAFETY: null, or the address of a static place.
        unsafe { place.as_ref() }
    }
}

impl Drop for MutexCore {
    fn drop(&mut self) {
        // ORDERING: Relaxed; nobody else has a reference.
        let owner = Owner(self.owner.load(Ordering::Relaxed));
        if !owner.is_free() {
            // Only with a guard or a future that was forgotten.
            // SAFETY: nobody else has a reference to the word.
            drop(unsafe { owner.into_party() });
            let forgotten = graph::lock().discard(self.line.get());
            drop(forgotten);
        }
    }
}

/// The future of a mutex that is to be taken. Dropped while it waits it leaves the line; dropped
/// after it was chosen it hands the mutex on.
pub(super) struct Acquiring<'a> {
    core: &'a MutexCore,
    place: TakenAt,
    wait: Option<WaitId>,
}

impl Future for Acquiring<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(wait) = self.wait {
            match graph::poll(wait, cx) {
                Some(Poll::Pending) => return Poll::Pending,
                Some(Poll::Ready(())) => {
                    self.wait = None;
                    return Poll::Ready(());
                }
                // In a forked child: the line is that of its parent.
                None => self.wait = None,
            }
        }
        if self.core.try_take(self.place) {
            return Poll::Ready(());
        }
        self.wait = self.core.wait(cx.waker().clone(), self.place);
        match self.wait {
            None => Poll::Ready(()),
            Some(_) => Poll::Pending,
        }
    }
}

impl Drop for Acquiring<'_> {
    fn drop(&mut self) {
        let Some(wait) = self.wait else { return };
        let left = graph::lock().remove(wait);
        if let Some((_, true)) = left {
            self.core.unlock();
        }
    }
}
