//! A blocked caller drives the loop: what must be so while it does, and when it lets go.

use std::cell::Cell;
use std::future::pending;
use std::panic::{self, AssertUnwindSafe, panic_any};
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use koil::{
    Blocked, BlockedWait, CancelScope, CancelToken, Error, Handle, Koil, try_unkoil, unkoil,
    unkoil_task, unkoil_timeout,
};
use tokio::task::yield_now;

use crate::support::{Count, FOR_EVER, LIMIT, OnDrop, refused, shut_down, until, waiting, within};

/// A loop that its callers drive, whose thread does not come back for a while.
fn a_relay() -> Koil {
    let koil = Koil::builder()
        .dedicated(false)
        .linger(Duration::from_millis(50))
        .join_timeout(FOR_EVER);
    koil.build().unwrap()
}

/// Where the loop polls a task at this moment.
async fn driver() -> ThreadId {
    let task = tokio::spawn(async { thread::current().id() });
    task.await.unwrap()
}

/// Waits until the thread that polls this drives the loop.
async fn until_i_drive() {
    while driver().await != thread::current().id() {
        yield_now().await;
    }
}

/// Polled by whoever drives, as a task; says where it was polled, and what `f` found there.
async fn as_a_task<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> (ThreadId, T) {
    let task = tokio::spawn(async move { (thread::current().id(), f()) });
    task.await.unwrap()
}

/// Lets `call` block on a loop on a thread of its own, from the moment in which that drives it.
fn driving<F, T>(handle: &Handle, call: F) -> thread::JoinHandle<T>
where
    F: AsyncFnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let (drives, is_driving) = mpsc::channel();
    let caller = thread::spawn(handle.wrap(move || {
        unkoil(async {
            until_i_drive().await;
            drives.send(()).unwrap();
            call().await
        })
    }));
    is_driving.recv().unwrap();
    caller
}

#[test]
fn a_blocked_caller_drives_and_the_loop_thread_does_after_it() {
    within(LIMIT, || {
        let koil = a_relay();
        let _entered = koil.enter();
        let me = thread::current().id();
        assert_eq!(
            unkoil(async {
                until_i_drive().await;
                driver().await
            }),
            me
        );
        let (send, polled) = mpsc::channel();
        koil.handle().tokio().spawn(async move {
            send.send(thread::current().name().map(str::to_owned))
                .unwrap();
        });
        let name = polled.recv().unwrap();
        assert_eq!(name.as_deref(), Some("koil-loop"), "nobody is blocked");
    });
}

#[test]
fn calls_in_quick_succession_come_to_drive_though_each_waits_once() {
    within(LIMIT, || {
        let koil = a_relay();
        let _entered = koil.enter();
        let me = thread::current().id();
        until(|| unkoil(driver()) == me);
    });
}

#[test]
fn nobody_drives_a_dedicated_loop_but_its_thread() {
    within(LIMIT, || {
        let koil = Koil::builder().dedicated(true).build().unwrap();
        let _entered = koil.enter();
        for _ in 0..100 {
            assert_ne!(unkoil(driver()), thread::current().id());
        }
    });
}

#[test]
fn who_stands_in_a_context_of_tokio_waits_beside_the_loop_thread() {
    within(LIMIT, || {
        let koil = a_relay();
        let _entered = koil.enter();
        let never_here = || {
            for _ in 0..20 {
                assert_ne!(unkoil(driver()), thread::current().id());
            }
        };
        {
            let handle = koil.handle();
            let _tokio = handle.tokio().enter();
            never_here();
        }
        let job = koil.handle().tokio().spawn_blocking(never_here);
        unkoil(job).unwrap();
        let other = tokio::runtime::Runtime::new().unwrap();
        other.block_on(async { never_here() });
    });
}

#[test]
fn a_task_on_the_thread_of_a_driving_caller_may_not_block() {
    within(LIMIT, || {
        let koil = a_relay();
        let caller = driving(&koil.handle(), async || {
            let me = thread::current().id();
            let (there, answer) = as_a_task(|| try_unkoil(async {})).await;
            assert_eq!(there, me);
            let text = refused(answer).to_string();
            assert!(text.contains("would block a loop thread"), "{text}");
            // Its own future is told what it is told anywhere.
            let text = refused(try_unkoil(async {})).to_string();
            assert!(text.contains("inside a future"), "{text}");
        });
        caller.join().unwrap();
    });
}

#[test]
fn a_waker_that_a_driving_caller_calls_may_not_block() {
    struct Calls(mpsc::Sender<Result<(), Error>>, Waker);
    impl Wake for Calls {
        fn wake(self: Arc<Self>) {
            self.0.send(try_unkoil(async {})).unwrap();
            self.1.wake_by_ref();
        }
    }
    within(LIMIT, || {
        let koil = a_relay();
        let (send, answer) = mpsc::channel();
        let caller = driving(&koil.handle(), async move || {
            let mut sleep = pin!(tokio::time::sleep(Duration::from_millis(1)));
            std::future::poll_fn(|cx| {
                let waker = Waker::from(Arc::new(Calls(send.clone(), cx.waker().clone())));
                sleep.as_mut().poll(&mut Context::from_waker(&waker))
            })
            .await;
        });
        caller.join().unwrap();
        refused(answer.recv().unwrap());
    });
}

#[test]
fn tasks_see_nothing_of_what_their_driver_is_in() {
    within(LIMIT, || {
        let (koil, other) = (a_relay(), a_relay());
        let (home, elsewhere) = (koil.handle(), other.handle());
        let caller = thread::spawn(home.clone().wrap(move || {
            CancelScope::new().run(|| {
                unkoil(async {
                    until_i_drive().await;
                    // Held over awaits: it belongs to this future alone.
                    let _entered = elsewhere.enter();
                    let (there, seen) =
                        as_a_task(|| (Handle::current(), CancelToken::current())).await;
                    assert_eq!(there, thread::current().id());
                    assert_eq!(seen.0, home);
                    assert!(seen.1.is_none_or(|token| !token.is_cancelled()));
                    assert_eq!(Handle::current(), elsewhere);
                })
            })
        }));
        caller.join().unwrap().unwrap();
    });
}

#[test]
fn a_panic_of_a_driving_caller_is_its_own_and_the_others_finish() {
    within(LIMIT, || {
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
    within(LIMIT, || {
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
    within(LIMIT, || {
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
    within(LIMIT, || {
        let koil = Koil::builder().thread_name("stopped").dedicated(false);
        let koil = koil.join_timeout(FOR_EVER).build().unwrap();
        let handle = koil.handle();
        let dropped = Count::default();
        let mut callers = vec![];
        for at in 0..8 {
            let kept = dropped.on_drop();
            let call = async move || {
                let _kept = kept;
                pending::<()>().await;
            };
            callers.push(thread::spawn(handle.wrap(move || {
                try_unkoil(async {
                    if at == 0 {
                        until_i_drive().await;
                    }
                    for _ in 0..at {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                    call().await;
                })
            })));
        }
        until(|| {
            let all = koil::blocked();
            let mine = all.iter().filter(|call| call.loop_name() == "stopped");
            mine.filter(|call| is_driving(call)).count() == 8
        });
        let report = koil.shutdown();
        assert_eq!((report.released(), report.left_behind()), (8, 0));
        assert!(report.is_clean());
        assert_eq!(dropped.get(), 8, "before the shutdown came back");
        for caller in callers {
            shut_down(caller.join().unwrap());
        }
    });
}

fn is_driving(call: &Blocked) -> bool {
    call.call_site().file() == file!() && call.wait() == BlockedWait::Driving
}

#[test]
fn a_driver_that_is_cut_short_cleans_up_while_the_loop_goes_on() {
    within(LIMIT, || {
        let koil = a_relay();
        let _entered = koil.enter();
        let cleaned = Cell::new(false);
        let begun = Instant::now();
        let outcome = unkoil_timeout(Duration::from_millis(20), async {
            until_i_drive().await;
            CancelToken::current().unwrap().cancelled().await;
            // Needs somebody who drives.
            tokio::time::sleep(Duration::from_millis(2)).await;
            cleaned.set(true);
        });
        let error = outcome.unwrap_err();
        assert!(error.is_timeout() && error.acknowledged(), "{error}");
        assert!(cleaned.get() && begun.elapsed() >= Duration::from_millis(20));
    });
}

#[test]
fn a_driver_hears_of_a_timeout_a_cancel_and_a_deadline() {
    within(LIMIT, || {
        let koil = a_relay();
        let _entered = koil.enter();
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
fn who_sleeps_beside_a_driver_is_served_when_that_leaves() {
    within(LIMIT, || {
        let koil = Koil::builder()
            .dedicated(false)
            // The loop thread comes back for those who need it, not for a timer.
            .linger(FOR_EVER)
            .build()
            .unwrap();
        let handle = koil.handle();
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let caller = driving(&handle, async move || gone.await.unwrap());
        let worker = handle.tokio().spawn_blocking(|| {
            unkoil(async { tokio::time::sleep(Duration::from_millis(5)).await });
            unkoil(driver())
        });
        until(|| waiting(&handle) == 2);
        go.send(()).unwrap();
        caller.join().unwrap();
        let _entered = koil.enter();
        unkoil(worker).unwrap();
    });
}

#[test]
fn a_thread_that_unwinds_does_not_poll_the_tasks_of_others() {
    within(LIMIT, || {
        let koil = a_relay();
        let _entered = koil.enter();
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

#[test]
fn a_future_that_need_not_be_send_is_polled_on_its_own_thread_only() {
    within(LIMIT, || {
        let koil = a_relay();
        let _entered = koil.enter();
        let me = thread::current().id();
        let local = std::rc::Rc::new(());
        unkoil(async {
            for _ in 0..200 {
                let _local = local.clone();
                tokio::time::sleep(Duration::from_micros(10)).await;
                assert_eq!(thread::current().id(), me);
            }
        });
    });
}

#[test]
fn ten_thousand_ready_items_leave_room_for_the_tasks_of_others() {
    within(LIMIT, || {
        let koil = a_relay();
        let caller = driving(&koil.handle(), async || {
            let (send, mut receive) = tokio::sync::mpsc::channel(16);
            let task = tokio::spawn(async move {
                for at in 0..10_000 {
                    send.send(at).await.unwrap();
                }
            });
            let mut sum = 0_u64;
            while let Some(at) = receive.recv().await {
                sum += at;
            }
            task.await.unwrap();
            sum
        });
        assert_eq!(caller.join().unwrap(), 49_995_000);
    });
}

#[test]
fn a_future_that_always_wakes_itself_does_not_keep_the_loop_from_others() {
    within(LIMIT, || {
        let koil = a_relay();
        let handle = koil.handle();
        let (go, mut gone) = tokio::sync::oneshot::channel::<()>();
        let busy = driving(&handle, async move || {
            std::future::poll_fn(|cx| {
                if gone.try_recv().is_ok() {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
        });
        let _entered = koil.enter();
        unkoil(async { tokio::time::sleep(Duration::from_millis(2)).await });
        go.send(()).unwrap();
        busy.join().unwrap();
    });
}
