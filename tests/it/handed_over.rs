//! The work that drops hand over in a call: the call waits for it, whatever its shape and its place.

use std::convert::Infallible;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::thread;
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use koil::{
    AsyncEntered, CancelScope, ContextFn, Entered, Iter, Koil, context_fn, eager_task, gather,
    koiled, run_threaded, try_gather, try_unkoil, unkoil, unkoil_iter, unkoil_lend, unkoil_task,
    unkoil_timeout,
};

use crate::support::{Count, FOR_EVER, LIMIT, on_a_loop, on_loop, watched};

/// A context whose exit needs the loop, and is counted at its end.
pub(crate) fn slow(exits: &Count) -> Slow {
    let exits = exits.clone();
    context_fn(
        || async { Ok::<_, Infallible>(()) },
        move |(), _| async move {
            tokio::time::sleep(Duration::from_millis(2)).await;
            exits.add();
            Ok(())
        },
    )
}

pub(crate) type Slow = ContextFn<(), Infallible>;

/// Drops a guard in its poll.
pub(crate) async fn guarded(exits: Count) -> u32 {
    let _guard = AsyncEntered::enter(slow(&exits)).await.unwrap();
    tokio::task::yield_now().await;
    7
}

/// Runs `call`, which has to wait for one exit.
#[track_caller]
pub(crate) fn waits<T>(call: impl FnOnce(Count) -> T) -> T {
    let exits = Count::default();
    let value = call(exits.clone());
    assert_eq!(exits.get(), 1, "the call returns after the exit");
    value
}

#[koiled]
async fn job(exits: Count) -> u32 {
    guarded(exits).await
}

#[koiled]
async fn fails(exits: Count) -> Result<u32, String> {
    let _guard = AsyncEntered::enter(slow(&exits)).await.unwrap();
    Err(String::from("no"))?;
    Ok(1)
}

#[koiled]
fn begun(exits: Count) -> impl Future<Output = u32> {
    guarded(exits)
}

#[koiled]
#[koil(lend)]
async fn lent(exits: Count) -> u32 {
    guarded(exits).await
}

#[test]
fn every_call_waits_for_the_exits_of_its_own_drops() {
    on_a_loop(|_| {
        assert_eq!(waits(|exits| unkoil(guarded(exits))), 7);
        assert_eq!(waits(|exits| try_unkoil(guarded(exits))).unwrap(), 7);
        assert_eq!(waits(|exits| unkoil_lend(guarded(exits))), 7);
        let timed = waits(|exits| unkoil_timeout(LIMIT, guarded(exits)));
        assert_eq!(timed.unwrap(), 7);
        assert_eq!(waits(job_blocking), 7);
        assert_eq!(waits(fails_blocking).unwrap_err(), "no");
        assert_eq!(waits(begun_blocking), 7);
        assert_eq!(waits(lent_blocking), 7);
        assert_eq!(waits(|exits| gather([guarded(exits)]).wait()), [7]);
        let first_error = waits(|exits| {
            let futures = [true, false].map(|fails| {
                let exits = exits.clone();
                async move {
                    if fails {
                        tokio::task::yield_now().await;
                        return Err("no");
                    }
                    let _guard = AsyncEntered::enter(slow(&exits)).await.unwrap();
                    std::future::pending().await
                }
            });
            try_gather::<_, (), _>(futures).wait()
        });
        assert_eq!(first_error, Err("no"));
        let scope = CancelScope::new();
        let scoped = waits(|exits| scope.run(|| try_unkoil(guarded(exits))));
        assert_eq!(scoped.unwrap().unwrap(), 7);
        // On the process-wide loop as well, where a call takes the shortest way.
        assert_eq!(
            thread::spawn(|| waits(|exits| unkoil(guarded(exits))))
                .join()
                .unwrap(),
            7
        );
    });
}

#[test]
fn a_future_that_holds_a_guard_is_dropped_before_the_wait() {
    on_a_loop(|_| {
        waits(|exits| {
            let guard = unkoil(AsyncEntered::enter(slow(&exits))).unwrap();
            let mut guard = Some(guard);
            // Ready, and dropped with the guard only after its last poll.
            unkoil(futures::future::poll_fn(move |_| {
                assert!(guard.as_mut().is_some());
                std::task::Poll::Ready(())
            }));
        });
    });
}

#[test]
fn the_result_of_a_task_comes_after_its_exits() {
    on_a_loop(|_| {
        assert_eq!(
            waits(|exits| unkoil_task(guarded(exits)).result()).unwrap(),
            7
        );
        assert_eq!(
            waits(|exits| eager_task(guarded(exits)).result()).unwrap(),
            7
        );
        // A task that has ended before it is asked.
        waits(|exits| {
            let task = unkoil_task(guarded(exits));
            while !task.is_finished() {
                thread::yield_now();
            }
            assert_eq!(task.result().unwrap(), 7);
        });
        // One that ends where it begins.
        waits(|exits| {
            let task = eager_task(async move {
                drop(AsyncEntered::enter(slow(&exits)).await.unwrap());
                7
            });
            assert!(task.is_finished());
            assert_eq!(task.result().unwrap(), 7);
        });
        // Awaited in a call, it counts for that call.
        waits(|exits| unkoil(async { unkoil_task(guarded(exits)).await.unwrap() }));
        waits(|exits| {
            let outer = unkoil_task(async { unkoil_task(guarded(exits)).await.unwrap() });
            outer.result().unwrap()
        });
        waits(|exits| {
            let mut task = unkoil_task(guarded(exits));
            task.result_timeout(LIMIT).unwrap()
        });
    });
}

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
fn a_call_that_panics_waits_too() {
    on_a_loop(|_| {
        let panics = |exits: Count| async move {
            let _guard = AsyncEntered::enter(slow(&exits)).await.unwrap();
            tokio::task::yield_now().await;
            panic_any("on purpose");
        };
        let caught = |call: &dyn Fn(Count)| {
            waits(|exits| {
                let payload = catch_unwind(AssertUnwindSafe(|| call(exits))).unwrap_err();
                assert_eq!(payload.downcast_ref(), Some(&"on purpose"));
            });
        };
        caught(&|exits| unkoil(panics(exits)));
        caught(&|exits| unkoil_lend(panics(exits)));
        caught(&|exits| drop(unkoil_task(panics(exits)).result()));
        caught(&|exits| {
            let task = unkoil_task(panics(exits));
            while !task.is_finished() {
                thread::yield_now();
            }
            drop(task.result());
        });
    });
}

#[test]
fn a_call_that_is_cut_short_waits_too() {
    on_a_loop(|_| {
        let hangs = |exits: Count| async move {
            let _guard = AsyncEntered::enter(slow(&exits)).await.unwrap();
            std::future::pending::<()>().await;
        };
        let soon = Duration::from_millis(5);
        let late = waits(|exits| unkoil_timeout(soon, hangs(exits)));
        assert!(late.unwrap_err().is_timeout());
        let late = waits(|exits| koil::deadline(soon, || try_unkoil(hangs(exits))));
        assert!(late.unwrap().unwrap_err().is_timeout());
        // One that listens ends in its last polls.
        let listens = |exits: Count| async move {
            let _guard = AsyncEntered::enter(slow(&exits)).await.unwrap();
            let token = koil::CancelToken::current().unwrap();
            token.cancelled().await;
        };
        let late = waits(|exits| unkoil_timeout(soon, listens(exits)));
        assert!(late.unwrap_err().is_timeout());
    });
}

#[test]
fn the_second_job_begins_after_the_exit_of_the_first() {
    on_a_loop(|_| {
        let exits = Count::default();
        for before in 0..200 {
            assert_eq!(exits.get(), before);
            assert_eq!(job_blocking(exits.clone()), 7);
        }
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
                .unwrap()
        });
        // While a thread unwinds.
        struct OnDrop<F: Fn()>(F);
        impl<F: Fn()> Drop for OnDrop<F> {
            fn drop(&mut self) {
                (self.0)();
            }
        }
        let unwinds = AssertUnwindSafe(|| {
            let _on_drop = OnDrop(|| {
                waits(|exits| unkoil(guarded(exits)));
            });
            panic_any("on purpose");
        });
        catch_unwind(unwinds).unwrap_err();
    });
}

async fn tokio_blocking<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(job).await.unwrap()
}

#[test]
fn a_nested_call_waits_for_its_own_exits_and_the_outer_one_for_all() {
    on_a_loop(|_| {
        let (inner, outer) = (Count::default(), Count::default());
        let (of_job, of_call) = (inner.clone(), outer.clone());
        unkoil(async move {
            drop(AsyncEntered::enter(slow(&of_call)).await.unwrap());
            run_threaded(move || {
                waits(|exits| unkoil(guarded(exits)));
                unkoil(guarded(of_job));
            })
            .await;
        });
        assert_eq!((inner.get(), outer.get()), (1, 1));
    });
}

#[test]
fn a_nested_exit_belongs_to_the_exit_around_it() {
    on_a_loop(|_| {
        let exits = Count::default();
        let inner = exits.clone();
        let context = context_fn(
            || async { Ok::<_, Infallible>(()) },
            move |(), _| async move {
                drop(AsyncEntered::enter(slow(&inner)).await.unwrap());
                Ok(())
            },
        );
        unkoil(async { drop(AsyncEntered::enter(context).await.unwrap()) });
        assert_eq!(exits.get(), 1);
        // And to the exit of a blocking guard.
        let inner = exits.clone();
        let context = context_fn(
            || async { Ok::<_, Infallible>(()) },
            move |(), _| async move {
                drop(AsyncEntered::enter(slow(&inner)).await.unwrap());
                Ok(())
            },
        );
        drop(Entered::enter(context).unwrap());
        assert_eq!(exits.get(), 2);
    });
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
