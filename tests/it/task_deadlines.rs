//! Deadlines of tasks, their tokens, and tasks that nobody keeps.

use std::future::pending;
use std::panic::{self, AssertUnwindSafe, panic_any};
use std::sync::mpsc::{self, RecvError};
use std::thread;
use std::time::Duration;

use koil::{CancelToken, Koil, KoilTask, context_var, eager_task, unkoil, unkoil_task};
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::support::{Count, FOR_EVER, LIMIT, on_a_loop, on_loop, shut_down, watch, with_a_loop};

const MOMENT: Duration = Duration::from_millis(5);

/// Listens to its token until that is cancelled.
async fn listens() {
    CancelToken::current().unwrap().cancelled().await;
}

/// A task that listens by now: one that is cancelled before it has begun never begins.
fn a_listener() -> KoilTask<()> {
    let (begun, has_begun) = mpsc::channel();
    let task = unkoil_task(async move {
        begun.send(()).unwrap();
        listens().await;
    });
    has_begun.recv().unwrap();
    task
}

#[test]
fn the_loop_keeps_a_deadline_that_nobody_asks_for() {
    on_a_loop(|_| {
        let (gone, is_gone) = mpsc::channel::<()>();
        let task = unkoil_task(async move {
            let _gone = gone;
            pending::<()>().await;
        });
        task.timeout(MOMENT).detach();
        assert_eq!(is_gone.recv(), Err(RecvError));
    });
}

#[test]
fn an_error_names_the_deadline_and_its_line() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let local = dropped.on_drop();
        let task = unkoil_task(async move {
            let _local = local;
            pending::<()>().await;
        });
        let task = task.timeout(MOMENT);
        let line = line!() - 1;
        let error = task.result().unwrap_err();
        assert_eq!(dropped.get(), 1, "the future has gone before");
        assert!(error.is_timeout() && !error.is_cancelled() && !error.acknowledged());
        let set = format!("the deadline of 5ms at {}:{line}:", file!());
        assert!(error.to_string().contains(&set), "{error}");
        let reason = error.cancel_reason().unwrap();
        assert!(reason.starts_with(&set), "{reason}");
    });
}

#[test]
fn a_task_that_listens_has_its_grace() {
    on_a_loop(|_| {
        for task in [a_listener(), eager_task(listens())] {
            let error = task.timeout(MOMENT).result().unwrap_err();
            assert!(error.is_timeout() && error.acknowledged(), "{error}");
        }
        let task = a_listener().timeout(MOMENT);
        let error = unkoil(task).unwrap_err();
        assert!(error.is_timeout() && error.acknowledged(), "{error}");
    });
}

#[test]
fn a_task_in_time_has_its_result() {
    context_var! { static SEEN: u32 = 0 }
    on_a_loop(|_| {
        let finished = eager_task(async { 1 }).timeout(Duration::ZERO);
        assert_eq!(finished.result().unwrap(), 1);
        let (send, receive) = oneshot::channel();
        let task = unkoil_task(async {
            SEEN.set(2);
            receive.await.unwrap()
        });
        let task = task.timeout(FOR_EVER).timeout(Duration::MAX);
        assert!(!task.is_finished());
        send.send(2).unwrap();
        assert_eq!(task.bring_context().result().unwrap(), 2);
        assert_eq!(SEEN.get(), 2);
        let value = unkoil(async {
            let task = eager_task(async {
                yield_now().await;
                3
            });
            task.timeout(FOR_EVER).await
        });
        assert_eq!(value.unwrap(), 3);
    });
}

#[test]
fn the_first_deadline_counts() {
    on_a_loop(|_| {
        for [one, other] in [[MOMENT, FOR_EVER], [FOR_EVER, MOMENT]] {
            let task = unkoil_task(pending::<()>()).timeout(one).timeout(other);
            let error = task.result().unwrap_err();
            assert!(error.to_string().contains("deadline of 5ms"), "{error}");
        }
    });
}

#[test]
fn a_panic_and_a_cancel_pass_through_a_deadline() {
    on_a_loop(|_| {
        let task = unkoil_task(async {
            yield_now().await;
            panic_any(7_u8);
        });
        let task = task.timeout(FOR_EVER);
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| task.result()));
        assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&7_u8));
        let task = unkoil_task(pending::<()>()).timeout(FOR_EVER);
        assert!(task.cancel("enough"));
        let error = task.result().unwrap_err();
        assert!(error.is_cancelled(), "{error}");
        drop(
            unkoil_task(pending::<()>())
                .timeout(FOR_EVER)
                .cancel_on_drop(),
        );
    });
}

#[test]
fn a_stop_of_the_loop_ends_tasks_with_deadlines() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let deaf = unkoil_task(pending::<()>()).timeout(FOR_EVER);
        let listening = a_listener().timeout(FOR_EVER);
        assert!(koil.shutdown().is_clean());
        assert!(!shut_down(deaf.result()).acknowledged());
        assert!(shut_down(listening.result()).acknowledged());
        let late = unkoil_task(pending::<()>()).timeout(MOMENT);
        shut_down(late.result());
    });
}

#[test]
fn a_result_timeout_may_cancel_the_task() {
    on_a_loop(|_| {
        let mut deaf = unkoil_task(pending::<()>()).cancel_on_timeout();
        let error = deaf.result_timeout(MOMENT).unwrap_err();
        assert!(error.is_timeout() && !error.acknowledged(), "{error}");
        assert!(deaf.is_finished());
        let mut listening = a_listener().cancel_on_timeout();
        let error = listening.result_timeout(MOMENT).unwrap_err();
        assert!(error.is_timeout() && error.acknowledged(), "{error}");
        let mut ready = eager_task(async { 1 }).cancel_on_timeout();
        assert_eq!(ready.result_timeout(Duration::ZERO).unwrap(), 1);
        let mut quick = unkoil_task(async { 2 }).cancel_on_timeout();
        assert_eq!(quick.result_timeout(LIMIT).unwrap(), 2);
    });
}

#[test]
fn a_result_timeout_that_cancels_does_not_wait_for_a_stuck_loop() {
    let start = || {
        let koil = Koil::builder().cancel_grace(MOMENT).build().unwrap();
        watch(&koil.handle());
        koil
    };
    on_loop(start, |_| {
        let (hold, waits) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel();
        let stuck = unkoil_task(async move {
            begun.send(()).unwrap();
            waits.recv().unwrap_err();
        });
        has_begun.recv().unwrap();
        let mut task = unkoil_task(pending::<()>()).cancel_on_timeout();
        let error = task.result_timeout(MOMENT).unwrap_err();
        assert!(error.is_timeout() && !error.acknowledged(), "{error}");
        assert!(task.token().is_cancelled() && !task.is_finished());
        drop(hold);
        stuck.result().unwrap();
        assert!(task.result().unwrap_err().is_timeout());
    });
}

#[test]
fn the_token_of_a_task_says_that_a_cancel_was_asked_for() {
    on_a_loop(|_| {
        let (go, gone) = oneshot::channel::<()>();
        let task = eager_task(async {
            listens().await;
            gone.await.unwrap();
        });
        let token = task.token().clone();
        assert!(!token.is_cancelled());
        task.cancel("enough");
        assert!(token.is_cancelled() && !task.is_finished());
        assert_eq!(token.reason().unwrap().to_string(), "enough");
        go.send(()).unwrap();
        assert!(task.result().unwrap_err().acknowledged());
        let task = unkoil_task(pending::<()>());
        let token = task.token().clone();
        thread::spawn(move || token.cancel("from elsewhere"));
        let error = task.result().unwrap_err();
        assert_eq!(error.cancel_reason().unwrap(), "from elsewhere");
    });
}

#[test]
fn a_listener_outside_of_a_task_gives_it_no_grace() {
    on_a_loop(|_| {
        let task = unkoil_task(pending::<()>());
        let outside = unkoil_task({
            let token = task.token().clone();
            async move { token.cancelled().await }
        });
        task.cancel("enough");
        assert!(!task.result().unwrap_err().acknowledged());
        outside.result().unwrap();
    });
}

#[test]
fn the_token_of_an_eager_task_is_there_before_and_after_its_end() {
    on_a_loop(|_| {
        let ended = eager_task(async { 1 });
        assert!(!ended.token().is_cancelled());
        assert!(!ended.cancel("too late"));
        assert!(!ended.token().is_cancelled());
        assert_eq!(ended.result().unwrap(), 1);
        for asks in [false, true] {
            let task = eager_task(async move {
                let early = asks.then(|| CancelToken::current().unwrap());
                yield_now().await;
                let token = CancelToken::current().unwrap();
                assert!(early.is_none_or(|early| early == token));
                token.cancelled().await;
            });
            task.token().cancel("enough");
            assert!(task.result().unwrap_err().acknowledged());
        }
    });
}

#[test]
fn a_detached_task_runs_on() {
    on_a_loop(|_| {
        let (go, gone) = oneshot::channel::<()>();
        let (tell, told) = mpsc::channel();
        let task = unkoil_task(async move {
            gone.await.unwrap();
            tell.send("still here").unwrap();
        });
        task.cancel_on_drop().detach();
        go.send(()).unwrap();
        assert_eq!(told.recv(), Ok("still here"));
        eager_task(async {}).detach();
    });
}

#[test]
fn tasks_with_deadlines_each_end_once() {
    on_a_loop(|koil| {
        let threads: Vec<_> = (0..4_u64)
            .map(|thread| {
                thread::spawn(koil.handle().wrap(move || {
                    let dropped = Count::default();
                    let tasks = (0..50_u64).map(|n| {
                        let local = dropped.on_drop();
                        let nap = Duration::from_micros((n * 37 + thread * 11) % 200);
                        let future = async move {
                            let _local = local;
                            tokio::time::sleep(nap).await;
                            n
                        };
                        let task = if n % 2 == 0 {
                            unkoil_task(future)
                        } else {
                            eager_task(future)
                        };
                        (n, task.timeout(Duration::from_micros(n * 4)))
                    });
                    for (n, task) in tasks.collect::<Vec<_>>() {
                        match task.result() {
                            Ok(value) => assert_eq!(value, n),
                            Err(error) => assert!(error.is_timeout(), "{error}"),
                        }
                    }
                    assert_eq!(dropped.get(), 50);
                }))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}
