//! Adopted runtimes that end, or are let go, while callers of every kind wait for them.

use std::future::pending;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures::stream;
use koil::{Error, Koil, koiled, try_unkoil, unkoil_iter, unkoil_task};
use tokio::runtime::{Builder, Runtime};

use crate::support::{FOR_EVER, shut_down, until, watch, watched};

fn a_runtime() -> (Runtime, Koil) {
    let mut builder = Builder::new_multi_thread();
    builder
        .worker_threads(1)
        .enable_all()
        .thread_keep_alive(Duration::from_millis(10));
    let runtime = builder.build().unwrap();
    let koil = Koil::from_handle(runtime.handle().clone()).unwrap();
    watch(&koil.handle());
    (runtime, koil)
}

/// How many callers of this file wait for the loop, as its `Debug` lists them.
fn waiting(koil: &Koil) -> usize {
    format!("{koil:?}").matches(file!()).count()
}

#[koiled]
async fn for_ever() {
    pending::<()>().await;
}

fn is_shut_down(f: impl FnOnce()) {
    let payload = panic::catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    let text = payload.downcast_ref::<String>().unwrap();
    assert!(text.contains("shut down"), "{text}");
}

/// Callers that wait for the loop in every way, each on a thread of its own.
#[allow(clippy::redundant_closure)] // Without one, the twin would be called from a line of std.
fn callers(koil: &Koil) -> Vec<thread::JoinHandle<()>> {
    let waits: [fn(); 5] = [
        || drop(shut_down(try_unkoil(pending::<()>()))),
        || drop(shut_down(unkoil_task(pending::<()>()).result())),
        || {
            let item = unkoil_iter(stream::pending::<()>()).next_timeout(FOR_EVER);
            shut_down(item.unwrap());
        },
        || {
            // Polled by the loop.
            let other = Builder::new_current_thread().build().unwrap();
            other.block_on(async { is_shut_down(|| for_ever_blocking()) });
        },
        || {
            // Stepped aside.
            let handle = koil::Handle::current();
            let other = Builder::new_multi_thread().build().unwrap();
            let task =
                other.spawn(async move { is_shut_down(handle.wrap(|| for_ever_blocking())) });
            futures::executor::block_on(task).unwrap();
        },
    ];
    let handle = koil.handle();
    let callers = waits.map(|wait| thread::spawn(handle.wrap(wait)));
    callers.into_iter().collect()
}

#[test]
fn a_runtime_that_ends_releases_callers_of_every_kind() {
    watched(|| {
        let (runtime, koil) = a_runtime();
        let callers = callers(&koil);
        until(|| waiting(&koil) == callers.len());
        drop(runtime);
        for caller in callers {
            caller.join().unwrap();
        }
        assert!(koil.shutdown().is_clean());
    });
}

#[test]
fn letting_go_releases_callers_of_every_kind() {
    watched(|| {
        let (runtime, koil) = a_runtime();
        let callers = callers(&koil);
        until(|| waiting(&koil) == callers.len());
        let report = koil.shutdown();
        assert_eq!(
            (report.released(), report.is_clean()),
            (callers.len(), true)
        );
        for caller in callers {
            caller.join().unwrap();
        }
        assert_eq!(runtime.block_on(async { 1 }), 1);
    });
}

#[test]
fn a_runtime_that_ends_waits_for_its_own_task_that_waits_for_it() {
    watched(|| {
        let (runtime, koil) = a_runtime();
        let call = koil.handle().wrap(|| is_shut_down(|| for_ever_blocking()));
        let (send, released) = mpsc::channel();
        // The only worker has stepped aside when the runtime ends.
        runtime.spawn(async move {
            call();
            send.send(()).unwrap();
        });
        until(|| waiting(&koil) == 1);
        drop(runtime);
        released.recv().unwrap();
    });
}

#[test]
fn a_call_meets_the_end_of_its_runtime_in_any_moment() {
    watched(|| {
        for round in 0..100 {
            let (runtime, koil) = a_runtime();
            let call = || -> Error {
                loop {
                    let nap = || tokio::time::sleep(Duration::from_micros(50));
                    if let Err(error) = try_unkoil(async { nap().await }) {
                        return error;
                    }
                }
            };
            let caller = thread::spawn(koil.handle().wrap(call));
            thread::sleep(Duration::from_micros(20 * round));
            drop(runtime);
            assert!(caller.join().unwrap().is_shutdown());
        }
    });
}

#[test]
fn a_task_that_ends_with_its_runtime_says_so() {
    watched(|| {
        for round in 0..100 {
            let (runtime, koil) = a_runtime();
            let start = || [(); 8].map(|()| unkoil_task(pending::<()>()));
            let tasks = koil.handle().wrap(start)();
            let join = || tasks.map(|task| drop(shut_down(task.result())));
            let joiner = thread::spawn(join);
            thread::sleep(Duration::from_micros(5 * round));
            drop(runtime);
            joiner.join().unwrap();
        }
    });
}

#[test]
fn a_koil_kept_by_a_worker_that_ends_is_let_go() {
    thread_local!(static KEPT: std::cell::Cell<Option<Koil>> = const { std::cell::Cell::new(None) });
    watched(|| {
        let (runtime, koil) = a_runtime();
        let handle = koil.handle();
        // The worker ends when it has been idle for 10 ms.
        runtime.spawn_blocking(move || KEPT.set(Some(koil)));
        until(|| format!("{handle:?}").contains("stopped: true"));
        shut_down(handle.wrap(|| try_unkoil(async {}))());
    });
}
