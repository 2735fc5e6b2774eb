//! Health checks of a runtime that has 10,000 tasks to do.

use std::hint;
use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;
use koil::sched::{self, Executor, Position, Priority};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

const TASKS: usize = 10_000;
const CHECKS: usize = 50;
/// All checks together take no longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// The waits, and whether the last one was given up.
type Waits = (Vec<Duration>, bool);

pub(crate) fn on_tokio() -> io::Result<Waits> {
    let runtime = two_workers()?;
    let spawn = |_, task| drop(runtime.spawn(task));
    let waits = check(spawn, || tokio::task::yield_now().boxed());
    runtime.shutdown_background();
    Ok(waits)
}

/// The same runtime: its two workers run one queue, in which the check is first.
pub(crate) fn on_an_executor() -> io::Result<Waits> {
    let runtime = two_workers()?;
    let executor = Executor::new();
    for _ in 0..2 {
        let executor = executor.clone();
        drop(runtime.spawn(async move { executor.run().await }));
    }
    let spawn = |priority, task| executor.spawn(priority, task).detach();
    let waits = check(spawn, || sched::yield_to(Position::Back).boxed());
    runtime.shutdown_background();
    Ok(waits)
}

fn two_workers() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).build()
}

/// Starts the tasks and the one that answers, then checks from this thread.
fn check(
    spawn: impl Fn(Priority, BoxFuture<'static, ()>),
    yield_once: fn() -> BoxFuture<'static, ()>,
) -> Waits {
    let wake = Arc::new(Notify::new());
    let (answer, answers) = mpsc::channel();
    let responder = {
        let wake = wake.clone();
        async move {
            loop {
                wake.notified().await;
                // An error says that the checks are over.
                let _ = answer.send(());
            }
        }
    };
    spawn(Priority::HIGH, responder.boxed());
    for _ in 0..TASKS {
        let task = async move {
            loop {
                (0..500).for_each(|n| _ = hint::black_box(n));
                yield_once().await;
            }
        };
        spawn(Priority::LOW, task.boxed());
    }
    let end = Instant::now() + PATIENCE;
    let mut waits = Vec::new();
    for _ in 0..CHECKS {
        let begun = Instant::now();
        wake.notify_one();
        let left = end.saturating_duration_since(begun);
        let is_late = answers.recv_timeout(left).is_err();
        waits.push(begun.elapsed());
        if is_late {
            return (waits, true);
        }
    }
    (waits, false)
}
