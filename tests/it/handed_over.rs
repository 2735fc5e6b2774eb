//! The work that drops hand over in a call: the call waits for it, whatever its shape and its place.

use std::convert::Infallible;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::thread;
use std::time::Duration;

use koil::{
    AsyncEntered, CancelScope, ContextFn, Entered, context_fn, eager_task, gather, koiled,
    run_threaded, try_gather, try_unkoil, unkoil, unkoil_lend, unkoil_task, unkoil_timeout,
};

use crate::support::{Count, LIMIT, on_a_loop};

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
pub(crate) async fn job(exits: Count) -> u32 {
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
        // A deadline counts before the call begins, and a busy machine may take its time.
        let later = Duration::from_millis(500);
        let late = waits(|exits| koil::deadline(later, || try_unkoil(hangs(exits))));
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
