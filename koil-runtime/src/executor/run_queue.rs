//! `RunQueue`: the tasks of an executor, those that are runnable in their order, and the runners that
//! have nothing to do.

mod moves;
mod task_slot;

use std::mem;
use std::panic::Location;
use std::sync::{Arc, Weak};
use std::task::Waker;

use slab::Slab;

pub(crate) use self::task_slot::TaskSlot;
use super::TaskStep;
use super::run_order::{Position, RunOrder};
use super::task_info::{NotRunnable, NotRunnableWhy, TaskInfo, TaskState};
use crate::fork::OfProcess;
use crate::scope::cancel::token::CancelToken;
use crate::scope::priority::party::{LevelChanged, Party};
use crate::scope::priority::{Priority, TaskId};
use crate::sync::{Mutex, MutexGuard};

/// The number of a runner among those of its queue.
pub(super) type RunnerKey = u32;

pub(crate) struct RunQueue<S> {
    /// Not reached in a forked child, where another thread may have held the lock at the fork.
    state: OfProcess<Mutex<State<S>>>,
}

// Not in the cache line of the lock, which a runner that waits for the lock reads all the time.
#[repr(align(128))]
struct State<S> {
    /// The tasks that have not ended.
    slots: Slab<TaskRecord<S>>,
    order: RunOrder,
    /// The wakers of the runners that found nothing to do.
    idle: Vec<(RunnerKey, Waker)>,
    next_runner: RunnerKey,
    is_closed: bool,
}

/// The step that a runner has run, and the one that the task has asked for in it: it has yielded.
pub(super) struct LastStep<S> {
    pub(super) task: TaskId,
    pub(super) next: Option<S>,
}

/// The rest of what is to be done for a step that is over, without the lock.
#[must_use]
struct AfterStep<S> {
    refused: Option<S>,
    woken: Option<Waker>,
}

impl<S> AfterStep<S> {
    #[inline]
    fn finish(self) {
        drop(self.refused);
        if let Some(waker) = self.woken {
            waker.wake();
        }
    }
}

struct TaskRecord<S> {
    id: TaskId,
    party: Party,
    /// The effective level of the party, so that a wake need not look there.
    level: u8,
    place: &'static Location<'static>,
    /// Set while the task is runnable.
    step: Option<S>,
    runner: Option<RunnerKey>,
    /// Cancelled when the queue is closed.
    token: Option<CancelToken>,
    /// The place in its level when it becomes runnable next; else the back.
    place_next: Option<Position>,
    polls: u64,
}

impl<S: TaskStep> RunQueue<S> {
    /// A `patience` of at least 1.
    pub(crate) fn new(patience: u32) -> Arc<RunQueue<S>> {
        Arc::new(RunQueue {
            state: OfProcess::new(Mutex::new(State {
                slots: Slab::new(),
                order: RunOrder::new(patience),
                idle: Vec::new(),
                next_runner: 0,
                is_closed: false,
            })),
        })
    }

    /// `None` in a forked child.
    fn state(&self) -> Option<MutexGuard<'_, State<S>>> {
        self.state.get().map(Mutex::lock)
    }

    /// A slot for a new task, which waits. `None` in a forked child.
    pub(crate) fn admit(
        self: &Arc<RunQueue<S>>,
        priority: Priority,
        place: &'static Location<'static>,
    ) -> Option<TaskSlot<S>> {
        let mut state = self.state()?;
        let entry = state.slots.vacant_entry();
        let key = u32::try_from(entry.key()).expect("fewer than 2^32 tasks fit into memory");
        let id = TaskId::next(key);
        let party = Party::of_task(priority, id);
        entry.insert(TaskRecord {
            id,
            party: party.clone(),
            level: priority.level(),
            place,
            step: None,
            runner: None,
            token: None,
            place_next: None,
            polls: 0,
        });
        drop(state);
        let hook = Arc::downgrade(self);
        let hook: Weak<dyn LevelChanged> = hook;
        party.on_change(hook);
        Some(TaskSlot::new(self.clone(), id, party))
    }

    /// Makes a new task runnable.
    pub(crate) fn start(&self, id: TaskId, step: S, token: CancelToken) {
        self.insert(id, step, Some(token));
    }

    /// Makes a task runnable that was woken.
    pub(crate) fn push(&self, id: TaskId, step: S) {
        self.insert(id, step, None);
    }

    /// The step of a queue that was closed is dropped.
    fn insert(&self, id: TaskId, step: S, token: Option<CancelToken>) {
        let Some(mut state) = self.state() else {
            // The task is the parent's.
            return mem::forget(step);
        };
        let refused = state.put(id, step, token);
        let woken = if refused.is_none() {
            state.idle.pop()
        } else {
            None
        };
        drop(state);
        drop(refused);
        if let Some((_, waker)) = woken {
            waker.wake();
        }
    }

    /// Drops the tasks, since no runner will come: one that is runnable at once, another one when it
    /// is woken by the cancel of its token.
    pub(crate) fn close(&self) {
        let Some(mut state) = self.state() else {
            return;
        };
        state.is_closed = true;
        let (mut steps, mut tokens) = (Vec::new(), Vec::new());
        for (_, slot) in &mut state.slots {
            steps.extend(slot.step.take());
            tokens.extend(slot.token.take());
        }
        state.order.clear();
        let idle = mem::take(&mut state.idle);
        drop(state);
        for token in tokens {
            token.cancel(
                "its `Executor` has been dropped; keep a clone of it until its tasks are done",
            );
        }
        drop((steps, idle));
    }

    /// The tasks that have not ended, in the order in which they were started.
    pub(crate) fn tasks(&self) -> Vec<TaskInfo> {
        let Some(state) = self.state() else {
            return Vec::new();
        };
        let positions = state.order.positions();
        let info = |slot: &TaskRecord<S>| TaskInfo {
            id: slot.id,
            place: slot.place,
            priority: slot.party.base(),
            effective: slot.party.effective(),
            polls: slot.polls,
            state: match positions.get(slot.id.slot() as usize).copied().flatten() {
                Some(position) => TaskState::Runnable { position },
                None if slot.runner.is_some() => TaskState::Running,
                None => TaskState::Waiting,
            },
        };
        let mut tasks: Vec<TaskInfo> = state.slots.iter().map(|(_, slot)| info(slot)).collect();
        drop(state);
        tasks.sort_unstable_by_key(TaskInfo::id);
        tasks
    }

    pub(crate) fn reposition(&self, task: TaskId, to: Position) -> Result<(), NotRunnable> {
        let Some(mut state) = self.state() else {
            return Err(NotRunnableWhy::Unknown.of(task));
        };
        state.check_runnable(task)?;
        state.order.reposition(task.slot(), to);
        Ok(())
    }

    /// The step that is next, for a runner that has come from this task. A runner that gets none is
    /// woken once there is one.
    pub(super) fn pick(
        &self,
        runner: RunnerKey,
        last: Option<LastStep<S>>,
        waker: impl FnOnce() -> Waker,
    ) -> Option<(TaskId, S)> {
        let Some(mut state) = self.state() else {
            // The task is the parent's.
            mem::forget(last);
            return None;
        };
        let after = state.come_back(runner, last);
        let picked = state.pick(runner);
        drop(state);
        after.finish();
        if picked.is_some() {
            return picked;
        }
        // Cloned without the lock, since a waker may run foreign code.
        let waker = waker();
        let mut state = self.state()?;
        let picked = state.pick(runner);
        let unused = if picked.is_some() {
            Some(waker)
        } else {
            state.idle.push((runner, waker));
            None
        };
        drop(state);
        drop(unused);
        picked
    }

    /// A runner has come to the end of a turn, from this task.
    pub(super) fn leave(&self, runner: RunnerKey, last: LastStep<S>) {
        let Some(mut state) = self.state() else {
            // As in `pick`.
            return mem::forget(last);
        };
        let after = state.come_back(runner, Some(last));
        drop(state);
        after.finish();
    }

    pub(super) fn add_runner(&self) -> RunnerKey {
        let Some(mut state) = self.state() else {
            return 0;
        };
        state.next_runner = state.next_runner.wrapping_add(1);
        state.next_runner
    }

    /// A runner is not idle any more, if it was.
    pub(super) fn has_woken(&self, runner: RunnerKey) {
        let Some(mut state) = self.state() else {
            return;
        };
        let at = state.idle.iter().position(|(key, _)| *key == runner);
        let waker = at.map(|at| state.idle.swap_remove(at));
        drop(state);
        drop(waker);
    }

    /// A runner is dropped. It may have been woken for a task, so another one takes its place.
    pub(super) fn remove_runner(&self, runner: RunnerKey) {
        self.has_woken(runner);
        let Some(mut state) = self.state() else {
            return;
        };
        let woken = if state.order.len() > 0 {
            state.idle.pop()
        } else {
            None
        };
        drop(state);
        if let Some((_, waker)) = woken {
            waker.wake();
        }
    }
}

impl<S: TaskStep> State<S> {
    fn slot(&mut self, task: TaskId) -> Option<&mut TaskRecord<S>> {
        let slot = self.slots.get_mut(task.slot() as usize)?;
        (slot.id == task).then_some(slot)
    }

    fn pick(&mut self, runner: RunnerKey) -> Option<(TaskId, S)> {
        let key = self.order.pick()?;
        let slot = &mut self.slots[key as usize];
        slot.runner = Some(runner);
        slot.polls += 1;
        let step = slot.step.take().expect("a runnable task has its step");
        Some((slot.id, step))
    }

    /// Makes a task runnable. Gives the step back if the queue is closed.
    fn put(&mut self, id: TaskId, step: S, token: Option<CancelToken>) -> Option<S> {
        if self.is_closed {
            return Some(step);
        }
        let Some(task) = self.slot(id) else {
            return Some(step);
        };
        task.step = Some(step);
        task.token = token.or(task.token.take());
        let position = task.place_next.take().unwrap_or(Position::Back);
        let level = task.level;
        self.order.insert(id.slot(), level, position);
        None
    }

    /// The step of this task is over.
    fn come_back(&mut self, runner: RunnerKey, last: Option<LastStep<S>>) -> AfterStep<S> {
        let mut after = AfterStep {
            refused: None,
            woken: None,
        };
        let Some(LastStep { task, next }) = last else {
            return after;
        };
        // Another runner may be in the next step of this task already.
        if let Some(task) = self.slot(task)
            && task.runner == Some(runner)
        {
            task.runner = None;
        }
        if let Some(next) = next {
            after.refused = self.put(task, next, None);
            // This runner takes one of them.
            if self.order.len() > 1 {
                after.woken = self.idle.pop().map(|(_, waker)| waker);
            }
        }
        after
    }

    fn check_runnable(&mut self, task: TaskId) -> Result<(), NotRunnable> {
        let why = match self.slot(task) {
            None => NotRunnableWhy::Unknown,
            Some(slot) if slot.step.is_some() => return Ok(()),
            Some(slot) if slot.runner.is_some() => NotRunnableWhy::Running,
            Some(_) => NotRunnableWhy::Waiting,
        };
        Err(why.of(task))
    }
}
