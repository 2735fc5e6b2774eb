//! Wakers that a tokio scheduler keeps back while a blocking call holds its thread.
//!
//! `yield_now`, and a future that has used up its cooperative budget, give their waker to the
//! scheduler of the thread. The scheduler wakes it when the thread returns to it: after the
//! blocking call. Two cases:
//!
//! * The waker is the caller's own. No wake is lost, since the caller polls again (`drive::pace`).
//! * The waker belongs to an executor inside the future (`FuturesUnordered`, a nested `LocalSet`).
//!   That executor polls its child only after the wake, so the call would never end.
//!
//! The second case is found through a rule of the scheduler's list: a waker is not added if it
//! would wake the last entry (`Waker::will_wake`); otherwise a clone of it is added. So a *mark* is
//! added before each poll, and added again after it: a clone is made then only if another entry has
//! come in between.
//!
//! ```text
//! mark        poll                       mark            meaning
//! [.. M]      own waker: not added       M: no clone     nobody else is in the list
//! [.. M]      [.. M X]                   M: a clone      X waits for this thread
//! [.. M]      [.. M X W], W a clone      M: a clone      X waits, though W came after it
//! ```
//!
//! The future gets the mark itself as its waker, so its own entries are not added. Clones that are
//! made during the poll have another identity (that of the caller's plain waker), or the last row
//! would look like the first.
//!
//! A call in a callback of the future adds the mark too, and X would not be seen any more:
//!
//! ```text
//! mark   poll, with a call in it        mark
//! [.. M] [.. M X] mark: [.. M X M']     M': no clone
//! ```
//!
//! So each mark that is added within a poll is looked at for that poll first, and added once more when
//! the inner poll ends: its own entries are not those of the outer future.

#![allow(unsafe_code)]

#[cfg(all(test, not(koil_loom)))]
mod models;

use std::cell::{Cell, OnceCell};
use std::mem::ManuallyDrop;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

/// The mark is not in use, or the future polls with it: clones are the caller's plain waker.
const PLAIN: u8 = 0;
/// The mark is being added to the list: clones are marks.
const MARKING: u8 = 1;

struct Mark {
    mode: AtomicU8,
    /// Since the mode was last set.
    is_cloned: AtomicBool,
    is_woken: AtomicBool,
    plain: Waker,
}

/// The end of the list of the scheduler that runs on this thread.
pub(super) struct Deferred {
    mark: Arc<Mark>,
    /// Found once per thread; not per process, since after a fork a check that was in progress in
    /// the parent would never finish in the child.
    is_exact: OnceCell<bool>,
    /// The innermost poll that is going on.
    watch: Cell<Option<Watch>>,
}

/// The state of the list as a poll left it, seen by marks that were added within that poll.
#[derive(Debug, Clone, Copy, Default)]
struct Watch {
    is_owed: bool,
    has_registered: bool,
}

/// One poll beside a scheduler.
pub(super) struct Polled {
    pub(super) poll: Poll<()>,
    /// The scheduler of this thread owes a wake to an executor inside the future.
    pub(super) is_owed: bool,
    /// The future has cloned its waker, as a future does that waits for an event.
    pub(super) has_registered: bool,
}

/// How the list took the mark.
#[derive(Debug, PartialEq, Eq)]
enum Added {
    /// There is no list: no scheduler runs on this thread, and the waker was woken at once.
    NoScheduler,
    /// It was the last entry already.
    WasLast,
    /// Another entry was the last.
    Anew,
}

impl Deferred {
    /// `plain` is the waker of this thread.
    pub(super) fn new(plain: &Waker) -> Deferred {
        Deferred {
            mark: Arc::new(Mark {
                mode: AtomicU8::new(PLAIN),
                is_cloned: AtomicBool::new(false),
                is_woken: AtomicBool::new(false),
                plain: plain.clone(),
            }),
            is_exact: OnceCell::new(),
            watch: Cell::new(None),
        }
    }

    /// True if a tokio scheduler is running a task on this thread at this moment. Tokio has no
    /// function for this; one test per context checks the answer.
    pub(super) fn is_inside_scheduler(&self) -> bool {
        self.look() != Added::NoScheduler
    }

    /// True during a poll that looks at the list.
    pub(super) fn is_watching(&self) -> bool {
        self.watch.get().is_some()
    }

    /// Adds the mark, and notes for the poll that is going on what the list told of it.
    fn look(&self) -> Added {
        // ORDERING: Relaxed; see `begin`.
        let has_registered = self.mark.is_cloned.load(Ordering::Relaxed);
        let added = self.add_mark();
        if let Some(watch) = self.watch.get() {
            self.watch.set(Some(Watch {
                is_owed: watch.is_owed || added == Added::Anew,
                has_registered: watch.has_registered || has_registered,
            }));
        }
        added
    }

    /// Polls once, on a thread that is inside a scheduler.
    pub(super) fn poll(&self, poll: impl FnOnce(&Waker) -> Poll<()>) -> Polled {
        let is_exact = self.is_exact();
        self.look();
        let watching = Watching::begin(self);
        self.begin(PLAIN);
        let poll = poll(&self.waker());
        if poll.is_pending() {
            self.look();
        }
        let Watch {
            is_owed,
            has_registered,
        } = watching.end();
        Polled {
            poll,
            is_owed: poll.is_pending() && (is_owed || !is_exact),
            has_registered,
        }
    }

    /// True if the list follows the rule that this module relies on. So a tokio version with
    /// another rule makes calls fail with an error, and not hang.
    fn is_exact(&self) -> bool {
        *self.is_exact.get_or_init(|| {
            self.add_mark();
            defer(Waker::noop());
            self.add_mark() == Added::Anew && self.add_mark() == Added::WasLast
        })
    }

    /// Makes the mark the last entry of the list.
    fn add_mark(&self) -> Added {
        self.begin(MARKING);
        defer(&self.waker());
        // ORDERING: Relaxed; see `begin`.
        let added = if self.mark.is_woken.load(Ordering::Relaxed) {
            Added::NoScheduler
        } else if self.mark.is_cloned.load(Ordering::Relaxed) {
            Added::Anew
        } else {
            Added::WasLast
        };
        self.begin(PLAIN);
        added
    }

    fn begin(&self, mode: u8) {
        // ORDERING: Relaxed; this thread writes and reads. Another thread sees the mark only inside
        // a poll, where the hand-over of the waker to that thread has ordered these writes before.
        self.mark.is_cloned.store(false, Ordering::Relaxed);
        // ORDERING: as above.
        self.mark.is_woken.store(false, Ordering::Relaxed);
        // ORDERING: as above.
        self.mark.mode.store(mode, Ordering::Relaxed);
    }

    /// The waker of a poll, which is the mark.
    pub(super) fn waker(&self) -> Waker {
        // SAFETY: `VTABLE` keeps the contract of `RawWaker`: the pointer is a counted reference to a
        // `Mark`, which is `Send` and `Sync`.
        unsafe { Waker::from_raw(of_mark(self.mark.clone())) }
    }
}

/// One poll that looks at the list, until this is dropped; the poll around it goes on then.
struct Watching<'a> {
    deferred: &'a Deferred,
    outer: Option<Watch>,
}

impl<'a> Watching<'a> {
    fn begin(deferred: &'a Deferred) -> Watching<'a> {
        let outer = deferred.watch.replace(Some(Watch::default()));
        Watching { deferred, outer }
    }

    fn end(self) -> Watch {
        self.deferred.watch.get().unwrap_or_default()
    }
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        let Watching { deferred, outer } = self;
        if outer.is_some() {
            // The last entries are those of the inner poll.
            deferred.add_mark();
        }
        deferred.watch.set(*outer);
    }
}

/// Gives `waker` to the scheduler of this thread; without a scheduler it is woken at once.
fn defer(waker: &Waker) {
    let mut yielding = pin!(tokio::task::yield_now());
    // Pending, unless tokio changes its meaning: then `is_exact` finds that the list cannot be
    // read.
    let (Poll::Pending | Poll::Ready(())) = yielding.as_mut().poll(&mut Context::from_waker(waker));
}

/// One vtable for all marks: `will_wake` compares its address too.
static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, release);

fn of_mark(mark: Arc<Mark>) -> RawWaker {
    RawWaker::new(Arc::into_raw(mark).cast(), &VTABLE)
}

/// # Safety
///
/// `data` is a counted reference to a `Mark`, as for all of these functions; `wake` and `release`
/// give it up.
unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: as this function asks; the count is not touched.
    let mark = ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<Mark>()) });
    // ORDERING: Relaxed; see `begin`.
    mark.is_cloned.store(true, Ordering::Relaxed);
    // ORDERING: as above.
    if mark.mode.load(Ordering::Relaxed) == MARKING {
        return of_mark(Arc::clone(&mark));
    }
    // Its reference count passes to the new waker.
    let plain = ManuallyDrop::new(mark.plain.clone());
    RawWaker::new(plain.data(), plain.vtable())
}

/// # Safety
///
/// As for `clone`.
unsafe fn wake(data: *const ()) {
    // SAFETY: as this function asks; the reference is given up here.
    unsafe { Arc::from_raw(data.cast::<Mark>()) }.wake();
}

/// # Safety
///
/// As for `clone`.
unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: as this function asks; the count is not touched.
    ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<Mark>()) }).wake();
}

/// # Safety
///
/// As for `clone`.
unsafe fn release(data: *const ()) {
    // SAFETY: as this function asks; the reference is given up here.
    drop(unsafe { Arc::from_raw(data.cast::<Mark>()) });
}

impl Mark {
    fn wake(&self) {
        // ORDERING: Relaxed; see `begin`.
        if self.mode.load(Ordering::Relaxed) == MARKING {
            // ORDERING: as above.
            self.is_woken.store(true, Ordering::Relaxed);
        } else {
            self.plain.wake_by_ref();
        }
    }
}
