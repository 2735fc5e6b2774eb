//! Jobs and producers when their loop is stopped: cancelled, waited for, refused; none hangs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use futures::StreamExt;
use futures::executor::block_on;
use koil::{Koil, check_cancelled, iterate_threaded, run_threaded, try_unkoil};

use crate::support::{Count, FOR_EVER, OnDrop, shut_down, until, watched, with_a_loop};

/// Polls once, so that the job is started.
fn start<F: Future + Unpin>(future: &mut F) {
    block_on(async { assert!(futures::poll!(future).is_pending()) });
}

#[test]
fn a_job_that_sleeps_ends_with_its_loop_and_is_waited_for() {
    with_a_loop(|koil| {
        let (begun, ended) = (Count::default(), Count::default());
        let mut call = {
            let _entered = koil.enter();
            let (begun, ended) = (begun.clone(), ended.clone());
            run_threaded(move || {
                begun.add();
                let slept = koil::sleep(FOR_EVER);
                ended.add();
                slept
            })
        };
        start(&mut call);
        until(|| begun.get() == 1);
        assert!(koil.shutdown().is_clean());
        assert_eq!(ended.get(), 1, "the shutdown has waited for the worker");
        assert!(block_on(call).unwrap_err().is_cancelled());
    });
}

#[test]
fn a_job_that_blocks_is_released() {
    with_a_loop(|koil| {
        let mut call = {
            let _entered = koil.enter();
            run_threaded(|| try_unkoil(std::future::pending::<()>()))
        };
        start(&mut call);
        until(|| crate::support::waiting(&koil.handle()) == 1);
        assert!(koil.shutdown().is_clean());
        shut_down(block_on(call));
    });
}

#[test]
fn jobs_that_had_not_begun_are_refused_with_a_clear_word() {
    watched(|| {
        let koil = Koil::builder()
            .max_blocking_threads(1)
            .join_timeout(Duration::from_millis(50))
            .build()
            .unwrap();
        let (release, held) = mpsc::channel::<()>();
        let (begun, dropped) = (Count::default(), Count::default());
        let (mut busy, mut queued, mut plain) = {
            let _entered = koil.enter();
            let (begun, guard) = (begun.clone(), dropped.on_drop());
            (
                run_threaded(move || {
                    begun.add();
                    held.recv().is_err()
                }),
                Box::pin(run_threaded(move || drop(guard)).fallible()),
                run_threaded(|| ()),
            )
        };
        start(&mut busy);
        until(|| begun.get() == 1);
        start(&mut queued);
        start(&mut plain);
        let report = koil.shutdown();
        assert!(
            report.workers_left() == 1 && !report.is_clean(),
            "{report:?}"
        );
        let error = shut_down(block_on(queued));
        assert_eq!(dropped.get(), 1);
        let text = error.to_string();
        assert!(
            text.contains("koil::run_threaded") && text.contains(file!()),
            "{text}"
        );
        let panic = catch_unwind(AssertUnwindSafe(|| block_on(plain))).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.contains("has been shut down"), "{text}");
        drop(release);
        assert!(block_on(busy));
    });
}

#[test]
fn a_job_outlives_its_loop_and_answers() {
    watched(|| {
        let koil = Koil::builder()
            .join_timeout(Duration::from_millis(20))
            .build()
            .unwrap();
        let (release, held) = mpsc::channel::<()>();
        let (started, starts) = mpsc::channel();
        let mut call = {
            let _entered = koil.enter();
            koil::run_separate(move || {
                started.send(()).unwrap();
                held.recv().is_err() && check_cancelled().is_err()
            })
        };
        start(&mut call);
        starts.recv().unwrap();
        koil.shutdown();
        drop(release);
        assert!(block_on(call));
    });
}

#[test]
fn a_producer_is_stopped_with_its_loop_and_its_stream_says_so() {
    with_a_loop(|koil| {
        let dropped = Count::default();
        let guard = dropped.on_drop();
        let mut items = {
            let _entered = koil.enter();
            iterate_threaded(2, move || {
                (0..).inspect(move |_| {
                    let _: &OnDrop<_> = &guard;
                })
            })
        };
        assert_eq!(block_on(items.next()), Some(0));
        assert!(koil.shutdown().is_clean());
        // The items that were under way arrive, and then an error, not a silent end.
        let rest = catch_unwind(AssertUnwindSafe(|| {
            let mut seen = 1;
            while let Some(n) = block_on(items.next()) {
                assert_eq!(n, seen);
                seen += 1;
            }
        }));
        let panic = rest.unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.contains("has been shut down"), "{text}");
        assert_eq!(dropped.get(), 1);
        assert_eq!(block_on(items.next()), None);
    });
}

#[test]
fn hooks_run_on_workers_and_all_have_ended_with_the_loop() {
    watched(|| {
        let (on, off) = (Count::default(), Count::default());
        let koil = Koil::builder()
            .on_thread_start({
                let on = on.clone();
                move || on.add()
            })
            .on_thread_stop({
                let off = off.clone();
                move || off.add()
            })
            .build()
            .unwrap();
        {
            let _entered = koil.enter();
            assert_eq!(block_on(run_threaded(|| 1)), 1);
            assert_eq!(block_on(koil::run_separate(|| 2)), 2);
        }
        assert!(koil.shutdown().is_clean());
        assert_eq!((on.get(), off.get()), (3, 3));
    });
}

#[test]
fn a_loop_may_be_dropped_by_its_own_worker() {
    watched(|| {
        let koil = Koil::new().unwrap();
        let handle = koil.handle();
        let _entered = handle.enter();
        block_on(run_threaded(move || drop(koil)));
        until(|| handle.tokio().spawn(async {}).is_finished());
    });
}
