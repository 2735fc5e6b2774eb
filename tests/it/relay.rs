//! Promises that hold while a blocked caller drives the loop, and when it stops driving.

use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

use koil::{
    CancelScope, CancelToken, Drivers, Error, Handle, Koil, try_unkoil, unkoil, unkoil_timeout,
};
use tokio::task::yield_now;

use crate::support::{FOR_EVER, on_loop, refused, until, waiting, watched};

/// A loop that its callers drive, whose thread does not come back for a while.
pub(crate) fn a_relay() -> Koil {
    let koil = Koil::builder()
        .drivers(Drivers::Callers)
        .linger(Duration::from_millis(50))
        .join_timeout(FOR_EVER);
    koil.build().unwrap()
}

/// Where the loop polls a task at this moment.
pub(crate) async fn driver() -> ThreadId {
    let task = tokio::spawn(async { thread::current().id() });
    task.await.unwrap()
}

/// Waits until the thread that polls this drives the loop.
pub(crate) async fn until_i_drive() {
    while driver().await != thread::current().id() {
        yield_now().await;
    }
}

/// A task that is polled by the driver; gives the thread of its poll, and the value of `f` there.
pub(crate) async fn as_a_task<T: Send + 'static>(
    f: impl FnOnce() -> T + Send + 'static,
) -> (ThreadId, T) {
    let task = tokio::spawn(async move { (thread::current().id(), f()) });
    task.await.unwrap()
}

/// Runs `call` on a thread of its own, and returns when that thread drives the loop.
pub(crate) fn driving<F, T>(handle: &Handle, call: F) -> thread::JoinHandle<T>
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
    on_loop(a_relay, |koil| {
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
    on_loop(a_relay, |_| {
        let me = thread::current().id();
        until(|| unkoil(driver()) == me);
    });
}

#[test]
fn a_call_with_a_deadline_comes_to_drive_too() {
    on_loop(a_relay, |_| {
        unkoil_timeout(FOR_EVER, until_i_drive()).unwrap();
    });
}

#[test]
fn no_caller_drives_where_the_loop_thread_does() {
    watched(|| {
        let koil = Koil::builder()
            .drivers(Drivers::LoopThread)
            .build()
            .unwrap();
        let _entered = koil.enter();
        for _ in 0..100 {
            assert_ne!(unkoil(driver()), thread::current().id());
        }
    });
}

#[test]
fn who_stands_in_a_context_of_tokio_waits_beside_the_loop_thread() {
    on_loop(a_relay, |koil| {
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
    watched(|| {
        let koil = a_relay();
        let caller = driving(&koil.handle(), async || {
            let me = thread::current().id();
            let (there, answer) = as_a_task(|| try_unkoil(async {})).await;
            assert_eq!(there, me);
            let text = refused(answer).to_string();
            assert!(text.contains("would block a loop thread"), "{text}");
            // Its own future sees the same as anywhere else.
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
    watched(|| {
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
    watched(|| {
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
                });
            })
        }));
        caller.join().unwrap().unwrap();
    });
}

#[test]
fn who_sleeps_beside_a_driver_is_served_when_that_leaves() {
    watched(|| {
        let koil = Koil::builder()
            .drivers(Drivers::Callers)
            // The loop thread comes back for callers that need it, not for a timer.
            .linger(FOR_EVER)
            .build()
            .unwrap();
        let handle = koil.handle();
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let (sleep, sleeps) = tokio::sync::oneshot::channel::<()>();
        let caller = driving(&handle, async move || gone.await.unwrap());
        let worker = handle.tokio().spawn_blocking(|| {
            unkoil(async {
                sleeps.await.unwrap();
                tokio::time::sleep(Duration::from_millis(5)).await;
            });
            unkoil(driver())
        });
        until(|| waiting(&handle) == 2);
        go.send(()).unwrap();
        caller.join().unwrap();
        sleep.send(()).unwrap();
        let _entered = koil.enter();
        unkoil(worker).unwrap();
    });
}

#[test]
fn a_future_that_need_not_be_send_is_polled_on_its_own_thread_only() {
    on_loop(a_relay, |_| {
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
    watched(|| {
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
    watched(|| {
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
