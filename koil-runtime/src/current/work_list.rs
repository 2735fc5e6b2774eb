//! `WorkList`: the tasks, exits and jobs of a loop, each with the line that started it, so that a
//! drain can wait for them and a report can name them.
//!
//! ```text
//! state     takes new tasks and jobs from        changes when
//! OPEN      every thread                         a drain begins
//! DRAINING  its own tasks and jobs alone         never: a stop follows
//! ```

use std::future::poll_fn;
use std::panic::Location;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use slab::Slab;

use super::{LoopCore, home};
use crate::fork::OfProcess;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel;
use crate::sync::{Condvar, Mutex, MutexGuard};

/// The pieces of work that a loop has been given and that have not ended.
pub(crate) struct WorkList {
    /// Never locked in a forked child, where the work stayed behind.
    state: OfProcess<Mutex<State>>,
    /// Notified when the last piece that counts has ended.
    idle: Condvar,
}

#[derive(Default)]
struct State {
    work: Slab<ListedWork>,
    /// The pieces that a drain waits for.
    counted: usize,
    is_draining: bool,
    /// The waker for the time when there are none.
    on_idle: Option<Waker>,
}

/// One piece of work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListedWork {
    pub(crate) kind: WorkKind,
    pub(crate) site: CallSite,
    /// It waits until it may continue, and no thread runs it.
    rests: bool,
}

/// The kinds of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorkKind {
    Task,
    Job,
    /// An exit that a drop has handed over.
    Exit,
    /// The rest of a writer that was dropped.
    Writer,
    /// The future of a caller that waits for it.
    Lent,
    /// The stream of an iterator, which fetches items ahead.
    Prefetch,
    /// The deadline of a task, which ends with it.
    Deadline,
    /// A runner of an executor, whose tasks count by themselves.
    #[cfg(feature = "sched")]
    Runner,
}

impl ListedWork {
    fn new(kind: WorkKind, site: CallSite) -> ListedWork {
        ListedWork {
            kind,
            site,
            rests: false,
        }
    }
}

impl WorkKind {
    /// Whether it has a life of its own, so that a drain waits for it; the others end with their
    /// callers or tasks.
    fn is_counted(self) -> bool {
        match self {
            WorkKind::Task | WorkKind::Job | WorkKind::Exit | WorkKind::Writer => true,
            WorkKind::Lent | WorkKind::Prefetch | WorkKind::Deadline => false,
            #[cfg(feature = "sched")]
            WorkKind::Runner => false,
        }
    }
}

impl WorkList {
    pub(crate) fn new() -> WorkList {
        WorkList {
            state: OfProcess::new(Mutex::default()),
            idle: Condvar::new(),
        }
    }

    /// The lock is never held while user code runs; `None` in a forked child.
    fn state(&self) -> Option<MutexGuard<'_, State>> {
        self.state.get().map(Mutex::lock)
    }

    /// From now on no other threads than those of its own tasks and jobs start new ones.
    pub(crate) fn mark_draining(&self) {
        if let Some(mut state) = self.state() {
            state.is_draining = true;
        }
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.state().is_some_and(|state| state.is_draining)
    }

    /// True if no task, job or exit is left.
    pub(crate) fn is_idle(&self) -> bool {
        self.state().is_none_or(|state| state.counted == 0)
    }

    /// Waits until no task, job or exit is left, at most for `limit`.
    pub(crate) fn wait_until_idle(&self, limit: Duration) {
        if let Some(state) = self.state() {
            let has_work = |state: &mut State| state.counted > 0;
            drop(self.idle.wait_timeout_while(state, limit, has_work));
        }
    }

    /// Ready once no task, job or exit is left. One thread or task may await it at a time.
    pub(crate) async fn idle(&self) {
        poll_fn(|cx| match self.state() {
            Some(mut state) if state.counted > 0 => {
                state.on_idle = Some(cx.waker().clone());
                Poll::Pending
            }
            Some(_) | None => Poll::Ready(()),
        })
        .await;
    }

    /// The piece of work with this key, if it has not ended.
    pub(crate) fn find(&self, key: usize) -> Option<ListedWork> {
        self.state()?.work.get(key).copied()
    }

    /// Where each task, job and exit was started that has not ended, the oldest first.
    pub(crate) fn unfinished(&self) -> Vec<&'static Location<'static>> {
        self.places(|work| work.kind.is_counted())
    }

    /// As [`unfinished`](WorkList::unfinished), without the work that rests.
    pub(crate) fn running(&self) -> Vec<&'static Location<'static>> {
        self.places(|work| work.kind.is_counted() && !work.rests)
    }

    fn places(&self, is_meant: impl Fn(&ListedWork) -> bool) -> Vec<&'static Location<'static>> {
        let Some(state) = self.state() else {
            return Vec::new();
        };
        let meant = state.work.iter().filter(|(_, work)| is_meant(work));
        meant.map(|(_, work)| work.site.location).collect()
    }
}

/// The entry of a piece of work in the list of its loop, until this is dropped.
pub(crate) struct WorkMark {
    core: Arc<LoopCore>,
    key: usize,
}

impl WorkMark {
    /// `None` in a forked child, whose loop stayed behind.
    pub(crate) fn new(core: &Arc<LoopCore>, kind: WorkKind, site: CallSite) -> Option<WorkMark> {
        let state = core.work_list.state()?;
        Some(WorkMark::enter(core, state, ListedWork::new(kind, site)))
    }

    /// As [`new`](WorkMark::new), for work that a loop refuses while it is drained: `None` then too.
    pub(crate) fn unless_drained(
        core: &Arc<LoopCore>,
        kind: WorkKind,
        site: CallSite,
    ) -> Option<WorkMark> {
        let mut state = core.work_list.state()?;
        if state.is_draining {
            drop(state);
            if !is_own_work(core) {
                return None;
            }
            state = core.work_list.state()?;
        }
        Some(WorkMark::enter(core, state, ListedWork::new(kind, site)))
    }

    /// Whether the work rests, or a thread runs it.
    pub(crate) fn set_rests(&self, rests: bool) {
        if let Some(mut state) = self.core.work_list.state()
            && let Some(work) = state.work.get_mut(self.key)
        {
            work.rests = rests;
        }
    }

    pub(crate) fn core(&self) -> &Arc<LoopCore> {
        &self.core
    }

    /// The place of the work in the list of its loop.
    pub(crate) fn key(&self) -> usize {
        self.key
    }

    fn enter(core: &Arc<LoopCore>, mut state: MutexGuard<'_, State>, work: ListedWork) -> WorkMark {
        state.counted += usize::from(work.kind.is_counted());
        let key = state.work.insert(work);
        drop(state);
        WorkMark {
            core: core.clone(),
            key,
        }
    }
}

impl Drop for WorkMark {
    fn drop(&mut self) {
        let list = &self.core.work_list;
        let Some(mut state) = list.state() else {
            return;
        };
        let work = state.work.try_remove(self.key);
        if !work.is_some_and(|work| work.kind.is_counted()) {
            return;
        }
        state.counted -= 1;
        if state.counted > 0 {
            return;
        }
        let waker = state.on_idle.take();
        drop(state);
        list.idle.notify_all();
        waker.into_iter().for_each(Waker::wake);
    }
}

/// True on the threads of a loop, and in its tasks and jobs wherever they run.
fn is_own_work(core: &Arc<LoopCore>) -> bool {
    home().is_some_and(|home| Arc::ptr_eq(&home, core))
        || current_cancel::token().is_some_and(|token| token.is_under(&core.token))
}
