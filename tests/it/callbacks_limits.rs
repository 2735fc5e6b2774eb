//! The limits of calls in a callback: places, and timeout, scope, stop and panic of the call around it.

use std::cell::Cell;
use std::future::pending;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use koil::inline;
use koil::{
    CancelScope, CancelToken, Koil, eager_task, try_unkoil, unkoil, unkoil_lend, unkoil_task,
    unkoil_timeout,
};
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::callbacks::{SHORT, a_wait, everywhere, multi_thread, transaction};
use crate::support::{
    FOR_EVER, LIMIT, on_a_loop, refused, shut_down, until, waiting, watched, with_a_loop,
};

#[test]
fn a_callback_may_not_block_where_others_would_wait() {
    on_a_loop(|koil| {
        refused(unkoil_task(transaction(a_wait)).result().unwrap());
        refused(unkoil_lend(transaction(a_wait)));
        refused(eager_task(transaction(a_wait)).result().unwrap());
        refused(unkoil(async {
            eager_task(transaction(a_wait)).await.unwrap()
        }));
        // A call in a callback is a poll again.
        refused(unkoil(transaction(|| unkoil(async { a_wait() }))));
        refused(unkoil(transaction(|| unkoil_lend(transaction(a_wait)))));
        let in_task = koil.handle().tokio().spawn(transaction(a_wait));
        refused(unkoil(in_task).unwrap());
        // The state of the thread is as before.
        refused(unkoil(async {
            transaction(a_wait).await.unwrap();
            a_wait()
        }));
    });
}

#[test]
fn a_lent_future_may_not_block_on_an_adopted_runtime() {
    watched(|| {
        let workers = multi_thread();
        let koil = Koil::from_handle(workers.handle().clone()).unwrap();
        let _entered = koil.enter();
        refused(unkoil_lend(transaction(a_wait)));
        assert!(unkoil_lend(inline::blocking(|| ())).is_err());
        assert_eq!(unkoil(transaction(a_wait)).unwrap(), 7);
    });
}

#[test]
fn the_timeout_of_the_call_ends_calls_in_its_callback() {
    everywhere(|| {
        for waits_first in [false, true] {
            let mut after = 10 * SHORT;
            let inner = loop {
                let inner = unkoil_timeout(after, async {
                    if waits_first {
                        sleep(SHORT).await;
                    }
                    transaction(|| {
                        let slept = koil::sleep(FOR_EVER).unwrap_err();
                        assert!(slept.is_timeout(), "{slept}");
                        assert!(koil::check_cancelled().unwrap_err().is_timeout());
                        try_unkoil(pending::<()>())
                    })
                    .await
                });
                match inner {
                    Ok(inner) => break inner.unwrap_err(),
                    // On a busy machine the time may be up before the callback.
                    Err(early) => assert!(waits_first && early.is_timeout(), "{early}"),
                }
                after *= 2;
            };
            assert!(inner.is_timeout(), "{inner}");
            let limit = format!("{after:?} at {}", file!());
            assert!(inner.to_string().contains(&limit), "{inner}");
        }
    });
}

#[test]
fn a_timeout_counts_from_the_first_wait_in_a_callback() {
    on_a_loop(|_| {
        let outer = unkoil_timeout(20 * SHORT, async {
            transaction(|| try_unkoil(pending::<()>()))
                .await
                .unwrap_err();
            pending::<()>().await;
        });
        assert!(outer.unwrap_err().is_timeout());
    });
}

#[test]
fn a_call_in_a_callback_has_the_shorter_timeout_and_leaves_its_siblings_alone() {
    on_a_loop(|_| {
        let outer = unkoil_timeout(LIMIT, async {
            sleep(SHORT).await;
            transaction(|| {
                let short = unkoil_timeout(SHORT, async {
                    transaction(|| try_unkoil(pending::<()>())).await
                });
                assert!(short.unwrap().unwrap_err().is_timeout());
                let sibling = unkoil_timeout(FOR_EVER, transaction(a_wait));
                sibling.unwrap().unwrap()
            })
            .await
        });
        assert_eq!(outer.unwrap(), 7);
        let deepest = unkoil_timeout(10 * SHORT, async {
            transaction(|| {
                unkoil_timeout(FOR_EVER, async {
                    transaction(|| try_unkoil(pending::<()>())).await
                })
            })
            .await
        });
        let deepest = deepest.unwrap().unwrap().unwrap_err();
        assert!(deepest.is_timeout(), "{deepest}");
    });
}

#[test]
fn a_future_that_rolls_back_has_the_grace_after_its_callback_timed_out() {
    on_a_loop(|_| {
        let rolled_back = Cell::new(false);
        let outer = unkoil_timeout(10 * SHORT, async {
            transaction(|| try_unkoil(pending::<()>()))
                .await
                .unwrap_err();
            sleep(20 * SHORT).await;
            rolled_back.set(true);
        });
        let error = outer.unwrap_err();
        assert!(error.is_timeout() && error.acknowledged(), "{error}");
        assert!(rolled_back.get());
    });
}

#[test]
fn the_scope_around_the_call_ends_calls_in_its_callback() {
    everywhere(|| {
        let inner = koil::deadline(5 * SHORT, || {
            unkoil(async {
                sleep(SHORT).await;
                transaction(|| try_unkoil(pending::<()>())).await
            })
        });
        assert!(inner.unwrap().unwrap_err().is_timeout());

        let scope = CancelScope::new();
        let token = scope.token().clone();
        let inner = scope.run(|| {
            try_unkoil(transaction(|| {
                let pending = async {
                    token.cancel("enough");
                    pending::<()>().await;
                };
                try_unkoil(pending)
            }))
        });
        // The outer call was not waiting, so its value wins.
        let error = inner.unwrap().unwrap().unwrap_err();
        assert_eq!(error.cancel_reason().unwrap(), "enough");
    });
}

#[test]
fn a_plain_call_in_a_callback_unwinds_to_the_scope_that_asks_for_it() {
    everywhere(|| {
        let late = koil::deadline_unwinding(5 * SHORT, || {
            unkoil(async {
                sleep(SHORT).await;
                transaction(|| unkoil(pending::<()>())).await;
            });
        });
        assert!(late.unwrap_err().is_timeout());
        assert_eq!(a_wait().unwrap(), 7);
    });
}

#[test]
fn a_plain_call_in_a_callback_waits_on_without_such_a_scope() {
    on_a_loop(|_| {
        let outer = unkoil_timeout(SHORT, async {
            transaction(|| {
                let token = CancelToken::current().unwrap();
                unkoil(async { sleep(5 * SHORT).await });
                assert!(!token.is_cancelled());
                7
            })
            .await
        });
        assert_eq!(outer.unwrap(), 7);
    });
}

#[test]
fn a_scope_in_a_callback_is_inside_the_call() {
    on_a_loop(|_| {
        let outer = unkoil_timeout(5 * SHORT, async {
            transaction(|| {
                let scope = CancelScope::new();
                let error = scope
                    .run(|| try_unkoil(pending::<()>()))
                    .unwrap()
                    .unwrap_err();
                assert!(error.is_timeout(), "{error}");
            })
            .await;
        });
        outer.unwrap();
    });
}

#[test]
fn a_stop_releases_the_call_in_a_callback() {
    everywhere_stopped(|| {
        unkoil(async {
            shut_down(transaction(|| try_unkoil(pending::<()>())).await);
        });
    });
    everywhere_stopped(|| {
        shut_down(try_unkoil(async {
            sleep(SHORT).await;
            shut_down(transaction(|| try_unkoil(pending::<()>())).await);
            pending::<()>().await;
        }));
    });
}

/// Runs `call` on a plain thread and stops its loop once it is blocked in its callback.
#[track_caller]
fn everywhere_stopped(call: fn()) {
    with_a_loop(move |koil| {
        let handle = koil.handle();
        let caller = thread::spawn(handle.wrap(call));
        until(|| waiting(&handle) > 0);
        thread::sleep(5 * SHORT);
        let report = koil.shutdown();
        assert_eq!(report.left_behind(), 0, "{report:?}");
        caller.join().unwrap();
    });
}

#[test]
fn a_panic_in_a_callback_unwinds_through_the_call() {
    everywhere(|| {
        let call = || {
            unkoil(async {
                sleep(SHORT).await;
                transaction(|| {
                    a_wait().unwrap();
                    panic::resume_unwind(Box::new("told"));
                })
                .await;
            });
        };
        let payload = panic::catch_unwind(AssertUnwindSafe(call)).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"told"));
        assert_eq!(unkoil(transaction(a_wait)).unwrap(), 7);
        refused(unkoil(async { a_wait() }));
    });
}

#[test]
fn a_callback_may_stop_its_own_loop() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let outer = try_unkoil(async {
            sleep(SHORT).await;
            transaction(move || {
                let report = koil.shutdown();
                assert!(!report.loop_ended());
                shut_down(a_wait());
            })
            .await;
            pending::<()>().await;
        });
        shut_down(outer);
    });
}

#[test]
fn a_lock_that_is_held_over_a_callback_is_bounded_by_a_deadline() {
    on_a_loop(|_| {
        let rows = Mutex::new(());
        let outer = unkoil_timeout(5 * SHORT, async {
            let _held = rows.lock().await;
            transaction(|| try_unkoil(rows.lock()).map(drop)).await
        });
        assert!(outer.unwrap().unwrap_err().is_timeout());
    });
}
