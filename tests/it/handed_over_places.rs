//! Calls that wait for handed-over work: those of iterators, and on every kind of thread.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::thread;

use futures::stream::{self, Stream, StreamExt};
use koil::{
    AsyncEntered, Iter, Koil, run_threaded, unkoil, unkoil_iter, unkoil_lend, unkoil_task,
    unkoil_timeout,
};

use crate::handed_over::{guarded, job_blocking, slow, waits};
use crate::support::{Count, FOR_EVER, LIMIT, on_a_loop, on_loop, watched};

/// A stream that keeps a guard until its end, after `items` items.
fn stream_of(exits: Count, items: u32) -> impl Stream<Item = u32> + Send + 'static {
    stream::once(async move { AsyncEntered::enter(slow(&exits)).await.unwrap() }).flat_map(
        move |guard| {
            let mut guard = Some(guard);
            stream::iter(0..=items).filter_map(move |item| {
                if item == items {
                    drop(guard.take());
                }
                futures::future::ready((item < items).then_some(item))
            })
        },
    )
}

#[test]
fn an_iterator_waits_in_next_and_close_and_when_it_is_dropped() {
    on_a_loop(|_| {
        waits(|exits| assert_eq!(unkoil_iter(stream_of(exits, 3)).count(), 3));
        waits(|exits| {
            let mut iter = unkoil_iter(Box::pin(stream_of(exits, 3)));
            assert_eq!(iter.next(), Some(0));
            iter.close().unwrap();
        });
        waits(|exits| {
            let mut iter = unkoil_iter(Box::pin(stream_of(exits, 3)));
            assert_eq!(iter.next(), Some(0));
        });
        waits(|exits| {
            let mut iter = unkoil_iter(stream_of(exits, 1)).timeout(LIMIT);
            assert_eq!(iter.next().unwrap().unwrap(), 0);
            assert!(iter.next().is_none());
        });
        waits(|exits| {
            let iter = unkoil_iter(stream_of(exits, 3)).read_ahead(8);
            assert!(iter.eq(0..3));
        });
        let fetched = |exits| -> Iter<_> { unkoil_iter(Box::pin(stream_of(exits, 3))).prefetch(2) };
        waits(|exits| assert!(fetched(exits).eq(0..3)));
        waits(|exits| {
            let mut iter = fetched(exits);
            assert_eq!(iter.next(), Some(0));
            iter.close().unwrap();
        });
    });
}

#[test]
fn calls_wait_on_every_kind_of_thread() {
    on_a_loop(|koil| {
        let all = || {
            waits(|exits| unkoil(guarded(exits)));
            waits(job_blocking);
            waits(|exits| unkoil_timeout(LIMIT, guarded(exits))).unwrap();
            waits(|exits| unkoil_task(guarded(exits)).result()).unwrap();
            waits(|exits| assert_eq!(unkoil_iter(stream_of(exits, 3)).count(), 3));
            waits(|exits| {
                let mut iter = unkoil_iter(Box::pin(stream_of(exits, 3)));
                assert_eq!(iter.next(), Some(0));
            });
        };
        let handle = koil.handle();
        let here = || handle.wrap(all)();
        // A worker of koil's, a blocking thread of its runtime, and a separate thread.
        unkoil(run_threaded(all));
        unkoil(koil::run_separate(all));
        unkoil(tokio_blocking(all));
        // Tasks of other runtimes.
        let single = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        single.block_on(async { here() });
        let set = tokio::task::LocalSet::new();
        single.block_on(set.run_until(async { here() }));
        let handle = koil.handle();
        let multi = tokio::runtime::Runtime::new().unwrap();
        multi.block_on(async { here() });
        multi.block_on(async {
            tokio::spawn(async move { handle.wrap(all)() })
                .await
                .unwrap();
        });
        // While a thread unwinds.
        let unwinds = AssertUnwindSafe(|| {
            let _on_drop = OnDrop(|| {
                waits(|exits| unkoil(guarded(exits)));
            });
            panic_any("on purpose");
        });
        catch_unwind(unwinds).unwrap_err();
    });
}

struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

async fn tokio_blocking<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(job).await.unwrap()
}

#[test]
fn many_callers_wait_for_their_own_exits_at_once() {
    on_loop(
        || Koil::builder().join_timeout(FOR_EVER).build().unwrap(),
        |koil| {
            let callers: Vec<_> = (0..8)
                .map(|at| {
                    thread::spawn(koil.handle().wrap(move || {
                        for _ in 0..20 {
                            match at % 4 {
                                0 => drop(waits(|exits| unkoil(guarded(exits)))),
                                1 => drop(waits(|exits| unkoil_task(guarded(exits)).result())),
                                2 => drop(waits(|exits| unkoil_lend(guarded(exits)))),
                                _ => waits(|exits| {
                                    assert_eq!(unkoil_iter(stream_of(exits, 3)).count(), 3);
                                }),
                            }
                        }
                    }))
                })
                .collect();
            for caller in callers {
                caller.join().unwrap();
            }
        },
    );
}

#[test]
fn calls_in_the_destructor_of_a_thread_local_wait_too() {
    thread_local! {
        static LAST: std::cell::RefCell<Option<Last>> = const { std::cell::RefCell::new(None) };
    }
    struct Last(Count);
    impl Drop for Last {
        fn drop(&mut self) {
            unkoil(guarded(self.0.clone()));
        }
    }
    watched(|| {
        let exits = Count::default();
        let of_thread = exits.clone();
        thread::spawn(move || {
            LAST.set(Some(Last(of_thread)));
            unkoil(async {});
        })
        .join()
        .unwrap();
        assert_eq!(exits.get(), 1);
    });
}
