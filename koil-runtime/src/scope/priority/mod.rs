//! `Priority`: the level at which code waits in koil's queues.

pub(crate) mod party;

use std::fmt;

use self::party::Party;
pub(crate) use crate::report::task_id::TaskId;

/// A level at which code waits, 0 to 63; a higher one is served first.
///
/// The current priority belongs to the running code, as a [`ContextVar`](crate::ContextVar) does: it
/// goes into blocking calls, tasks, workers, gathers and iterators that begin here, and no signature
/// changes. Where none is set it is [`NORMAL`](Priority::NORMAL).
///
/// ```
/// use koil::sched::Priority;
///
/// /// Some blocking code, a twin for example.
/// fn report() -> Priority {
///     koil::unkoil_task(async { Priority::current() }).result().unwrap()
/// }
///
/// assert_eq!(report(), Priority::NORMAL);
/// assert_eq!(Priority::LOW.scope(report), Priority::LOW);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(u8);

impl Priority {
    /// The lowest level, 0: work that may wait for all other work.
    pub const IDLE: Priority = Priority(0);
    /// Level 16.
    pub const LOW: Priority = Priority(16);
    /// Level 32, where no priority is set.
    pub const NORMAL: Priority = Priority(32);
    /// Level 48.
    pub const HIGH: Priority = Priority(48);
    /// The highest level, 63.
    pub const MAX: Priority = Priority(63);

    /// The priority with this level; `None` above 63.
    ///
    /// ```
    /// use koil::sched::Priority;
    ///
    /// const NEARLY_HIGH: Priority = Priority::new(40).unwrap();
    /// assert!(Priority::NORMAL < NEARLY_HIGH && NEARLY_HIGH < Priority::HIGH);
    /// assert_eq!(Priority::new(64), None);
    /// ```
    #[must_use]
    pub const fn new(level: u8) -> Option<Priority> {
        if level <= Priority::MAX.0 {
            Some(Priority(level))
        } else {
            None
        }
    }

    /// The level, 0 to 63.
    #[must_use]
    pub const fn level(self) -> u8 {
        self.0
    }

    /// The priority of the running code, with the one that it has inherited: a task, scope or call
    /// that holds a [lock of this module](crate::sched) has at least the priority of each that waits
    /// for it.
    ///
    /// A task or worker that is started inherits nothing: it has the priority that was given here.
    #[must_use]
    pub fn current() -> Priority {
        party::with_current(|party| party.map_or(Priority::NORMAL, Party::effective))
    }

    /// Runs `f` with this priority, and restores the previous one, also if `f` panics.
    ///
    /// A lower priority than the current one is possible too. Locks that are taken in `f` belong to
    /// this scope; one that is taken outside belongs to the code around it.
    ///
    /// ```
    /// use koil::sched::Priority;
    ///
    /// let level = Priority::HIGH.scope(|| {
    ///     let inner = Priority::IDLE.scope(Priority::current);
    ///     (inner, Priority::current())
    /// });
    /// assert_eq!(level, (Priority::IDLE, Priority::HIGH));
    /// ```
    pub fn scope<R>(self, f: impl FnOnce() -> R) -> R {
        Party::new(self).enter(f)
    }

    /// Runs `future` with this priority while it is polled, on any thread and runtime.
    ///
    /// Dropping the future drops the inner one with this priority.
    ///
    /// ```
    /// use koil::sched::Priority;
    ///
    /// let levels = koil::unkoil(async {
    ///     let inner = Priority::LOW.scope_async(async {
    ///         tokio::task::yield_now().await;
    ///         Priority::current()
    ///     });
    ///     (inner.await, Priority::current())
    /// });
    /// assert_eq!(levels, (Priority::LOW, Priority::NORMAL));
    /// ```
    pub fn scope_async<F: Future>(self, future: F) -> impl Future<Output = F::Output> + use<F> {
        Party::new(self).enter_async(future)
    }
}

impl Default for Priority {
    /// [`Priority::NORMAL`].
    fn default() -> Priority {
        Priority::NORMAL
    }
}

impl fmt::Display for Priority {
    /// The level.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
