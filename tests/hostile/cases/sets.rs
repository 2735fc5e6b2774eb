//! Executors inside the future, with wakers of their own: where they yield, a wake is owed to them.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Context;
use std::thread;

use futures::future::{FutureExt, Shared, join_all};
use futures::stream::{self, FuturesOrdered, FuturesUnordered, StreamExt, TryStreamExt};
use koil::koiled;
use tokio::task::{LocalSet, spawn_local, yield_now};

use super::{Case, MS, nap, owed, ready_items, run, works, yields};

pub(super) const CASES: &[Case] = &[
    owed("a set of one that yields", || {
        run(async { assert_eq!(set(1).await, 1) })
    }),
    owed("a set of 100 that yield", || {
        run(async { assert_eq!(set(100).await, 100) })
    }),
    owed("a twin over such a set", || {
        assert_eq!(twin_of_a_set_blocking(), 100);
        Ok(())
    }),
    owed("`FuturesOrdered` of yields", || {
        let all: FuturesOrdered<_> = (0..5).map(|_| yields(3)).collect();
        run(all.count())
    }),
    owed("`buffer_unordered` of yields", || {
        run(stream::iter(0..50)
            .map(|_| yields(3))
            .buffer_unordered(8)
            .count())
    }),
    owed("`buffered` of yields", || {
        run(stream::iter(0..50).map(|_| yields(3)).buffered(8).count())
    }),
    owed("`for_each_concurrent` of yields", || {
        run(stream::iter(0..50).for_each_concurrent(4, |_| yields(3).map(drop)))
    }),
    owed("`join_all` of 100 yielders, a set", || {
        run(join_all((0..100).map(|_| yields(5))))
    }),
    owed("a gather with yields", || {
        let naps = [1, 2, 3].map(|n| async move {
            tokio::time::sleep(MS * n).await;
            yields(3).await
        });
        koil::gather(naps).try_wait().map(drop)
    }),
    owed("`Shared` of yields", || {
        run(async {
            let shared: Shared<_> = yields(5).boxed().shared();
            shared.clone().await
        })
    }),
    owed("a nested `LocalSet` whose task yields", || {
        run(in_a_set(yields(10)))
    }),
    owed("a nested `LocalSet` whose task uses up its budget", || {
        run(in_a_set(ready_items(10_000)))
    }),
    owed("a smol executor whose task yields to tokio", || {
        run(async {
            let executor = smol::LocalExecutor::new();
            let task = executor.spawn(yields(10));
            executor.run(task).await
        })
    }),
    owed(
        "a child that is polled with a clone of the waker, and yields",
        || run(with_a_clone(yields(10))),
    ),
    owed("the same, with a clone from another thread", || {
        run(with_a_clone_from_afar(yields(10)))
    }),
    owed("a stray yield with a waker of nobody, then a sleep", || {
        run(async {
            assert!(yields(1).now_or_never().is_none());
            nap().await;
        })
    }),
    owed("a set in a stream", || {
        let mut items = koil::unkoil_iter(Box::pin(stream::once(set(5))));
        items
            .next_timeout(super::LONG)
            .expect("it has an item")
            .map(drop)
    }),
    works("a set of sleeps", || {
        run(async {
            // Inside: a timer belongs to the runtime under which it is made.
            let sleeps = (0..100).map(|n| tokio::time::sleep(MS * (n % 7)));
            assert_eq!(sleeps.collect::<FuturesUnordered<_>>().count().await, 100);
        })
    }),
    works("a set of channels with more items than a budget", || {
        let all: FuturesUnordered<_> = (0..20).map(|_| ready_items(1_000)).collect();
        run(async { assert_eq!(all.fold(0, |a, b| async move { a + b }).await, 20_000) })
    }),
    works("a set that is ready at once", || {
        let all: FuturesUnordered<_> = (0..100).map(std::future::ready).collect();
        run(all.count())
    }),
    works("`buffer_unordered` of sleeps", || {
        run(stream::iter(0..50)
            .map(|_| nap())
            .buffer_unordered(8)
            .count())
    }),
    works("`try_for_each_concurrent` over tasks of the loop", || {
        let tasks = stream::iter((0..50).map(Ok::<_, tokio::task::JoinError>));
        run(tasks.try_for_each_concurrent(
            4,
            |n| async move { tokio::spawn(yields(n)).await.map(drop) },
        ))
    }),
    works("a gather of sleeps", || {
        let naps = [1, 2, 3].map(|n| async move {
            tokio::time::sleep(MS * n).await;
            n
        });
        assert_eq!(koil::gather(naps).try_wait()?, [1, 2, 3]);
        Ok(())
    }),
    works("a nested `LocalSet` whose tasks sleep", || {
        run(in_a_set(nap()))
    }),
    works("a smol executor whose task sleeps by tokio", || {
        run(async {
            let executor = smol::LocalExecutor::new();
            let task = executor.spawn(nap());
            executor.run(task).await;
        })
    }),
    works("a smol executor whose task yields to smol", || {
        run(async {
            let executor = smol::LocalExecutor::new();
            let task = executor.spawn(async {
                for _ in 0..100 {
                    smol::future::yield_now().await;
                }
            });
            executor.run(task).await;
        })
    }),
    works(
        "a child that is polled with a clone of the waker, and sleeps",
        || run(with_a_clone(nap())),
    ),
    works(
        "the same, with a clone from another thread, and sleeps",
        || run(with_a_clone_from_afar(nap())),
    ),
    works("a set that yields, lent to the loop", || {
        assert_eq!(koil::unkoil_lend(set(100)), 100);
        Ok(())
    }),
    works("a set that yields, in a task", || {
        assert_eq!(koil::unkoil_task(set(100)).result()?, 100);
        Ok(())
    }),
    works(
        "a nested `LocalSet` whose task yields, on a thread of its own",
        || {
            let ours = koil::Handle::current();
            run(async move {
                let blocks = ours.wrap(|| run(in_a_set(yields(10))));
                let worker = tokio::task::spawn_blocking(blocks);
                worker
                    .await
                    .expect("it does not panic")
                    .expect("a worker is plain");
            })
        },
    ),
];

#[koiled]
async fn twin_of_a_set() -> usize {
    set(100).await
}

/// How many of a set come to their end, each after some yields.
pub(super) async fn set(count: usize) -> usize {
    let all: FuturesUnordered<_> = (0..count).map(|_| yields(3)).collect();
    all.count().await
}

async fn in_a_set<F: Future + 'static>(future: F) -> F::Output {
    let local = LocalSet::new();
    let task = local.run_until(async { spawn_local(future).await });
    task.await.expect("the task does not panic")
}

/// Polls its child with a clone of its own waker.
pub(super) async fn with_a_clone<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(move |cx| {
        let waker = cx.waker().clone();
        future.as_mut().poll(&mut Context::from_waker(&waker))
    })
    .await
}

/// The same; another thread makes the clone, during the poll.
async fn with_a_clone_from_afar<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(move |cx| {
        let waker = cx.waker();
        let clone = thread::scope(|scope| scope.spawn(|| waker.clone()).join());
        let clone = clone.expect("a clone does not panic");
        future.as_mut().poll(&mut Context::from_waker(&clone))
    })
    .await
}

/// Yields once inside a set of its own.
pub(super) async fn one_in_a_set() {
    let all: FuturesUnordered<_> = [yield_now()].into_iter().collect();
    all.collect::<()>().await;
}
