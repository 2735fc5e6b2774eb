//! Promise 4: a panic reaches its caller with its payload, and the loop lives on.

use std::any::Any;
use std::future::{Future, pending};
use std::panic::{self, AssertUnwindSafe, panic_any};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use futures::{FutureExt, stream};
use koil::{Koil, try_unkoil, unkoil, unkoil_iter, unkoil_task};

use crate::support::{
    Count, FOR_EVER, OnDrop, alone, on_a_loop, shut_down, until, waiting, watched, with_a_loop,
};

/// A payload that is no text.
#[derive(Debug, PartialEq)]
struct Broken(u32);

/// The payload with which `f` panics.
fn caught<T>(f: impl FnOnce() -> T) -> Box<dyn Any + Send> {
    match panic::catch_unwind(AssertUnwindSafe(f)) {
        Ok(_) => panic!("no panic came"),
        Err(payload) => payload,
    }
}

async fn a_nap() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// The ambient loop still drives timers, tasks and workers.
fn assert_usable() {
    unkoil(a_nap());
    assert_eq!(unkoil_task(async { 1 }).result().unwrap(), 1);
    unkoil(async { tokio::task::spawn_blocking(|| ()).await.unwrap() });
}

#[test]
fn a_panic_in_a_future_goes_through_with_its_payload() {
    on_a_loop(|_| {
        let at_once = caught(|| unkoil(async { panic_any(Broken(1)) }));
        assert_eq!(at_once.downcast_ref(), Some(&Broken(1)));
        let later = caught(|| {
            try_unkoil(async {
                a_nap().await;
                panic_any(Broken(2))
            })
        });
        assert_eq!(later.downcast_ref(), Some(&Broken(2)));
        assert_usable();
    });
}

#[test]
fn a_panic_in_a_future_drops_the_rest_of_it_before_the_caller_sees_it() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let guard = dropped.on_drop();
        let payload = caught(|| {
            unkoil(async move {
                let _guard = guard;
                a_nap().await;
                panic!("half-way");
            })
        });
        assert_eq!(payload.downcast_ref(), Some(&"half-way"));
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn a_panic_in_a_task_goes_on_where_its_result_is_asked_for() {
    on_a_loop(|_| {
        let task = unkoil_task(async { panic_any(Broken(3)) });
        until(|| task.is_finished());
        assert_usable();
        assert_eq!(caught(|| task.result()).downcast_ref(), Some(&Broken(3)));
        let mut waited_for = unkoil_task(async {
            a_nap().await;
            panic_any(Broken(4))
        });
        let payload = caught(|| waited_for.result_timeout(FOR_EVER));
        assert_eq!(payload.downcast_ref(), Some(&Broken(4)));
        assert_usable();
    });
}

#[test]
fn a_panic_in_a_task_goes_on_where_the_task_is_awaited() {
    on_a_loop(|_| {
        let outer = unkoil_task(async { unkoil_task(async { panic_any(Broken(5)) }).await });
        assert_eq!(caught(|| outer.result()).downcast_ref(), Some(&Broken(5)));
        assert_usable();
    });
}

#[test]
fn a_panic_in_a_finished_task_is_not_lost_in_the_shutdown() {
    with_a_loop(|koil| {
        let task = {
            let _entered = koil.enter();
            unkoil_task(async { panic_any(Broken(6)) })
        };
        until(|| task.is_finished());
        drop(koil);
        assert_eq!(caught(|| task.result()).downcast_ref(), Some(&Broken(6)));
    });
}

#[test]
fn a_detached_task_that_panics_harms_nobody() {
    on_a_loop(|koil| {
        drop(unkoil_task(async { panic!("nobody asks") }));
        assert_usable();
        let metrics = koil.handle().tokio().metrics();
        until(|| metrics.num_alive_tasks() == 0);
    });
}

#[test]
fn a_panic_in_a_stream_ends_its_iterator() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let guard = dropped.on_drop();
        let mut left = 2;
        let mut iter = unkoil_iter(stream::poll_fn(move |_| {
            let _guard = &guard;
            left -= 1;
            if left == 0 {
                panic_any(Broken(7));
            }
            Poll::Ready(Some(left))
        }));
        assert_eq!(iter.next(), Some(1));
        assert_eq!(caught(|| iter.next()).downcast_ref(), Some(&Broken(7)));
        assert_eq!(dropped.get(), 1);
        assert_eq!(iter.next(), None);
        assert_usable();
    });
}

#[test]
fn a_panic_in_a_worker_harms_nobody_else() {
    on_a_loop(|_| {
        let joined = unkoil(async {
            let worker = tokio::task::spawn_blocking(|| unkoil(async { panic_any(Broken(8)) }));
            worker.await
        });
        let payload = joined.unwrap_err().into_panic();
        assert_eq!(payload.downcast_ref(), Some(&Broken(8)));
        assert_usable();
    });
}

#[test]
fn a_panic_in_a_drop_on_timeout_goes_through() {
    on_a_loop(|_| {
        let payload = caught(|| {
            let guard = OnDrop::new(|| panic_any(Broken(9)));
            koil::unkoil_timeout(Duration::from_millis(1), async move {
                let _guard = guard;
                pending::<()>().await;
            })
        });
        assert_eq!(payload.downcast_ref(), Some(&Broken(9)));
        assert_usable();
    });
}

#[test]
fn a_caller_that_panics_leaves_other_callers_alone() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let (send, receive) = tokio::sync::oneshot::channel();
        let patient = thread::spawn(handle.wrap(|| unkoil(receive)));
        until(|| waiting(&handle) == 1);
        let broken = thread::spawn(handle.wrap(|| {
            unkoil(async {
                a_nap().await;
                panic_any(Broken(10))
            })
        }));
        assert!(broken.join().is_err());
        assert_eq!(waiting(&handle), 1, "who panicked waits no more");
        send.send(11).unwrap();
        assert_eq!(patient.join().unwrap(), Ok(11));
    });
}

#[test]
fn a_loop_that_a_waker_kills_releases_everybody_and_says_so() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let task = handle.wrap(|| unkoil_task(pending::<()>()))();
        let caller = thread::spawn(handle.wrap(|| try_unkoil(wakes_a_broken_waker())));
        let says_why = |error: koil::Error| {
            let source = std::error::Error::source(&error).unwrap().to_string();
            assert!(
                source.ends_with("panicked: the waker is broken"),
                "{source}"
            );
            assert!(error.to_string().contains(&source), "{error}");
        };
        says_why(shut_down(caller.join().unwrap()));
        says_why(shut_down(task.result()));
        says_why(shut_down(handle.wrap(|| try_unkoil(async {}))()));
        // Its `join_timeout` is for ever: this returns because the thread has ended.
        assert!(koil.shutdown().loop_ended());
    });
}

#[test]
fn the_process_wide_loop_starts_afresh_after_a_waker_killed_it() {
    alone(|| {
        watched(|| {
            let old = koil::global();
            shut_down(try_unkoil(wakes_a_broken_waker()));
            until(|| !koil::is_running());
            assert_eq!(
                unkoil(async { tokio::spawn(async { 1 }).await.unwrap() }),
                1
            );
            assert_ne!(koil::global(), old);
            shut_down(old.wrap(|| try_unkoil(async {}))());
        });
    });
}

/// Ends the loop that drives it: a timer wakes a waker that panics.
pub(crate) async fn wakes_a_broken_waker() {
    struct Panics;
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("the waker is broken");
        }
    }
    let mut sleep = pin!(tokio::time::sleep(Duration::from_millis(1)));
    let broken = Waker::from(Arc::new(Panics));
    let polled = sleep.as_mut().poll(&mut Context::from_waker(&broken));
    assert!(polled.is_pending());
    pending::<()>().await;
}

/// A payload that panics when it is dropped, with another like it.
struct Relentless;

impl Drop for Relentless {
    fn drop(&mut self) {
        panic_any(Relentless);
    }
}

#[test]
fn a_payload_that_panics_when_it_is_dropped_costs_no_worker() {
    watched(|| {
        let koil = Koil::builder()
            .join_timeout(FOR_EVER)
            .max_blocking_threads(1)
            .on_thread_start(|| {
                if thread::current().name() == Some("koil-worker") {
                    panic_any(Relentless);
                }
            })
            .on_thread_stop(|| panic_any(Relentless))
            .build()
            .unwrap();
        {
            let _entered = koil.enter();
            // Its value has no receiver any more, and panics when it is dropped.
            let (begun, begins) = std::sync::mpsc::channel();
            let (end, ends) = std::sync::mpsc::channel::<()>();
            let mut call = Box::pin(koil::run_threaded(move || {
                begun.send(()).unwrap();
                let _ = ends.recv();
                OnDrop::new(|| panic_any(Relentless))
            }));
            assert!(call.as_mut().now_or_never().is_none());
            begins.recv().unwrap();
            drop(call);
            drop(end);
            // The only worker still works.
            assert_eq!(unkoil(koil::run_threaded(|| 1)), 1);
            assert_usable();
        }
        let report = koil.shutdown();
        assert!(report.is_clean(), "{report:?}");
    });
}

#[test]
fn a_stop_hook_that_panics_does_not_hold_up_the_shutdown() {
    watched(|| {
        let koil = Koil::builder()
            .join_timeout(FOR_EVER)
            .on_thread_stop(|| panic!("the hook is broken"))
            .build()
            .unwrap();
        assert!(koil.shutdown().loop_ended());
    });
}
