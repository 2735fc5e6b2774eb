//! `NewTask`: a task between its start and the moment at which something polls it.

use std::sync::{Arc, OnceLock};

use super::cancellable::Cancellable;
#[cfg(feature = "sched")]
use super::scheduled;
use super::task::{KoilTask, OnDrop};
use super::task_source::{TaskOutput, TaskSource};
use crate::call::collected::Collected;
use crate::current::LoopCore;
#[cfg(feature = "sched")]
use crate::executor::{RunQueue, Runnable, TaskSlot};
use crate::global;
#[cfg(feature = "sched")]
use crate::report::error::Kind;
use crate::report::site::CallSite;
use crate::report::unwind::Payload;
use crate::scope::cancel::token::CancelToken;
use crate::scope::context::in_context::InContext;
use crate::scope::context::snapshot::Snapshot;
#[cfg(feature = "sched")]
use crate::scope::priority::{Priority, party};
use crate::sync::Mutex;

/// A task that has its loop, and no future yet.
pub(super) struct NewTask {
    pub(super) core: Arc<LoopCore>,
    pub(super) site: CallSite,
    /// The executor that runs it, if it is not the scheduler of tokio; with the level of the task.
    #[cfg(feature = "sched")]
    place: TaskPlace,
}

/// The place in which a task runs.
#[cfg(feature = "sched")]
enum TaskPlace {
    /// The scheduler of tokio, on the loop.
    Loop,
    Slot(TaskSlot<Runnable>),
    /// An executor that stayed behind at a fork.
    Nowhere,
}

impl NewTask {
    /// A task on the ambient loop.
    ///
    /// # Panics
    ///
    /// If the process-wide loop is needed and cannot be started.
    #[track_caller]
    pub(super) fn at(site: CallSite) -> NewTask {
        match global::ambient(site) {
            Ok(core) => NewTask::of(core, site),
            Err(error) => error.throw(),
        }
    }

    #[cfg(not(feature = "sched"))]
    fn of(core: Arc<LoopCore>, site: CallSite) -> NewTask {
        NewTask { core, site }
    }

    #[cfg(feature = "sched")]
    fn of(core: Arc<LoopCore>, site: CallSite) -> NewTask {
        let queue = core.priorities.get().cloned();
        let task = NewTask {
            core,
            site,
            place: TaskPlace::Loop,
        };
        match queue {
            Some(queue) => task.on(&queue, party::base_here()),
            None => task,
        }
    }

    /// The same task, on this executor.
    #[cfg(feature = "sched")]
    pub(super) fn on(mut self, queue: &Arc<RunQueue<Runnable>>, priority: Priority) -> NewTask {
        let slot = queue.admit(priority, self.site.location);
        self.place = slot.map_or(TaskPlace::Nowhere, TaskPlace::Slot);
        self
    }

    /// Starts the future, without a first poll here.
    pub(super) fn start<F>(self, future: F) -> KoilTask<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let token = self.core.token.child();
        let cancellable = Cancellable::new(future, token.clone(), self.core.clone());
        let future = InContext::new(self.context(), cancellable);
        self.spawn(token, Collected::new(future))
    }

    /// The context of the task: a copy of that of the running code.
    #[cfg_attr(not(feature = "sched"), allow(clippy::unused_self))]
    pub(super) fn context(&self) -> Snapshot {
        #[cfg(feature = "sched")]
        if let TaskPlace::Slot(slot) = &self.place {
            return Snapshot::capture_as(slot.party());
        }
        Snapshot::capture()
    }

    /// Gives the future of the task to the loop, or to the executor.
    pub(super) fn spawn<F, T>(self, token: CancelToken, future: F) -> KoilTask<T>
    where
        F: Future<Output = TaskOutput<T>> + Send + 'static,
        T: Send + 'static,
    {
        let NewTask { core, site, .. } = self;
        // No task is given to a loop that stayed behind at a fork: its queue may stay locked forever.
        if core.is_forked() {
            return made(core, site, TaskSource::Taken, token.into());
        }
        #[cfg(feature = "sched")]
        match self.place {
            TaskPlace::Loop => {}
            TaskPlace::Slot(slot) => {
                let id = slot.id();
                let source = scheduled::spawn(&core, site, slot, token.clone(), future);
                let mut task = made(core, site, source, token.into());
                task.id = Some(id);
                return task;
            }
            TaskPlace::Nowhere => {
                let source = TaskSource::Refused(Kind::ForkedExecutor);
                return made(core, site, source, token.into());
            }
        }
        let source = TaskSource::Loop(core.spawn_task(site, future));
        made(core, site, source, token.into())
    }

    /// A task that has ended where it was started.
    pub(super) fn ended<T>(self, outcome: Result<TaskOutput<T>, Payload>) -> KoilTask<T> {
        let source = TaskSource::Here(Mutex::new(outcome));
        made(self.core, self.site, source, OnceLock::new())
    }
}

fn made<T>(
    core: Arc<LoopCore>,
    site: CallSite,
    source: TaskSource<T>,
    token: OnceLock<CancelToken>,
) -> KoilTask<T> {
    KoilTask {
        source,
        #[cfg(feature = "sched")]
        id: None,
        brings: false,
        token,
        core,
        site,
        on_drop: OnDrop::Detach,
        cancels_on_timeout: false,
    }
}
