//! The ways in which tasks of an `Executor` and its runners end.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::sched::{Executor, Priority};
use koil::{CancelToken, Error, try_unkoil, unkoil, unkoil_task};
use tokio::runtime::Builder;

use crate::locks::ByHand;
use crate::stage::Stage;
use crate::support::{
    LIMIT, a_loop, assert_told, on_a_loop, refused, shut_down, until, with_a_loop,
};

/// Counts its drops.
#[derive(Clone, Default)]
struct Drops(Arc<AtomicUsize>);

impl Drops {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// A future that waits for ever, and whose drop is counted.
    fn of_pending(&self) -> impl Future<Output = ()> + Send + use<> {
        let drops = self.clone();
        async move {
            let _counted = OnDrop(move || _ = drops.0.fetch_add(1, Ordering::Relaxed));
            pending::<()>().await;
        }
    }
}

/// Calls a function when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Runs `f` with this loop entered.
fn entered_in<T>(koil: &koil::Koil, f: impl FnOnce() -> T) -> T {
    let _entered = koil.enter();
    f()
}

fn text_of<T>(result: Result<T, Error>) -> String {
    result.err().expect("an error").to_string()
}

#[test]
fn an_executor_that_is_dropped_ends_each_of_its_tasks() {
    on_a_loop(|_| {
        let drops = Drops::default();
        let mut stage = Stage::new(Executor::new());
        let waits = stage.executor.spawn(Priority::LOW, drops.of_pending());
        stage.run();
        let begun = stage.executor.spawn(Priority::LOW, async { 1 });
        let listens = stage.executor.spawn(Priority::LOW, async {
            CancelToken::current().unwrap().cancelled().await;
        });
        drop(stage);
        for text in [
            text_of(waits.result()),
            text_of(begun.result()),
            text_of(listens.result()),
        ] {
            assert_told(
                &text,
                "its `Executor` has been dropped",
                &["keep a clone of it until its tasks are done"],
            );
        }
        assert_eq!(drops.count(), 1);
    });
}

#[test]
fn a_panic_in_the_drop_of_a_task_ends_neither_the_others_nor_the_one_that_drops_them() {
    on_a_loop(|_| {
        let drops = Drops::default();
        let executor = Executor::new();
        let panics = OnDrop(|| panic!("in its drop"));
        let first = executor.spawn(Priority::LOW, async move {
            let _panics = panics;
        });
        let second = executor.spawn(Priority::LOW, drops.of_pending());
        drop(executor);
        assert!(first.result().unwrap_err().is_cancelled());
        assert!(second.result().unwrap_err().is_cancelled());
    });
}

#[test]
fn a_clone_in_a_task_or_in_a_runner_keeps_the_executor() {
    on_a_loop(|koil| {
        let executor = Executor::new();
        executor.run_on(&koil.handle());
        let (go, gone) = tokio::sync::oneshot::channel();
        let task = executor.spawn(Priority::LOW, async move { gone.await.unwrap() });
        drop(executor);
        go.send(7).unwrap();
        assert_eq!(task.result().unwrap(), 7);
    });
}

/// The wake for a task went to a runner that is dropped before it looks: another one is woken.
#[test]
fn a_runner_that_is_dropped_loses_no_wake() {
    on_a_loop(|_| {
        let executor = Executor::new();
        let runners = [(); 2].map(|()| {
            let runner = executor.clone();
            ByHand::waiting(async move { runner.run().await })
        });
        let task = executor.spawn(Priority::LOW, async {});
        let [mut one, mut other] = runners;
        let is_first = one.wakes() == 1;
        if !is_first {
            std::mem::swap(&mut one, &mut other);
        }
        assert_eq!(
            (one.wakes(), other.wakes()),
            (1, 0),
            "one wake for one task"
        );
        drop(one);
        assert_eq!(other.wakes(), 1);
        assert!(other.poll().is_none());
        assert!(task.is_finished());
        task.result().unwrap();
    });
}

#[test]
fn a_runner_that_comes_later_runs_the_tasks() {
    on_a_loop(|koil| {
        let executor = Executor::new();
        let runner = executor.clone();
        let first = ByHand::waiting(async move { runner.run().await });
        drop(first);
        let task = executor.spawn(Priority::LOW, async { 3 });
        executor.run_on(&koil.handle());
        assert_eq!(task.result().unwrap(), 3);
    });
}

#[test]
fn a_cancel_ends_a_task_whether_it_is_queued_or_waits() {
    on_a_loop(|_| {
        let mut stage = Stage::new(Executor::new());
        let drops = Drops::default();
        let waits = stage.executor.spawn(Priority::LOW, drops.of_pending());
        stage.run();
        let queued = stage.executor.spawn(Priority::LOW, async { 1 });
        assert!(waits.cancel("not needed") && queued.cancel("not needed"));
        stage.run();
        assert!(waits.result().unwrap_err().is_cancelled());
        assert!(queued.result().unwrap_err().is_cancelled());
        assert_eq!((drops.count(), stage.executor.tasks().len()), (1, 0));
    });
}

#[test]
fn a_task_that_listens_has_its_grace_also_outside_of_tokio() {
    // The runner is polled outside of any runtime, and the loop has no short grace.
    let koil = koil::Koil::builder().cancel_grace(Duration::from_millis(1));
    let koil = koil.build().unwrap();
    let entered = koil.enter();
    let mut stage = Stage::new(Executor::new());
    let task = stage.executor.spawn(Priority::LOW, async {
        CancelToken::current().unwrap().cancelled().await;
        pending::<()>().await;
    });
    stage.run();
    task.cancel("clean up");
    while !task.is_finished() {
        stage.run();
        thread::yield_now();
    }
    let error = task.result().unwrap_err();
    assert!(error.is_cancelled() && !error.acknowledged(), "{error}");
    drop(entered);
}

#[test]
fn a_panic_is_resumed_where_the_result_is_taken_and_the_runner_goes_on() {
    on_a_loop(|_| {
        let mut stage = Stage::new(Executor::new());
        let panics = stage.executor.spawn(Priority::LOW, async {
            std::panic::panic_any("own payload")
        });
        let next = stage.executor.spawn(Priority::LOW, async { 2 });
        stage.run();
        assert_eq!(next.result().unwrap(), 2);
        let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| panics.result()));
        let payload = payload.unwrap_err();
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"own payload"));
    });
}

#[test]
fn a_deadline_of_a_task_is_kept_by_its_loop() {
    on_a_loop(|koil| {
        let executor = Executor::new();
        executor.run_on(&koil.handle());
        let drops = Drops::default();
        let task = executor.spawn(Priority::LOW, drops.of_pending());
        let task = task.timeout(Duration::from_millis(1));
        assert!(task.result().unwrap_err().is_timeout());
        until(|| drops.count() == 1);
        let panics = executor.spawn(Priority::LOW, async { panic!("in time") });
        let panics = panics.timeout(LIMIT);
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| panics.result()));
        assert_eq!(caught.unwrap_err().downcast_ref::<&str>(), Some(&"in time"));
    });
}

#[test]
fn a_stop_of_the_loop_ends_its_tasks_and_lets_them_clean_up() {
    with_a_loop(|koil| {
        let executor = Executor::new();
        executor.run_on(&koil.handle());
        let (cleaned, is_clean) = mpsc::channel();
        let (begun, has_begun) = mpsc::channel();
        let task = entered_in(&koil, || {
            executor.spawn(Priority::LOW, async move {
                begun.send(()).unwrap();
                CancelToken::current().unwrap().cancelled().await;
                tokio::time::sleep(Duration::from_millis(1)).await;
                cleaned.send(()).unwrap();
            })
        });
        has_begun.recv().unwrap();
        drop(koil);
        is_clean.recv().unwrap();
        shut_down(task.result());
    });
}

#[test]
fn a_drain_waits_for_the_tasks_of_an_executor_and_refuses_new_ones() {
    with_a_loop(|koil| {
        let executor = Executor::new();
        executor.run_on(&koil.handle());
        let handle = koil.handle();
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let inside = executor.clone();
        let task = entered_in(&koil, || {
            executor.spawn(Priority::LOW, async move {
                gone.await.unwrap();
                // Its own work goes on.
                inside.spawn(Priority::LOW, async { 5 }).await.unwrap()
            })
        });
        let drain = thread::spawn(move || koil.drain(LIMIT));
        let refused = loop {
            let _entered = handle.enter();
            let late = executor.spawn(Priority::LOW, async {});
            match late.result() {
                Ok(()) => {}
                Err(error) => break error,
            }
        };
        assert!(refused.is_shutdown(), "{refused}");
        go.send(()).unwrap();
        assert_eq!(task.result().unwrap(), 5);
        drain.join().unwrap();
    });
}

#[test]
fn a_blocking_call_in_a_task_is_refused() {
    on_a_loop(|koil| {
        let executor = Executor::new();
        executor.run_on(&koil.handle());
        let task = executor.spawn(Priority::LOW, async {
            refused(try_unkoil(async {}));
            refused(unkoil_task(async {}).result());
        });
        task.result().unwrap();
        // Also where the runner is polled by a blocking call.
        let executor = Executor::new();
        let task = executor.spawn(Priority::LOW, async {
            refused(try_unkoil(async {}));
        });
        unkoil(async {
            tokio::select! {
                _ = executor.run() => unreachable!(),
                ended = task => ended.unwrap(),
            }
        });
    });
}

/// Two runners in a runtime of the program: its timers and its threads are those of the tasks.
#[test]
fn tasks_use_the_runtime_that_polls_their_runner() {
    on_a_loop(|_| {
        let tokio = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        let tokio = tokio.unwrap();
        let executor = Executor::new();
        for _ in 0..2 {
            let executor = executor.clone();
            tokio.spawn(async move { executor.run().await });
        }
        let id = tokio.handle().id();
        let task = executor.spawn(Priority::LOW, async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            tokio::spawn(async move { tokio::runtime::Handle::current().id() == id }).await
        });
        assert!(task.result().unwrap().unwrap());
    });
}

#[test]
fn the_changes_of_a_task_in_its_context_can_be_brought() {
    koil::context_var! { static SEEN: u32 = 0 }
    on_a_loop(|koil| {
        let executor = Executor::new();
        executor.run_on(&koil.handle());
        SEEN.set(1);
        let task = executor.spawn(Priority::LOW, async {
            let seen = SEEN.get();
            SEEN.set(2);
            seen
        });
        assert_eq!(task.bring_context().result().unwrap(), 1);
        assert_eq!(SEEN.get(), 2);
        assert_eq!(Priority::current(), Priority::NORMAL);
    });
}

#[cfg(unix)]
#[test]
fn an_executor_that_stayed_behind_at_a_fork_takes_no_task() {
    use crate::support::{alone, in_child};

    alone(|| {
        let koil = a_loop();
        let executor = Executor::new();
        executor.run_on(&koil.handle());
        let waits = entered_in(&koil, || executor.spawn(Priority::LOW, pending::<()>()));
        until(|| executor.tasks().iter().any(|task| task.polls() == 1));
        in_child(|| {
            assert_eq!(executor.tasks(), []);
            let error = executor
                .spawn(Priority::LOW, async {})
                .result()
                .unwrap_err();
            assert!(error.is_forked(), "{error}");
            assert_told(
                &error.to_string(),
                "its `Executor` stayed behind in the parent",
                &["make an `Executor` in the child"],
            );
            assert!(waits.result().unwrap_err().is_forked());
            let own = Executor::new();
            own.run_on(&koil::global());
            assert_eq!(own.spawn(Priority::LOW, async { 4 }).result().unwrap(), 4);
        });
    });
}
