//! Promise 13, on other threads: context goes into tasks and lent waits, and comes back from there.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::{context_var, unkoil, unkoil_task};
use tokio::task::yield_now;

use crate::support::{FOR_EVER, OnDrop, on_a_loop, with_a_loop};

context_var! {
    static NAME: String;
    static DEPTH: u32 = 1;
}

fn named(name: &str) {
    NAME.set(name.to_owned());
}

fn name() -> String {
    NAME.get().unwrap_or_else(|| "nobody".to_owned())
}

/// Runs `f` in a task of a current-thread runtime, where a wait is lent to the loop.
fn where_waits_are_lent<T>(f: impl FnOnce() -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async { tokio::task::LocalSet::new().run_until(async { f() }).await })
}

#[test]
fn a_lent_wait_carries_the_context_there_and_back() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        where_waits_are_lent(|| {
            let _entered = handle.enter();
            named("caller");
            let caller = thread::current().id();
            let (thread, seen) = koil::unkoil_lend(async {
                tokio::time::sleep(Duration::from_millis(2)).await;
                let seen = name();
                named("from the loop");
                DEPTH.set(7);
                yield_now().await;
                (thread::current().id(), seen)
            });
            assert_ne!(thread, caller, "the wait was lent");
            assert_eq!(seen, "caller");
            assert_eq!((name().as_str(), DEPTH.get()), ("from the loop", 7));
        });
        let left = handle.tokio().spawn(async { (NAME.get(), DEPTH.get()) });
        assert_eq!(
            unkoil(left).unwrap(),
            (None, 1),
            "nothing is left on the loop"
        );
    });
}

#[test]
fn a_lent_wait_that_ends_badly_brings_its_context_back_too() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        where_waits_are_lent(|| {
            let _entered = handle.enter();
            let panicked = std::panic::catch_unwind(|| {
                koil::unkoil_lend(async {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    named("before a panic");
                    panic!("in a lent call");
                })
            });
            assert!(panicked.is_err());
            assert_eq!(name(), "before a panic");
            // A future that is cut short while the loop has it, and hears of it.
            let scope = koil::CancelScope::new();
            let token = scope.token().clone();
            let (set, is_set) = mpsc::channel();
            let canceller = thread::spawn(move || {
                is_set.recv().unwrap();
                token.cancel("enough");
            });
            let _unwound = scope.unwinding().run(|| {
                koil::unkoil_lend(async {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    named("before a cancel");
                    set.send(()).unwrap();
                    std::future::pending::<()>().await;
                });
            });
            canceller.join().unwrap();
            assert_eq!(name(), "before a cancel");
        });
    });
}

#[test]
fn a_task_has_a_copy_of_its_own_across_its_polls() {
    on_a_loop(|_| {
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                DEPTH.set(n);
                unkoil_task(async move {
                    for step in 0..50 {
                        assert_eq!(DEPTH.get(), n + step);
                        DEPTH.set(DEPTH.get() + 1);
                        yield_now().await;
                    }
                    DEPTH.get()
                })
            })
            .collect();
        for (n, task) in (0..8).zip(tasks) {
            assert_eq!(task.result().unwrap(), n + 50);
        }
        assert_eq!(DEPTH.get(), 7, "nothing comes back unasked");
    });
}

#[test]
fn a_task_brings_back_what_it_changed_and_nothing_else() {
    on_a_loop(|_| {
        named("before");
        DEPTH.set(2);
        let task = unkoil_task(async {
            DEPTH.set(DEPTH.get() + 1);
        });
        // Set by the test while the task runs: not to be lost.
        named("meanwhile");
        task.bring_context().result().unwrap();
        assert_eq!((name().as_str(), DEPTH.get()), ("meanwhile", 3));
        // A variable that it unsets is unset; a value that was set anew counts as set.
        let task = unkoil_task(async {
            NAME.unset();
            DEPTH.set(3);
        });
        DEPTH.set(9);
        task.bring_context().result().unwrap();
        assert_eq!((NAME.get(), DEPTH.get()), (None, 3));
    });
}

#[test]
fn a_cancelled_task_and_one_that_is_awaited_bring_their_context_back() {
    on_a_loop(|_| {
        let (begun, has_begun) = mpsc::channel();
        let task = unkoil_task(async move {
            named("before the cancel");
            begun.send(()).unwrap();
            std::future::pending::<()>().await;
        })
        .bring_context();
        has_begun.recv().unwrap();
        task.cancel("enough");
        assert!(task.result().unwrap_err().is_cancelled());
        assert_eq!(name(), "before the cancel");
        unkoil(async {
            let task = unkoil_task(async { named("a task") }).bring_context();
            task.await.unwrap();
            assert_eq!(name(), "a task");
        });
        assert_eq!(name(), "a task");
    });
}

#[test]
fn a_task_is_dropped_in_its_context() {
    with_a_loop(|koil| {
        let (tell, told) = mpsc::channel();
        {
            let _entered = koil.enter();
            named("the task's");
            let at_drop = OnDrop::new(move || tell.send(name()).unwrap());
            let (begun, has_begun) = mpsc::channel();
            let _detached = unkoil_task(async move {
                let _kept = at_drop;
                begun.send(()).unwrap();
                std::future::pending::<()>().await;
            });
            has_begun.recv().unwrap();
        }
        named("another");
        drop(koil);
        assert_eq!(told.recv_timeout(FOR_EVER).unwrap(), "the task's");
    });
}

#[test]
fn no_caller_leaves_its_context_with_the_tasks_of_a_loop() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        // Tasks of tokio's, which have no context of their own, while callers come and go.
        let (stop, stopped) = tokio::sync::watch::channel(());
        let watching = handle.tokio().spawn(async move {
            let mut polls = 0_u32;
            while !stopped.has_changed().unwrap_or(true) {
                assert_eq!(NAME.get(), None);
                polls += 1;
                yield_now().await;
            }
            polls
        });
        let callers: Vec<_> = (0..4)
            .map(|n| {
                thread::spawn(handle.wrap(move || {
                    for round in 0..50 {
                        named(&format!("caller {n}"));
                        unkoil(async {
                            assert_eq!(name(), format!("caller {n}"));
                            tokio::time::sleep(Duration::from_micros(100)).await;
                            assert_eq!(name(), format!("caller {n}"));
                            named(&format!("{n} in round {round}"));
                            yield_now().await;
                        });
                        assert_eq!(name(), format!("{n} in round {round}"));
                    }
                }))
            })
            .collect();
        for caller in callers {
            caller.join().unwrap();
        }
        drop(stop);
        let _entered = handle.enter();
        assert!(unkoil(watching).unwrap() > 0);
    });
}
