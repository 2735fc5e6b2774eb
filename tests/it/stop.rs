//! Stopping a loop: waiting callers are released, later ones get an error, and the report is right.

use std::future::pending;
use std::mem;
use std::sync::mpsc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use koil::{Koil, try_unkoil, unkoil, unkoil_task};

use crate::support::{
    Count, FOR_EVER, OnDrop, a_loop, shut_down, until, waiting, watched, with_a_loop,
};

#[test]
fn a_parked_caller_is_released_with_an_error() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let caller = thread::spawn(handle.wrap(|| try_unkoil(pending::<()>())));
        until(|| waiting(&handle) == 1);
        let report = koil.shutdown();
        let error = shut_down(caller.join().unwrap());
        assert_eq!(error.call_site().file(), file!());
        assert_eq!((report.released(), report.left_behind()), (1, 0));
        assert!(report.loop_ended() && report.is_clean());
    });
}

#[test]
fn a_parked_caller_that_can_only_panic_panics_with_the_text() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let caller = thread::spawn(handle.wrap(|| unkoil(pending::<()>())));
        until(|| waiting(&handle) == 1);
        drop(koil);
        let payload = caller.join().unwrap_err();
        let text = payload.downcast_ref::<String>().unwrap();
        assert!(
            text.contains("has been shut down") && text.contains(file!()),
            "{text}"
        );
    });
}

#[test]
fn a_caller_with_a_deadline_is_released_before_it() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let wait = || koil::unkoil_timeout(FOR_EVER, pending::<()>());
        let caller = thread::spawn(handle.wrap(wait));
        until(|| waiting(&handle) == 1);
        drop(koil);
        shut_down(caller.join().unwrap());
    });
}

#[test]
fn eight_parked_callers_are_all_released() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let wait = || try_unkoil(pending::<()>());
        let callers: Vec<_> = (0..8).map(|_| thread::spawn(handle.wrap(wait))).collect();
        until(|| waiting(&handle) == 8);
        assert_eq!(koil.shutdown().released(), 8);
        for caller in callers {
            shut_down(caller.join().unwrap());
        }
    });
}

#[test]
fn a_stopped_loop_answers_at_once() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        drop(koil);
        let _entered = handle.enter();
        let polled = Count::default();
        let counted = polled.clone();
        shut_down(try_unkoil(async move { counted.add() }));
        shut_down(koil::unkoil_timeout(FOR_EVER, pending::<()>()));
        shut_down(unkoil_task(pending::<()>()).result());
        assert_eq!(polled.get(), 0, "refused before the first poll");
        assert!(format!("{handle:?}").contains("stopped: true"));
    });
}

#[test]
fn a_released_caller_has_dropped_its_future_while_the_loop_still_lived() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let (send, spawned) = mpsc::channel();
        let caller = thread::spawn(handle.wrap(move || {
            try_unkoil(async move {
                let _guard = OnDrop::new(move || {
                    // Accepted, and run or dropped; without a living loop this would panic.
                    send.send(tokio::spawn(async {})).unwrap();
                });
                pending::<()>().await;
            })
        }));
        until(|| waiting(&handle) == 1);
        assert!(koil.shutdown().is_clean());
        shut_down(caller.join().unwrap());
        let task = spawned.recv().unwrap();
        let ended = futures::executor::block_on(task);
        assert!(ended.is_ok() || ended.unwrap_err().is_cancelled());
    });
}

#[test]
fn a_future_that_wakes_itself_for_ever_is_released_too() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let caller = thread::spawn(handle.wrap(|| {
            try_unkoil(async {
                loop {
                    tokio::task::yield_now().await;
                }
            })
        }));
        until(|| waiting(&handle) == 1);
        assert!(koil.shutdown().is_clean());
        shut_down(caller.join().unwrap());
    });
}

#[test]
fn a_caller_stuck_inside_its_poll_is_left_behind_and_counted() {
    watched(|| {
        let koil = Koil::builder()
            .join_timeout(Duration::from_millis(50))
            .build()
            .unwrap();
        let handle = koil.handle();
        let (wake, waker) = mpsc::channel::<Waker>();
        let (go, gate) = mpsc::channel::<()>();
        let (inside, is_inside) = mpsc::channel();
        let caller = thread::spawn(handle.wrap(move || {
            let mut is_first = true;
            try_unkoil(std::future::poll_fn(move |cx| {
                if mem::take(&mut is_first) {
                    wake.send(cx.waker().clone()).unwrap();
                    return Poll::Pending;
                }
                inside.send(()).unwrap();
                let _ = gate.recv();
                Poll::Ready(())
            }))
        }));
        let waker = waker.recv().unwrap();
        until(|| waiting(&handle) == 1);
        waker.wake();
        is_inside.recv().unwrap();
        let report = koil.shutdown();
        assert_eq!((report.released(), report.left_behind()), (1, 1));
        assert!(report.loop_ended() && !report.is_clean());
        drop(go);
        assert!(
            caller.join().unwrap().is_ok(),
            "its future was ready after all"
        );
    });
}

#[test]
fn a_task_that_never_yields_cannot_hold_up_the_shutdown_for_ever() {
    watched(|| {
        let limit = Duration::from_millis(50);
        let koil = Koil::builder().join_timeout(limit).build().unwrap();
        let (go, gate) = mpsc::channel::<()>();
        let (inside, is_inside) = mpsc::channel();
        koil.handle().tokio().spawn(async move {
            inside.send(()).unwrap();
            // Blocks the loop thread: a mistake that koil cannot see.
            let _ = gate.recv();
        });
        is_inside.recv().unwrap();
        let before = Instant::now();
        let report = koil.shutdown();
        assert!(before.elapsed() >= limit, "it was waited for");
        assert!(!report.loop_ended() && !report.is_clean());
        drop(go);
    });
}

#[test]
fn a_worker_that_never_ends_cannot_hold_up_the_shutdown_for_ever() {
    watched(|| {
        let limit = Duration::from_millis(50);
        let koil = Koil::builder().join_timeout(limit).build().unwrap();
        let (go, gate) = mpsc::channel::<()>();
        let (inside, is_inside) = mpsc::channel();
        koil.handle().tokio().spawn_blocking(move || {
            inside.send(()).unwrap();
            let _ = gate.recv();
        });
        is_inside.recv().unwrap();
        let report = koil.shutdown();
        assert!(report.loop_ended() && !report.is_clean(), "{report:?}");
        assert_eq!(report.workers_left(), 1);
        let text = report.to_string();
        assert!(text.contains("1 worker is still inside its job"), "{text}");
        drop(go);
    });
}

#[test]
fn an_idle_worker_of_tokio_ends_with_its_loop() {
    watched(|| {
        for workers in [0, 2] {
            let koil = Koil::builder().worker_threads(workers).build().unwrap();
            let tokio = koil.handle().tokio().clone();
            let jobs = (0..4).map(|_| tokio.spawn_blocking(thread::yield_now));
            for job in jobs.collect::<Vec<_>>() {
                koil.handle().wrap(|| koil::unkoil(job))().unwrap();
            }
            let report = koil.shutdown();
            assert!(report.is_clean(), "{report}");
        }
    });
}

#[test]
fn callers_that_race_with_a_stop_get_their_answer_or_the_error() {
    watched(|| {
        for _ in 0..50 {
            let koil = a_loop();
            let callers: Vec<_> = (0..4)
                .map(|_| {
                    thread::spawn(koil.handle().wrap(|| {
                        loop {
                            let nap = async {
                                tokio::time::sleep(Duration::from_micros(10)).await;
                                tokio::spawn(async { 1 }).await
                            };
                            match try_unkoil(nap) {
                                Ok(Ok(one)) => assert_eq!(one, 1),
                                // Accepted by a runtime in the moment of its end.
                                Ok(Err(error)) => assert!(error.is_cancelled()),
                                Err(error) => break assert!(error.is_shutdown(), "{error}"),
                            }
                        }
                    }))
                })
                .collect();
            let report = koil.shutdown();
            assert!(report.is_clean(), "{report:?}");
            for caller in callers {
                caller.join().unwrap();
            }
        }
    });
}

#[test]
fn tasks_that_race_with_a_stop_have_a_result_or_the_error() {
    watched(|| {
        for _ in 0..50 {
            let koil = a_loop();
            let handle = koil.handle();
            let caller = thread::spawn(handle.wrap(|| {
                loop {
                    match unkoil_task(async { tokio::task::yield_now().await }).result() {
                        Ok(()) => {}
                        Err(error) => break assert!(error.is_shutdown(), "{error}"),
                    }
                }
            }));
            drop(koil);
            caller.join().unwrap();
        }
    });
}

#[test]
fn a_report_is_clean_where_nobody_waited() {
    watched(|| {
        let report = a_loop().shutdown();
        assert_eq!((report.released(), report.left_behind()), (0, 0));
        assert!(report.is_clean());
        assert_eq!(report, report.clone());
    });
}
