//! Calls whose loop or object is not there, and the place or the moment to make them instead.

use std::thread;

use koil::{
    Koil, Pinned, forbid_global, koiled, set_global, shutdown_global, try_unkoil, unkoil,
    unkoil_task, unkoil_timeout,
};
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::panics::wakes_a_broken_waker;
use crate::pinned::{Local, local};
use crate::support::{
    FOR_EVER, LIMIT, a_loop, alone, assert_told, on_a_loop, shut_down, until, watch, watched,
    with_a_loop,
};

#[test]
fn before_a_shutdown_or_on_another_loop_a_call_is_made() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        assert_eq!(handle.unkoil(async { 1 }), 1);
        drop(koil);
        assert_told(
            &shut_down(handle.try_unkoil(async {})).to_string(),
            "its loop has been shut down",
            &[
                "make the call before the shutdown",
                "or on a loop that runs",
            ],
        );
        assert_eq!(a_loop().unkoil(async { 2 }), 2);
    });
}

#[test]
fn before_a_drain_or_on_another_loop_a_task_is_started() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        let (go, gate) = oneshot::channel::<()>();
        let before = unkoil_task(async { gate.await.map(|()| 1) });
        let drain = thread::spawn(move || koil.drain(FOR_EVER));
        until(|| unkoil_task(async {}).result().is_err());
        assert_told(
            &shut_down(unkoil_task(async {}).result()).to_string(),
            "its loop is being drained",
            &["start it before the drain", "or on another loop"],
        );
        assert_eq!(a_loop().task(async { 2 }).result().unwrap(), 2);
        go.send(()).unwrap();
        assert_eq!(before.result().unwrap(), Ok(1));
        assert!(drain.join().unwrap().is_drained());
    });
}

#[test]
fn after_a_panic_in_its_driver_a_loop_is_started_anew() {
    alone(|| {
        watched(|| {
            let old = koil::global();
            assert_told(
                &shut_down(try_unkoil(wakes_a_broken_waker())).to_string(),
                "its loop has ended, since ",
                &[
                    "start a new loop",
                    "or use the process-wide one, which starts afresh",
                ],
            );
            assert_eq!(a_loop().unkoil(async { 1 }), 1);
            until(|| !koil::is_running());
            assert_eq!(unkoil(async { 2 }), 2);
            shut_down(old.try_unkoil(async {}));
        });
    });
}

#[test]
fn without_the_process_wide_loop_one_enters_a_loop() {
    alone(|| {
        watched(|| {
            forbid_global();
            assert_told(
                &try_unkoil(async {}).unwrap_err().to_string(),
                "none is entered, and the process-wide one has been forbidden",
                &["enter a `koil::Koil` or a `koil::Handle` first"],
            );
            let koil = a_loop();
            {
                let _entered = koil.enter();
                assert_eq!(unkoil(async { 1 }), 1);
            }
            let handle = koil.handle();
            let _entered = handle.enter();
            assert_eq!(unkoil(async { 2 }), 2);
        });
    });
}

#[test]
fn a_runtime_that_can_be_adopted_has_workers() {
    watched(|| {
        let one = Builder::new_current_thread().enable_all().build().unwrap();
        let refused = Koil::from_handle(one.handle().clone()).unwrap_err();
        assert_told(
            &refused.to_string(),
            "got a current-thread runtime",
            &[
                "pass a multi-threaded runtime",
                "or start a loop with `Koil::new`",
            ],
        );
        let many = Builder::new_multi_thread().enable_all().build().unwrap();
        let adopted = Koil::from_handle(many.handle().clone()).unwrap();
        watch(&adopted.handle());
        assert_eq!(adopted.unkoil(async { 1 }), 1);
        assert_eq!(Koil::new().unwrap().unkoil(async { 2 }), 2);
    });
}

#[test]
fn the_process_wide_loop_is_set_before_the_first_call_or_after_its_shutdown() {
    alone(|| {
        watched(|| {
            let set = || {
                let koil = a_loop();
                let handle = koil.handle();
                set_global(koil).map(|()| assert_eq!(koil::global(), handle))
            };
            set().unwrap();
            unkoil(async {});
            let (_, late) = set().unwrap_err();
            assert_told(
                &late.to_string(),
                "the process-wide loop runs already",
                &[
                    "call it before the first blocking call",
                    "or after `shutdown_global`",
                ],
            );
            shutdown_global();
            set().unwrap();
        });
    });
}

#[test]
fn the_result_of_a_task_is_kept_after_the_first_call() {
    on_a_loop(|_| {
        let mut task = unkoil_task(async { vec![1] });
        let kept = task.result_timeout(LIMIT).unwrap();
        assert_told(
            &task.result_timeout(LIMIT).unwrap_err().to_string(),
            "which was taken before",
            &["keep it after the first call"],
        );
        assert_eq!(kept, [1]);
    });
}

#[test]
fn an_object_is_used_before_it_is_closed() {
    on_a_loop(|_| {
        let object: Pinned<Local> = local();
        let clone = object.clone();
        assert_eq!(clone.try_with_blocking(Local::touch).unwrap(), 1);
        unkoil(object.close());
        assert_told(
            &clone
                .try_with_blocking(Local::touch)
                .unwrap_err()
                .to_string(),
            "the object has been closed",
            &["make the call before `Pinned::close`"],
        );
    });
}

#[koiled(fallible(panics))]
async fn fails() -> Result<(), koil::Error> {
    tokio::task::yield_now().await;
    std::panic::panic_any(7_u8)
}

#[test]
fn a_payload_that_is_no_text_is_in_the_error() {
    on_a_loop(|_| {
        let error = fails_blocking().unwrap_err();
        let text = error.to_string();
        assert_told(
            &text,
            "its payload is no text",
            &["take it by `Error::into_panic`"],
        );
        assert_eq!(error.into_panic().unwrap().downcast_ref(), Some(&7_u8));
    });
}

#[cfg(unix)]
mod forks {
    use super::*;
    use crate::forks::{forked, in_child};

    #[test]
    fn a_forked_child_starts_a_loop_or_uses_the_process_wide_one() {
        alone(|| {
            unkoil(async {});
            let koil = Koil::new().unwrap();
            in_child(|| {
                assert_told(
                    &forked(koil.try_unkoil(async {})).to_string(),
                    "its loop stayed behind in the parent",
                    &[
                        "start a `koil::Koil` in the child",
                        "or enter none and use the process-wide loop, which starts afresh there",
                    ],
                );
                assert_eq!(Koil::new().unwrap().unkoil(async { 1 }), 1);
                assert_eq!(unkoil(async { 2 }), 2);
            });
        });
    }

    #[test]
    fn one_forks_on_a_thread_that_runs_no_tasks() {
        alone(|| {
            unkoil(async {});
            let waits = || unkoil_timeout(LIMIT, tokio::task::yield_now());
            let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
            let forks = async move {
                in_child(|| {
                    assert_told(
                        &forked(waits()).to_string(),
                        "in a forked child inside a task of a runtime that stayed behind",
                        &["fork on a thread that runs no tasks"],
                    );
                });
            };
            runtime.block_on(async { tokio::spawn(forks).await.unwrap() });
            in_child(|| waits().unwrap());
            let plain = thread::spawn(move || in_child(|| waits().unwrap()));
            plain.join().unwrap();
        });
    }
}
