//! `Snapshot`: a context, captured here to be entered elsewhere.

use std::fmt;

use super::in_context::InContext;
use super::trace::{self, Trace};
use super::vars::{self, Key, Vars};
#[cfg(feature = "sched")]
use crate::scope::priority::{Priority, party};

/// The state that goes with work to another thread: the context variables and, with feature
/// `tracing`, the current span and its dispatcher.
///
/// Cheap to take and to clone: one reference count, and nothing where no variable is set. Each clone
/// is for a piece of work of its own.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    vars: Vars,
    trace: Trace,
}

impl Snapshot {
    /// The context of this thread, for other work.
    #[inline]
    pub(crate) fn capture() -> Snapshot {
        Snapshot {
            vars: for_other_work(vars::current()),
            trace: Trace::capture(),
        }
    }

    /// The context of this thread, for the task that is this party.
    #[cfg(feature = "sched")]
    pub(crate) fn capture_as(task: &party::Party) -> Snapshot {
        let mut vars = vars::current();
        task.become_current_in(&mut vars);
        Snapshot {
            vars,
            trace: Trace::capture(),
        }
    }

    /// The context of this thread, for the same work on another thread.
    pub(crate) fn capture_whole() -> Snapshot {
        Snapshot {
            vars: vars::current(),
            trace: Trace::capture(),
        }
    }

    /// Makes this the context of this thread until the guard is dropped. Then the previous context
    /// is restored, and variables that were set meanwhile are in `self`, for the next `enter`.
    #[inline]
    pub(crate) fn enter(&mut self) -> EnteredSnapshot<'_> {
        EnteredSnapshot {
            _vars: vars::EnteredVars::enter(&mut self.vars),
            _trace: self.trace.enter(),
        }
    }

    /// Exchanges the variables for those of this thread.
    #[inline]
    pub(crate) fn swap(&mut self) {
        if !(vars::are_empty() && self.vars.is_empty()) {
            self.vars = vars::swap(std::mem::take(&mut self.vars));
        }
    }

    /// The priority of work in this context, without what it may inherit.
    #[cfg(feature = "sched")]
    pub(crate) fn priority(&self) -> Priority {
        party::level_in(&self.vars)
    }

    /// The variables of this context, to compare with later.
    pub(crate) fn base(&self) -> Base {
        Base(self.vars.clone())
    }

    /// The variables that were set and unset since `base` was taken of this context.
    pub(crate) fn changes_since(&self, base: &Base) -> Changes {
        let mut changes = self.vars.changes_since(&base.0);
        changes.retain(|(key, _)| !stays(*key));
        Changes(changes)
    }
}

impl Clone for Snapshot {
    fn clone(&self) -> Snapshot {
        Snapshot {
            vars: for_other_work(self.vars.clone()),
            trace: self.trace.clone(),
        }
    }
}

/// The variables, for work that holds and waits on its own account.
#[cfg(feature = "sched")]
#[inline]
fn for_other_work(mut vars: Vars) -> Vars {
    if !vars.is_empty() {
        party::renew(&mut vars);
    }
    vars
}

#[cfg(not(feature = "sched"))]
#[inline]
fn for_other_work(vars: Vars) -> Vars {
    vars
}

/// True for a variable that is not passed on with the changes of some work.
#[cfg(feature = "sched")]
fn stays(key: Key) -> bool {
    party::is_key(key)
}

#[cfg(not(feature = "sched"))]
fn stays(_key: Key) -> bool {
    false
}

/// The variables at the start of some work. Without the span, which ends with the work.
#[derive(Debug)]
pub(crate) struct Base(Vars);

/// An entered snapshot; the context is left when this is dropped.
#[derive(Debug)]
#[must_use = "the context is left when this is dropped"]
pub(crate) struct EnteredSnapshot<'a> {
    // Field order is drop order: the span is left first.
    _trace: trace::EnteredTrace<'a>,
    _vars: vars::EnteredVars<'a>,
}

/// The variables that some work has set or unset in a context of its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes(Vec<(vars::Key, Option<vars::Value>)>);

impl Changes {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes the same changes in the context of this thread, and no others.
    pub(crate) fn apply(self) {
        for (key, value) in self.0 {
            drop(vars::replace(key, value));
        }
    }
}

/// A context, captured here to be used elsewhere: on threads and in tasks that koil does not start.
///
/// It holds the [context variables](crate::ContextVar) and, with feature `tracing`, the current
/// span and dispatcher. The calls, tasks, threads and iterators of koil need none: they have their
/// context anyway.
///
/// ```
/// koil::context_var! { static USER: &'static str }
///
/// USER.set("ada");
/// let context = koil::ContextSnapshot::capture();
/// let elsewhere = std::thread::spawn(move || context.run(|| USER.get()));
/// assert_eq!(elsewhere.join().unwrap(), Some("ada"));
/// ```
#[doc(alias = "copy_context")]
#[derive(Clone, Default)]
pub struct ContextSnapshot(Snapshot);

impl ContextSnapshot {
    /// The context of this thread, as it is now.
    #[inline]
    #[must_use]
    pub fn capture() -> ContextSnapshot {
        ContextSnapshot(Snapshot::capture())
    }

    /// Runs `f` in a copy of this context; variables that `f` sets end with the copy.
    #[inline]
    pub fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        let mut copy = self.0.clone();
        let _within = copy.enter();
        f()
    }

    /// Runs `future` in a copy of this context, on any thread that polls it. Variables that it sets
    /// are kept across its polls and end with the copy. Dropping the future drops the inner one in
    /// that context.
    ///
    /// ```
    /// koil::context_var! { static USER: &'static str }
    ///
    /// let seen = koil::unkoil(async {
    ///     USER.set("ada");
    ///     let context = koil::ContextSnapshot::capture();
    ///     // tokio's own tasks know nothing of contexts.
    ///     tokio::spawn(context.scope(async { USER.get() })).await.unwrap()
    /// });
    /// assert_eq!(seen, Some("ada"));
    /// ```
    pub fn scope<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let future = InContext::new(self.0.clone(), future);
        async move { future.await.0 }
    }
}

impl fmt::Debug for ContextSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContextSnapshot")
    }
}
