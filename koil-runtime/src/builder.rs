//! `KoilBuilder`: the options of a loop, with their defaults.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::current::{ErrorHook, Hooks, NoticeHook, ThreadHook};
use crate::drive::loop_thread::{self, LoopPlan};
use crate::drive::relay::{Drivers, LINGER};
use crate::drive::shutdown::Driver;
#[cfg(feature = "sched")]
use crate::executor::PATIENCE;
use crate::koil::Koil;
use crate::pool::JobExecutor;
use crate::report::blocking_in_async::BlockingInAsync;
use crate::report::error::{Error, Kind};
use crate::report::exit::ExitError;
use crate::report::site::CallSite;

pub(crate) const JOIN_TIMEOUT: Duration = Duration::from_secs(5);
pub(crate) const CANCEL_GRACE: Duration = Duration::from_secs(2);

/// Options for a [`Koil`]; made by [`Koil::builder`].
///
/// ```
/// use std::time::Duration;
///
/// let koil = koil::Koil::builder()
///     .thread_name("weather")
///     .join_timeout(Duration::from_secs(1))
///     .build()?;
/// # Ok::<(), koil::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct KoilBuilder {
    plan: LoopPlan,
    refuse_in_async: bool,
}

impl Default for KoilBuilder {
    fn default() -> KoilBuilder {
        KoilBuilder {
            plan: LoopPlan {
                thread_name: "koil".to_owned(),
                worker_threads: 0,
                #[cfg(feature = "sched")]
                patience: None,
                // Tokio's own default.
                max_blocking_threads: 512,
                thread_stack_size: None,
                blocking_executor: None,
                join_timeout: JOIN_TIMEOUT,
                cancel_grace: CANCEL_GRACE,
                drivers: None,
                linger: LINGER,
                on_thread_start: None,
                on_thread_stop: None,
                hooks: Hooks::default(),
            },
            refuse_in_async: false,
        }
    }
}

impl KoilBuilder {
    /// Names the threads: `{name}-loop` and `{name}-worker`. Default: `koil`.
    pub fn thread_name(mut self, name: impl Into<String>) -> Self {
        self.plan.thread_name = name.into();
        self
    }

    /// The number of threads that run the loop's tasks: 0 for a current-thread runtime on one loop
    /// thread, `n` for a multi-threaded one with `n` workers. Default: 0.
    ///
    /// Blocking calls are cheapest with 0. Tasks that need much CPU time should get workers of
    /// their own.
    pub fn worker_threads(mut self, workers: usize) -> Self {
        self.plan.worker_threads = workers;
        self
    }

    /// Runs the tasks of the loop by priority: those of [`unkoil_task`](crate::unkoil_task),
    /// [`eager_task`](crate::eager_task) and their siblings. Each has the
    /// [priority](crate::sched::Priority) of the code that starts it, and goes before the tasks with a
    /// lower one, as in an [`Executor`](crate::sched::Executor) with one runner for each thread that
    /// runs tasks. Default: by arrival alone.
    ///
    /// Tasks that are spawned on [`Handle::tokio`](crate::Handle::tokio), and the futures of blocking
    /// calls, have no place in this queue; workers have theirs by priority in any case.
    ///
    /// ```
    /// use koil::sched::Priority;
    ///
    /// let koil = koil::Koil::builder().priorities().build()?;
    /// let reports: Vec<_> = Priority::LOW.scope(|| {
    ///     (0..100).map(|number| koil.task(async move { number })).collect()
    /// });
    /// // Goes before the reports that have not begun.
    /// let answer = Priority::HIGH.scope(|| koil.task(async { "now" }).result())?;
    /// # assert_eq!(answer, "now");
    /// # drop(reports);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[cfg(feature = "sched")]
    pub fn priorities(mut self) -> Self {
        self.plan.patience = Some(PATIENCE);
        self
    }

    /// Sets the threads that drive the loop.
    ///
    /// By default a blocked caller drives it while it waits, so that no other thread has to wake
    /// it, unless a task that koil spawned is alive on the loop. Choose [`Drivers::LoopThread`] if
    ///
    /// * tasks that are spawned by `tokio::spawn` rely on the thread-locals, the priority or the affinity
    ///   of their thread, or callers hold a lock over a call that such a task takes;
    /// * such tasks compute or block for long between two awaits: a caller that drives waits for them.
    ///
    /// The entered loop, scopes and context variables of a caller are hidden from tasks. Threads that
    /// are inside a context of any tokio runtime, or have less than 256 KiB of stack left, never drive.
    /// Loops with [`worker_threads`](KoilBuilder::worker_threads) are driven by these alone.
    ///
    /// Default: [`Drivers::CallersUnlessTasks`], or the value of the environment variable
    /// `KOIL_DRIVERS` when the loop is built; it decides for all loops without this setting, the
    /// process-wide one among them.
    ///
    /// ```
    /// let koil = koil::Koil::builder().drivers(koil::Drivers::LoopThread).build()?;
    /// let _entered = koil.enter();
    /// koil::unkoil(tokio::task::yield_now());
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn drivers(mut self, drivers: Drivers) -> Self {
        self.plan.drivers = Some(drivers);
        self
    }

    /// The time without calls after which the loop thread drives again, where callers drive
    /// ([`drivers`](KoilBuilder::drivers)). Default: 1 ms.
    ///
    /// After the last call, tasks spawned on the loop stand still at most for this time. For 50 ms
    /// after that call the loop thread checks for work at this interval, until it finds some; then
    /// it drives permanently. Shorter times cost more wakes of the loop thread; with zero, a loop
    /// of short calls never drives.
    pub fn linger(mut self, linger: Duration) -> Self {
        self.plan.linger = linger;
        self
    }

    /// The maximum number of blocking workers that run at once: of koil's own
    /// ([`run_threaded`](crate::run_threaded()) and its siblings), and as many of tokio's
    /// (`spawn_blocking`). Default: 512.
    ///
    /// Workers that wait for a call or job of koil's do not count, so that blocking jobs may wait
    /// for other jobs: on koil's workers at any depth of nesting, on tokio's about 60 deep beyond
    /// this limit.
    ///
    /// # Panics
    ///
    /// If `limit` is 0.
    #[track_caller]
    pub fn max_blocking_threads(mut self, limit: usize) -> Self {
        assert!(limit > 0, "`max_blocking_threads` must be at least 1");
        self.plan.max_blocking_threads = limit;
        self
    }

    /// The size of the stack of each thread of the loop, in bytes: the loop thread, koil's workers
    /// and separate threads, and the threads of tokio. Default: that of std, 2 MiB or the value of
    /// the environment variable `RUST_MIN_STACK`.
    ///
    /// With [`Drivers::Callers`] tasks may run on the threads of callers, whose stacks this does not
    /// change.
    ///
    /// ```
    /// let koil = koil::Koil::builder().thread_stack_size(64 << 20).build()?;
    /// let _entered = koil.enter();
    /// let deep = koil::run_threaded(|| [1_u8; 8 << 20].iter().map(|n| usize::from(*n)).sum());
    /// let sum: usize = koil::unkoil(deep);
    /// assert_eq!(sum, 8 << 20);
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn thread_stack_size(mut self, bytes: usize) -> Self {
        self.plan.thread_stack_size = Some(bytes);
        self
    }

    /// Runs blocking jobs on an executor of the application, such as rayon, instead of on koil's
    /// workers: those of [`run_threaded`](crate::run_threaded()), of
    /// [`iterate_threaded`](crate::iterate_threaded()) and of the attributes. Separate threads stay
    /// koil's.
    ///
    /// `executor` gets a closure for each job, and has to run it soon on another thread, one that
    /// may block. There the job has the loop, token and context as on a worker, but the hooks of
    /// threads are not run, and [`max_blocking_threads`](KoilBuilder::max_blocking_threads) does
    /// not limit it. If it drops the closure, or panics, the job is refused:
    /// [`fallible`](crate::ThreadedCall::fallible) returns an error. If it runs the closure at once,
    /// the job blocks the thread that polls, and blocking calls in it are refused.
    ///
    /// While a job waits in a call of koil, a worker of koil's may run another job in its place. So
    /// jobs that wait for jobs make progress, however few threads the executor has.
    ///
    /// A stop of the loop refuses jobs that have not begun, and waits for those that run, at most
    /// for `join_timeout`; the threads of the executor do not belong to the loop and live on.
    ///
    /// ```
    /// let rayon = rayon::ThreadPoolBuilder::new()
    ///     .num_threads(2)
    ///     .thread_name(|n| format!("rayon-{n}"))
    ///     .build()?;
    /// let koil = koil::Koil::builder().blocking_executor(move |job| rayon.spawn(job)).build()?;
    /// let _entered = koil.enter();
    ///
    /// let name = koil::unkoil(koil::run_threaded(|| {
    ///     std::thread::current().name().map(str::to_owned)
    /// }));
    /// assert!(name.unwrap().starts_with("rayon-"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn blocking_executor(
        mut self,
        executor: impl Fn(Box<dyn FnOnce() + Send>) + Send + Sync + 'static,
    ) -> Self {
        self.plan.blocking_executor = Some(Arc::new(executor) as JobExecutor);
        self
    }

    /// How long a shutdown waits for blocked callers to leave, and again for blocking workers to
    /// end, before it continues without them. Default: 5 s.
    pub fn join_timeout(mut self, limit: Duration) -> Self {
        self.plan.join_timeout = limit;
        self
    }

    /// How long a future that listens to the token of its call may continue to clean up after the
    /// call was cut short, by a timeout, a cancel or a stop of the loop. Default: 2 s.
    ///
    /// So a call with a timeout returns at the latest this long after the timeout. Futures that do
    /// not listen are dropped at once.
    pub fn cancel_grace(mut self, limit: Duration) -> Self {
        self.plan.cancel_grace = limit;
        self
    }

    /// Runs `hook` at the start of the loop thread and of each worker.
    ///
    /// If it panics on the loop thread, the loop is not started; on a worker, the worker continues
    /// without it. On a worker it may block, but not wait for a job of the same loop: that job may
    /// be the one for which this worker was started.
    pub fn on_thread_start(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.plan.on_thread_start = Some(Arc::new(hook) as ThreadHook);
        self
    }

    /// Runs `hook` at the end of the loop thread and of each worker.
    ///
    /// A panic in it is reported by the panic hook only.
    pub fn on_thread_stop(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.plan.on_thread_stop = Some(Arc::new(hook) as ThreadHook);
        self
    }

    /// Calls `hook` when a blocking call really waits on a thread that runs tasks of another tokio
    /// runtime, once per call site; and again, once, if such a wait takes 5 s. It is also called, once
    /// per place, if a call on any thread has waited 5 s for this loop and the loop does not come back
    /// from code in a task ([`BlockingInAsync::is_loop_stuck`]); and, once per call site, if a call in a
    /// callback of another call has waited 5 s; and, once per line, when a call has waited on the thread
    /// of a [`Ui`](crate::ui::Ui) ([`BlockingInAsync::is_on_ui_thread`]).
    ///
    /// The hook runs on the thread that waits, in the call: a panic in it unwinds to the caller, of
    /// the first call of its site only. It is not called for a call that is ready at once, nor in
    /// the root of a multi-threaded `block_on`, whose thread may wait. So it finds such calls, and
    /// does not prevent them: [`refuse_in_async`](KoilBuilder::refuse_in_async) does.
    ///
    /// Without a hook, koil prints one line on stderr for a long wait, a stuck loop or a wait on a UI
    /// thread, and is silent otherwise.
    pub fn on_blocking_in_async(
        mut self,
        hook: impl Fn(&BlockingInAsync) + Send + Sync + 'static,
    ) -> Self {
        self.plan.hooks.on_blocking_in_async = Some(Arc::new(hook) as NoticeHook);
        self
    }

    /// Refuses every blocking call on this loop that is made in async code of another tokio runtime.
    /// Default: false, such calls work ([the table]).
    ///
    /// [the table]: ../koil/guide/where_you_can_block/index.html
    ///
    /// Refused are calls in tasks and in the root of a `block_on`, of runtimes of either flavour,
    /// also calls that would be ready at once; they fail as calls inside a koil future do, with
    /// [`Error::would_deadlock`]. Calls in `spawn_blocking` and `block_in_place`, and on threads
    /// that have only entered a runtime, are not refused. Nor are calls in the async code of
    /// executors other than tokio, or under `tokio::task::unconstrained` in the root of a
    /// multi-threaded `block_on`: koil cannot tell these from blocking code.
    ///
    /// The drop of a guard in such code hands its exit to the runtime, as inside a koil future.
    ///
    /// For the process-wide loop there is [`koil::refuse_in_async`](crate::refuse_in_async()).
    ///
    /// ```
    /// let koil = koil::Koil::builder().refuse_in_async(true).build()?;
    /// let runtime = tokio::runtime::Runtime::new()?;
    /// let handle = koil.handle();
    /// runtime.block_on(async move {
    ///     let _entered = handle.enter();
    ///     assert!(koil::try_unkoil(async {}).unwrap_err().would_deadlock());
    ///     let blocking = handle.wrap(|| koil::unkoil(async { 1 }));
    ///     assert_eq!(tokio::task::spawn_blocking(blocking).await?, 1);
    ///     Ok::<_, tokio::task::JoinError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn refuse_in_async(mut self, refuse: bool) -> Self {
        self.refuse_in_async = refuse;
        self
    }

    /// Calls `hook` with each error that no caller can receive: errors of a context that was left
    /// by the drop of its guard, and of a [`ThreadedWriter`](crate::ThreadedWriter) that was dropped.
    /// It is also told once of such work that takes longer than `cancel_grace` and goes on
    /// ([`ExitError::is_late`](crate::ExitError::is_late)).
    ///
    /// It runs on the thread that found the error, which may be the loop's, so it should not take
    /// long. A panic in it is not passed on. Without a hook, koil prints the error on stderr.
    pub fn on_error(mut self, hook: impl Fn(&ExitError) + Send + Sync + 'static) -> Self {
        self.plan.hooks.on_error = Some(Arc::new(hook) as ErrorHook);
        self
    }

    /// Starts the loop; returns after its thread has reported that it runs.
    ///
    /// # Errors
    ///
    /// If the thread or its tokio runtime cannot be started; the source is the
    /// [`std::io::Error`].
    #[track_caller]
    pub fn build(self) -> Result<Koil, Error> {
        self.build_at(CallSite::here())
    }

    pub(crate) fn build_at(self, site: CallSite) -> Result<Koil, Error> {
        match loop_thread::start(self.plan) {
            Ok((core, thread)) => {
                core.set_refuses_in_async(self.refuse_in_async);
                Ok(Koil::from_parts(core, Driver::Thread(thread)))
            }
            Err(error) => Err(Error::with_source(Kind::NotStarted, site, error)),
        }
    }
}

impl fmt::Debug for KoilBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KoilBuilder")
            .field("thread_name", &self.plan.thread_name)
            .field("worker_threads", &self.plan.worker_threads)
            .field("max_blocking_threads", &self.plan.max_blocking_threads)
            .field("thread_stack_size", &self.plan.thread_stack_size)
            .field("join_timeout", &self.plan.join_timeout)
            .field("cancel_grace", &self.plan.cancel_grace)
            .field("drivers", &self.plan.drivers)
            .field("linger", &self.plan.linger)
            .field("refuse_in_async", &self.refuse_in_async)
            .finish_non_exhaustive()
    }
}
