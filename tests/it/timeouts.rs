//! Deadlines by parking: nothing for the ready, exact for the rest, and the future is gone.

use std::future::{pending, poll_fn};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use koil::{Koil, unkoil, unkoil_timeout};

use crate::support::{Count, FOR_EVER, on_a_loop};

const A_WHILE: Duration = Duration::from_millis(20);

#[test]
fn a_ready_future_needs_no_time() {
    on_a_loop(|_| {
        assert_eq!(unkoil_timeout(Duration::ZERO, async { 1 }).unwrap(), 1);
    });
}

#[test]
fn a_pending_future_and_no_time_is_a_timeout_after_one_poll() {
    on_a_loop(|_| {
        let mut polls = 0;
        let never = std::future::poll_fn(|_| {
            polls += 1;
            Poll::<()>::Pending
        });
        assert!(
            unkoil_timeout(Duration::ZERO, never)
                .unwrap_err()
                .is_timeout()
        );
        assert_eq!(polls, 1);
    });
}

#[test]
fn the_end_of_time_is_no_deadline() {
    on_a_loop(|_| {
        let slept = unkoil_timeout(Duration::MAX, async { tokio::time::sleep(A_WHILE).await });
        assert!(slept.is_ok());
    });
}

#[test]
fn a_timeout_comes_not_before_its_time() {
    on_a_loop(|_| {
        let before = Instant::now();
        let error = unkoil_timeout(A_WHILE, pending::<()>()).unwrap_err();
        assert!(before.elapsed() >= A_WHILE);
        assert!(
            error.is_timeout() && error.to_string().contains("20ms"),
            "{error}"
        );
    });
}

#[test]
fn a_future_that_keeps_waking_itself_times_out() {
    on_a_loop(|_| {
        let busy = async {
            loop {
                tokio::task::yield_now().await;
            }
        };
        let error = unkoil_timeout::<_>(A_WHILE, busy).err().unwrap();
        assert!(error.is_timeout());
    });
}

#[test]
fn the_future_has_been_dropped_under_its_loop_when_the_error_is_there() {
    on_a_loop(|_| {
        let (cleaned, dropped) = (Count::default(), Count::default());
        let (spawned, on_drop) = (cleaned.clone(), dropped.clone());
        let guard = crate::support::OnDrop::new(move || {
            on_drop.add();
            tokio::spawn(async move { spawned.add() });
        });
        let never = async move {
            let _guard = guard;
            pending::<()>().await;
        };
        assert!(unkoil_timeout(A_WHILE, never).unwrap_err().is_timeout());
        assert_eq!(dropped.get(), 1);
        // The loop is one thread: what was spawned first runs first.
        koil::unkoil_task(async {}).result().unwrap();
        assert_eq!(cleaned.get(), 1);
    });
}

#[test]
fn a_timeout_leaves_the_thread_as_it_was() {
    on_a_loop(|_| {
        for _ in 0..50 {
            assert!(unkoil_timeout(Duration::from_millis(1), pending::<()>()).is_err());
            let (send, receive) = tokio::sync::oneshot::channel();
            let task = koil::unkoil_task(async move { send.send(3) });
            assert_eq!(unkoil_timeout(FOR_EVER, receive).unwrap(), Ok(3));
            task.result().unwrap().unwrap();
        }
    });
}

#[test]
fn a_value_that_is_there_when_the_time_is_up_wins() {
    on_a_loop(|_| {
        let limit = Duration::from_millis(500);
        let value = || {
            let mut is_polled = false;
            // Ready at its second poll, and wakes no thread: only the end of the time leads to that
            // poll, and the call is cut short after it, if at all.
            let late = poll_fn(move |_| {
                if std::mem::replace(&mut is_polled, true) {
                    Poll::Ready(3)
                } else {
                    Poll::Pending
                }
            });
            unkoil_timeout(limit, late).unwrap()
        };
        // The caller drives; it parks, since another loop has a thread for that; it polls beside a
        // scheduler.
        let parks = Koil::builder().drivers(koil::Drivers::LoopThread).build();
        let parks = parks.unwrap();
        thread::scope(|scope| {
            scope.spawn(|| assert_eq!(value(), 3));
            scope.spawn(|| {
                let _entered = parks.enter();
                assert_eq!(value(), 3);
            });
            scope.spawn(|| {
                let current = tokio::runtime::Builder::new_current_thread().build();
                assert_eq!(current.unwrap().block_on(async { value() }), 3);
            });
        });
    });
}

#[test]
fn a_value_in_the_last_moment_is_a_value_or_a_timeout_and_never_a_hang() {
    on_a_loop(|_| {
        for _ in 0..200 {
            let moment = Duration::from_millis(1);
            let raced = unkoil_timeout(moment, async { tokio::time::sleep(moment).await });
            assert!(raced.is_ok() || raced.unwrap_err().is_timeout());
            unkoil(async {});
        }
    });
}

#[test]
fn a_future_dropped_by_its_timeout_may_block_in_its_drop() {
    on_a_loop(|_| {
        let mut slept = None;
        let guard = crate::support::OnDrop::new(|| {
            slept = Some(koil::try_unkoil(tokio::time::sleep(Duration::from_millis(
                1,
            ))));
        });
        let never = async move {
            let _guard = guard;
            pending::<()>().await;
        };
        assert!(unkoil_timeout(A_WHILE, never).unwrap_err().is_timeout());
        assert!(slept.unwrap().is_ok());
    });
}
