//! `PolledWork`: the piece of work that a thread polls at this moment, for other threads that look
//! whether it comes back. A loop thread has a slot in its loop, any other thread one of its own.
//!
//! A poll costs two plain stores and no clock. A thread that looks stores the time at which it first
//! saw a poll, so the age of a poll is a lower bound: the time since the first look.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::work_list::ListedWork;
use super::{LoopCore, WorkMark};
use crate::sync::{AtomicU64, Mutex, Ordering};

/// The polls of one thread that are made for one loop.
pub(crate) struct PollSlot {
    /// The poll of this moment: a number that grows with each poll, and below it the key of the work
    /// plus one, or zero between polls.
    poll: AtomicU64,
    thread: OnceLock<Thread>,
    /// The poll that was seen last, and when it was first seen.
    seen: Mutex<Option<(u64, Instant)>>,
}

/// The bits of the key.
const KEY: u64 = u32::MAX as u64;

/// The next poll is one higher above the key.
const NEXT: u64 = KEY + 1;

thread_local! {
    /// The slot of this thread for the loop whose work it polled last.
    static SLOT: RefCell<Option<(u64, Arc<PollSlot>)>> = const { RefCell::new(None) };
}

/// A piece of work that a thread has been polling for some time without coming back.
pub(crate) struct LongPoll {
    pub(crate) work: ListedWork,
    pub(crate) thread: Thread,
    /// The time since the poll was first seen.
    pub(crate) lasts: Duration,
}

/// The work of a mark is being polled on this thread until this is dropped.
#[must_use = "the poll is over when this is dropped"]
pub(crate) struct PolledWork<'a> {
    /// The slot of the loop thread; `None`: that of this thread.
    loop_slot: Option<&'a PollSlot>,
    /// The poll around this one, if a task drives another runtime.
    outer: u64,
}

impl<'a> PolledWork<'a> {
    /// A poll on the loop thread: its slot needs no look-up.
    #[inline]
    pub(crate) fn begin_on_loop(mark: &'a WorkMark) -> PolledWork<'a> {
        let slot = &mark.core().loop_slot;
        PolledWork {
            loop_slot: Some(slot),
            outer: slot.enter(mark),
        }
    }

    /// A poll on any thread.
    #[inline]
    pub(crate) fn begin(mark: &'a WorkMark) -> PolledWork<'a> {
        let core = mark.core();
        let outer = SLOT.try_with(|slot| match &*slot.borrow() {
            Some((id, slot)) if *id == core.id => Some(slot.enter(mark)),
            _ => None,
        });
        let outer = match outer {
            Ok(Some(outer)) => outer,
            Ok(None) => new_slot(core).enter(mark),
            // The thread is ending; what it polls now is not seen.
            Err(_) => 0,
        };
        PolledWork {
            loop_slot: None,
            outer,
        }
    }
}

impl Drop for PolledWork<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(slot) = self.loop_slot {
            return slot.leave(self.outer);
        }
        let _ = SLOT.try_with(|slot| {
            if let Some((_, slot)) = &*slot.borrow() {
                slot.leave(self.outer);
            }
        });
    }
}

impl PollSlot {
    /// A slot whose thread is not known yet.
    pub(crate) fn new() -> PollSlot {
        PollSlot {
            poll: AtomicU64::new(0),
            thread: OnceLock::new(),
            seen: Mutex::default(),
        }
    }

    /// The polls of this slot are made by the current thread.
    pub(crate) fn set_thread(&self) {
        // Only the first counts; a slot has one thread.
        let _ = self.thread.set(thread::current());
    }

    /// A poll begins; returns the word of the poll around it.
    #[inline]
    fn enter(&self, mark: &WorkMark) -> u64 {
        let key = (mark.key() as u64 + 1) & KEY;
        // ORDERING: Relaxed; only this thread writes, and a look that is late sees the poll before.
        let outer = self.poll.load(Ordering::Relaxed);
        let poll = ((outer & !KEY) + NEXT) | key;
        // ORDERING: as above.
        self.poll.store(poll, Ordering::Relaxed);
        outer
    }

    /// The poll is over; the work of the poll around it goes on.
    #[inline]
    fn leave(&self, outer: u64) {
        // ORDERING: Relaxed, as in `enter`.
        let poll = self.poll.load(Ordering::Relaxed);
        // ORDERING: Relaxed, as in `enter`.
        self.poll
            .store((poll & !KEY) | (outer & KEY), Ordering::Relaxed);
    }

    /// The key of the work that is being polled, and for how long at least.
    fn look(&self, now: Instant) -> Option<(usize, Duration)> {
        // ORDERING: Relaxed; the thread may be in another poll by the time the answer is read.
        let poll = self.poll.load(Ordering::Relaxed);
        let key = (poll & KEY).checked_sub(1)?;
        let mut seen = self.seen.lock();
        let since = match *seen {
            Some((before, since)) if before == poll => since,
            _ => seen.insert((poll, now)).1,
        };
        Some((
            usize::try_from(key).ok()?,
            now.saturating_duration_since(since),
        ))
    }
}

/// Makes a slot for the polls of this thread for `core`.
#[cold]
fn new_slot(core: &LoopCore) -> Arc<PollSlot> {
    let slot = Arc::new(PollSlot::new());
    slot.set_thread();
    let mut slots = core.poll_slots.lock();
    // A slot that only the list has belongs to a thread that has ended, or polls for another loop.
    slots.retain(|slot| Arc::strong_count(slot) > 1);
    slots.push(slot.clone());
    drop(slots);
    let _ = SLOT.try_with(|mine| mine.replace(Some((core.id, slot.clone()))));
    slot
}

impl LoopCore {
    /// The polls that have begun and are not over; the time of each begins to count now, unless it
    /// has been seen before.
    pub(crate) fn long_polls(&self, now: Instant) -> Vec<LongPoll> {
        let slots = self.poll_slots.lock();
        let all = slots.iter().map(|slot| &**slot).chain([&self.loop_slot]);
        let polls = all.filter_map(|slot| {
            let (key, lasts) = slot.look(now)?;
            let (work, thread) = (self.work_list.find(key)?, slot.thread.get()?.clone());
            Some(LongPoll {
                work,
                thread,
                lasts,
            })
        });
        polls.collect()
    }

    /// The time of the polls that have begun counts from now on, unless they have been seen before.
    pub(crate) fn see_polls(&self, now: Instant) {
        self.loop_slot.look(now);
        for slot in &*self.poll_slots.lock() {
            slot.look(now);
        }
    }
}
