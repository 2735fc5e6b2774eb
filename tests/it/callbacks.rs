//! Blocking code that a future calls while its own caller polls it: the one place inside of a poll where
//! a blocking call is allowed.

use std::cell::RefCell;
use std::future::pending;
use std::thread;
use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt};
use koil::inline;
use koil::{
    CancelScope, CancelToken, Drivers, Error, Koil, eager_task, gather, run_threaded, try_unkoil,
    unkoil, unkoil_iter, unkoil_lend, unkoil_task,
};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{LocalSet, yield_now};
use tokio::time::sleep;

use crate::support::{FOR_EVER, a_loop, on_a_loop, refused, watch, watched};

pub(crate) const SHORT: Duration = Duration::from_millis(1);

/// An SDK's function that calls back to its user.
pub(crate) async fn transaction<T>(callback: impl FnOnce() -> T) -> T {
    let _callback = koil::__private::callback();
    callback()
}

/// A call that really waits for the loop.
pub(crate) fn a_wait() -> Result<u32, Error> {
    try_unkoil(async {
        sleep(SHORT).await;
        7
    })
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

pub(crate) fn multi_thread() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// Every kind of loop.
fn loops() -> Vec<Koil> {
    let drivers = [
        Drivers::CallersUnlessTasks,
        Drivers::Callers,
        Drivers::LoopThread,
    ];
    let single = drivers.map(|drivers| Koil::builder().drivers(drivers));
    let all = single
        .into_iter()
        .chain([Koil::builder().worker_threads(2)]);
    let all = all.map(|builder| builder.join_timeout(FOR_EVER).build().unwrap());
    all.inspect(|koil| watch(&koil.handle())).collect()
}

/// Runs `test` on each kind of thread on which a blocking call may be made, with each kind of loop.
#[track_caller]
pub(crate) fn everywhere(test: fn()) {
    watched(move || {
        for koil in loops() {
            let test = || koil.handle().wrap(test);
            test()();
            thread::spawn(test()).join().unwrap();
            let in_job = test();
            koil.handle().wrap(|| unkoil(run_threaded(in_job)))();
            current_thread().block_on(async { test()() });
            LocalSet::new().block_on(&current_thread(), async {
                let test = test();
                tokio::task::spawn_local(async move { test() })
                    .await
                    .unwrap();
            });
            let workers = multi_thread();
            let task = workers.spawn(async { 1 });
            workers.block_on(task).unwrap();
            let (in_task, in_blocking) = (test(), test());
            let task = workers.spawn(async move { in_task() });
            workers.block_on(task).unwrap();
            let task = workers.spawn_blocking(in_blocking);
            workers.block_on(task).unwrap();
        }
    });
}

#[test]
fn a_callback_may_block_in_the_first_poll() {
    everywhere(|| {
        assert_eq!(unkoil(transaction(a_wait)).unwrap(), 7);
    });
}

#[test]
fn a_callback_may_block_after_its_call_has_waited() {
    everywhere(|| {
        for _ in 0..5 {
            let sum = unkoil(async {
                let mut sum = 0;
                for _ in 0..3 {
                    sleep(SHORT).await;
                    sum += transaction(a_wait).await.unwrap();
                }
                sleep(SHORT).await;
                sum
            });
            assert_eq!(sum, 21);
        }
    });
}

#[test]
fn every_kind_of_call_may_be_made_in_a_callback() {
    everywhere(|| {
        unkoil(async {
            sleep(SHORT).await;
            transaction(|| {
                assert_eq!(unkoil_lend(async { 1 }), 1);
                let task = unkoil_task(async {
                    sleep(SHORT).await;
                    2
                });
                assert_eq!(task.result().unwrap(), 2);
                assert_eq!(gather([3, 3].map(std::future::ready)).wait(), [3, 3]);
                let items = futures::stream::iter(0..3).then(|item| async move {
                    sleep(SHORT).await;
                    item
                });
                assert_eq!(unkoil_iter(items).sum::<i32>(), 3);
                assert_eq!(unkoil(run_threaded(|| a_wait().unwrap())), 7);
                koil::sleep(SHORT).unwrap();
                assert_eq!(eager_task(async { 4 }).result().unwrap(), 4);
            })
            .await;
        });
    });
}

#[test]
fn callbacks_nest() {
    fn deeper(depth: u32) -> u32 {
        if depth == 0 {
            return a_wait().unwrap();
        }
        unkoil(async {
            sleep(SHORT).await;
            transaction(|| deeper(depth - 1)).await
        })
    }
    everywhere(|| assert_eq!(deeper(5), 7));
}

#[test]
fn a_callback_borrows_and_its_call_reads_what_it_wrote() {
    on_a_loop(|_| {
        let (mut log, shared) = (Vec::new(), RefCell::new(0));
        unkoil(async {
            for round in 0..3 {
                let answer = transaction(|| {
                    *shared.borrow_mut() += 1;
                    log.push(round);
                    a_wait()
                });
                answer.await.unwrap();
            }
        });
        assert_eq!((log, shared.into_inner()), (vec![0, 1, 2], 3));
    });
}

#[test]
fn an_iterator_may_call_back() {
    everywhere(|| {
        let items = futures::stream::iter(0..3).then(|item| async move {
            sleep(SHORT).await;
            transaction(a_wait).await.unwrap() + item
        });
        assert_eq!(unkoil_iter(items).collect::<Vec<_>>(), [7, 8, 9]);
    });
}

#[test]
fn a_wake_that_comes_during_a_callback_is_not_lost() {
    everywhere(|| {
        let (send, mut received) = mpsc::unbounded_channel();
        let listens = async { received.recv().await.unwrap() };
        let calls = async {
            sleep(SHORT).await;
            // `listens` has registered its waker by now, and has been polled in this round.
            transaction(|| {
                thread::spawn(move || send.send(3).unwrap()).join().unwrap();
                a_wait().unwrap();
                koil::sleep(SHORT).unwrap();
            })
            .await;
            pending::<()>().await;
        };
        let answer = unkoil(async {
            tokio::select! { biased; answer = listens => answer, () = calls => unreachable!() }
        });
        assert_eq!(answer, 3);
    });
}

#[test]
fn a_sleep_in_a_callback_gives_the_wake_back() {
    everywhere(|| {
        let (send, received) = oneshot::channel();
        let calls = async {
            yield_now().await;
            transaction(|| {
                send.send(3).unwrap();
                let token = CancelToken::new();
                token.cancel("at once");
                CancelScope::new()
                    .run(|| koil::sleep(SHORT))
                    .unwrap()
                    .unwrap();
            })
            .await;
            pending::<()>().await;
        };
        let answer = unkoil(async {
            tokio::select! { biased; answer = received => answer, () = calls => unreachable!() }
        });
        assert_eq!(answer, Ok(3));
    });
}

#[test]
fn a_call_in_a_callback_never_drives() {
    on_a_loop(|_| {
        let me = thread::current().id();
        for _ in 0..20 {
            // The call around it drives before and after that.
            let (before, during) = unkoil(async {
                sleep(SHORT).await;
                sleep(SHORT).await;
                let before = tokio::spawn(async { thread::current().id() })
                    .await
                    .unwrap();
                let during = transaction(|| {
                    unkoil(async {
                        sleep(SHORT).await;
                        sleep(SHORT).await;
                        tokio::spawn(async { thread::current().id() })
                            .await
                            .unwrap()
                    })
                });
                (before, during.await)
            });
            assert_ne!(during, me);
            let _ = before;
        }
    });
}

#[test]
fn an_owed_wake_is_seen_although_a_callback_has_waited() {
    // An executor inside the future yields, in the same poll and before the callback.
    async fn starved() {
        let mut yields: FuturesUnordered<_> = [yield_now(), yield_now()].into_iter().collect();
        let calls = async {
            transaction(a_wait).await.unwrap();
            pending::<()>().await;
        };
        tokio::select! { biased; () = async { while yields.next().await.is_some() {} } => {}, () = calls => {} }
    }
    watched(|| {
        let koil = a_loop();
        let call = || koil.handle().wrap(|| try_unkoil(starved()))();
        current_thread().block_on(async { refused(call()) });
        call().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| multi_thread().block_on(async { call().unwrap() }));
        });
    });
    watched(|| {
        let koil = a_loop();
        let workers = multi_thread();
        let task = workers.spawn(async move { koil.handle().wrap(|| unkoil(starved()))() });
        workers.block_on(task).unwrap();
    });
}

#[test]
fn a_call_that_is_refused_in_a_callback_leaves_the_outer_one_alone() {
    watched(|| {
        let koil = a_loop();
        let call = koil.handle().wrap(|| {
            unkoil(async {
                let starved = || {
                    try_unkoil(async {
                        let yields = [yield_now(), yield_now()];
                        yields
                            .into_iter()
                            .collect::<FuturesUnordered<_>>()
                            .count()
                            .await
                    })
                };
                refused(transaction(starved).await);
                sleep(SHORT).await;
                refused(transaction(starved).await);
                sleep(SHORT).await;
                transaction(a_wait).await.unwrap()
            })
        });
        current_thread().block_on(async { assert_eq!(call(), 7) });
    });
}

#[test]
fn a_worker_that_has_stepped_aside_in_a_callback_keeps_no_wake_back() {
    everywhere(|| {
        let sum = unkoil(async {
            transaction(a_wait).await.unwrap();
            // On a foreign current-thread scheduler an executor inside the future may not yield.
            for _ in 0..100 {
                yield_now().await;
            }
            transaction(a_wait).await.unwrap()
        });
        assert_eq!(sum, 7);
    });
    watched(|| {
        let koil = a_loop();
        let workers = multi_thread();
        let task = workers.spawn(async move {
            koil.handle().wrap(|| {
                unkoil(async {
                    transaction(a_wait).await.unwrap();
                    let yields = [yield_now(), yield_now()].into_iter();
                    let count = yields.collect::<FuturesUnordered<_>>().count().await;
                    transaction(a_wait).await.unwrap();
                    count
                })
            })()
        });
        assert_eq!(workers.block_on(task).unwrap(), 2);
    });
}

#[test]
fn blocking_code_of_an_inline_call_parks_too() {
    everywhere(|| {
        let answer = inline::run(async { inline::blocking(a_wait).await.unwrap() });
        assert_eq!(answer.unwrap().unwrap(), 7);
        let answer = unkoil(async { inline::run(transaction(a_wait)) });
        assert_eq!(answer.unwrap().unwrap(), 7);
        let answer = unkoil(transaction(|| inline::run(transaction(a_wait))));
        assert_eq!(answer.unwrap().unwrap(), 7);
    });
    on_a_loop(|_| {
        refused(
            unkoil_task(async { inline::run(transaction(a_wait)) })
                .result()
                .unwrap()
                .unwrap(),
        );
        refused(unkoil(async { inline::run(async { a_wait() }) }).unwrap());
        let me = thread::current().id();
        let spawned = || unkoil(async { tokio::spawn(async { thread::current().id() }).await });
        let ran_on = inline::run(transaction(spawned)).unwrap().unwrap();
        assert_ne!(ran_on, me);
    });
}

#[test]
fn blocking_code_in_a_call_is_a_callback() {
    everywhere(|| {
        let answer = unkoil(async {
            sleep(SHORT).await;
            inline::blocking(a_wait).await.unwrap()
        });
        assert_eq!(answer.unwrap(), 7);
    });
}
