//! Blocking on threads of other tokio runtimes: one test per context, each with its right outcome.

use std::future::Future;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt};
use koil::{Error, gather, try_unkoil, unkoil, unkoil_iter, unkoil_lend, unkoil_task};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{LocalSet, yield_now};

use crate::support::{LIMIT, a_loop, on_a_loop, refused, watched, with_a_loop};

pub(crate) fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

pub(crate) fn multi_threaded(workers: usize) -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .unwrap()
}

/// A future that waits for koil's loop, and says on which runtime it ran to its end.
async fn a_nap() -> tokio::runtime::Id {
    tokio::time::sleep(Duration::from_millis(1)).await;
    tokio::runtime::Handle::current().id()
}

/// Three futures in a set, each woken through the set: an executor inside the future.
pub(crate) async fn a_set() -> usize {
    let yields = (0..3).map(|_| yield_now());
    yields.collect::<FuturesUnordered<_>>().count().await
}

/// The scheduler that runs on this thread besides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// No scheduler, or one that another thread takes over.
    Nothing,
    /// A scheduler that stands still until the call returns, with the wakes that it keeps back.
    AScheduler,
}

/// Makes every kind of call on this thread, and checks its outcome.
fn check(beside: Beside) {
    let koil = a_loop();
    let id = koil.handle().tokio().id();
    let _entered = koil.enter();
    assert_eq!(unkoil(async { 1 }), 1, "what is ready never waits");
    assert_eq!(unkoil_lend(a_nap()), id);
    assert_eq!(unkoil_task(a_nap()).result().unwrap(), id);
    let mut naps = unkoil_iter(Box::pin(futures::stream::once(a_nap())));
    let answers: [Result<_, Error>; 3] = [
        try_unkoil(a_nap()),
        gather([a_nap()]).try_wait().map(|ids| ids[0]),
        naps.next_timeout(LIMIT).unwrap(),
    ];
    for answer in answers {
        assert_eq!(answer.unwrap(), id);
    }
    let caller = thread::current().id();
    let here = unkoil(async {
        let held = Rc::new(thread::current().id());
        a_nap().await;
        assert_eq!(thread::current().id(), *held);
        held
    });
    assert_eq!(*here, caller, "the caller polls, and what it gets may stay");
    match beside {
        Beside::Nothing => assert_eq!(try_unkoil(a_set()).unwrap(), 3),
        Beside::AScheduler => {
            let text = refused(try_unkoil(a_set())).to_string();
            for part in ["FuturesUnordered", "unkoil_lend", "unkoil_task", file!()] {
                assert!(text.contains(part), "{text}");
            }
        }
    }
    assert_eq!(unkoil_lend(a_set()), 3);
    assert_eq!(unkoil_task(a_set()).result().unwrap(), 3);
    assert_eq!(unkoil(a_nap()), id, "and on it goes");
}

#[test]
fn under_an_entered_handle_a_thread_is_plain() {
    watched(|| {
        let runtime = current_thread();
        let _entered = runtime.enter();
        check(Beside::Nothing);
    });
}

#[test]
fn under_the_entered_handle_of_its_own_loop_a_thread_is_plain() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _tokio = handle.tokio().enter();
        check(Beside::Nothing);
    });
}

#[test]
fn in_the_root_of_a_multi_threaded_block_on_a_thread_is_plain() {
    watched(|| {
        multi_threaded(1).block_on(async { check(Beside::Nothing) });
    });
}

#[test]
fn in_a_task_of_a_multi_threaded_runtime_the_worker_steps_aside() {
    watched(|| {
        let runtime = multi_threaded(1);
        let task = runtime.spawn(async { check(Beside::Nothing) });
        runtime.block_on(task).unwrap();
    });
}

#[test]
fn in_a_blocking_thread_of_another_runtime_a_thread_is_plain() {
    watched(|| {
        let runtime = current_thread();
        let worker = runtime.spawn_blocking(|| check(Beside::Nothing));
        runtime.block_on(worker).unwrap();
    });
}

#[test]
fn in_a_current_thread_runtime_the_caller_polls_beside_the_scheduler() {
    watched(|| {
        current_thread().block_on(async { check(Beside::AScheduler) });
    });
}

#[test]
fn in_a_task_of_a_current_thread_runtime_the_caller_polls_beside_the_scheduler() {
    watched(|| {
        let runtime = current_thread();
        let task = runtime.spawn(async { check(Beside::AScheduler) });
        runtime.block_on(task).unwrap();
    });
}

#[test]
fn in_a_local_set_the_caller_polls_beside_the_scheduler() {
    watched(|| {
        let local = LocalSet::new();
        let task = local.spawn_local(async { check(Beside::AScheduler) });
        current_thread().block_on(local.run_until(task)).unwrap();
    });
}

#[test]
fn in_another_runtime_on_a_worker_of_koil_the_caller_polls_beside_the_scheduler() {
    on_a_loop(|_| {
        let inside = || current_thread().block_on(async { check(Beside::AScheduler) });
        unkoil(async { tokio::task::spawn_blocking(inside).await.unwrap() });
    });
}

#[test]
fn in_another_executor_without_tokio_a_thread_is_plain() {
    watched(|| {
        futures::executor::block_on(async { check(Beside::Nothing) });
    });
}

#[test]
fn a_worker_that_stepped_aside_may_wait_for_its_own_runtime() {
    with_a_loop(|koil| {
        let runtime = multi_threaded(1);
        let handle = koil.handle();
        let task = runtime.spawn(async move {
            let own = tokio::runtime::Handle::current();
            let _entered = handle.enter();
            let (send, receive) = tokio::sync::oneshot::channel();
            own.spawn(async move {
                yield_now().await;
                send.send(8).unwrap();
            });
            unkoil(receive).unwrap()
        });
        assert_eq!(runtime.block_on(task).unwrap(), 8);
    });
}

/// Runs `f`, which blocks, in a task of either kind of runtime.
fn in_a_task_of_each<F, Fut>(f: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    for runtime in [current_thread(), multi_threaded(2)] {
        let task = runtime.spawn(f());
        runtime.block_on(task).unwrap();
    }
}

#[test]
fn yields_and_used_up_budgets_end_in_foreign_tasks() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        in_a_task_of_each(|| {
            let handle = handle.clone();
            async move {
                let _entered = handle.enter();
                unkoil_lend(async {
                    for _ in 0..10_000 {
                        yield_now().await;
                    }
                });
                let (send, mut receive) = tokio::sync::mpsc::channel(10_000);
                for item in 0..10_000 {
                    send.try_send(item).unwrap();
                }
                let received = unkoil(async {
                    let mut received = 0;
                    while received < 10_000 && receive.recv().await.is_some() {
                        received += 1;
                    }
                    received
                });
                assert_eq!(received, 10_000);
            }
        });
    });
}

#[test]
fn a_thousand_calls_in_one_foreign_task_answer_each() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        in_a_task_of_each(|| {
            let handle = handle.clone();
            async move {
                let _entered = handle.enter();
                for round in 0..1_000 {
                    let (send, receive) = tokio::sync::oneshot::channel();
                    let task = unkoil_task(async move { send.send(round) });
                    assert_eq!(unkoil_lend(receive), Ok(round));
                    assert!(task.result().unwrap().is_ok());
                }
            }
        });
    });
}
