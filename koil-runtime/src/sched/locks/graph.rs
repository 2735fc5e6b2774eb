//! The graph of waits: one per process, behind one lock, which is taken only where somebody has to
//! wait.

use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::thread::ThreadId;

use super::levels::{Holder, Levels, LineId, WaitId};
use crate::executor::current;
use crate::report::held_lock::{self, HeldLock};
use crate::scope::flags::{self, OWN_POLL};
use crate::scope::priority::party::Party;
use crate::sync::{self, Mutex, MutexGuard, fence};

#[cfg(not(all(test, koil_loom)))]
static GRAPH: crate::fork::PerProcess<Mutex<Levels>> =
    crate::fork::PerProcess::new(|| Mutex::new(Levels::default()));

/// The graph of this process. No waker is cloned, called or dropped while it is locked.
#[cfg(not(all(test, koil_loom)))]
pub(super) fn lock() -> MutexGuard<'static, Levels> {
    GRAPH.get().lock()
}

#[cfg(all(test, koil_loom))]
loom::lazy_static! {
    static ref GRAPH: Mutex<Levels> = Mutex::new(Levels::default());
}

/// The graph of one run of a model.
#[cfg(all(test, koil_loom))]
pub(super) fn lock() -> MutexGuard<'static, Levels> {
    GRAPH.lock()
}

/// A number that no other wait and no other line has, neither in this process nor in its parents.
pub(super) fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    // ORDERING: Relaxed; only uniqueness and the order of calls under the lock of the graph count.
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The number of the line of one lock, given to it when the first has to wait.
pub(super) struct LineNumber(AtomicU64);

impl LineNumber {
    pub(super) const fn new() -> LineNumber {
        LineNumber(AtomicU64::new(0))
    }

    /// Zero, the number of no line, until one had to wait.
    pub(super) fn get(&self) -> LineId {
        // ORDERING: Relaxed; the number alone counts.
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn made(&self) -> LineId {
        let line = self.get();
        if line != 0 {
            return line;
        }
        let fresh = next_id();
        // ORDERING: Relaxed; the number alone counts.
        let made = self
            .0
            .compare_exchange(0, fresh, Ordering::Relaxed, Ordering::Relaxed);
        made.err().unwrap_or(fresh)
    }
}

/// The party to which a lock belongs that the running code takes; see [`Party::of_holder`].
#[inline]
pub(super) fn holding_party() -> Option<Party> {
    let party = Party::of_holder()?;
    note_task(&party);
    Some(party)
}

/// If this is a scope inside of a task, it is the task that is polled, and that has to be raised.
#[inline]
fn note_task(party: &Party) {
    if party.task().is_none()
        && party.around().is_none()
        && let Some(task) = current::task()
        && let Some(around) = task.queue.party(task.id)
    {
        party.set_around(around);
    }
}

/// The party of a wait that begins here. From now on the graph hears of its base level.
pub(super) fn waiting_party() -> Party {
    let party = Party::current();
    note_task(&party);
    party.on_base_change(base_changed);
    // ORDERING: SeqCst, pairs with the fence in `Party::set_base`: that one finds the hook, or its
    // level is seen where the wait is put into its line.
    fence(sync::Ordering::SeqCst);
    party
}

/// This thread, if its own blocking call is polled here.
pub(super) fn blocked_thread() -> Option<ThreadId> {
    if !flags::any(OWN_POLL) {
        return None;
    }
    held_lock::set_finder(lock_of);
    Some(std::thread::current().id())
}

/// Polls a wait; one that was chosen is taken away. `None` in a forked child, for a wait of its parent.
pub(super) fn poll(wait: WaitId, cx: &Context<'_>) -> Option<Poll<()>> {
    poll_amount(wait, cx).map(|poll| poll.map(drop))
}

/// As [`poll`], with the amount that it was given.
pub(super) fn poll_amount(wait: WaitId, cx: &Context<'_>) -> Option<Poll<usize>> {
    let waker = cx.waker().clone();
    let thread = blocked_thread();
    let mut graph = lock();
    let waiter = graph.waiter(wait)?;
    if waiter.is_chosen() {
        let amount = waiter.amount;
        let chosen = graph.remove(wait);
        drop(graph);
        drop(chosen);
        return Some(Poll::Ready(amount));
    }
    waiter.thread = thread;
    let before = waiter.waker.replace(waker);
    drop(graph);
    drop(before);
    Some(Poll::Pending)
}

/// The lock for which the blocking call of this thread waits.
fn lock_of(thread: ThreadId) -> Option<HeldLock> {
    let graph = lock();
    let line = graph.line_of(thread)?;
    let Holder { party, place } = graph.holder(line)?;
    let task = party.as_ref().and_then(|party| {
        let around = party.around().and_then(Party::task);
        party.task().or(around)
    });
    Some(HeldLock {
        taken_at: *place,
        task,
        is_circle: graph.is_circle(line),
    })
}

fn base_changed(party: &Party) {
    lock().base_changed(party);
}
