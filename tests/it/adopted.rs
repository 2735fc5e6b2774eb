//! Loops that are not one thread: adopted runtimes, multi-threaded loops; and none at all.

use std::future::pending;
use std::thread;
use std::time::Duration;

use koil::{Koil, forbid_global, try_unkoil, unkoil, unkoil_task};
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;

use crate::support::{FOR_EVER, alone, refused, shut_down, until, waiting, watch, watched};

fn a_runtime() -> (Runtime, Koil) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let koil = Koil::from_handle(runtime.handle().clone()).unwrap();
    watch(&koil.handle());
    (runtime, koil)
}

fn many_workers() -> Koil {
    let koil = Koil::builder()
        .worker_threads(2)
        .join_timeout(FOR_EVER)
        .build()
        .unwrap();
    watch(&koil.handle());
    koil
}

async fn a_nap() -> tokio::runtime::Id {
    tokio::time::sleep(Duration::from_millis(1)).await;
    tokio::runtime::Handle::current().id()
}

#[test]
fn an_adopted_runtime_serves_plain_threads() {
    watched(|| {
        let (runtime, koil) = a_runtime();
        let _entered = koil.enter();
        assert_eq!(unkoil(a_nap()), runtime.handle().id());
        assert_eq!(
            unkoil_task(a_nap()).result().unwrap(),
            runtime.handle().id()
        );
    });
}

#[test]
fn an_adopted_runtime_serves_its_own_tasks_too() {
    watched(|| {
        let (runtime, koil) = a_runtime();
        let handle = koil.handle();
        let task = runtime.spawn(async move { handle.wrap(|| unkoil(a_nap()))() });
        assert_eq!(runtime.block_on(task).unwrap(), runtime.handle().id());
    });
}

#[test]
fn letting_go_of_a_runtime_releases_callers_and_leaves_it_running() {
    watched(|| {
        let (runtime, koil) = a_runtime();
        let handle = koil.handle();
        let caller = thread::spawn(handle.wrap(|| try_unkoil(pending::<()>())));
        until(|| waiting(&handle) == 1);
        let report = koil.shutdown();
        assert_eq!((report.released(), report.is_clean()), (1, true));
        shut_down(caller.join().unwrap());
        assert!(
            runtime
                .block_on(async { tokio::spawn(a_nap()).await })
                .is_ok()
        );
    });
}

#[test]
fn a_runtime_that_ends_first_releases_its_callers() {
    watched(|| {
        let (runtime, koil) = a_runtime();
        let handle = koil.handle();
        let caller = thread::spawn(handle.wrap(|| try_unkoil(pending::<()>())));
        until(|| waiting(&handle) == 1);
        drop(runtime);
        shut_down(caller.join().unwrap());
        shut_down(handle.wrap(|| try_unkoil(async {}))());
        assert!(koil.shutdown().is_clean());
    });
}

#[test]
fn a_current_thread_runtime_is_not_adopted() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let line = line!() + 1;
    let error = Koil::from_handle(runtime.handle().clone()).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("multi-threaded") && text.contains(&format!("{}:{line}", file!())),
        "{text}"
    );
}

#[test]
fn a_loop_of_many_workers_refuses_in_tasks_and_serves_all_others() {
    watched(|| {
        let koil = many_workers();
        let id = koil.handle().tokio().id();
        let _entered = koil.enter();
        assert_eq!(unkoil(a_nap()), id);
        refused(
            unkoil_task(async { try_unkoil(async {}) })
                .result()
                .unwrap(),
        );
        let on_a_worker = async { spawn_blocking(|| unkoil(a_nap())).await.unwrap() };
        assert_eq!(unkoil_task(on_a_worker).result().unwrap(), id);
    });
}

#[test]
fn a_loop_of_many_workers_stops_in_order() {
    watched(|| {
        let koil = many_workers();
        let handle = koil.handle();
        let caller = thread::spawn(handle.wrap(|| try_unkoil(pending::<()>())));
        let joined = handle.wrap(|| unkoil_task(pending::<()>()))();
        until(|| waiting(&handle) == 1);
        assert!(koil.shutdown().is_clean());
        shut_down(caller.join().unwrap());
        shut_down(joined.result());
    });
}

#[test]
fn a_loop_of_many_workers_may_be_dropped_by_one_of_them() {
    watched(|| {
        let koil = many_workers();
        let handle = koil.handle();
        let caller = thread::spawn(handle.wrap(|| try_unkoil(pending::<()>())));
        until(|| waiting(&handle) == 1);
        handle.tokio().spawn(async move { drop(koil) });
        shut_down(caller.join().unwrap());
    });
}

#[test]
fn without_the_process_wide_loop_a_call_needs_one_of_its_own() {
    alone(|| {
        watched(|| {
            forbid_global();
            let error = try_unkoil(async {}).unwrap_err();
            assert!(error.to_string().contains("forbidden"), "{error}");
            assert!(!koil::is_running() && koil::Handle::try_current().is_err());
            let koil = Koil::new().unwrap();
            assert_eq!(koil.handle().wrap(|| unkoil(async { 1 }))(), 1);
            koil::set_global(koil).unwrap();
            assert_eq!(unkoil(async { 2 }), 2);
        });
    });
}
