//! Work that koil spawns is polled by the loop's own thread, and callers do not drive beside it.

use std::future::poll_fn;
use std::pin::pin;
use std::process::Command;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll};
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures::stream::{self, StreamExt};
use koil::{
    BlockedWait, Drivers, Koil, KoilTask, unkoil, unkoil_iter, unkoil_lend, unkoil_task,
    unkoil_timeout,
};
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::relay::{driver, until_i_drive};
use crate::support::{FOR_EVER, alone_with, assert_told, on_loop, until, watched};

/// A loop that callers drive unless koil's tasks are alive on it.
fn a_gated_loop() -> Koil {
    let koil = Koil::builder()
        .drivers(Drivers::CallersUnlessTasks)
        .thread_name("gated")
        .linger(Duration::from_millis(50))
        .join_timeout(FOR_EVER);
    koil.build().unwrap()
}

/// On which threads a future is polled until it is ready, with a wait by `each` between the polls.
async fn polled_on<F: Future<Output = ()>>(polls: usize, each: impl Fn() -> F) -> Vec<ThreadId> {
    let mut threads = vec![];
    for _ in 0..polls {
        threads.push(thread::current().id());
        each().await;
    }
    threads
}

fn here() -> ThreadId {
    thread::current().id()
}

#[test]
fn a_task_is_polled_by_the_loop_thread_only_whoever_drives_before() {
    on_loop(a_gated_loop, |_| {
        for _ in 0..20 {
            let threads = unkoil(async {
                until_i_drive().await;
                // Spawned while this thread drives, and polled while it waits.
                let task = unkoil_task(polled_on(20, yield_now));
                task.await.unwrap()
            });
            assert_eq!(threads.len(), 20);
            assert!(!threads.contains(&here()));
        }
    });
}

#[test]
fn a_caller_that_sleeps_in_the_driver_leaves_it_to_a_task() {
    watched(|| {
        let koil = a_gated_loop();
        let handle = koil.handle();
        let (drives, is_driving) = mpsc::channel();
        let (wake, woken) = oneshot::channel::<()>();
        let caller = thread::spawn(handle.wrap(move || {
            unkoil(async {
                until_i_drive().await;
                drives.send(here()).unwrap();
                woken.await.unwrap();
            });
        }));
        let other = is_driving.recv().unwrap();
        let _entered = koil.enter();
        let task = unkoil_task(polled_on(3, yield_now));
        let threads = task.result().unwrap();
        assert!(
            threads
                .iter()
                .all(|thread| *thread != other && *thread != here())
        );
        wake.send(()).unwrap();
        caller.join().unwrap();
    });
}

#[test]
fn callers_park_while_a_task_is_alive_and_drive_after_it() {
    on_loop(a_gated_loop, |_| {
        until(|| unkoil(driver()) == here());
        let (end, ended) = oneshot::channel::<()>();
        let task: KoilTask<()> = unkoil_task(async { ended.await.unwrap() });
        for _ in 0..100 {
            assert_ne!(unkoil(driver()), here());
        }
        end.send(()).unwrap();
        task.result().unwrap();
        until(|| unkoil(driver()) == here());
    });
}

#[test]
fn a_prefetched_stream_is_polled_by_the_loop_thread() {
    on_loop(a_gated_loop, |_| {
        until(|| unkoil(driver()) == here());
        let threads = stream::iter(0..50).then(|_| async {
            yield_now().await;
            here()
        });
        let threads: Vec<_> = unkoil_iter(threads.boxed()).prefetch(4).collect();
        assert_eq!(threads.len(), 50);
        assert!(!threads.contains(&here()));
    });
}

#[test]
fn a_lent_future_is_polled_by_the_loop_thread_from_its_first_poll_on() {
    on_loop(a_gated_loop, |_| {
        until(|| unkoil(driver()) == here());
        for _ in 0..20 {
            let threads = unkoil_lend(polled_on(5, yield_now));
            assert!(!threads.contains(&here()));
            assert_eq!(unkoil_lend(async { 7 }), 7);
        }
    });
}

#[test]
fn a_lock_held_over_a_call_is_no_dead_lock_where_a_task_takes_it() {
    on_loop(a_gated_loop, |_| {
        until(|| unkoil(driver()) == here());
        let lock = Arc::new(Mutex::new(0));
        let held = lock.lock().unwrap();
        let (answer, answered) = oneshot::channel::<u32>();
        let (tries, is_trying) = mpsc::channel();
        let task = {
            let lock = lock.clone();
            unkoil_task(async move {
                tries.send(()).unwrap();
                *lock.lock().unwrap() += 1;
            })
        };
        let other = thread::spawn(move || {
            is_trying.recv().unwrap();
            answer.send(7).unwrap();
        });
        // The loop thread stands in the task, and the answer comes from elsewhere.
        assert_eq!(unkoil(answered), Ok(7));
        drop(held);
        task.result().unwrap();
        assert_eq!(*lock.lock().unwrap(), 1);
        other.join().unwrap();
    });
}

#[test]
fn many_tasks_come_and_go_beside_many_callers() {
    watched(|| {
        let koil = a_gated_loop();
        let handle = koil.handle();
        let callers: Vec<_> = (0..4_u64)
            .map(|at| {
                thread::spawn(handle.wrap(move || {
                    for n in 0..200 {
                        let me = here();
                        if (n + at) % 4 == 0 {
                            let threads = unkoil_task(polled_on(3, yield_now)).result().unwrap();
                            assert!(!threads.contains(&me));
                        } else {
                            unkoil(async {
                                driver().await;
                                driver().await;
                            });
                        }
                    }
                }))
            })
            .collect();
        for caller in callers {
            caller.join().unwrap();
        }
    });
}

#[test]
fn where_callers_drive_beside_tasks_a_task_may_run_on_their_threads() {
    watched(|| {
        let koil = Koil::builder().drivers(Drivers::Callers).build().unwrap();
        let _entered = koil.enter();
        until(|| {
            let threads = unkoil(async {
                until_i_drive().await;
                unkoil_task(polled_on(3, yield_now)).await.unwrap()
            });
            threads.contains(&here())
        });
    });
}

#[test]
fn a_thread_with_a_small_stack_does_not_drive() {
    watched(|| {
        let koil = a_gated_loop();
        let handle = koil.handle();
        let on_a_stack_of = |size: usize, caller: fn()| {
            let caller = thread::Builder::new()
                .stack_size(size)
                .spawn(handle.wrap(caller));
            caller.unwrap().join().unwrap();
        };
        on_a_stack_of(192 * 1024, || {
            for _ in 0..20 {
                // A caller that may drive does so in its second wait.
                assert_ne!(unkoil(driver_of_a_second_wait()), here());
            }
        });
        on_a_stack_of(1024 * 1024, || {
            until(|| unkoil(driver_of_a_second_wait()) == here());
        });
    });
}

async fn driver_of_a_second_wait() -> ThreadId {
    tokio::time::sleep(Duration::from_millis(1)).await;
    driver().await
}

#[test]
fn many_callers_leave_the_driving_to_the_loop_thread() {
    watched(|| {
        let koil = a_gated_loop();
        let handle = koil.handle();
        let (release, _) = tokio::sync::broadcast::channel::<()>(1);
        let callers: Vec<_> = (0..8)
            .map(|_| {
                let mut released = release.subscribe();
                thread::spawn(handle.wrap(move || {
                    unkoil(async {
                        // Several waits, so that each caller sees the others.
                        for _ in 0..10 {
                            tokio::time::sleep(Duration::from_millis(1)).await;
                        }
                        released.recv().await.unwrap();
                    });
                }))
            })
            .collect();
        until(|| {
            let all = koil::blocked();
            let mine: Vec<_> = all
                .iter()
                .filter(|call| call.loop_name() == "gated")
                .collect();
            let driving = mine
                .iter()
                .filter(|call| call.wait() == BlockedWait::Driving);
            mine.len() == 8 && driving.count() <= 2
        });
        release.send(()).unwrap();
        for caller in callers {
            caller.join().unwrap();
        }
    });
}

#[test]
fn a_call_in_its_deadline_is_released_though_a_task_holds_the_loop_thread() {
    on_loop(a_gated_loop, |_| {
        let (release, held) = mpsc::channel::<()>();
        let (holds, is_holding) = mpsc::channel();
        let task = unkoil_task(async move {
            holds.send(()).unwrap();
            // The thread that polls this stands still until the test is done.
            let _ = held.recv();
        });
        is_holding.recv().unwrap();
        let cut = unkoil_timeout(Duration::from_millis(20), driver());
        assert!(cut.unwrap_err().is_timeout());
        drop(release);
        task.result().unwrap();
    });
}

#[test]
fn a_future_is_polled_outside_of_the_driver() {
    on_loop(a_gated_loop, |_| {
        until(|| unkoil(driver()) == here());
        // `block_in_place` and a nested runtime panic inside `Runtime::block_on`.
        let answer = unkoil(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            tokio::task::block_in_place(|| 42)
        });
        assert_eq!(answer, 42);
    });
}

#[test]
fn a_future_that_wakes_itself_lets_tasks_run() {
    on_loop(a_gated_loop, |koil| {
        let task = koil.handle().tokio().spawn(async {
            yield_now().await;
            7
        });
        let mut task = pin!(task);
        // It never sleeps, and polls nothing but the task.
        let answer = unkoil(poll_fn(|cx| {
            let polled = task
                .as_mut()
                .poll(&mut Context::from_waker(std::task::Waker::noop()));
            if polled.is_pending() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            polled
        }));
        assert_eq!(answer.unwrap(), 7);
    });
}

fn with_drivers(value: &str) -> impl FnOnce(&mut Command) + use<> {
    let value = value.to_owned();
    move |command| {
        command.env("KOIL_DRIVERS", value);
    }
}

#[test]
fn the_environment_says_that_the_loop_thread_drives() {
    alone_with(with_drivers("loop"), || {
        watched(|| {
            for _ in 0..100 {
                assert_ne!(unkoil(driver()), here());
            }
        });
    });
}

#[test]
fn the_environment_says_that_callers_drive() {
    alone_with(with_drivers("callers"), || {
        watched(|| {
            // The loop thread may take the place of a caller that has slept.
            until(|| {
                let polls = unkoil(async {
                    until_i_drive().await;
                    unkoil_task(polled_on(20, yield_now)).await.unwrap()
                });
                polls.contains(&here())
            });
        });
    });
}

#[test]
fn the_environment_says_that_callers_drive_unless_there_are_tasks() {
    alone_with(with_drivers("callers-unless-tasks"), || {
        watched(|| {
            let polls = unkoil(async {
                until_i_drive().await;
                unkoil_task(polled_on(20, yield_now)).await.unwrap()
            });
            assert!(!polls.contains(&here()), "the loop thread polls it");
        });
    });
}

#[test]
fn an_environment_that_says_something_else_is_an_error_that_says_what_to_write() {
    alone_with(with_drivers("dedicated"), || {
        watched(|| {
            let error = Koil::new().unwrap_err().to_string();
            assert!(error.contains("KOIL_DRIVERS is `dedicated`"), "{error}");
            // Each of them is the environment of another test.
            assert_told(
                &error,
                "the environment variable ",
                &["write `loop`, `callers` or `callers-unless-tasks`"],
            );
            // A builder that names its drivers does not read the variable.
            drop(a_gated_loop());
        });
    });
}
