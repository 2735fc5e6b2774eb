//! Calls beside schedulers on a busy machine: many threads at once, each with a scheduler of its own.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt};
use koil::{try_unkoil, unkoil, unkoil_iter};
use tokio::task::yield_now;

use crate::places::current_thread;
use crate::support::{LIMIT, OnDrop, refused, watched, with_a_loop};

const MS: Duration = Duration::from_millis(1);
const THREADS: u32 = 8;

async fn yields(times: u32) {
    for _ in 0..times {
        yield_now().await;
    }
}

/// Runs `f` on many threads at once, each inside a current-thread runtime.
#[track_caller]
fn on_many_threads(f: fn(u32)) {
    with_a_loop(move |koil| {
        let start = |_| {
            let call = koil.handle().wrap(move || {
                let runtime = current_thread();
                for round in 0..20 {
                    runtime.block_on(async {
                        f(round);
                        // The wakes that the scheduler has kept back from the calls come now.
                        yield_now().await;
                        f(round);
                    });
                }
            });
            thread::spawn(call)
        };
        let threads: Vec<JoinHandle<()>> = (0..THREADS).map(start).collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert!(koil.shutdown().is_clean());
    });
}

/// Runs `f` while as many threads compute.
#[track_caller]
fn while_others_compute(f: impl FnOnce() + Send + 'static) {
    watched(|| {
        let is_over = Arc::new(AtomicBool::new(false));
        let _over = OnDrop::new({
            let is_over = is_over.clone();
            move || is_over.store(true, Ordering::Relaxed)
        });
        for _ in 0..THREADS {
            let is_over = is_over.clone();
            thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        f();
    });
}

#[test]
fn calls_of_every_kind() {
    on_many_threads(|n| {
        unkoil(async {
            yields(5).await;
            tokio::time::sleep(MS).await;
            let held = Rc::new(n);
            tokio::spawn(yields(3)).await.unwrap();
            assert_eq!(*held, n);
        });
        let items = unkoil_iter(Box::pin(futures::stream::iter(0..3).then(async |n| {
            yield_now().await;
            n
        })));
        assert_eq!(items.sum::<u32>(), 3);
    });
}

#[test]
fn refusals_and_calls_by_turns() {
    on_many_threads(|n| {
        let set: FuturesUnordered<_> = (0..=n).map(|_| yield_now()).collect();
        refused(try_unkoil(set.count()));
        unkoil(async { tokio::join!(yields(n), yields(1)) });
        unkoil(async { tokio::spawn(async {}).await.unwrap() });
    });
}

#[test]
fn wakes_that_come_in_the_moment_of_a_yield() {
    on_many_threads(|_| {
        for _ in 0..10 {
            let (send, receive) = tokio::sync::oneshot::channel();
            unkoil(async {
                let other = tokio::spawn(async move { send.send(()) });
                let (received, ()) = tokio::join!(receive, yields(2));
                received.unwrap();
                other.await.unwrap().unwrap();
            });
        }
    });
}

#[test]
fn yields_while_others_compute() {
    while_others_compute(|| {
        current_thread().block_on(async {
            unkoil(yields(1_000));
            unkoil(async { tokio::time::timeout(LIMIT, yields(1_000)).await.unwrap() });
            for _ in 0..10 {
                unkoil(async { tokio::join!(yields(20), tokio::time::sleep(MS)) });
            }
        });
    });
}

#[test]
fn calls_while_others_compute() {
    while_others_compute(|| {
        current_thread().block_on(async {
            for _ in 0..1_000 {
                unkoil(yields(1));
            }
            for _ in 0..50 {
                unkoil(async { tokio::spawn(yields(1)).await.unwrap() });
            }
        });
    });
}
