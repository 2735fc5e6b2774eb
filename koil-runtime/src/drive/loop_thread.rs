//! `LoopThread`: the loop thread, with its start-up handshake, its loop and its orderly end.
//!
//! ```text
//! owner                loop thread
//! start  ---- plan --> builds the runtime
//!        <-- report -- success, or the reason of a failure
//!                      drives
//! stop   --- stop ---> (or the owner is gone, or a waker has panicked)
//!                      drains: drives on until callers, tasks and guards have left, within limits
//!                      closes the held contexts, the workers, the runtime
//!        <-- ended --- with the callers and guards that it left behind
//! ```

use std::io;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, OnceLock, Weak, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::relay::{self, Drivers};
use crate::current::relay::{Relay, SharedRuntime};
use crate::current::{self, Hooks, LoopCore, Members, Role, ThreadHook, Workers, run_hook};
#[cfg(feature = "sched")]
use crate::executor::{LoopRunner, RunQueue};
use crate::fork;
use crate::pool;
use crate::report::unwind;
use crate::sync::Event;

/// The configuration of a loop.
#[derive(Clone)]
pub(crate) struct LoopPlan {
    pub(crate) thread_name: String,
    /// 0: a current-thread runtime.
    pub(crate) worker_threads: usize,
    /// The ageing of its tasks, if they have priorities.
    #[cfg(feature = "sched")]
    pub(crate) patience: Option<u32>,
    pub(crate) max_blocking_threads: usize,
    /// `None`: as std has it.
    pub(crate) thread_stack_size: Option<usize>,
    pub(crate) blocking_executor: Option<pool::JobExecutor>,
    pub(crate) join_timeout: Duration,
    pub(crate) cancel_grace: Duration,
    /// `None`: as the environment or the default says.
    pub(crate) drivers: Option<Drivers>,
    pub(crate) linger: Duration,
    pub(crate) on_thread_start: Option<ThreadHook>,
    pub(crate) on_thread_stop: Option<ThreadHook>,
    pub(crate) hooks: Hooks,
}

/// The maximum time that a forked child waits for its loop thread. Std takes a lock when a thread
/// starts or ends; if another thread of the parent held it at the fork, no thread can ever start in
/// the child.
const START_IN_CHILD: Duration = Duration::from_secs(10);

/// The owner's end of a running loop thread.
pub(crate) struct LoopThread {
    stop: Option<oneshot::Sender<()>>,
    /// Set when the thread has ended, to the callers and guards that it left behind.
    ended: Arc<Event<LeftBehind>>,
}

/// The numbers of callers and guards that were still there when a loop ended.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LeftBehind {
    pub(super) callers: usize,
    pub(super) guards: usize,
}

/// Starts a loop thread; returns after the thread has reported success or the reason why it could
/// not be built.
pub(crate) fn start(plan: LoopPlan) -> io::Result<(Arc<LoopCore>, LoopThread)> {
    let (report, handshake) = mpsc::sync_channel(1);
    let (stop, stopped) = oneshot::channel();
    let ended = Arc::new(Event::new());
    let announce = ended.clone();
    let mut builder = thread::Builder::new().name(format!("{}-loop", plan.thread_name));
    if let Some(size) = plan.thread_stack_size {
        builder = builder.stack_size(size);
    }
    builder.spawn(move || {
        let (runtime, core) = match build(&plan) {
            Ok(built) => built,
            Err(error) => return drop(report.send(Err(error))),
        };
        current::adopt_thread(core.clone(), Role::Loop);
        core.loop_slot.set_thread();
        let _release = ReleaseCallers(core.clone());
        run_hook(plan.on_thread_start.as_ref());
        // Reported before the loop runs, so that a failed build surfaces in `Koil::new`.
        let reported = report.send(Ok(core.clone()));
        // A message and a closed channel mean the same: the owner stops the loop, or is gone.
        // Tokio catches the panics of tasks. A panic that arrives here is a waker's, and may
        // have lost the wakes of others. So the loop ends, in order, and its callers get an
        // error; the panic hook has reported the panic itself.
        let is_dead = reported.is_ok() && !drives_to_its_end(&core, &runtime, stopped);
        core.stop();
        // The loop outlives the callers that wait: they may need it to clean up. A call that is
        // in its first polls finds that the loop is ending, and returns the error
        // (`drive::fast_path`).
        let left_behind = drain(runtime.runtime(), &core, is_dead);
        let begun = Instant::now();
        core.pool.close();
        if let Some(relay) = core.relay.get() {
            relay.close();
        }
        if let Some(runtime) = runtime.take() {
            // A runtime whose driver was lost to a panic in `drain` panics here.
            unwind::swallow(|| runtime.shutdown_timeout(core.join_timeout));
            core.pool.semaphore().mark_over();
        }
        // Both kinds of workers share one time limit.
        core.pool
            .wait_until_ended(core.join_timeout.saturating_sub(begun.elapsed()));
        // A panic of the hook must not keep the owner waiting.
        unwind::swallow(|| run_hook(plan.on_thread_stop.as_ref()));
        announce.set(left_behind);
    })?;
    let started = if fork::is_child() {
        handshake
            .recv_timeout(START_IN_CHILD)
            .map_err(|error| error == RecvTimeoutError::Timeout)
    } else {
        handshake.recv().map_err(|_| false)
    };
    let started = started.unwrap_or_else(|is_late| {
        Err(io::Error::other(if is_late {
            "the loop thread does not start in this forked child: during the fork another thread \
             held a lock of std, as a thread does while it starts or ends"
        } else {
            "the loop thread ended before it was ready"
        }))
    });
    Ok((
        started?,
        LoopThread {
            stop: Some(stop),
            ended,
        },
    ))
}

/// Drives until `stopped` is sent or closed; false if a panic has lost the driver.
fn drives_to_its_end(
    core: &LoopCore,
    runtime: &SharedRuntime,
    stopped: oneshot::Receiver<()>,
) -> bool {
    match core.relay.get() {
        Some(relay) => relay.run(core, runtime.runtime(), stopped) == relay::DriveEnd::Told,
        None => match unwind::halt(|| runtime.runtime().block_on(stopped)) {
            Ok(_) => true,
            Err(payload) => {
                core.set_driver_panic(&payload);
                false
            }
        },
    }
}

/// Drives until the callers have left and the contexts are closed, within time limits. Returns the
/// callers and guards that are still there.
///
/// A runtime that is dead has lost its driver, and must not drive again: the callers leave without
/// it.
fn drain(runtime: &Runtime, core: &LoopCore, is_dead: bool) -> LeftBehind {
    let limit = core.cancel_grace.saturating_add(core.join_timeout);
    let begun = Instant::now();
    let has_driven = !is_dead
        && unwind::halt(|| {
            runtime.block_on(async {
                // Late callers are counted below. A guard may be anywhere, and may be leaked: it
                // gets its grace time and no more.
                let all = core.registry.all_left(Members::GuardsToo);
                if timeout(core.cancel_grace, all).await.is_err() {
                    let others = core.registry.all_left(Members::CallersAndTasks);
                    let _ = timeout(core.join_timeout, others).await;
                }
                core.registry.close();
                core.close_held_contexts().await;
            });
        })
        .is_ok();
    let callers = if has_driven {
        core.registry.close()
    } else {
        let left = limit.saturating_sub(begun.elapsed());
        core.registry.wait_until_all_left(Members::Callers, left);
        core.registry.close()
    };
    core.drop_held_contexts();
    LeftBehind {
        callers,
        guards: core.registry.guards(),
    }
}

fn build(plan: &LoopPlan) -> io::Result<(Arc<SharedRuntime>, Arc<LoopCore>)> {
    let drivers = Drivers::or_from_environment(plan.drivers)?;
    let own = OwnLoop::default();
    let mut builder = match plan.worker_threads {
        0 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    if plan.worker_threads > 0 {
        builder.worker_threads(plan.worker_threads);
    }
    if let Some(size) = plan.thread_stack_size {
        builder.thread_stack_size(size);
    }
    builder
        .enable_all()
        .thread_name(format!("{}-worker", plan.thread_name))
        .max_blocking_threads(plan.max_blocking_threads.saturating_add(pool::EXTRA))
        .on_thread_start({
            let (own, hook) = (own.0.clone(), plan.on_thread_start.clone());
            move || {
                if let Some(core) = own.wait().upgrade() {
                    current::adopt_thread(core.clone(), Role::Worker);
                    core.pool.semaphore().enter();
                }
                // A panic of the hook must not lose the job for which this thread was made; the
                // panic hook has reported the panic.
                unwind::swallow(|| run_hook(hook.as_ref()));
            }
        })
        .on_thread_stop({
            let hook = plan.on_thread_stop.clone();
            move || {
                // Whatever the hook does, the next thread may start.
                unwind::swallow(|| run_hook(hook.as_ref()));
                if let Some(core) = current::home() {
                    core.pool.semaphore().exit();
                }
            }
        });
    let runtime = builder.build()?;
    let core = LoopCore::new(
        plan.thread_name.clone(),
        runtime.handle().clone(),
        plan.join_timeout,
        plan.cancel_grace,
        Workers {
            limit: plan.max_blocking_threads,
            schedulers: plan.worker_threads,
            on_start: plan.on_thread_start.clone(),
            on_stop: plan.on_thread_stop.clone(),
            stack_size: plan.thread_stack_size,
            executor: plan.blocking_executor.clone(),
        },
        plan.hooks.clone(),
    );
    own.set(Arc::downgrade(&core));
    #[cfg(feature = "sched")]
    if let Some(patience) = plan.patience {
        let queue = RunQueue::new(patience);
        for _ in 0..plan.worker_threads.max(1) {
            // Detached: the runtime drops it at its end.
            drop(runtime.spawn(LoopRunner::new(queue.clone())));
        }
        // Just made, so it is not set yet.
        let _ = core.priorities.set(queue);
    }
    let runtime = SharedRuntime::new(runtime);
    if plan.worker_threads == 0 && drivers != Drivers::LoopThread {
        let relay = Relay::new(runtime.clone(), plan.linger, drivers == Drivers::Callers);
        // Just made, so it is not set yet.
        let _ = core.relay.set(relay);
    }
    Ok((runtime, core))
}

/// The loop that the threads of a runtime belong to. They may start before it is known, and wait
/// for it; if it is never set, the drop releases them.
#[derive(Default)]
struct OwnLoop(Arc<OnceLock<Weak<LoopCore>>>);

impl OwnLoop {
    fn set(&self, core: Weak<LoopCore>) {
        // Only the first value counts: after a success, the set in the drop has no effect.
        let _ = self.0.set(core);
    }
}

impl Drop for OwnLoop {
    fn drop(&mut self) {
        self.set(Weak::new());
    }
}

impl LoopThread {
    /// Asks the loop thread to end, and does not wait for it.
    pub(crate) fn ask_to_end(&mut self, core: &LoopCore) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended by itself: then the channel has no receiver.
            let _ = stop.send(());
        }
        if let Some(relay) = core.relay.get() {
            relay.notify_loop();
        }
    }

    /// Forgets the thread without a signal to it: a drop of the channel would wake it.
    pub(crate) fn leave_behind(&mut self) {
        std::mem::forget(self.stop.take());
    }

    /// Waits for the end of the thread. Returns the callers and guards that were still there;
    /// `None` after `limit`.
    pub(super) fn wait_until_ended(&self, limit: Duration) -> Option<LeftBehind> {
        self.ended.wait(limit)
    }
}

/// Releases the callers of a loop when it ends, by request or by a panic: no caller waits for it
/// after that.
pub(super) struct ReleaseCallers(pub(super) Arc<LoopCore>);

impl Drop for ReleaseCallers {
    fn drop(&mut self) {
        self.0.stop();
        self.0.registry.close();
        self.0.drop_held_contexts();
        self.0.pool.close();
    }
}
