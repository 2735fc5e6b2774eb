//! `Runner`: a future that runs the tasks of a queue, one after the other.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::task::coop::has_budget_remaining;

use super::TaskStep;
use super::current::EnteredQueue;
use super::run_queue::{LastStep, RunQueue, RunnerKey};
use crate::scope::priority::TaskId;

/// The steps after which a runner hands its thread back, so that the timers and sockets of the runtime
/// around it have their turn: the number after which a tokio scheduler looks at them.
pub(super) const STEPS: usize = 61;

/// Runs the tasks of a queue; it is never ready. Dropping it loses no task.
pub(crate) struct Runner<S: TaskStep> {
    queue: Arc<RunQueue<S>>,
    key: RunnerKey,
    /// It was pending without a task, and its waker may still be in the queue.
    is_idle: bool,
}

impl<S: TaskStep> Runner<S> {
    pub(crate) fn new(queue: Arc<RunQueue<S>>) -> Runner<S> {
        Runner {
            key: queue.add_runner(),
            queue,
            is_idle: false,
        }
    }

    /// Runs the steps of one turn; `run` returns the next step of a task that has yielded. True if
    /// there may be more.
    pub(super) fn turn(
        &mut self,
        cx: &Context<'_>,
        mut run: impl FnMut(TaskId, S) -> Option<S>,
    ) -> bool {
        if std::mem::take(&mut self.is_idle) {
            self.queue.has_woken(self.key);
        }
        let mut last = None;
        for _ in 0..STEPS {
            let picked = self
                .queue
                .pick(self.key, last.take(), || cx.waker().clone());
            let Some((task, step)) = picked else {
                self.is_idle = true;
                return false;
            };
            let next = run(task, step);
            last = Some(LastStep { task, next });
            // Tasks share the cooperative budget of this poll: a spent one would keep them all from
            // progress.
            if !has_budget_remaining() {
                break;
            }
        }
        if let Some(last) = last {
            self.queue.leave(self.key, last);
        }
        true
    }
}

impl<S: TaskStep> Future for Runner<S> {
    type Output = Infallible;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Infallible> {
        let this = self.get_mut();
        let entered = EnteredQueue::enter(this.queue.clone());
        let has_more = this.turn(cx, |task, step| {
            entered.set_task(task);
            step.run()
        });
        if has_more {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

/// A runner that belongs to a loop, which drops it at its end: its queue is closed then.
pub(crate) struct LoopRunner<S: TaskStep>(Runner<S>);

impl<S: TaskStep> LoopRunner<S> {
    pub(crate) fn new(queue: Arc<RunQueue<S>>) -> LoopRunner<S> {
        LoopRunner(Runner::new(queue))
    }
}

impl<S: TaskStep> Future for LoopRunner<S> {
    type Output = Infallible;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Infallible> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl<S: TaskStep> Drop for LoopRunner<S> {
    fn drop(&mut self) {
        self.0.queue.close();
    }
}

impl<S: TaskStep> Drop for Runner<S> {
    fn drop(&mut self) {
        self.queue.remove_runner(self.key);
    }
}
