//! `Koil::builder().priorities()`: the tasks of a loop by priority.

use std::sync::Arc;
use std::sync::mpsc;

use koil::sched::{Mutex, Priority};
use koil::{Drivers, Koil, eager_task, gather, try_unkoil, unkoil, unkoil_task};

use crate::stage::Events;
use crate::support::{FOR_EVER, on_loop, refused, shut_down, watch, watched};

fn with_priorities() -> Koil {
    let koil = Koil::builder().priorities().join_timeout(FOR_EVER);
    let koil = koil.build().unwrap();
    watch(&koil.handle());
    koil
}

/// Keeps the loop from its tasks until the sender is dropped.
fn hold_up() -> mpsc::Sender<()> {
    let (go, gone) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let stuck = Priority::MAX.scope(|| {
        unkoil_task(async move {
            begun.send(()).unwrap();
            // The end of the channel, which is no value.
            gone.recv().unwrap_err();
        })
    });
    stuck.detach();
    has_begun.recv().unwrap();
    go
}

#[test]
fn tasks_of_the_loop_are_polled_by_the_priority_of_the_code_that_starts_them() {
    on_loop(with_priorities, |_| {
        let go = hold_up();
        let events = Events::default();
        let started = [
            (Priority::LOW, "low 1"),
            (Priority::HIGH, "high"),
            (Priority::LOW, "low 2"),
            (Priority::NORMAL, "normal"),
        ];
        let tasks = started.map(|(priority, name)| {
            let events = events.clone();
            priority.scope(|| unkoil_task(async move { events.add(name) }))
        });
        drop(go);
        for task in tasks {
            task.result().unwrap();
        }
        assert_eq!(events.take(), ["high", "normal", "low 1", "low 2"]);
    });
}

#[test]
fn a_task_of_the_loop_is_raised_by_one_that_waits_for_its_lock() {
    on_loop(with_priorities, |_| {
        let events = Events::default();
        let mutex = Arc::new(Mutex::new(()));
        let (held, low_events) = (mutex.clone(), events.clone());
        let (has_lock, is_locked) = mpsc::channel();
        let (go_on, may_go_on) = tokio::sync::oneshot::channel::<()>();
        let low = Priority::LOW.scope(|| {
            unkoil_task(async move {
                let guard = held.lock().await;
                has_lock.send(()).unwrap();
                may_go_on.await.unwrap();
                low_events.add("low lets go");
                drop(guard);
            })
        });
        is_locked.recv().unwrap();
        let go = hold_up();
        go_on.send(()).unwrap();
        let middle_events = events.clone();
        let middle = unkoil_task(async move { middle_events.add("middle") });
        let high_events = events.clone();
        let high = Priority::HIGH.scope(|| {
            unkoil_task(async move {
                drop(mutex.lock().await);
                high_events.add("high");
            })
        });
        drop(go);
        for task in [low, middle, high] {
            task.result().unwrap();
        }
        assert_eq!(events.take(), ["low lets go", "high", "middle"]);
    });
}

#[test]
fn other_work_of_the_loop_is_as_without_priorities() {
    for drivers in [
        Drivers::LoopThread,
        Drivers::CallersUnlessTasks,
        Drivers::Callers,
    ] {
        watched(move || {
            let koil = Koil::builder()
                .priorities()
                .drivers(drivers)
                .build()
                .unwrap();
            let _entered = koil.enter();
            let eager = eager_task(async {
                tokio::task::yield_now().await;
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                1
            });
            assert_eq!(eager.result().unwrap(), 1);
            assert_eq!(gather((2..4).map(async |it| it)).wait(), [2, 3]);
            let nested = unkoil_task(async { unkoil_task(async { 4 }).await.unwrap() });
            assert_eq!(nested.result().unwrap(), 4);
            let blocks = unkoil_task(async { refused(try_unkoil(async {})) });
            blocks.result().unwrap();
            assert_eq!(
                unkoil(async { tokio::spawn(async { 5 }).await.unwrap() }),
                5
            );
        });
    }
}

#[test]
fn with_worker_threads_each_of_them_has_a_runner() {
    watched(|| {
        let koil = Koil::builder()
            .priorities()
            .worker_threads(2)
            .build()
            .unwrap();
        let _entered = koil.enter();
        let barrier = Arc::new(std::sync::Barrier::new(2));
        // Two tasks that run at the same time, or never end.
        let tasks = [(); 2].map(|()| {
            let barrier = barrier.clone();
            unkoil_task(async move { barrier.wait().is_leader() })
        });
        let leaders = tasks.map(|task| task.result().unwrap());
        assert!(leaders[0] != leaders[1]);
    });
}

#[test]
fn a_stop_ends_the_tasks_of_a_loop_with_priorities() {
    watched(|| {
        let koil = with_priorities();
        let entered = koil.enter();
        let (dropped, is_dropped) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel();
        let waits = unkoil_task(async move {
            let _dropped = dropped;
            begun.send(()).unwrap();
            std::future::pending::<()>().await;
        });
        has_begun.recv().unwrap();
        drop(entered);
        let handle = koil.handle();
        drop(koil);
        is_dropped.recv().unwrap_err();
        shut_down(waits.result());
        let late = handle.task(async {});
        shut_down(late.result());
    });
}
