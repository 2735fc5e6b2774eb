//! `Party`: one that holds and waits, with its own level and the one that it has inherited.
//!
//! A party is a task of an `Executor`, a `Priority` scope, a task of koil's, a blocking call (with all
//! others of its thread, since a thread is in one place at a time), or, in other code, one wait.

#![allow(unsafe_code)]

use std::sync::{Arc, OnceLock, Weak};

use super::{Priority, TaskId};
use crate::scope::context::vars::{Key, Value, Vars};
use crate::scope::flags::{self, EXECUTOR, NOT_PLAIN, POLLING};
use crate::sync::{AtomicU16, Ordering, fence};

crate::context_var! {
    /// The party of the running code.
    static CURRENT: Inner
}

/// One that holds and waits. Clones are the same party.
#[derive(Clone)]
pub(crate) struct Party(Arc<Inner>);

struct Inner {
    /// The base level, and above it the inherited one plus one, or zero.
    levels: AtomicU16,
    task: Option<TaskId>,
    /// Of a scope inside a task: the party of that task, which is polled for it.
    around: OnceLock<Party>,
    /// Told when the effective level changes.
    executor: OnceLock<Weak<dyn LevelChanged>>,
    /// Told when the base level changes.
    waits: OnceLock<fn(&Party)>,
}

/// The owner of a queue in which a party waits.
pub(crate) trait LevelChanged: Send + Sync {
    /// The effective level of the party is another one. Several changes may be told in any order, so
    /// the level is to be read under the lock of the queue.
    fn level_changed(&self, party: &Party);
}

/// The bits of the base level.
const BASE: u16 = 0xff;

impl Party {
    pub(crate) fn new(base: Priority) -> Party {
        Party::made(base, None)
    }

    /// The party of a task.
    pub(crate) fn of_task(base: Priority, task: TaskId) -> Party {
        Party::made(base, Some(task))
    }

    fn made(base: Priority, task: Option<TaskId>) -> Party {
        Party(Arc::new(Inner {
            levels: AtomicU16::new(base.level().into()),
            task,
            around: OnceLock::new(),
            executor: OnceLock::new(),
            waits: OnceLock::new(),
        }))
    }

    /// The innermost party of the running code. Where there is none, a fresh one with the level of
    /// this place; it stays where the next wait of the same code finds it, if there is such a place.
    pub(crate) fn current() -> Party {
        if let Some(current) = CURRENT.here() {
            return Party(current);
        }
        let fresh = Party::new(Priority::NORMAL);
        // The context of a task of another runtime is that of its thread, which it shares.
        if flags::get(POLLING | EXECUTOR | NOT_PLAIN) == POLLING {
            CURRENT.set_shared(fresh.0.clone());
        }
        fresh
    }

    /// The party to which a lock belongs that the running code takes. `None` for code in which no
    /// later wait would find the same party.
    #[inline]
    pub(crate) fn of_holder() -> Option<Party> {
        match CURRENT.here() {
            Some(current) => Some(Party(current)),
            None if flags::get(POLLING | EXECUTOR | NOT_PLAIN) == POLLING => Some(Party::current()),
            None => None,
        }
    }

    /// The identity of this party, as long as it lives.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// This reference, as a pointer that is a multiple of eight.
    pub(crate) fn into_raw(self) -> *const () {
        const { assert!(align_of::<Inner>() >= 8) };
        Arc::into_raw(self.0).cast()
    }

    /// The reference that [`into_raw`](Party::into_raw) has given away.
    ///
    /// # Safety
    ///
    /// Once for each such pointer.
    pub(crate) unsafe fn from_raw(raw: *const ()) -> Party {
        // SAFETY: the pointer came out of `into_raw`, and is used once, as the caller knows.
        Party(unsafe { Arc::from_raw(raw.cast()) })
    }

    /// Another reference to the same party.
    ///
    /// # Safety
    ///
    /// The pointer came out of [`into_raw`](Party::into_raw), and its reference has not ended.
    pub(crate) unsafe fn clone_raw(raw: *const ()) -> Party {
        // SAFETY: the count is at least one, as the caller knows.
        unsafe { Arc::increment_strong_count(raw.cast::<Inner>()) };
        // SAFETY: the line above has counted this reference.
        unsafe { Party::from_raw(raw) }
    }

    /// Makes this the current party of the code with these variables.
    pub(crate) fn become_current_in(&self, vars: &mut Vars) {
        let this: Value = self.0.clone();
        drop(vars.replace(CURRENT.key(), Some(this)));
    }

    /// This is the current party within `f`.
    pub(crate) fn enter<R>(&self, f: impl FnOnce() -> R) -> R {
        let _entered = CURRENT.enter_shared(self.0.clone());
        f()
    }

    /// This is the current party in the polls of `future`.
    pub(crate) fn enter_async<F: Future>(
        &self,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope_shared(self.0.clone(), future)
    }

    /// The level that was given, without the inherited one.
    pub(crate) fn base(&self) -> Priority {
        // ORDERING: Relaxed; see `change`.
        base_of(self.0.levels.load(Ordering::Relaxed))
    }

    /// The higher one of the base level and the inherited level.
    pub(crate) fn effective(&self) -> Priority {
        // ORDERING: Relaxed; see `change`.
        effective_of(self.0.levels.load(Ordering::Relaxed))
    }

    /// The level that it has inherited.
    pub(crate) fn inherited(&self) -> Option<Priority> {
        // ORDERING: Relaxed; see `change`.
        let levels = self.0.levels.load(Ordering::Relaxed);
        let above = (levels >> 8).checked_sub(1)?;
        Some(base_of(above))
    }

    /// The party of the task in which this scope is.
    pub(crate) fn around(&self) -> Option<&Party> {
        self.0.around.get()
    }

    /// This is a scope inside of that task; only the first call counts.
    pub(crate) fn set_around(&self, task: Party) {
        let _ = self.0.around.set(task);
    }

    /// The task that this is, if it is one.
    pub(crate) fn task(&self) -> Option<TaskId> {
        self.0.task
    }

    /// Changes the base level, and tells the executor and the locks of it. No lock may be held.
    pub(crate) fn set_base(&self, level: Priority) {
        let before = self.change(|levels| levels & !BASE | u16::from(level.level()));
        // ORDERING: SeqCst, pairs with the fence of a wait that begins: that one sees this level, or
        // its hook is found here.
        fence(Ordering::SeqCst);
        if base_of(before) != level
            && let Some(tell) = self.0.waits.get()
        {
            tell(self);
        }
    }

    /// Changes the inherited level, and tells the executor of it. For the graph of the locks alone,
    /// under its lock.
    pub(crate) fn set_inherited(&self, level: Option<Priority>) {
        let inherited = level.map_or(0, |level| u16::from(level.level()) + 1);
        self.change(|levels| levels & BASE | inherited << 8);
    }

    /// The executor of this task; only the first call counts.
    pub(crate) fn on_change(&self, hook: Weak<dyn LevelChanged>) {
        let _ = self.0.executor.set(hook);
    }

    /// The function of the locks that hears of a new base level; only the first call counts.
    pub(crate) fn on_base_change(&self, hook: fn(&Party)) {
        let _ = self.0.waits.set(hook);
    }

    fn change(&self, change: impl Fn(u16) -> u16) -> u16 {
        // ORDERING: Relaxed; the levels publish nothing. A queue reads them under its lock, after
        // the change that it is told of, so that the last to be told has seen every change.
        let changed = self
            .0
            .levels
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |levels| {
                Some(change(levels))
            });
        let (Ok(before) | Err(before)) = changed;
        if effective_of(before) != effective_of(change(before))
            && let Some(executor) = self.0.executor.get().and_then(Weak::upgrade)
        {
            executor.level_changed(self);
        }
        before
    }
}

fn base_of(levels: u16) -> Priority {
    Priority((levels & BASE) as u8)
}

fn effective_of(levels: u16) -> Priority {
    let inherited = (levels >> 8).saturating_sub(1);
    base_of((levels & BASE).max(inherited))
}

/// Gives `f` the party of the running code, if it has one.
pub(crate) fn with_current<R>(f: impl FnOnce(Option<&Party>) -> R) -> R {
    f(CURRENT.here().map(Party).as_ref())
}

/// The variables of the running code, for other work: it is a party of its own, with the base level
/// of this one, since what was inherited ends with an unlock.
pub(crate) fn renew(vars: &mut Vars) {
    if let Some(current) = in_vars(vars) {
        let base = current.base();
        let is_set = base != Priority::NORMAL;
        let renewed = is_set.then(|| -> Value { Party::new(base).0 });
        drop(vars.replace(CURRENT.key(), renewed));
    }
}

/// The base level of the work to which these variables belong.
pub(crate) fn level_in(vars: &Vars) -> Priority {
    in_vars(vars).map_or(Priority::NORMAL, |party| party.base())
}

/// The level that the running code was given.
pub(crate) fn base_here() -> Priority {
    with_current(|party| party.map_or(Priority::NORMAL, Party::base))
}

/// The level that the running code has inherited, if it is above its own.
pub(crate) fn inherited() -> Option<Priority> {
    with_current(|party| {
        let levels = party.map(|party| (party.base(), party.effective()));
        levels.and_then(|(base, effective)| (effective > base).then_some(effective))
    })
}

fn in_vars(vars: &Vars) -> Option<Party> {
    let inner = vars.get(CURRENT.key())?.clone().downcast().ok()?;
    Some(Party(inner))
}

/// True for the variable that holds the party: it stays with the work that it belongs to.
pub(crate) fn is_key(key: Key) -> bool {
    key == CURRENT.key()
}
