//! A pool of threads for blocking jobs, which may wait for each other.
//!
//! The pool knows nothing of loops: its owner supplies the code that runs around each thread
//! ([`PoolPlan::around`]).
//!
//! * At most `limit` threads *run* at a time. A thread that waits in a call of koil does not count
//!   ([`PermitGivenBack`]), so another one may take its place: jobs that wait for jobs make progress
//!   however deep they are nested. Java's `ForkJoinPool` has this as `ManagedBlocker`.
//! * Jobs are served in the order of their arrival; with feature `sched` by priority, and equals in
//!   the order of their arrival ([`JobQueue`]).
//! * Threads are started on demand and end after [`KEEP_ALIVE`] without work.
//! * At most one thread at a time has been woken or started for the queue without having looked at
//!   it. When it takes a job and leaves others behind, it wakes or starts the next thread: a burst
//!   of short jobs costs a few wakes, not one each.
//! * With an executor of the application, that executor gets a [`Ticket`](ticket::Ticket) for each
//!   job, and the threads here only stand in for threads of the executor that wait.

mod permit;
mod queue;
mod semaphore;
mod thread;
mod ticket;

use std::io;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use slab::Slab;

pub(crate) use self::permit::PermitGivenBack;
#[cfg(unix)]
pub(crate) use self::permit::leave_behind;
pub(crate) use self::queue::JobLevel;
use self::queue::JobQueue;
pub(crate) use self::semaphore::{EXTRA, Semaphore};
pub(crate) use self::ticket::JobExecutor;
use crate::sync::{Condvar, Mutex, MutexGuard, Parker};

/// How long an idle thread stays alive; the same as for tokio's blocking threads.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// The work of a thread. Called with `Err` if it is refused, to report the reason to the code that
/// waits for the job.
pub(crate) type Job = Box<dyn FnOnce(Result<(), Refusal>) + Send>;

/// Runs the work of a thread between the set-up and the tear-down that the owner of the pool wants.
pub(crate) type Around = Arc<dyn Fn(&mut dyn FnMut()) + Send + Sync>;

/// Why a job was not begun.
#[derive(Debug, Clone)]
pub(crate) enum Refusal {
    /// The pool has been closed.
    Closed,
    /// The operating system refused a thread, and no running thread will take the job later.
    NoThread(Arc<io::Error>),
}

/// The configuration of a pool.
pub(crate) struct PoolPlan {
    /// Threads are called `{name}-worker`, or by what they do if they belong to one job.
    pub(crate) name: String,
    /// How many threads may run at a time.
    pub(crate) limit: usize,
    /// How many of tokio's blocking threads may run at a time, scheduler threads included.
    pub(crate) tokio_limit: usize,
    /// The size of each thread's stack, if it is not that of std.
    pub(crate) stack_size: Option<usize>,
    pub(crate) around: Around,
    /// Runs the jobs that need no thread of their own.
    pub(crate) executor: Option<JobExecutor>,
    /// Runs a job on a thread of the executor, between what makes it a thread of the owner and what
    /// ends that.
    pub(crate) around_guest: Around,
}

impl PoolPlan {
    /// How many threads of the pool may run now: with an executor, one for each job of the
    /// executor's that waits.
    fn limit(&self, state: &State) -> usize {
        match self.executor {
            None => self.limit,
            Some(_) => state.waiting_guests,
        }
    }
}

/// The owner's handle to a pool. Dropping it closes the pool, and does not wait for the threads.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    semaphore: Arc<Semaphore>,
}

struct Shared {
    plan: PoolPlan,
    state: Mutex<State>,
    /// Notified when the last thread has ended.
    all_ended: Condvar,
}

#[derive(Default)]
struct State {
    queue: JobQueue<Job>,
    /// Idle threads, most recently idle last: its cache is warmest, so it is reused first.
    idle: Vec<Arc<Parker>>,
    /// Threads that run a job and do not wait.
    running: usize,
    /// Threads of the executor that run a job and wait.
    waiting_guests: usize,
    /// Tickets that the executor has and that have not been used.
    tickets: usize,
    /// A thread has been woken or started for the queue, and has not looked at it yet.
    coming: bool,
    /// Threads that have been started and have not ended, and jobs that the executor runs.
    alive: usize,
    closed: bool,
    /// The wakers of threads that belong to one job, which waits for more work of its own.
    woken_on_close: Slab<Waker>,
}

/// The action to take outside the lock, so that the queue is served.
#[must_use]
enum QueueStep {
    Nothing,
    Wake(Arc<Parker>),
    Start,
}

impl Pool {
    pub(crate) fn new(plan: PoolPlan) -> Pool {
        Pool {
            semaphore: Semaphore::new(plan.tokio_limit),
            shared: Arc::new(Shared {
                plan,
                state: Mutex::default(),
                all_ended: Condvar::new(),
            }),
        }
    }

    /// The semaphore of tokio's blocking threads that belong to the same loop.
    pub(crate) fn semaphore(&self) -> &Arc<Semaphore> {
        &self.semaphore
    }

    /// Puts a job at the end of its level of the queue.
    pub(crate) fn submit(&self, level: JobLevel, job: Job) {
        let shared = &self.shared;
        let mut state = shared.state();
        if state.closed {
            drop(state);
            return job(Err(Refusal::Closed));
        }
        state.queue.push(level, job);
        let step = state.see_to_queue(&shared.plan);
        let executor = shared.plan.executor.as_ref();
        state.tickets += usize::from(executor.is_some());
        drop(state);
        shared.take(step);
        if let Some(executor) = executor {
            ticket::hand_out(shared, executor);
        }
    }

    /// Runs a job on a thread of its own, called `{name}-{title}`. The end of the pool waits for it;
    /// it does not count as running.
    pub(crate) fn submit_separate(&self, title: &str, job: Job) {
        let mut state = self.shared.state();
        if state.closed {
            drop(state);
            return job(Err(Refusal::Closed));
        }
        state.alive += 1;
        drop(state);
        thread::start_separate(&self.shared, title, job);
    }

    /// Lets no more jobs begin: queued jobs are refused, and each thread ends after its current
    /// job.
    pub(crate) fn close(&self) {
        let mut state = self.shared.state();
        state.closed = true;
        let (queue, idle, waiting) = (
            std::mem::take(&mut state.queue),
            std::mem::take(&mut state.idle),
            std::mem::take(&mut state.woken_on_close),
        );
        drop(state);
        self.semaphore.open();
        for thread in idle {
            thread.notify();
        }
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
        for job in queue {
            job(Err(Refusal::Closed));
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.shared.state().closed
    }

    /// Wakes `waker` when the pool is closed, until the result is dropped. A pool that is closed
    /// already wakes nothing, so the caller checks that afterwards.
    pub(crate) fn wake_on_close(&self, waker: Waker) -> WokenOnClose {
        WokenOnClose {
            key: self.shared.state().woken_on_close.insert(waker),
            shared: self.shared.clone(),
        }
    }

    /// The number of threads that have been started and have not ended, of jobs that the executor
    /// runs, and of tokio's threads that are inside a job after the end of their pool.
    pub(crate) fn alive(&self) -> usize {
        self.shared.state().alive + self.semaphore.left()
    }

    /// Waits until all threads of a closed pool have ended, at most for `limit`; returns the number
    /// of threads that have not.
    pub(crate) fn wait_until_ended(&self, limit: Duration) -> usize {
        let Shared { all_ended, .. } = &*self.shared;
        let state =
            all_ended.wait_timeout_while(self.shared.state(), limit, |state| state.alive > 0);
        state.alive
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.close();
    }
}

/// A thread that the close of a pool wakes, until this is dropped.
pub(crate) struct WokenOnClose {
    shared: Arc<Shared>,
    key: usize,
}

impl Drop for WokenOnClose {
    fn drop(&mut self) {
        // Of a closed pool the list is empty.
        let waker = self.shared.state().woken_on_close.try_remove(self.key);
        drop(waker);
    }
}

impl Shared {
    /// The lock is never held while jobs or hooks run.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    fn take(self: &Arc<Shared>, step: QueueStep) {
        match step {
            QueueStep::Nothing => {}
            QueueStep::Wake(thread) => thread.notify(),
            QueueStep::Start => thread::start(self),
        }
    }

    /// Handles a thread for the queue that could not be started: refuses the queued jobs if no
    /// thread runs.
    fn gave_no_thread(&self, error: io::Error) {
        let mut state = self.state();
        state.alive -= 1;
        state.coming = false;
        // A running thread looks at the queue when it finishes or begins to wait, and so does the
        // executor.
        let refused = if state.running == 0 && state.tickets == 0 {
            std::mem::take(&mut state.queue)
        } else {
            JobQueue::default()
        };
        drop(state);
        let why = Refusal::NoThread(Arc::new(error));
        for job in refused {
            job(Err(why.clone()));
        }
    }

    fn ended(&self) {
        let mut state = self.state();
        state.alive -= 1;
        if state.alive == 0 {
            self.all_ended.notify_all();
        }
    }
}

impl State {
    /// Keeps this invariant: while there are jobs and a thread may run, one thread has been woken
    /// or started for the queue.
    fn see_to_queue(&mut self, plan: &PoolPlan) -> QueueStep {
        if self.queue.is_empty() || self.coming || self.running >= plan.limit(self) {
            return QueueStep::Nothing;
        }
        self.coming = true;
        if let Some(thread) = self.idle.pop() {
            return QueueStep::Wake(thread);
        }
        self.alive += 1;
        QueueStep::Start
    }
}
