//! `eager_task`: a first part that runs at once, on the thread of the caller, and belongs to the task.

use std::future::pending;
use std::panic::{self, AssertUnwindSafe, panic_any};
use std::pin::Pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll};
use std::thread::{self, ThreadId};
use std::time::Duration;

use koil::{Handle, KoilTask, eager_task, try_unkoil, unkoil, unkoil_task};
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::foreign::{current_thread, multi_threaded};
use crate::support::{Count, FOR_EVER, on_a_loop, refused, shut_down, watched, with_a_loop};

/// Events in the order in which they happen.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<&'static str>>>);

impl Events {
    fn add(&self, event: &'static str) {
        self.0.lock().unwrap().push(event);
    }

    fn all(&self) -> String {
        self.0.lock().unwrap().join(" ")
    }
}

/// The caller of asynkit's example, up to the wait for its task, which `c` lets continue.
fn started(events: &Events) -> KoilTask<()> {
    let (go, gone) = oneshot::channel::<()>();
    let of_task = events.clone();
    events.add("a");
    let task = eager_task(async move {
        of_task.add("1");
        gone.await.unwrap();
        of_task.add("2");
    });
    events.add("b");
    assert!(!task.is_finished());
    events.add("c");
    go.send(()).unwrap();
    task
}

async fn awaited_order() -> String {
    let events = Events::default();
    started(&events).await.unwrap();
    events.all()
}

#[test]
fn the_order_is_depth_first_for_a_blocking_caller() {
    on_a_loop(|_| {
        let events = Events::default();
        started(&events).result().unwrap();
        assert_eq!(events.all(), "a 1 b c 2");
    });
}

#[test]
fn the_order_is_depth_first_for_async_callers() {
    on_a_loop(|koil| {
        assert_eq!(unkoil(awaited_order()), "a 1 b c 2");
        let task = unkoil_task(awaited_order());
        assert_eq!(task.result().unwrap(), "a 1 b c 2");
        let task = koil.handle().tokio().spawn(awaited_order());
        assert_eq!(unkoil(task).unwrap(), "a 1 b c 2");
    });
}

#[test]
fn the_order_is_depth_first_on_foreign_runtimes() {
    with_a_loop(|koil| {
        for runtime in [current_thread(), multi_threaded(1)] {
            let handle = koil.handle();
            let task = runtime.spawn(async move {
                let events = Events::default();
                let task = {
                    let _entered = handle.enter();
                    started(&events)
                };
                task.await.unwrap();
                events.all()
            });
            assert_eq!(runtime.block_on(task).unwrap(), "a 1 b c 2");
        }
    });
}

#[test]
fn the_first_part_runs_here_and_the_rest_on_the_loop() {
    on_a_loop(|_| {
        let (first, then) = eager_task(async {
            let first = thread::current().id();
            yield_now().await;
            (first, thread::current().id())
        })
        .result()
        .unwrap();
        assert_eq!(first, thread::current().id());
        assert_ne!(then, first);
    });
}

/// The loop of a place: that of blocking calls, and that of tokio.
fn loop_here() -> (Handle, tokio::runtime::Id) {
    (Handle::current(), tokio::runtime::Handle::current().id())
}

#[test]
fn the_first_part_runs_under_the_loop_of_its_task() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let expected = (handle.clone(), handle.tokio().id());
        let entered = handle.enter();
        assert_eq!(
            eager_task(async { loop_here() }).result().unwrap(),
            expected
        );
        drop(entered);
        let foreign = current_thread();
        let seen = foreign.block_on(async {
            let task = {
                let _entered = handle.enter();
                eager_task(async {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    loop_here()
                })
            };
            let after = tokio::runtime::Handle::current().id();
            (task.await.unwrap(), after)
        });
        assert_eq!(seen, (expected, foreign.handle().id()));
    });
}

/// Keeps the thread of the ambient loop busy until the sender is dropped.
fn a_stuck_loop() -> mpsc::Sender<()> {
    let (hold, waits) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    drop(unkoil_task(async move {
        begun.send(()).unwrap();
        waits.recv().unwrap_err();
    }));
    has_begun.recv().unwrap();
    hold
}

#[test]
fn a_ready_one_needs_no_loop_thread() {
    on_a_loop(|_| {
        let hold = a_stuck_loop();
        let mut task = eager_task(async { 1 });
        assert!(task.is_finished());
        assert!(!task.cancel("too late"));
        assert_eq!(task.result_timeout(FOR_EVER).unwrap(), 1);
        let again = task.result_timeout(FOR_EVER).unwrap_err();
        assert!(again.to_string().contains("taken before"), "{again}");
        let awaited = unkoil(async { eager_task(async { 2 }).await });
        assert_eq!(awaited.unwrap(), 2);
        drop(hold);
    });
}

#[test]
fn a_value_outlives_the_loop_and_is_dropped_with_its_task() {
    with_a_loop(|koil| {
        let dropped = Count::default();
        let (kept, thrown_away) = {
            let _entered = koil.enter();
            let value = dropped.on_drop();
            (
                eager_task(async { "kept" }),
                eager_task(async move { value }),
            )
        };
        assert!(koil.shutdown().is_clean());
        assert_eq!(kept.result().unwrap(), "kept");
        assert_eq!(dropped.get(), 0);
        drop(thrown_away);
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn a_panic_of_the_first_part_is_kept_for_the_result() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let local = dropped.on_drop();
        let task = eager_task(async move {
            let _local = local;
            panic_any(7_u8);
        });
        assert!(task.is_finished());
        assert_eq!(dropped.get(), 1);
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| task.result()));
        assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&7_u8));
        let awaited = panic::catch_unwind(AssertUnwindSafe(|| {
            unkoil(async { eager_task(async { panic_any(8_u8) }).await })
        }));
        assert_eq!(awaited.unwrap_err().downcast_ref(), Some(&8_u8));
        drop(eager_task(async { panic!("nobody asks") }));
        assert_eq!(unkoil(async { 1 }), 1, "the thread may block again");
    });
}

/// A future that panics in its poll and again in its drop.
struct Hostile;

impl Future for Hostile {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        panic_any(1_u8)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        if !thread::panicking() {
            panic_any(2_u8);
        }
    }
}

#[test]
fn a_panic_comes_out_of_no_start_even_if_the_drop_panics_too() {
    on_a_loop(|_| {
        let task = eager_task(Hostile);
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| task.result()));
        assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&1_u8));
    });
}

/// Tasks that start each other in their first parts; gives the threads of the first polls.
fn nested(depth: usize) -> Pin<Box<dyn Future<Output = Vec<ThreadId>> + Send>> {
    Box::pin(async move {
        let here = thread::current().id();
        let mut threads = match depth {
            0 => vec![],
            _ => eager_task(nested(depth - 1)).await.unwrap(),
        };
        threads.push(here);
        threads
    })
}

#[test]
fn ten_thousand_nested_starts_do_not_overflow_the_stack() {
    on_a_loop(|_| {
        let threads = eager_task(nested(10_000)).result().unwrap();
        assert_eq!(threads.len(), 10_001);
        let here = thread::current().id();
        assert_eq!(threads.iter().filter(|thread| **thread == here).count(), 16);
        // The chain leaves nothing behind.
        assert!(eager_task(async {}).is_finished());
    });
}

#[test]
fn nothing_is_polled_on_a_stopped_loop() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        drop(koil);
        let _entered = handle.enter();
        let (polled, dropped) = (Count::default(), Count::default());
        let (seen, local) = (polled.clone(), dropped.on_drop());
        let task = eager_task(async move {
            let _local = local;
            seen.add();
        });
        shut_down(task.result());
        assert_eq!((polled.get(), dropped.get()), (0, 1));
    });
}

#[cfg(unix)]
#[test]
fn nothing_is_polled_on_a_loop_that_stayed_behind_at_a_fork() {
    use crate::forks::{forked, in_child};
    use crate::support::alone;

    alone(|| {
        let koil = crate::support::a_loop();
        let _entered = koil.enter();
        let ready = eager_task(async { 1 });
        let waits = eager_task(pending::<()>());
        in_child(|| {
            let polled = Count::default();
            let seen = polled.clone();
            forked(eager_task(async move { seen.add() }).result());
            assert_eq!(polled.get(), 0);
            forked(ready.result());
            forked(waits.result());
        });
    });
}

#[test]
fn a_blocking_call_in_the_first_part_is_refused() {
    on_a_loop(|_| {
        let task = eager_task(async {
            refused(try_unkoil(async {}));
            refused(eager_task(async {}).result());
            refused(unkoil_task(async {}).result());
        });
        task.result().unwrap();
        let task = eager_task(async { unkoil(async {}) });
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| task.result()));
        assert!(outcome.is_err(), "a plain call panics there");
        assert!(try_unkoil(async {}).is_ok());
    });
}

#[test]
fn a_start_that_yields_does_not_make_the_call_around_it_refused() {
    watched(|| {
        // There the caller watches the wakes that its scheduler keeps back.
        let sums = current_thread().block_on(async {
            try_unkoil(async {
                let tasks = [1, 2].map(|n| {
                    eager_task(async move {
                        yield_now().await;
                        n
                    })
                });
                let mut sum = 0;
                for task in tasks {
                    sum += task.await.unwrap();
                }
                sum
            })
        });
        assert_eq!(sums.unwrap(), 3);
    });
}

#[test]
fn a_spent_budget_of_the_caller_does_not_make_a_ready_one_wait() {
    on_a_loop(|koil| {
        let task = koil.handle().tokio().spawn(async {
            while tokio::task::coop::has_budget_remaining() {
                tokio::task::coop::consume_budget().await;
            }
            let (send, receive) = oneshot::channel();
            send.send(1).unwrap();
            eager_task(receive).is_finished()
        });
        assert!(unkoil(task).unwrap());
    });
}
