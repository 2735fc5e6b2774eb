//! Work that drops have handed over: the call or task in whose polls that happened collects it.
//!
//! ```text
//! call or task begins --> COLLECTS --> a drop hands work over: it is kept, HANDED
//!                                      the call is cut short: its grace time begins, HANDED
//!                     ends: takes all of it, and restores the state of the call or task around it
//! ```
//!
//! A call waits for what it has collected (`drive::settle`). A task passes it on, to the call or
//! task that takes its result. Without one of these no work is kept here: nothing waits for it.

use std::cell::RefCell;
use std::mem::{self, ManuallyDrop};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::report::site::CallSite;
use crate::report::unwind::{self, Payload};
use crate::scope::flags::{self, COLLECTS, HANDED};

/// Work that a drop has handed to a loop or to workers.
pub(crate) trait HandedWork: Send + Sync {
    /// Ready once the work has ended, well or not.
    fn poll_end(&self, cx: &Context<'_>) -> Poll<()>;

    /// Tells the error hook that the work goes on, and that no caller waits for it after `grace`.
    fn tell_late(&self, grace: Duration);

    /// The place where the work came from.
    fn site(&self) -> CallSite;
}

/// A list of such work.
pub(crate) type Works = Vec<Arc<dyn HandedWork>>;

/// All that a call or task has collected.
#[derive(Default)]
pub(crate) struct Handed {
    pub(crate) works: Works,
    /// The time at which the call was cut short: its grace time has run since then.
    pub(crate) cut_at: Option<Instant>,
    /// The state of the call or task around it, if that has collected anything.
    outer: Option<Box<Handed>>,
}

thread_local! {
    // No destructor: a call may be made in the destructor of any other thread-local. Each call or
    // task takes out what it has put in.
    static HANDED_OVER: RefCell<ManuallyDrop<Handed>> =
        const {
            RefCell::new(ManuallyDrop::new(Handed {
                works: Vec::new(),
                cut_at: None,
                outer: None,
            }))
        };
}

fn with<R>(f: impl FnOnce(&mut Handed) -> R) -> R {
    HANDED_OVER.with(|handed| f(&mut handed.borrow_mut()))
}

/// Keeps `work` for the call or task that collects here, if there is one.
pub(crate) fn keep(work: Arc<dyn HandedWork>) {
    if flags::any(COLLECTS) {
        with(|handed| handed.works.push(work));
        flags::replace(HANDED, HANDED);
    }
}

/// As [`keep`], for the work of a task whose result is taken here.
#[inline]
pub(crate) fn keep_all(works: Works) {
    // Checked first: most tasks have none, and the end of an iterator is not free.
    if !works.is_empty() {
        works.into_iter().for_each(keep);
    }
}

/// The call that collects here is cut short: its grace time has begun, unless it had before.
pub(crate) fn mark_cut() {
    if flags::any(COLLECTS) {
        let now = Instant::now();
        with(|handed| {
            handed.cut_at.get_or_insert(now);
        });
        flags::replace(HANDED, HANDED);
    }
}

/// True if there is anything to [`take`].
#[inline(always)]
pub(crate) fn is_any() -> bool {
    flags::any(HANDED)
}

/// Takes all that has been collected so far.
#[cold]
pub(crate) fn take() -> Handed {
    flags::replace(HANDED, 0);
    with(|handed| {
        let outer = handed.outer.take();
        let taken = mem::take(handed);
        handed.outer = outer;
        taken
    })
}

/// Puts aside what the call or task around this place has collected. `HANDED` is set and cleared by
/// the caller, here and in [`restore`].
#[cold]
pub(super) fn put_aside() {
    with(|handed| {
        let outer = mem::take(handed);
        handed.outer = Some(Box::new(outer));
    });
}

/// Restores what [`put_aside`] has put aside.
#[cold]
pub(super) fn restore() {
    with(|handed| {
        if let Some(outer) = handed.outer.take() {
            *handed = *outer;
        }
    });
}

/// Exchanges this for what has been collected on this thread; the flags are exchanged elsewhere.
pub(super) fn swap(other: &mut Handed) {
    with(|handed| mem::swap(handed, other));
}

/// Work is collected here from now on, until [`end`](Collecting::end); this nests.
#[must_use = "the thread collects until `end`"]
pub(crate) struct Collecting {
    was: u32,
}

impl Collecting {
    #[inline]
    pub(crate) fn begin() -> Collecting {
        let was = flags::replace(COLLECTS | HANDED, COLLECTS);
        if was & HANDED != 0 {
            put_aside();
        }
        Collecting { was }
    }

    /// Returns what has been collected, if anything has.
    #[inline]
    pub(crate) fn end(self) -> Option<Handed> {
        let handed = is_any().then(take);
        flags::replace(COLLECTS | HANDED, self.was);
        if self.was & HANDED != 0 {
            restore();
        }
        handed
    }
}

/// Runs `f`, and returns what has been collected in it, also if it panics.
#[inline]
pub(crate) fn collected<T>(f: impl FnOnce() -> T) -> (Result<T, Payload>, Option<Handed>) {
    let collecting = Collecting::begin();
    let outcome = unwind::halt(f);
    (outcome, collecting.end())
}

impl std::fmt::Debug for Handed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handed")
            .field("works", &self.works.len())
            .finish_non_exhaustive()
    }
}
