//! `KoilTask`: results now, later, after the loop has gone, or never.

use std::future::pending;
use std::sync::mpsc;
use std::time::Duration;

use koil::{unkoil, unkoil_task};
use tokio::sync::oneshot;

use crate::support::{
    Count, LIMIT, a_loop, on_a_loop, shut_down, until, waiting, watched, with_a_loop,
};

const A_WHILE: Duration = Duration::from_millis(20);

#[test]
fn a_task_runs_while_its_owner_does_something_else() {
    on_a_loop(|_| {
        let (send, receive) = mpsc::channel();
        let task = unkoil_task(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            send.send("done").unwrap();
            1
        });
        assert_eq!(receive.recv(), Ok("done"), "nobody blocks on koil here");
        assert_eq!(task.result().unwrap(), 1);
    });
}

#[test]
fn a_result_that_takes_too_long_may_be_asked_for_again() {
    on_a_loop(|_| {
        let (send, receive) = oneshot::channel();
        let mut task = unkoil_task(receive);
        assert!(task.result_timeout(A_WHILE).unwrap_err().is_timeout());
        assert!(
            task.result_timeout(Duration::ZERO)
                .unwrap_err()
                .is_timeout()
        );
        assert!(!task.is_finished());
        send.send(2).unwrap();
        assert_eq!(task.result_timeout(LIMIT).unwrap(), Ok(2));
    });
}

#[test]
fn a_result_taken_twice_is_an_error_that_says_so() {
    on_a_loop(|_| {
        let mut task = unkoil_task(async { 1 });
        assert_eq!(task.result_timeout(LIMIT).unwrap(), 1);
        assert!(task.is_finished());
        let again = task.result_timeout(LIMIT).unwrap_err();
        assert!(again.to_string().contains("taken before"), "{again}");
        let and_again = task.result().unwrap_err();
        assert!(!and_again.is_timeout() && !and_again.is_shutdown() && !and_again.is_cancelled());
    });
}

#[test]
fn a_finished_task_has_its_result_also_after_the_shutdown() {
    with_a_loop(|koil| {
        let task = {
            let _entered = koil.enter();
            unkoil_task(async { "kept" })
        };
        until(|| task.is_finished());
        assert!(koil.shutdown().is_clean());
        assert_eq!(task.result().unwrap(), "kept");
    });
}

#[test]
fn an_unfinished_task_is_dropped_by_the_shutdown_and_says_so() {
    with_a_loop(|koil| {
        let dropped = Count::default();
        let guard = dropped.on_drop();
        let (task, joined) = {
            let _entered = koil.enter();
            let task = unkoil_task(async move {
                let _guard = guard;
                pending::<()>().await;
            });
            (task, unkoil_task(pending::<()>()))
        };
        let handle = koil.handle();
        let waiter = std::thread::spawn(move || joined.result());
        until(|| waiting(&handle) == 1);
        assert!(koil.shutdown().is_clean());
        assert_eq!(dropped.get(), 1);
        shut_down(task.result());
        shut_down(waiter.join().unwrap());
    });
}

#[test]
fn a_task_started_on_a_stopped_loop_is_finished_from_the_start() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        drop(koil);
        let _entered = handle.enter();
        shut_down(unkoil_task(async {}).result());
    });
}

#[test]
fn a_task_is_awaited_inside_async_code() {
    on_a_loop(|_| {
        let sum = unkoil(async {
            let (one, two) = (unkoil_task(async { 1 }), unkoil_task(async { 2 }));
            one.await.unwrap() + two.await.unwrap()
        });
        assert_eq!(sum, 3);
    });
}

#[test]
fn a_task_is_awaited_on_another_runtime() {
    with_a_loop(|koil| {
        let task = {
            let _entered = koil.enter();
            unkoil_task(async {
                tokio::time::sleep(Duration::from_millis(1)).await;
                4
            })
        };
        assert_eq!(futures::executor::block_on(task).unwrap(), 4);
    });
}

#[test]
fn a_task_awaited_on_a_stopped_loop_says_so() {
    with_a_loop(|koil| {
        let task = {
            let _entered = koil.enter();
            unkoil_task(pending::<()>())
        };
        drop(koil);
        shut_down(futures::executor::block_on(task));
    });
}

#[test]
fn a_dropped_task_goes_on() {
    on_a_loop(|_| {
        let (send, receive) = mpsc::channel();
        let (go, gone) = oneshot::channel::<()>();
        drop(unkoil_task(async move {
            gone.await.unwrap();
            send.send("still here").unwrap();
        }));
        go.send(()).unwrap();
        assert_eq!(receive.recv(), Ok("still here"));
    });
}

#[test]
fn a_task_is_joined_on_its_own_loop_whatever_is_ambient() {
    watched(|| {
        let (first, second) = (a_loop(), a_loop());
        let task = {
            let _entered = first.enter();
            unkoil_task(async {
                tokio::time::sleep(Duration::from_millis(1)).await;
                tokio::runtime::Handle::current().id()
            })
        };
        let _entered = second.enter();
        drop(second.handle());
        assert_eq!(task.result().unwrap(), first.handle().tokio().id());
    });
}

#[test]
fn a_task_may_start_tasks_on_its_loop() {
    on_a_loop(|_| {
        let task = unkoil_task(async { unkoil_task(async { 9 }).await.unwrap() });
        assert_eq!(task.result().unwrap(), 9);
    });
}
