//! Guards that are dropped in a bad moment: a cancel, a stop, the end of another runtime.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use futures::FutureExt;
use koil::{AsyncEntered, CancelScope, Entered, Exit, context_fn, try_unkoil, unkoil, unkoil_task};

use crate::guards::{Does, SOON, all, room, telling, text};
use crate::support::{Count, FOR_EVER, on_a_loop, until, waiting, watched, with_a_loop};

#[test]
fn in_a_cancelled_scope_a_guard_is_left_and_knows_why() {
    watched(|| {
        let (fine, exits) = room(Does::Fine, Does::Sleeps);
        let scope = CancelScope::new();
        let outcome = scope.run(|| {
            let _guard = Entered::enter(fine).unwrap();
            scope.token().cancel("enough");
            // A plain `?`: the drop comes after it, in the scope that is cancelled.
            try_unkoil(pending::<()>())?;
            Ok::<_, koil::Error>(())
        });
        assert!(outcome.unwrap().unwrap_err().is_cancelled());
        assert_eq!(all(exits), [("room", Exit::Cancelled)]);
    });
}

#[test]
fn in_a_scope_that_unwinds_the_cause_is_the_cancel_not_a_panic() {
    watched(|| {
        let (fine, exits) = room(Does::Fine, Does::Sleeps);
        let scope = CancelScope::new().unwinding();
        let outcome = scope.run(|| {
            let _guard = Entered::enter(fine).unwrap();
            scope.token().cancel("enough");
            unkoil(pending::<()>());
        });
        assert!(outcome.unwrap_err().is_cancelled());
        assert_eq!(all(exits), [("room", Exit::Cancelled)]);

        // A real panic stays a panic, also in a scope that is cancelled.
        let (fine, exits) = room(Does::Fine, Does::Sleeps);
        let panics = AssertUnwindSafe(|| {
            scope.run(|| {
                let guard = catch_unwind(AssertUnwindSafe(|| Entered::enter(fine)));
                assert!(guard.is_err());
                panic_any("on purpose");
            })
        });
        assert!(catch_unwind(panics).is_err());
        assert_eq!(all(exits), []);
    });
}

#[test]
fn an_enter_that_ends_after_its_cancel_is_undone() {
    watched(|| {
        // It hears of the cancel, and returns `Ok`: too late for its caller.
        let (listens, exits) = room(Does::Listens, Does::Sleeps);
        let scope = CancelScope::new().unwinding();
        let token = scope.token().clone();
        let waits = Arc::new(Barrier::new(2));
        let cancel = thread::spawn({
            let waits = waits.clone();
            move || {
                waits.wait();
                token.cancel("enough")
            }
        });
        let outcome = scope.run(|| {
            waits.wait();
            Entered::enter(listens).map(drop)
        });
        assert!(cancel.join().unwrap());
        match outcome {
            Err(error) => assert!(error.is_cancelled()),
            Ok(_) => panic!("it was cancelled"),
        }
        // Unless the cancel came before the enter began.
        let exits = all(exits);
        assert!(exits.is_empty() || exits == [("room", Exit::Cancelled)]);
    });
}

#[test]
fn an_async_guard_knows_that_its_task_was_cancelled() {
    on_a_loop(|_| {
        let (fine, exits) = room(Does::Fine, Does::Sleeps);
        let (begun, begins) = mpsc::channel();
        let task = unkoil_task(async move {
            let _guard = AsyncEntered::enter(fine).await.unwrap();
            begun.send(()).unwrap();
            pending::<()>().await;
        });
        begins.recv().unwrap();
        task.cancel("not needed");
        assert!(task.result().unwrap_err().is_cancelled());
        assert_eq!(all(exits), [("room", Exit::Cancelled)]);
    });
}

#[test]
fn a_stop_lets_the_guards_of_tasks_and_callers_be_left() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let (of_task, task_exits) = room(Does::Fine, Does::Sleeps);
        let (of_call, call_exits) = room(Does::Fine, Does::Sleeps);
        let (of_thread, thread_exits) = room(Does::Fine, Does::Sleeps);
        let begun = Count::default();
        let begins = begun.clone();
        let _task = handle.wrap(|| {
            unkoil_task(async move {
                let _guard = AsyncEntered::enter(of_task).await.unwrap();
                begins.add();
                pending::<()>().await;
            })
        })();
        let in_call = thread::spawn(handle.wrap(|| {
            try_unkoil(async {
                let _guard = AsyncEntered::enter(of_call).await.unwrap();
                pending::<()>().await;
            })
        }));
        let around_call = thread::spawn(handle.wrap(|| {
            let _guard = Entered::enter(of_thread).unwrap();
            // A plain call: it is released by a panic, and the guard is dropped on its way.
            unkoil(pending::<()>());
        }));
        until(|| begun.get() == 1 && waiting(&handle) == 2);
        assert!(koil.shutdown().is_clean());
        assert!(in_call.join().unwrap().unwrap_err().is_shutdown());
        around_call.join().unwrap_err();
        for exits in [task_exits, call_exits, thread_exits] {
            assert_eq!(all(exits), [("room", Exit::Shutdown)]);
        }
    });
}

#[test]
fn a_forgotten_guard_holds_up_a_stop_for_no_longer_than_the_grace() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let (fine, exits) = room(Does::Fine, Does::Fine);
        let guard = thread::spawn(koil.handle().wrap(|| Entered::enter(fine).unwrap()));
        let guard = guard.join().unwrap();
        let begun = Instant::now();
        let report = koil.shutdown();
        assert!(begun.elapsed() >= SOON);
        assert_eq!((report.left_open(), report.is_clean()), (1, false));
        drop(guard);
        assert!(told.recv().unwrap().contains("its loop has ended"));
        assert_eq!(all(exits), []);
    });
}

koil::context_var! { static WHO: &'static str }

#[test]
fn an_exit_finds_the_context_variables_of_the_enter() {
    with_a_loop(|koil| {
        let (found, finds) = mpsc::channel();
        let open = |found: Sender<_>| {
            context_fn(
                || async {
                    WHO.set("the enter");
                    Ok::<_, &str>(())
                },
                move |(), _| async move {
                    found.send(WHO.get()).unwrap();
                    tokio::task::yield_now().await;
                    found.send(WHO.get()).unwrap();
                    Ok(())
                },
            )
        };
        let _entered = koil.enter();
        let guard = open(found.clone()).enter_blocking().unwrap();
        let drops = thread::spawn(move || {
            WHO.set("another thread");
            drop(guard);
            WHO.get()
        });
        assert_eq!(drops.join().unwrap(), Some("another thread"));
        unkoil(async {
            let guard = open(found).enter().await.unwrap();
            WHO.set("a later time");
            drop(guard);
        });
        assert_eq!(all(finds), [Some("the enter"); 4]);
    });
}

#[test]
fn a_close_whose_future_is_dropped_goes_on() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let _entered = koil.enter();
        let (lets_go, gate) = tokio::sync::oneshot::channel::<()>();
        let (ended, end) = mpsc::channel();
        let context = context_fn(
            || async { Ok::<_, &str>(()) },
            move |(), cause| async move {
                let _ = gate.await;
                ended.send(cause).unwrap();
                Ok(())
            },
        );
        let closing = koil::unkoil_timeout(Duration::from_millis(5), async {
            let guard = context.enter().await.unwrap();
            guard.close().await.is_ok()
        });
        assert!(closing.unwrap_err().is_timeout());
        assert!(told.recv().unwrap().contains("it goes on"));
        lets_go.send(()).unwrap();
        assert_eq!(end.recv(), Ok(Exit::Closed));
    });
}

#[test]
fn a_runtime_of_the_application_runs_the_exits_of_what_was_entered_on_it() {
    watched(|| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (ended, end) = mpsc::channel();
        let open = |ended: Sender<_>| {
            context_fn(
                || async { Ok::<_, &str>(()) },
                move |(), cause| async move {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    let here = tokio::runtime::Handle::current().id();
                    ended.send((cause, here)).unwrap();
                    Ok(())
                },
            )
        };
        let id = runtime.handle().id();
        // In async code the drop does not wait.
        let context = open(ended.clone());
        runtime.block_on(async { drop(context.enter().await.unwrap()) });
        assert_eq!(end.recv(), Ok((Exit::Dropped, id)));
        // On a plain thread it does.
        let guard = runtime.block_on(open(ended.clone()).enter()).unwrap();
        drop(guard);
        assert_eq!(end.try_recv(), Ok((Exit::Dropped, id)));
        // The runtime may end first; then a hook gets the error.
        let guard = runtime.block_on(open(ended).enter()).unwrap();
        drop(runtime);
        let (koil, told) = telling(FOR_EVER, text);
        let _entered = koil.enter();
        drop(guard);
        let text = told.recv().unwrap();
        assert!(
            text.contains("its tokio runtime has ended; await `close`"),
            "{text}"
        );
        assert_eq!(all(end), []);
    });
}

#[test]
fn a_close_that_is_dropped_where_no_runtime_is_goes_on_under_koil() {
    with_a_loop(|koil| {
        let _entered = koil.enter();
        let (lets_go, gate) = tokio::sync::oneshot::channel::<()>();
        let (ended, end) = mpsc::channel();
        let context = context_fn(
            || async { Ok::<_, &str>(()) },
            move |(), cause| async move {
                let _ = gate.await;
                ended.send(cause).unwrap();
                Ok(())
            },
        );
        let guard = futures::executor::block_on(context.enter()).unwrap();
        assert!(Box::pin(guard.close()).now_or_never().is_none());
        lets_go.send(()).unwrap();
        assert_eq!(end.recv(), Ok(Exit::Closed));
        assert!(koil.shutdown().is_clean());
    });
}
