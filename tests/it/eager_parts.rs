//! `eager_task`: context, token, deadline and span of the first part are those of the task.

use std::future::pending;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::{CancelScope, CancelToken, KoilTask, context_var, eager_task, unkoil_task};
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::support::{Count, FOR_EVER, on_a_loop, shut_down, with_a_loop};

context_var! {
    static NAME: &'static str = "nobody";
}

#[test]
fn a_variable_that_the_first_part_sets_is_the_tasks() {
    on_a_loop(|_| {
        NAME.set("caller");
        let task = eager_task(async {
            let inherited = NAME.get();
            NAME.set("task");
            yield_now().await;
            (inherited, NAME.get())
        });
        assert_eq!(NAME.get(), "caller");
        assert_eq!(task.result().unwrap(), ("caller", "task"));
        assert_eq!(NAME.get(), "caller");
    });
}

#[test]
fn changes_of_the_first_part_are_brought_back_if_asked() {
    on_a_loop(|_| {
        drop(eager_task(async { NAME.set("unasked") }));
        assert_eq!(NAME.get(), "nobody");
        let ready = eager_task(async { NAME.set("ready") }).bring_context();
        assert_eq!(NAME.get(), "nobody");
        ready.result().unwrap();
        assert_eq!(NAME.get(), "ready");
        let waits = eager_task(async {
            NAME.set("before the wait");
            yield_now().await;
        });
        waits.bring_context().result().unwrap();
        assert_eq!(NAME.get(), "before the wait");
    });
}

#[test]
fn the_token_of_the_first_part_is_the_tasks() {
    on_a_loop(|_| {
        let (tell, told) = mpsc::channel();
        let task = eager_task(async move {
            let token = CancelToken::current().unwrap();
            tell.send(token.clone()).unwrap();
            yield_now().await;
            assert_eq!(CancelToken::current().unwrap(), token);
            token.cancelled().await;
        });
        let token = told.recv().unwrap();
        assert!(!token.is_cancelled());
        task.cancel("enough");
        assert_eq!(token.reason().unwrap().to_string(), "enough");
        let error = task.result().unwrap_err();
        assert!(error.is_cancelled() && error.acknowledged(), "{error}");
    });
}

#[test]
fn a_scope_or_deadline_of_the_caller_does_not_reach_the_first_part() {
    on_a_loop(|_| {
        let started = |tasks: &mut Vec<KoilTask<bool>>| {
            let task = eager_task(async { CancelToken::current().unwrap().is_cancelled() });
            assert!(task.is_finished());
            tasks.push(task);
        };
        let mut tasks = vec![];
        let scope = CancelScope::new();
        scope.token().cancel("over");
        let _over = scope.run(|| started(&mut tasks));
        let _over = koil::deadline(Duration::ZERO, || started(&mut tasks));
        assert_eq!(tasks.len(), 2);
        for task in tasks {
            assert!(!task.result().unwrap());
        }
    });
}

#[test]
fn a_listener_of_the_first_part_hears_the_stop_of_the_loop() {
    with_a_loop(|koil| {
        let task = {
            let _entered = koil.enter();
            eager_task(async { CancelToken::current().unwrap().cancelled().await })
        };
        assert!(koil.shutdown().is_clean());
        assert!(shut_down(task.result()).acknowledged());
    });
}

#[test]
fn a_timeout_that_the_first_part_begins_limits_the_task_and_not_its_parent() {
    on_a_loop(|_| {
        let parent = unkoil_task(async {
            let task = eager_task(async {
                tokio::time::timeout(Duration::from_millis(1), pending::<()>()).await
            });
            let limited = task.await.unwrap();
            assert!(!CancelToken::current().unwrap().is_cancelled());
            yield_now().await;
            limited.is_err()
        });
        assert!(parent.result().unwrap(), "the parent is alive");
    });
}

#[test]
fn a_drop_detaches_or_cancels_as_was_asked_for() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let (guard, (gone, is_gone)) = (dropped.on_drop(), mpsc::channel());
        let task = eager_task(async move {
            let (_gone, _guard) = (gone, guard);
            pending::<()>().await;
        });
        drop(task.cancel_on_drop());
        assert_eq!(is_gone.recv(), Err::<(), _>(mpsc::RecvError));
        assert_eq!(dropped.get(), 1);
        let (go, gone) = oneshot::channel::<()>();
        let (tell, told) = mpsc::channel();
        drop(eager_task(async move {
            gone.await.unwrap();
            tell.send("still here").unwrap();
        }));
        go.send(()).unwrap();
        assert_eq!(told.recv(), Ok("still here"));
    });
}

/// Stops the loop on another thread, to its end.
fn stop_elsewhere(koil: koil::Koil) {
    let stop = thread::spawn(move || koil.shutdown().is_clean());
    assert!(stop.join().unwrap());
}

#[test]
fn a_stop_does_not_wait_for_a_first_part_which_sees_it() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let task = eager_task(async move {
            let token = CancelToken::current().unwrap();
            let child = token.child();
            assert!(!token.is_cancelled());
            stop_elsewhere(koil);
            (token.is_cancelled(), child.is_cancelled())
        });
        assert_eq!(task.result().unwrap(), (true, true));
    });
}

#[test]
fn a_first_part_that_outlives_its_loop_ends_as_tasks_do_there() {
    let waits = |polls: bool, listens: bool| {
        with_a_loop(move |koil| {
            let dropped = Count::default();
            let local = dropped.on_drop();
            let handle = koil.handle();
            let _entered = handle.enter();
            let task = eager_task(async move {
                let _local = local;
                let token = listens.then(|| CancelToken::current().unwrap());
                stop_elsewhere(koil);
                if let Some(token) = token {
                    token.cancelled().await;
                }
                if polls {
                    tokio::time::sleep(FOR_EVER).await;
                }
                pending::<()>().await;
            });
            shut_down(task.result());
            assert_eq!(dropped.get(), 1);
        });
    };
    for (polls, listens) in [(false, false), (false, true), (true, false), (true, true)] {
        waits(polls, listens);
    }
}

#[cfg(feature = "tracing")]
#[test]
fn the_span_of_the_caller_is_that_of_every_part() {
    use tracing::dispatcher::{self, Dispatch};

    on_a_loop(|_| {
        let subscriber = Dispatch::new(tracing_subscriber::registry());
        dispatcher::with_default(&subscriber, || {
            let span = tracing::info_span!("around");
            let task = span.in_scope(|| {
                eager_task(async {
                    let first = tracing::Span::current().id();
                    yield_now().await;
                    (first, tracing::Span::current().id())
                })
            });
            assert_eq!(task.result().unwrap(), (span.id(), span.id()));
        });
    });
}
