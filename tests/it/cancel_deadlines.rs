//! Deadlines of scopes: each timeout knows its scope, and needs no loop to be kept.

use std::future::pending;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use futures::stream;
use koil::{
    CancelScope, check_cancelled, deadline, deadline_unwinding, sleep, try_unkoil, unkoil,
    unkoil_iter, unkoil_task, unkoil_timeout,
};

use crate::support::{FOR_EVER, on_a_loop, with_a_loop};

const SOON: Duration = Duration::from_millis(5);

#[test]
fn the_first_deadline_counts_and_is_named() {
    on_a_loop(|_| {
        let call = || try_unkoil(pending::<()>()).unwrap_err();
        let line = line!() + 1;
        let outer = deadline(SOON, || deadline(FOR_EVER, call).unwrap()).unwrap();
        assert!(outer.is_timeout());
        let place = format!("the deadline of 5ms at {}:{line}:", file!());
        assert!(outer.to_string().contains(&place), "{outer}");

        let begun = Instant::now();
        let inner = deadline(FOR_EVER, || {
            let error = deadline(SOON, call).unwrap();
            assert_eq!(
                try_unkoil(async { 1 }).unwrap(),
                1,
                "the outer one has time"
            );
            error
        });
        assert!(begun.elapsed() >= SOON);
        assert!(inner.unwrap().to_string().contains("5ms"));
    });
}

#[test]
fn an_inner_timeout_is_not_taken_for_an_outer_one() {
    on_a_loop(|_| {
        let outer = deadline_unwinding(SOON, || {
            let inner = deadline_unwinding(FOR_EVER, || unkoil(pending::<()>()));
            unreachable!("{inner:?} is not the inner one's");
        });
        assert!(outer.map(|(): ()| ()).unwrap_err().is_timeout());

        let outer = deadline_unwinding(FOR_EVER, || {
            let inner = deadline_unwinding(SOON, || unkoil(pending::<()>()));
            assert!(inner.unwrap_err().is_timeout());
            unkoil(async { 7 })
        });
        assert_eq!(outer.unwrap(), 7);
    });
}

#[test]
fn a_cancel_and_a_timeout_are_told_apart() {
    on_a_loop(|_| {
        let scope = CancelScope::new();
        let error = scope.run(|| deadline(SOON, || try_unkoil(pending::<()>())).unwrap());
        assert!(error.unwrap().unwrap_err().is_timeout());
        scope.token().cancel("stop");
        let error = scope.run(|| deadline(SOON, || try_unkoil(pending::<()>())).unwrap());
        let error = error.unwrap().unwrap_err();
        assert!(error.is_cancelled() && !error.is_timeout());
        let error = deadline(FOR_EVER, || unkoil_timeout(SOON, pending::<()>()));
        let error = error.unwrap().unwrap_err();
        assert!(error.is_timeout() && error.cancel_reason().is_none());
    });
}

#[test]
fn a_deadline_is_kept_while_the_loop_is_busy() {
    on_a_loop(|_| {
        let (held, release) = (mpsc::channel(), mpsc::channel::<()>());
        let busy = unkoil_task(async move {
            held.0.send(()).unwrap();
            // The loop thread stands still until the test is done.
            let _ = release.1.recv();
        });
        held.1.recv().unwrap();
        let call = deadline(SOON, || try_unkoil(pending::<()>())).unwrap();
        assert!(call.unwrap_err().is_timeout());
        assert!(
            deadline(SOON, || sleep(FOR_EVER))
                .unwrap()
                .unwrap_err()
                .is_timeout()
        );
        let looked = deadline(SOON, || {
            while check_cancelled().is_ok() {
                std::hint::spin_loop();
            }
        });
        looked.unwrap();
        let plain = deadline_unwinding(SOON, || unkoil(pending::<()>()));
        assert!(plain.unwrap_err().is_timeout());
        drop(release.0);
        busy.result().unwrap();
    });
}

#[test]
fn a_deadline_outlives_the_loop_it_began_on() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let slept = deadline(SOON, || {
            drop(koil);
            sleep(FOR_EVER)
        });
        assert!(slept.unwrap().unwrap_err().is_timeout());
        assert!(deadline(SOON, || ()).unwrap_err().is_shutdown());
    });
}

#[test]
fn a_plain_call_waits_beyond_a_deadline_that_does_not_unwind() {
    on_a_loop(|_| {
        let around = CancelScope::new().unwinding();
        let answer = around.run(|| {
            deadline(SOON, || {
                unkoil(async { tokio::time::sleep(SOON * 3).await });
                check_cancelled().unwrap_err().is_timeout()
            })
        });
        assert!(answer.unwrap().unwrap());
        assert!(!around.token().is_cancelled());
    });
}

#[test]
fn the_end_of_time_is_no_deadline() {
    on_a_loop(|_| {
        let answer = deadline(Duration::MAX, || try_unkoil(async { 7 }));
        assert_eq!(answer.unwrap().unwrap(), 7);
    });
}

#[test]
fn an_iterator_ends_where_its_scope_is_over_for_good() {
    on_a_loop(|_| {
        let items = deadline(SOON, || {
            let items = unkoil_iter(stream::pending::<u8>()).timeout(FOR_EVER);
            items.collect::<Vec<_>>()
        });
        let items = items.unwrap();
        assert_eq!(items.len(), 1);
        assert!(items[0].as_ref().unwrap_err().is_timeout());
    });
}
