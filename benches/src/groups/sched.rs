//! Groups `switch` and `wake`: an executor of `koil::sched` beside the schedulers of tokio.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;
use koil::sched::{self, Executor, Position, Priority};
use tokio::runtime::{Builder, Handle};
use tokio::sync::{Notify, oneshot};

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Meter, Quantity, Spent, Variant, each_call};

pub static SWITCH: Group = Group {
    name: "switch",
    about: "tasks that yield all the time; one yield, with the poll that follows it",
    when: When::Slow,
    cases: switches,
};

pub static WAKE: Group = Group {
    name: "wake",
    about: "polls of 10,000 low tasks between the wake of a high one and its run",
    when: When::Slow,
    cases: wakes,
};

pub const ONE_RUNNER: &str = "koil, 1 runner";
pub const TWO_RUNNERS: &str = "koil, 2 runners";
pub const CURRENT: &str = "tokio current-thread";
pub const MULTI: &str = "tokio multi_thread(2)";

/// A tokio runtime with tasks, in an executor or without one.
#[derive(Clone, Copy)]
struct Rig {
    name: &'static str,
    /// The worker threads; 0 for a current-thread runtime.
    workers: usize,
    /// The runners of an executor; 0 for tasks of tokio.
    runners: usize,
}

const RIGS: [Rig; 4] = [
    rig(ONE_RUNNER, 0, 1),
    rig(CURRENT, 0, 0),
    rig(TWO_RUNNERS, 2, 2),
    rig(MULTI, 2, 0),
];

const fn rig(name: &'static str, workers: usize, runners: usize) -> Rig {
    Rig {
        name,
        workers,
        runners,
    }
}

/// Spawns on the runtime of a rig.
struct Spawner {
    tokio: Handle,
    executor: Option<Executor>,
}

impl Spawner {
    fn spawn(&self, priority: Priority, future: BoxFuture<'static, ()>) {
        match &self.executor {
            Some(executor) => executor.spawn(priority, future).detach(),
            None => drop(self.tokio.spawn(future)),
        }
    }

    /// The yields of a task of this rig.
    fn yields(&self) -> Yields {
        Yields {
            to_executor: self.executor.is_some(),
        }
    }
}

/// The way in which a task yields.
#[derive(Clone, Copy)]
struct Yields {
    to_executor: bool,
}

impl Yields {
    async fn once(self) {
        if self.to_executor {
            sched::yield_to(Position::Back).await;
        } else {
            tokio::task::yield_now().await;
        }
    }
}

impl Rig {
    /// Builds the runtime, lets `work` measure it, and takes it down.
    fn with<T>(self, work: impl FnOnce(&Spawner) -> T) -> T {
        let runtime = if self.workers == 0 {
            Builder::new_current_thread().build()
        } else {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(self.workers).build()
        };
        let runtime = runtime.expect("a runtime can be built");
        let spawner = Spawner {
            tokio: runtime.handle().clone(),
            executor: (self.runners > 0).then(Executor::new),
        };
        for _ in 0..self.runners {
            let executor = spawner.executor.clone();
            let executor = executor.expect("a rig with runners has an executor");
            drop(spawner.tokio.spawn(async move { executor.run().await }));
        }
        let (stop, stopped) = oneshot::channel::<()>();
        let driver = thread::spawn(move || {
            // An error says that the sender is gone, which is the stop too.
            let _ = runtime.block_on(stopped);
            runtime.shutdown_timeout(Duration::from_secs(60));
        });
        let result = work(&spawner);
        drop(spawner);
        drop(stop);
        driver.join().expect("the runtime can be taken down");
        result
    }
}

fn switches<'a>(_: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    let case = |tasks: usize, rounds: usize, name: &'static str| -> MakeCase<'a> {
        Box::new(move || {
            let variants = RIGS.map(|rig| {
                let body = each_call(move |_| rig.with(|spawner| switched(spawner, tasks, rounds)));
                Variant::new(rig.name, body)
            });
            Case::new(name, "switch", variants).counted(1, 1, 11)
        })
    };
    vec![
        case(10, 50_000, "10 tasks"),
        case(1_000, 500, "1,000 tasks"),
        case(100_000, 10, "100,000 tasks"),
    ]
}

/// Lets each of the tasks yield `rounds` times, all at once.
fn switched(spawner: &Spawner, tasks: usize, rounds: usize) -> Spent {
    let go = Arc::new(AtomicBool::new(false));
    let unfinished = Arc::new(AtomicUsize::new(tasks));
    let (done, finished) = mpsc::channel();
    let yields = spawner.yields();
    for _ in 0..tasks {
        let (go, unfinished, done) = (go.clone(), unfinished.clone(), done.clone());
        let task = async move {
            // ORDERING: Relaxed; a late look is one more yield.
            while !go.load(Ordering::Relaxed) {
                yields.once().await;
            }
            for _ in 0..rounds {
                yields.once().await;
            }
            // ORDERING: Relaxed; the count alone.
            if unfinished.fetch_sub(1, Ordering::Relaxed) == 1 {
                done.send(()).expect("the measurement waits for this");
            }
        };
        spawner.spawn(Priority::NORMAL, task.boxed());
    }
    let meter = Meter::start();
    // ORDERING: as above.
    go.store(true, Ordering::Relaxed);
    finished.recv().expect("the last task sends");
    let spent = meter.stop();
    let switches = (tasks * rounds) as f64;
    Spent {
        amount: spent.amount / switches,
        cpu_ns: spent.cpu_ns / switches,
        switches: spent.switches / switches,
    }
}

const LOW_TASKS: usize = 10_000;
/// The longest that a sample waits for all of its wakes.
const PATIENCE: Duration = Duration::from_secs(2);

fn wakes<'a>(_: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    let rigs = [
        rig(ONE_RUNNER, 2, 1),
        rig(TWO_RUNNERS, 2, 2),
        rig(MULTI, 2, 0),
        rig(CURRENT, 0, 0),
    ];
    let case = |name: &'static str, part: f64| -> MakeCase<'a> {
        Box::new(move || {
            let variants = rigs.map(|rig| Variant::new(rig.name, waited(rig, part)));
            let case = Case::new(name, "wake", variants).counted(50, 300, 5);
            case.of(Quantity::Number)
        })
    };
    vec![case("median", 0.5), case("99 of 100", 0.99)]
}

/// The polls of others in a sample of wakes; `part` of the wakes have at most so many.
fn waited(rig: Rig, part: f64) -> Body<'static> {
    Box::new(move |wakes| {
        let mut polls = rig.with(|spawner| foreign_polls(spawner, wakes));
        polls.sort_unstable();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // At most the length.
        let at = (polls.len() as f64 * part) as usize;
        // A row divides by the number of calls.
        Spent::amount(polls[at.min(polls.len() - 1)] as f64 * wakes as f64)
    })
}

/// Wakes a high task again and again, and counts the polls of low ones until it runs. A wake that is
/// not answered in time counts with the polls so far, and is the last.
fn foreign_polls(spawner: &Spawner, wakes: u64) -> Vec<u64> {
    let polls = Arc::new(AtomicU64::new(0));
    let yields = spawner.yields();
    for _ in 0..LOW_TASKS {
        let polls = polls.clone();
        let low = async move {
            loop {
                // ORDERING: Relaxed; a count.
                polls.fetch_add(1, Ordering::Relaxed);
                yields.once().await;
            }
        };
        spawner.spawn(Priority::LOW, low.boxed());
    }
    let wake = Arc::new(Notify::new());
    let (answer, answers) = mpsc::channel();
    let high = {
        let (wake, polls) = (wake.clone(), polls.clone());
        async move {
            loop {
                wake.notified().await;
                // An error says that the sample has ended.
                // ORDERING: Relaxed; a count.
                let _ = answer.send(polls.load(Ordering::Relaxed));
            }
        }
    };
    spawner.spawn(Priority::HIGH, high.boxed());
    // Past the first polls, which are those of new tasks.
    // ORDERING: Relaxed; a count.
    while polls.load(Ordering::Relaxed) < 2 * LOW_TASKS as u64 {
        thread::yield_now();
    }
    let end = Instant::now() + PATIENCE;
    let mut counted = Vec::new();
    for _ in 0..wakes {
        // ORDERING: Relaxed; a count, as below.
        let before = polls.load(Ordering::Relaxed);
        wake.notify_one();
        let left = end.saturating_duration_since(Instant::now());
        let answered = answers.recv_timeout(left);
        // ORDERING: as above.
        let at = answered.unwrap_or_else(|_| polls.load(Ordering::Relaxed));
        counted.push(at.saturating_sub(before));
        if answered.is_err() {
            break;
        }
    }
    counted
}
