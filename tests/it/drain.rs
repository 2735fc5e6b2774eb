//! Drains: the work on a loop finishes, nothing new begins from outside, then the loop stops.

use std::future::pending;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use futures::StreamExt;
use koil::{
    Koil, Pinned, drain_global, eager_task, global, is_running, run_threaded, try_unkoil, unkoil,
    unkoil_task, unkoil_timeout,
};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::support::{
    Count, FOR_EVER, a_loop, alone, shut_down, until, waiting, watched, with_a_loop,
};

/// Waits until the loop that is ambient on this thread refuses new tasks.
fn until_drained() {
    until(|| unkoil_task(async {}).result().is_err());
}

#[test]
fn tasks_jobs_and_calls_that_run_finish() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let (go, gate) = oneshot::channel::<()>();
        let (open, is_open) = mpsc::channel::<()>();
        let task = unkoil_task(async move {
            gate.await.unwrap();
            // The work of a task is part of the task.
            let part = unkoil_task(async { run_threaded(|| unkoil(async { 1 })).await });
            part.await.unwrap() + 1
        });
        let job = unkoil_task(run_threaded(move || {
            is_open.recv().unwrap();
            unkoil_task(async { 3 }).result().unwrap()
        }));
        let (answer, answered) = oneshot::channel();
        let call = thread::spawn(handle.wrap(move || unkoil(answered).unwrap()));
        until(|| waiting(&handle) == 1);
        let drain = thread::spawn(move || koil.drain(FOR_EVER));
        until_drained();
        assert_eq!(unkoil(async { 5 }), 5, "calls go on");
        go.send(()).unwrap();
        assert_eq!(task.result().unwrap(), 2);
        open.send(()).unwrap();
        assert_eq!(job.result().unwrap(), 3);
        assert!(!drain.is_finished(), "the call still waits");
        answer.send(4).unwrap();
        assert_eq!(call.join().unwrap(), 4);
        let report = drain.join().unwrap();
        assert!(report.is_clean() && report.is_drained(), "{report:?}");
        shut_down(try_unkoil(async {}));
    });
}

#[test]
fn new_tasks_and_jobs_from_outside_end_at_once_and_say_why() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let (go, gate) = oneshot::channel::<()>();
        drop(unkoil_task(gate));
        let drain = thread::spawn(move || koil.drain(FOR_EVER));
        until_drained();
        let polled = Count::default();
        let says_why = |error: koil::Error| {
            assert!(error.is_shutdown());
            let text = error.to_string();
            assert!(
                text.contains("is being drained") && text.contains("drain.rs"),
                "{text}"
            );
        };
        let counted = polled.clone();
        says_why(
            unkoil_task(async move { counted.add() })
                .result()
                .unwrap_err(),
        );
        let counted = polled.clone();
        let job = run_threaded(move || counted.add());
        says_why(unkoil(job.fallible()).unwrap_err());
        let eager = eager_task(tokio::task::yield_now());
        says_why(eager.result().unwrap_err());
        assert_eq!(polled.get(), 0);
        assert_eq!(
            eager_task(async { 1 }).result().unwrap(),
            1,
            "ready at once"
        );
        go.send(()).unwrap();
        assert!(drain.join().unwrap().is_clean());
    });
}

#[test]
fn an_idle_loop_is_drained_at_once() {
    with_a_loop(|koil| {
        let report = koil.drain(FOR_EVER);
        assert!(report.is_clean() && report.is_drained(), "{report:?}");
        assert_eq!(report.to_string(), "the loop has ended");
    });
}

#[test]
fn the_work_that_is_left_when_the_time_is_up_is_cancelled_and_named() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let first = line!() + 1;
        let task = unkoil_task(pending::<()>());
        let (told, is_told) = mpsc::channel();
        let job = unkoil_task(run_threaded(move || {
            told.send(koil::sleep(FOR_EVER).is_err()).unwrap();
        }));
        let call = thread::spawn(handle.wrap(|| try_unkoil(pending::<()>())));
        until(|| waiting(&handle) == 1);
        let begun = Instant::now();
        let report = koil.drain(Duration::from_millis(30));
        assert!(begun.elapsed() >= Duration::from_millis(30));
        assert!(report.is_clean() && !report.is_drained(), "{report:?}");
        let lines: Vec<_> = report.interrupted().iter().map(|at| at.line()).collect();
        assert_eq!(lines[..2], [first, first + 2]);
        assert!(
            report
                .to_string()
                .contains("interrupted: the work started at")
        );
        assert_eq!(report.released(), 1);
        shut_down(task.result());
        assert_eq!(is_told.recv(), Ok(true));
        shut_down(job.result());
        shut_down(call.join().unwrap());
    });
}

#[test]
fn work_that_cannot_be_interrupted_is_named() {
    watched(|| {
        let impatient = Koil::builder().join_timeout(Duration::from_millis(20));
        let koil = impatient.build().unwrap();
        let (started, has_started) = mpsc::channel();
        let (go, gate) = mpsc::channel::<()>();
        let entered = koil.enter();
        let line = line!() + 1;
        let mut job = Box::pin(run_threaded(move || {
            started.send(()).unwrap();
            let _ = gate.recv();
        }));
        assert!(unkoil(async { futures::poll!(&mut job) }).is_pending());
        has_started.recv().unwrap();
        drop(entered);
        let report = koil.drain(Duration::ZERO);
        assert!(!report.is_clean());
        assert_eq!(report.still_running().len(), 1);
        assert_eq!(report.still_running()[0].line(), line);
        let text = report.to_string();
        assert!(text.contains(&format!("drain.rs:{line}:")), "{text}");
        drop(go);
    });
}

#[test]
fn a_drain_on_the_loop_or_inside_a_future_returns_at_once_and_goes_on() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let (go, gate) = oneshot::channel::<()>();
        let task = {
            let _entered = handle.enter();
            unkoil_task(async move {
                let report = koil.drain(FOR_EVER);
                assert!(!report.loop_ended());
                gate.await.unwrap();
                7
            })
        };
        let _entered = handle.enter();
        until_drained();
        go.send(()).unwrap();
        assert_eq!(task.result().unwrap(), 7, "it has finished itself");
        until(|| try_unkoil(async {}).is_err());
    });
    with_a_loop(|koil| {
        let handle = koil.handle();
        let report = handle.wrap(|| unkoil(async move { koil.drain(FOR_EVER) }))();
        assert!(!report.loop_ended());
        let _entered = handle.enter();
        until(|| try_unkoil(async {}).is_err());
    });
}

#[test]
fn the_jobs_of_a_pinned_object_finish_and_the_object_is_not_waited_for() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let pinned = unkoil(Pinned::new(|| 1));
        let idle = unkoil(Pinned::new(|| 2));
        let (started, has_started) = mpsc::channel();
        let (go, gate) = mpsc::channel::<()>();
        let job = pinned.with(move |value| {
            started.send(()).unwrap();
            gate.recv().unwrap();
            *value
        });
        let job = job.start();
        let mut queued = Box::pin(pinned.with(|value| *value + 1));
        assert!(unkoil(async { futures::poll!(&mut queued) }).is_pending());
        has_started.recv().unwrap();
        let drain = thread::spawn(move || koil.drain(FOR_EVER));
        until_drained();
        let refused = pinned.try_with_blocking(|value| *value).unwrap_err();
        assert!(refused.is_shutdown(), "{refused}");
        assert!(refused.to_string().contains("is being drained"));
        let mut closing = Box::pin(pinned.close());
        assert!(unkoil(async { futures::poll!(&mut closing) }).is_pending());
        assert!(!drain.is_finished());
        go.send(()).unwrap();
        let report = drain.join().unwrap();
        assert!(report.is_clean() && report.is_drained(), "{report:?}");
        assert_eq!(futures::executor::block_on(job), 1);
        assert_eq!(futures::executor::block_on(queued), 2);
        futures::executor::block_on(closing);
        let late = idle.with(|value| *value).fallible();
        assert!(futures::executor::block_on(late).unwrap_err().is_shutdown());
    });
}

#[test]
fn the_producer_of_a_stream_finishes_also_while_it_rests() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let mut numbers = koil::iterate_threaded(2, || 0..100);
        assert_eq!(unkoil(numbers.next()), Some(0));
        let drain = thread::spawn(move || koil.drain(FOR_EVER));
        until_drained();
        assert!(!drain.is_finished());
        let rest = futures::executor::block_on(numbers.collect::<Vec<_>>());
        assert_eq!(rest, (1..100).collect::<Vec<_>>());
        let report = drain.join().unwrap();
        assert!(report.is_clean() && report.is_drained(), "{report:?}");
    });
}

#[test]
fn a_producer_without_a_consumer_is_named_and_counts_as_interrupted_not_as_running() {
    with_a_loop(|koil| {
        let _entered = koil.enter();
        let line = line!() + 1;
        let mut numbers = koil::iterate_threaded(2, || 0..100);
        assert_eq!(unkoil(numbers.next()), Some(0));
        let report = koil.drain(Duration::from_millis(30));
        let lines: Vec<_> = report.interrupted().iter().map(|at| at.line()).collect();
        assert_eq!(lines, [line], "{report:?}");
        assert!(report.is_clean() && !report.is_drained(), "{report:?}");
    });
}

#[test]
fn an_adopted_runtime_is_drained_and_goes_on_without_koil() {
    watched(|| {
        let runtime = Runtime::new().unwrap();
        let koil = Koil::from_handle(runtime.handle().clone()).unwrap();
        let handle = koil.handle();
        let _entered = handle.enter();
        let (go, gate) = oneshot::channel::<()>();
        let task = unkoil_task(async move {
            gate.await.unwrap();
            unkoil_task(async { 1 }).await.unwrap()
        });
        let drain = thread::spawn(move || koil.drain(FOR_EVER));
        until_drained();
        go.send(()).unwrap();
        assert_eq!(task.result().unwrap(), 1);
        let report = drain.join().unwrap();
        assert!(report.is_clean() && report.is_drained(), "{report:?}");
        assert_eq!(runtime.block_on(async { 1 }), 1);
    });
}

#[test]
fn the_process_wide_loop_is_found_until_it_is_drained() {
    alone(|| {
        watched(|| {
            assert!(drain_global(FOR_EVER).is_none(), "it starts none");
            let old = global();
            let (go, gate) = oneshot::channel::<()>();
            let task = unkoil_task(gate);
            let drain = thread::spawn(|| drain_global(FOR_EVER));
            until_drained();
            assert!(is_running());
            assert_eq!(global(), old);
            go.send(()).unwrap();
            task.result().unwrap().unwrap();
            assert!(drain.join().unwrap().unwrap().is_drained());
            assert!(!is_running());
            assert_eq!(
                unkoil_task(async { 1 }).result().unwrap(),
                1,
                "on a fresh loop"
            );
        });
    });
}

#[test]
fn tasks_that_race_with_a_drain_have_their_value_or_are_refused() {
    for _ in 0..20 {
        watched(|| {
            let koil = a_loop();
            let racers: Vec<_> = (0..3)
                .map(|_| {
                    thread::spawn(koil.handle().wrap(|| {
                        let mut finished = 0;
                        loop {
                            let task = unkoil_task(async {
                                tokio::task::yield_now().await;
                                run_threaded(|| 1).await
                            });
                            let call = unkoil_timeout(FOR_EVER, tokio::task::yield_now());
                            match (task.result(), call) {
                                (Ok(value), _) => finished += value,
                                (Err(error), _) => {
                                    assert!(error.is_shutdown(), "{error}");
                                    return finished;
                                }
                            }
                        }
                    }))
                })
                .collect();
            let report = koil.drain(FOR_EVER);
            assert!(report.interrupted().is_empty(), "{report:?}");
            for racer in racers {
                racer.join().unwrap();
            }
        });
    }
}
