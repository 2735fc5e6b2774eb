//! `SemaphoreCore`: the count of permits, and the line of the code that waits for some.
//!
//! The word is the number of permits, and in its lowest bit whether there may be a line.
//!
//! * OPEN, bit clear: any thread takes and gives by a CAS. Leaves to LINED (the first that finds too
//!   few permits, under the lock of the graph).
//! * LINED, bit set: changes under the lock of the graph alone. Leaves to OPEN when nobody waits.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::graph::{self, LineNumber};
use super::levels::{Levels, WaitId, Waiter};
use crate::sync::{AtomicUsize, Ordering};

const LINED: usize = 1;
const ONE: usize = 2;

pub(super) struct SemaphoreCore {
    state: AtomicUsize,
    line: LineNumber,
}

impl SemaphoreCore {
    pub(super) const MAX: usize = usize::MAX >> 3;

    #[cfg(not(all(test, koil_loom)))]
    pub(super) const fn new(permits: usize) -> SemaphoreCore {
        assert!(
            permits <= SemaphoreCore::MAX,
            "a semaphore has at most Semaphore::MAX_PERMITS permits"
        );
        SemaphoreCore {
            state: AtomicUsize::new(permits * ONE),
            line: LineNumber::new(),
        }
    }

    #[cfg(all(test, koil_loom))]
    pub(super) fn new(permits: usize) -> SemaphoreCore {
        SemaphoreCore {
            state: AtomicUsize::new(permits * ONE),
            line: LineNumber::new(),
        }
    }

    pub(super) fn available(&self) -> usize {
        // ORDERING: Relaxed; only a hint.
        self.state.load(Ordering::Relaxed) / ONE
    }

    /// Takes that many permits, if nobody waits and there are enough.
    pub(super) fn try_take(&self, amount: usize) -> bool {
        // ORDERING: Acquire, pairs with the Release of `give`.
        let taken = self
            .state
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, |state| {
                let is_free = state & LINED == 0 && state / ONE >= amount;
                is_free.then(|| state - amount * ONE)
            });
        taken.is_ok()
    }

    /// Adds permits, and gives them to the first ones in the line.
    pub(super) fn give(&self, amount: usize) {
        if amount == 0 {
            return;
        }
        let added = |state: usize| match amount.checked_add(state / ONE) {
            Some(sum) if sum <= SemaphoreCore::MAX => (sum * ONE) | (state & LINED),
            _ => panic!(
                "{amount} permits more than {} exceed Semaphore::MAX_PERMITS; add fewer",
                state / ONE
            ),
        };
        // ORDERING: Release, pairs with the Acquire of `try_take`.
        let given = self
            .state
            .fetch_update(Ordering::Release, Ordering::Relaxed, |state| {
                (state & LINED == 0).then(|| added(state))
            });
        if given.is_err() {
            self.give_in_line(added);
        }
    }

    #[cold]
    fn give_in_line(&self, added: impl Fn(usize) -> usize) {
        let mut graph = graph::lock();
        // ORDERING: AcqRel; Release as above, and Acquire for those in the line, which learn of it
        // under the lock of the graph.
        let _always = self
            .state
            .fetch_update(Ordering::AcqRel, Ordering::Relaxed, |state| {
                Some(added(state))
            });
        let wakers = self.serve(&mut graph);
        drop(graph);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Gives permits to the first ones in the line, as long as there are enough for the very first.
    fn serve(&self, graph: &mut Levels) -> Vec<Waker> {
        let line = self.line.get();
        let mut wakers = Vec::new();
        while let Some(amount) = graph.first(line).map(|first| first.amount) {
            if amount > self.available() {
                return wakers;
            }
            // ORDERING: AcqRel, as in `give_in_line`.
            self.state.fetch_sub(amount * ONE, Ordering::AcqRel);
            let chosen = graph.choose_waker(line);
            wakers.extend(chosen.and_then(|(_, waker)| waker));
        }
        // ORDERING: AcqRel, as in `give_in_line`: the next one to take has seen what was given.
        self.state.fetch_and(!LINED, Ordering::AcqRel);
        wakers
    }

    pub(super) fn acquire(
        &self,
        amount: usize,
        place: &'static Location<'static>,
    ) -> AcquiringPermits<'_> {
        AcquiringPermits {
            core: self,
            amount,
            place,
            wait: None,
        }
    }

    /// Puts the code that runs here into the line; `None` if it has taken its permits instead.
    #[cold]
    fn wait(
        &self,
        amount: usize,
        waker: Waker,
        place: &'static Location<'static>,
    ) -> Option<WaitId> {
        let line = self.line.made();
        let waiter = Waiter::new(line, amount, waker, place);
        let mut graph = graph::lock();
        let has_line = graph.has_line(line);
        // ORDERING: Acquire, as in `try_take`.
        let before = self
            .state
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, |state| {
                Some(if !has_line && state / ONE >= amount {
                    state - amount * ONE
                } else {
                    state | LINED
                })
            });
        let (Ok(before) | Err(before)) = before;
        if !has_line && before / ONE >= amount {
            drop(graph);
            return None;
        }
        let wait = graph::next_id();
        graph.add(wait, waiter, None);
        Some(wait)
    }

    /// The waiter is gone: the next one may need less.
    fn left(&self, wait: WaitId, amount: usize) {
        let mut graph = graph::lock();
        let left = graph.remove(wait);
        let wakers = match left {
            Some((_, false)) => self.serve(&mut graph),
            _ => Vec::new(),
        };
        drop(graph);
        wakers.into_iter().for_each(Waker::wake);
        if let Some((_, true)) = left {
            self.give(amount);
        }
    }
}

impl Drop for SemaphoreCore {
    fn drop(&mut self) {
        // ORDERING: Relaxed; nobody else has a reference.
        if self.state.load(Ordering::Relaxed) & LINED != 0 {
            // Only with a future that was forgotten.
            let forgotten = graph::lock().discard(self.line.get());
            drop(forgotten);
        }
    }
}

/// The future of permits. Dropped while it waits it leaves the line; dropped after it was chosen it
/// gives them back.
pub(super) struct AcquiringPermits<'a> {
    core: &'a SemaphoreCore,
    amount: usize,
    place: &'static Location<'static>,
    wait: Option<WaitId>,
}

impl Future for AcquiringPermits<'_> {
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
        if self.core.try_take(self.amount) {
            return Poll::Ready(());
        }
        self.wait = self.core.wait(self.amount, cx.waker().clone(), self.place);
        match self.wait {
            None => Poll::Ready(()),
            Some(_) => Poll::Pending,
        }
    }
}

impl Drop for AcquiringPermits<'_> {
    fn drop(&mut self) {
        if let Some(wait) = self.wait {
            self.core.left(wait, self.amount);
        }
    }
}
