//! Blocking threads of a loop (`spawn_blocking`) may block, and their loop is their own.

use std::cell::RefCell;
use std::panic::catch_unwind;
use std::sync::mpsc;
use std::time::Duration;

use futures::stream;
use koil::{Handle, Koil, try_unkoil, unkoil, unkoil_iter, unkoil_task};
use tokio::task::spawn_blocking;

use crate::support::{Count, a_loop, on_a_loop, shut_down, until, waiting, watched, with_a_loop};

#[test]
fn a_worker_may_block_on_its_own_loop() {
    on_a_loop(|_| {
        let answer = unkoil(async {
            let worker = spawn_blocking(|| {
                unkoil(async {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    5
                })
            });
            worker.await.unwrap()
        });
        assert_eq!(answer, 5);
    });
}

#[test]
fn a_worker_may_iterate_gather_and_join() {
    on_a_loop(|_| {
        let sums = unkoil(async {
            let worker = spawn_blocking(|| {
                let streamed: i32 = unkoil_iter(stream::iter([1, 2, 3])).sum();
                let gathered: i32 = koil::gather([1, 2, 3].map(|n| async move { n }))
                    .wait()
                    .iter()
                    .sum();
                let joined = unkoil_task(async { 6 }).result().unwrap();
                [streamed, gathered, joined]
            });
            worker.await.unwrap()
        });
        assert_eq!(sums, [6, 6, 6]);
    });
}

#[test]
fn blocking_in_async_in_blocking_goes_as_deep_as_there_are_workers() {
    fn dive(depth: u32) -> u32 {
        if depth == 0 {
            return 0;
        }
        1 + unkoil(async move { spawn_blocking(move || dive(depth - 1)).await.unwrap() })
    }
    on_a_loop(|_| {
        assert_eq!(dive(20), 20);
    });
}

#[test]
fn jobs_of_tokio_that_wait_for_jobs_need_no_more_than_one_place() {
    fn dive(depth: u32) -> u32 {
        if depth == 0 {
            return 0;
        }
        1 + unkoil(async move { spawn_blocking(move || dive(depth - 1)).await.unwrap() })
    }
    watched(|| {
        for workers in [0, 1] {
            let koil = Koil::builder()
                .max_blocking_threads(1)
                .worker_threads(workers)
                .build()
                .unwrap();
            let _entered = koil.enter();
            assert_eq!(dive(30), 30);
        }
    });
}

#[test]
fn jobs_of_tokio_that_do_not_wait_run_one_at_a_time_where_one_may() {
    watched(|| {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let _entered = koil.enter();
        let running = Count::default();
        unkoil(async {
            let jobs = (0..40).map(|_| {
                let running = running.clone();
                spawn_blocking(move || {
                    running.add();
                    std::thread::yield_now();
                    let together = running.get();
                    running.sub();
                    together
                })
            });
            for job in jobs.collect::<Vec<_>>() {
                assert_eq!(job.await.unwrap(), 1);
            }
        });
        // Threads that wait for their turn do not hold up the end.
        assert!(koil.shutdown().is_clean());
    });
}

#[test]
fn a_worker_finds_its_own_loop() {
    with_a_loop(|koil| {
        let found = koil.handle().tokio().spawn_blocking(Handle::current);
        let _entered = koil.enter();
        assert_eq!(unkoil(found).unwrap(), koil.handle());
    });
}

#[test]
fn a_worker_may_use_another_loop_by_entering_it() {
    watched(|| {
        let (here, there) = (a_loop(), a_loop());
        let other = there.handle();
        let worker = here.handle().tokio().spawn_blocking(move || {
            let _entered = other.enter();
            (
                unkoil(async { tokio::runtime::Handle::current().id() }),
                other.tokio().id(),
            )
        });
        let _entered = here.enter();
        let (used, expected) = unkoil(worker).unwrap();
        assert_eq!(used, expected);
    });
}

#[test]
fn workers_run_the_hooks_and_carry_the_name() {
    watched(|| {
        let (started, starts) = mpsc::channel();
        let (ended, ends) = mpsc::channel();
        let name = || std::thread::current().name().unwrap_or_default().to_owned();
        let koil = Koil::builder()
            .thread_name("named")
            .on_thread_start(move || drop(started.send(name())))
            .on_thread_stop(move || drop(ended.send(name())))
            .build()
            .unwrap();
        {
            let _entered = koil.enter();
            unkoil(async { spawn_blocking(|| ()).await.unwrap() });
        }
        assert!(koil.shutdown().is_clean());
        assert_eq!(
            starts.iter().collect::<Vec<_>>(),
            ["named-loop", "named-worker"]
        );
        let mut ends: Vec<_> = ends.iter().collect();
        ends.sort();
        assert_eq!(ends, ["named-loop", "named-worker"]);
    });
}

/// Blocks on another loop when it is dropped, and says how that went.
struct Farewell(Handle, mpsc::Sender<bool>);

impl Drop for Farewell {
    fn drop(&mut self) {
        let _entered = self.0.enter();
        let fine = catch_unwind(|| {
            // Really waits.
            try_unkoil(async { tokio::time::sleep(Duration::from_millis(1)).await }).is_ok()
        });
        self.1.send(fine.unwrap_or(false)).unwrap();
    }
}

thread_local! {
    static FAREWELL: RefCell<Option<Farewell>> = const { RefCell::new(None) };
}

#[test]
fn a_worker_may_block_before_its_first_job_and_after_its_last() {
    watched(|| {
        let other = a_loop();
        let (told, answers) = mpsc::channel();
        let hook = {
            let (other, told) = (other.handle(), told.clone());
            move || {
                // On a worker, blocking is fine; on the loop thread it is refused.
                if std::thread::current().name() == Some("hooked-worker") {
                    drop(Farewell(other.clone(), told.clone()));
                }
            }
        };
        let koil = Koil::builder()
            .thread_name("hooked")
            .max_blocking_threads(1)
            .on_thread_start(hook.clone())
            .on_thread_stop(hook)
            .build()
            .unwrap();
        let handle = other.handle();
        let farewell = move || {
            let farewell = Farewell(handle.clone(), told.clone());
            FAREWELL.with_borrow_mut(|slot| *slot = Some(farewell));
        };
        {
            let _entered = koil.enter();
            unkoil(koil::run_threaded(farewell.clone()));
            unkoil(async { spawn_blocking(farewell).await.unwrap() });
            // The one place is still one.
            unkoil(koil::run_threaded(|| unkoil(koil::run_threaded(|| ()))));
        }
        assert!(koil.shutdown().is_clean());
        // Of each thread: its start, its stop, and its last thread-local.
        let answers: Vec<bool> = answers.iter().collect();
        assert!(answers.len() >= 8, "{answers:?}");
        assert!(answers.iter().all(|fine| *fine), "{answers:?}");
    });
}

#[test]
fn a_worker_that_blocks_is_released_when_its_loop_stops() {
    with_a_loop(|koil| {
        let (send, answer) = mpsc::channel();
        koil.handle().tokio().spawn_blocking(move || {
            send.send(try_unkoil(std::future::pending::<()>())).unwrap();
        });
        until(|| waiting(&koil.handle()) == 1);
        let report = koil.shutdown();
        shut_down(answer.recv().unwrap());
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(report.released(), 1);
    });
}
