//! Bad moments on threads of other runtimes: panics, stops, re-entry, and threads that end.

use std::cell::RefCell;
use std::future::pending;
use std::panic::{self, AssertUnwindSafe, panic_any};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::{Koil, try_unkoil, unkoil_lend, unkoil_task};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

use crate::support::{
    Count, OnDrop, a_loop, on_a_loop, refused, until, waiting, watched, with_a_loop,
};

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn a_nap() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

#[test]
fn a_panic_on_the_loop_comes_back_with_its_payload() {
    with_a_loop(|koil| {
        current_thread().block_on(async {
            let _entered = koil.enter();
            let dropped = Count::default();
            let guard = dropped.on_drop();
            let caught = panic::catch_unwind(AssertUnwindSafe(|| {
                unkoil_lend(async move {
                    let _guard = guard;
                    a_nap().await;
                    panic_any(77_u8)
                })
            }));
            assert_eq!(caught.unwrap_err().downcast_ref(), Some(&77_u8));
            assert_eq!(dropped.get(), 1);
            unkoil_lend(a_nap());
        });
    });
}

#[test]
fn a_caller_whose_future_is_lent_is_released_by_a_stop() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let (send, dropped_on) = mpsc::channel();
        let caller = thread::spawn(handle.wrap(move || {
            let guard = OnDrop::new(move || send.send(thread::current().id()).unwrap());
            let call = AssertUnwindSafe(|| {
                current_thread().block_on(async {
                    unkoil_lend(async move {
                        let _guard = guard;
                        pending::<()>().await;
                    });
                });
            });
            (
                panic::catch_unwind(call).unwrap_err(),
                thread::current().id(),
            )
        }));
        until(|| waiting(&handle) == 1);
        let report = koil.shutdown();
        assert_eq!((report.released(), report.is_clean()), (1, true));
        let (payload, id) = caller.join().unwrap();
        let text = payload.downcast_ref::<String>().unwrap();
        assert!(text.contains("shut down"), "{text}");
        assert_eq!(dropped_on.recv(), Ok(id), "dropped on its caller's thread");
    });
}

#[test]
fn callers_whose_futures_are_lent_race_with_a_stop() {
    watched(|| {
        for _ in 0..50 {
            let koil = a_loop();
            let callers: Vec<_> = (0..4)
                .map(|_| {
                    thread::spawn(koil.handle().wrap(|| {
                        current_thread().block_on(async {
                            let calls = || (0..1_000_000).for_each(|_| unkoil_lend(a_nap()));
                            panic::catch_unwind(calls).unwrap_err()
                        })
                    }))
                })
                .collect();
            assert!(koil.shutdown().is_clean());
            for caller in callers {
                let payload = caller.join().unwrap();
                let text = payload.downcast_ref::<String>().unwrap();
                assert!(text.contains("shut down"), "{text}");
            }
        }
    });
}

#[test]
fn a_future_polled_by_the_loop_may_not_block_it() {
    on_a_loop(|_| {
        current_thread().block_on(async {
            let error = unkoil_lend(async {
                a_nap().await;
                try_unkoil(async {}).map_err(|error| error.to_string())
            });
            assert!(error.unwrap_err().contains("could hang for ever"));
        });
    });
}

#[test]
fn a_loop_dropped_inside_a_foreign_task_ends() {
    with_a_loop(|koil| {
        let runtime = current_thread();
        runtime.block_on(async move {
            koil.handle().wrap(|| unkoil_lend(a_nap()))();
            assert!(koil.shutdown().is_clean());
        });
    });
}

#[test]
fn the_hook_hears_of_each_call_site_once() {
    watched(|| {
        let (send, heard) = mpsc::channel();
        let koil = Koil::builder()
            .on_blocking_in_async(move |notice| send.send(notice.clone()).unwrap())
            .build()
            .unwrap();
        current_thread().block_on(async {
            let _entered = koil.enter();
            unkoil_lend(async {});
            for _ in 0..3 {
                unkoil_lend(a_nap());
            }
            unkoil_task(a_nap()).result().unwrap();
        });
        drop(koil);
        let lines: Vec<_> = heard
            .iter()
            .map(|notice| notice.call_site().line())
            .collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(lines[1], lines[0] + 2);
    });
}

/// Blocks when its thread ends, and sends the outcome.
struct Last(Box<dyn FnOnce()>);

impl Drop for Last {
    fn drop(&mut self) {
        std::mem::replace(&mut self.0, Box::new(|| ()))();
    }
}

thread_local!(static LAST: RefCell<Option<Last>> = const { RefCell::new(None) });

/// The value of `call` in the destructor of a thread-local: before tokio's own are gone, and after.
pub(crate) fn at_the_end_of_a_thread<T: Send + 'static>(call: fn() -> T) -> [T; 2] {
    [false, true].map(|tokio_goes_first| {
        let koil = a_loop();
        let handle = koil.handle();
        let (send, answer) = mpsc::channel();
        let ending = move || {
            let last = Last(Box::new(move || send.send(handle.wrap(call)()).unwrap()));
            // Destructors run in the reverse order of first use.
            if tokio_goes_first {
                LAST.set(Some(last));
                assert!(Handle::try_current().is_err());
                drop(current_thread());
            } else {
                drop(current_thread().enter());
                LAST.set(Some(last));
            }
        };
        thread::spawn(ending).join().unwrap();
        answer.recv().unwrap()
    })
}

#[test]
fn a_thread_that_ends_may_wait_for_what_others_poll() {
    watched(|| {
        assert_eq!(
            at_the_end_of_a_thread(|| unkoil_lend(async {
                a_nap().await;
                3
            })),
            [3, 3]
        );
        assert!(
            at_the_end_of_a_thread(|| unkoil_task(a_nap()).result())
                .iter()
                .all(Result::is_ok)
        );
    });
}

#[test]
fn a_thread_that_ends_polls_what_asks_for_no_runtime() {
    watched(|| {
        let messages = at_the_end_of_a_thread(|| {
            let (send, message) = oneshot::channel();
            let sender = thread::spawn(|| send.send(5).unwrap());
            let received = try_unkoil(message);
            sender.join().unwrap();
            received
        });
        for message in messages {
            assert_eq!(message.unwrap(), Ok(5));
        }
    });
}

#[test]
fn a_thread_that_ends_is_refused_a_future_that_asks_for_its_runtime() {
    watched(|| {
        let [before, after] = at_the_end_of_a_thread(|| try_unkoil(a_nap()));
        before.unwrap();
        let text = refused(after).to_string();
        for part in [
            file!(),
            "before the thread ends",
            "unkoil_lend",
            "unkoil_task",
        ] {
            assert!(text.contains(part), "{text}");
        }
    });
}
