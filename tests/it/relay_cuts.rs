//! A caller that drives is interrupted, or panics: the loop keeps a driver.

use std::cell::Cell;
use std::future::pending;
use std::panic::{self, AssertUnwindSafe, panic_any};
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use koil::{
    Blocked, BlockedWait, CancelScope, CancelToken, Drivers, Koil, try_unkoil, unkoil, unkoil_task,
    unkoil_timeout,
};

use crate::relay::{a_relay, as_a_task, driver, driving, until_i_drive};
use crate::support::{Count, FOR_EVER, OnDrop, on_loop, shut_down, until, waiting, watched};

#[test]
fn a_panic_of_a_driving_caller_is_its_own_and_the_others_finish() {
    watched(|| {
        let koil = a_relay();
        let handle = koil.handle();
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let broken = driving(&handle, async move || {
            gone.await.unwrap();
            panic_any("on purpose")
        });
        let patient = [(); 2].map(|()| {
            let (finish, finished) = tokio::sync::oneshot::channel::<()>();
            let call = async move || {
                finished.await.unwrap();
                driver().await
            };
            (finish, thread::spawn(handle.wrap(|| unkoil(call()))))
        });
        until(|| waiting(&handle) == 3);
        go.send(()).unwrap();
        assert_eq!(
            *broken.join().unwrap_err().downcast::<&str>().unwrap(),
            "on purpose"
        );
        for (finish, caller) in patient {
            finish.send(()).unwrap();
            caller.join().unwrap();
        }
        assert!(koil.shutdown().is_clean());
    });
}

#[test]
fn a_panic_of_a_task_does_not_touch_the_caller_that_polls_it() {
    watched(|| {
        let koil = a_relay();
        let caller = driving(&koil.handle(), async || {
            let task = tokio::spawn(async { panic_any("on purpose") });
            assert!(task.await.unwrap_err().is_panic());
            driver().await == thread::current().id()
        });
        assert!(caller.join().unwrap());
    });
}

#[test]
fn a_waker_that_kills_the_driver_releases_everybody() {
    struct Panics;
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic_any("on purpose");
        }
    }
    watched(|| {
        let koil = a_relay();
        let handle = koil.handle();
        let task = handle.wrap(|| unkoil_task(pending::<()>()))();
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let (drives, is_driving) = mpsc::channel();
        let caller = thread::spawn(handle.wrap(move || {
            try_unkoil(async {
                until_i_drive().await;
                drives.send(()).unwrap();
                gone.await.unwrap();
                let mut sleep = pin!(tokio::time::sleep(Duration::from_millis(1)));
                let broken = Waker::from(Arc::new(Panics));
                let mut cx = Context::from_waker(&broken);
                assert!(sleep.as_mut().poll(&mut cx).is_pending());
                pending::<()>().await;
            })
        }));
        is_driving.recv().unwrap();
        let other = thread::spawn(handle.wrap(|| try_unkoil(pending::<()>())));
        until(|| waiting(&handle) == 2);
        go.send(()).unwrap();
        shut_down(caller.join().unwrap());
        shut_down(other.join().unwrap());
        shut_down(task.result());
        assert!(koil.shutdown().loop_ended());
    });
}

#[test]
fn a_stop_releases_drivers_and_those_who_wait_for_their_turn() {
    watched(|| {
        let koil = Koil::builder()
            .thread_name("stopped")
            .drivers(Drivers::Callers);
        let koil = koil.join_timeout(FOR_EVER).build().unwrap();
        let handle = koil.handle();
        let dropped = Count::default();
        let mut callers = vec![];
        let (drives, is_first_driving) = mpsc::channel();
        for at in 0..8 {
            let drives = drives.clone();
            let kept = dropped.on_drop();
            let call = async move || {
                let _kept = kept;
                pending::<()>().await;
            };
            callers.push(thread::spawn(handle.wrap(move || {
                try_unkoil(async {
                    if at == 0 {
                        until_i_drive().await;
                        drives.send(()).unwrap();
                    }
                    for _ in 0..at {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                    call().await;
                })
            })));
            if at == 0 {
                // One of them drives; from the fourth caller on all of them sleep.
                is_first_driving.recv().unwrap();
            }
        }
        // One drives, unless four had come before its last wait.
        until(|| waiting(&handle) == 8);
        let report = koil.shutdown();
        assert_eq!((report.released(), report.left_behind()), (8, 0));
        assert!(report.is_clean());
        assert_eq!(dropped.get(), 8, "before the shutdown came back");
        for caller in callers {
            shut_down(caller.join().unwrap());
        }
    });
}

/// A caller that drives shares the runtime, and must give it back before it counts as gone.
#[test]
fn a_stop_ends_the_blocking_threads_of_a_loop_that_a_caller_drove() {
    watched(|| {
        for _ in 0..100 {
            let (started, ended) = (Count::default(), Count::default());
            let koil = Koil::builder()
                .thread_name("ends")
                .drivers(Drivers::Callers)
                .join_timeout(FOR_EVER)
                .on_thread_start({
                    let started = started.clone();
                    move || started.add()
                })
                .on_thread_stop({
                    let ended = ended.clone();
                    move || ended.add()
                });
            let koil = koil.build().unwrap();
            let caller = driving(&koil.handle(), async || {
                tokio::task::spawn_blocking(|| {}).await.unwrap();
            });
            caller.join().unwrap();
            let cut = driving(&koil.handle(), pending::<()>);
            let is_mine =
                |call: &Blocked| call.loop_name() == "ends" && call.wait() == BlockedWait::Driving;
            until(|| koil::blocked().iter().any(is_mine));
            assert!(koil.shutdown().is_clean());
            // The loop thread ends the runtime, and waits for its threads.
            assert_eq!(ended.get(), started.get());
            drop(cut.join());
        }
    });
}

#[test]
fn a_driver_that_is_cut_short_cleans_up_while_the_loop_goes_on() {
    watched(|| {
        let koil = Koil::builder().drivers(Drivers::Callers).linger(FOR_EVER);
        let koil = koil.build().unwrap();
        let _entered = koil.enter();
        // So that it drives from its first wait on, long before its time is over.
        let me = thread::current().id();
        until(|| unkoil(driver()) == me);
        let cleaned = Cell::new(false);
        let limit = Duration::from_millis(200);
        let begun = Instant::now();
        let outcome = unkoil_timeout(limit, async {
            until_i_drive().await;
            CancelToken::current().unwrap().cancelled().await;
            // Needs a driver.
            tokio::time::sleep(Duration::from_millis(2)).await;
            cleaned.set(true);
        });
        let error = outcome.unwrap_err();
        assert!(error.is_timeout() && error.acknowledged(), "{error}");
        assert!(cleaned.get() && begun.elapsed() >= limit);
    });
}

#[test]
fn a_driver_hears_of_a_timeout_a_cancel_and_a_deadline() {
    on_loop(a_relay, |_| {
        let for_ever = || async {
            until_i_drive().await;
            pending::<()>().await;
        };
        let moment = Duration::from_millis(20);
        assert!(unkoil_timeout(moment, for_ever()).unwrap_err().is_timeout());
        let cut = koil::deadline(moment, || try_unkoil(for_ever())).unwrap();
        assert!(cut.unwrap_err().is_timeout());
        let scope = CancelScope::new();
        let token = scope.token().clone();
        let other = thread::spawn(move || {
            until(|| koil::blocked().iter().any(is_driving));
            token.cancel("enough");
        });
        let cut = scope.run(|| try_unkoil(for_ever())).unwrap();
        assert_eq!(cut.unwrap_err().cancel_reason().unwrap(), "enough");
        other.join().unwrap();
    });
}

#[test]
fn a_deadline_is_kept_though_the_loop_thread_does_not_let_go() {
    watched(|| {
        let koil = a_relay();
        let handle = koil.handle();
        let _entered = koil.enter();
        let (held, release) = (mpsc::channel(), mpsc::channel::<()>());
        let busy = unkoil_task(async move {
            held.0.send(()).unwrap();
            // The thread that polls this stands still until the test is done.
            let _ = release.1.recv();
        });
        held.1.recv().unwrap();
        let (wake, woken) = tokio::sync::oneshot::channel::<()>();
        let other = thread::spawn(move || {
            // On a busy machine the call may be over before.
            until(|| waiting(&handle) == 1 || wake.is_closed());
            let _ = wake.send(());
        });
        let cut = unkoil_timeout(Duration::from_millis(200), async {
            // Its first wait is over; from now on it drives if it may.
            woken.await.unwrap();
            pending::<()>().await;
        });
        assert!(cut.unwrap_err().is_timeout());
        drop(release.0);
        busy.result().unwrap();
        other.join().unwrap();
    });
}

#[test]
fn a_thread_that_unwinds_does_not_poll_the_tasks_of_others() {
    on_loop(a_relay, |_| {
        let me = thread::current().id();
        until(|| unkoil(driver()) == me);
        let mut there = None;
        let unwound = panic::catch_unwind(AssertUnwindSafe(|| {
            let _cleanup = OnDrop::new(|| {
                there = Some(unkoil(as_a_task(thread::panicking)));
            });
            panic_any("on purpose");
        }));
        assert!(unwound.is_err());
        let (thread, panicking) = there.unwrap();
        assert!(thread != me && !panicking);
    });
}

fn is_driving(call: &Blocked) -> bool {
    call.call_site().file() == file!() && call.wait() == BlockedWait::Driving
}
