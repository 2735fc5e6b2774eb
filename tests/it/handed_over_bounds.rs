//! The bounds of the wait for work that drops hand over: one grace in all; no thread waits for itself.

use std::convert::Infallible;
use std::panic::panic_any;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use koil::{
    AsyncEntered, CancelToken, ContextFn, Drivers, Exit, Koil, context_fn, try_unkoil, unkoil,
    unkoil_task, unkoil_timeout,
};
use tokio::sync::oneshot;

use crate::guards::{Does, SOON, all, room, telling, text};
use crate::handed_over::{guarded, slow, waits};
use crate::support::{Count, FOR_EVER, LIMIT, on_a_loop, on_loop, until, waiting, watched};

/// A context whose exit waits for the sender, and then sends that it ends.
fn gated(ends: mpsc::Sender<Exit>) -> (ContextFn<(), Infallible>, oneshot::Sender<()>) {
    let (lets_go, gate) = oneshot::channel::<()>();
    let context = context_fn(
        || async { Ok::<_, Infallible>(()) },
        move |(), cause| async move {
            let _ = gate.await;
            ends.send(cause).unwrap();
            Ok(())
        },
    );
    (context, lets_go)
}

#[test]
fn after_the_grace_the_value_comes_the_hook_is_told_and_the_exit_goes_on() {
    watched(|| {
        let (koil, told) = telling(SOON, |error| {
            (
                error.is_late(),
                error.to_string(),
                error.entered_at().map(std::panic::Location::file),
            )
        });
        let _entered = koil.enter();
        let (ends, end) = mpsc::channel();
        let (context, lets_go) = gated(ends);
        let begun = Instant::now();
        let value = unkoil(async move {
            let _guard = AsyncEntered::enter(context).await.unwrap();
            7
        });
        let took = begun.elapsed();
        assert_eq!(value, 7);
        assert!(took >= SOON && took < LIMIT, "{took:?}");
        let (is_late, text, file) = told.recv().unwrap();
        assert!(
            is_late && text.contains("takes longer than 100ms; it goes on"),
            "{text}"
        );
        assert_eq!(file, Some(file!()));
        // Longer than the grace once more: nothing cuts it short.
        thread::sleep(SOON * 2);
        assert!(end.try_recv().is_err());
        lets_go.send(()).unwrap();
        assert_eq!(end.recv(), Ok(Exit::Dropped));
        assert!(told.try_recv().is_err(), "it is told once");
    });
}

#[test]
fn many_exits_have_one_grace_together() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let _entered = koil.enter();
        let (ends, end) = mpsc::channel();
        let (contexts, gates): (Vec<_>, Vec<_>) = (0..8).map(|_| gated(ends.clone())).unzip();
        let begun = Instant::now();
        unkoil(async move {
            for context in contexts {
                drop(AsyncEntered::enter(context).await.unwrap());
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        assert!(begun.elapsed() < SOON * 6, "{:?}", begun.elapsed());
        assert_eq!(told.iter().take(8).count(), 8);
        drop(gates);
        assert_eq!(end.iter().take(8).count(), 8);
    });
}

#[test]
fn a_call_with_a_timeout_returns_within_it_and_one_grace() {
    watched(|| {
        const GRACE: Duration = Duration::from_secs(1);
        let (koil, told) = telling(GRACE, text);
        let _entered = koil.enter();
        let (ends, end) = mpsc::channel();
        let (context, lets_go) = gated(ends);
        let begun = Instant::now();
        let late = unkoil_timeout(SOON, async move {
            let guard = AsyncEntered::enter(context).await.unwrap();
            CancelToken::current().unwrap().cancelled().await;
            drop(guard);
            // It listens, so it has the whole grace.
            std::future::pending::<()>().await;
        });
        let took = begun.elapsed();
        assert!(late.unwrap_err().is_timeout());
        // The grace that the future has used up counts for its exit too.
        assert!(took >= SOON + GRACE && took < SOON + GRACE * 2, "{took:?}");
        drop(lets_go);
        assert_eq!(end.recv(), Ok(Exit::Cancelled));
        assert!(told.recv().unwrap().contains("goes on"));
    });
}

#[test]
fn a_task_that_no_call_asks_for_tells_that_its_exit_takes_long() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let _entered = koil.enter();
        let (ends, end) = mpsc::channel();
        let (context, lets_go) = gated(ends);
        drop(unkoil_task(async move {
            drop(AsyncEntered::enter(context).await.unwrap());
        }));
        assert!(told.recv().unwrap().contains("goes on"));
        drop(lets_go);
        assert_eq!(end.recv(), Ok(Exit::Dropped));
    });
}

#[test]
fn a_stop_gives_an_exit_that_goes_on_one_grace() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let (hangs, exits) = room(Does::Fine, Does::Hangs);
        {
            let _entered = koil.enter();
            unkoil(async { drop(AsyncEntered::enter(hangs).await.unwrap()) });
        }
        assert!(told.recv().unwrap().contains("goes on"));
        koil.shutdown();
        assert!(told.recv().unwrap().contains("did not finish"));
        assert_eq!(all(exits), [("room", Exit::Dropped)]);
    });
}

#[test]
fn a_panic_in_the_exit_does_not_reach_the_call() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, |error| (error.is_panic(), error.to_string()));
        let _entered = koil.enter();
        let (panics, exits) = room(Does::Fine, Does::Panics);
        let value = unkoil(async {
            let _guard = AsyncEntered::enter(panics).await.unwrap();
            7
        });
        assert_eq!(value, 7);
        let (is_panic, text) = told.try_recv().expect("it is told before the call returns");
        assert!(is_panic && text.contains("panicked: exit"), "{text}");
        assert_eq!(all(exits), [("room", Exit::Dropped)]);
        let (fails, _exits) = room(Does::Fine, Does::Fails);
        unkoil(async { drop(AsyncEntered::enter(fails).await.unwrap()) });
        assert!(told.try_recv().unwrap().1.contains("failed: \"exit\""));
    });
}

#[test]
fn a_cancel_of_the_scope_does_not_cut_the_wait_short() {
    on_a_loop(|_| {
        let exits = Count::default();
        let scope = koil::CancelScope::new();
        let token = scope.token().clone();
        let of_call = exits.clone();
        let outcome = scope.run(|| {
            try_unkoil(async move {
                let _guard = AsyncEntered::enter(slow(&of_call)).await.unwrap();
                token.cancel("enough");
                7
            })
        });
        assert_eq!(outcome.unwrap().unwrap(), 7);
        assert_eq!(exits.get(), 1);
    });
}

#[test]
fn a_task_that_is_driven_meanwhile_hands_over_on_its_own_account() {
    let callers_drive = || {
        let drives = Koil::builder().drivers(Drivers::Callers);
        drives
            .join_timeout(FOR_EVER)
            .cancel_grace(LIMIT)
            .build()
            .unwrap()
    };
    on_loop(callers_drive, |koil| {
        let (ends, end) = mpsc::channel();
        let (context, lets_go) = gated(ends);
        let (dropped, is_dropped) = oneshot::channel();
        let this = thread::current().id();
        let tokio = koil.handle().tokio().clone();
        let driver = unkoil(async move {
            tokio.spawn(async move {
                drop(AsyncEntered::enter(context).await.unwrap());
                dropped.send(thread::current().id()).unwrap();
            });
            is_dropped.await.unwrap()
        });
        // Mostly this thread has driven it; in no case does the call wait for an exit that hangs.
        assert!(driver == this || driver != this);
        assert!(end.try_recv().is_err());
        drop(lets_go);
        assert_eq!(end.recv(), Ok(Exit::Dropped));
        // A task of koil's, which its own thread polls or the caller does, either.
        let (ends, end) = mpsc::channel();
        let (context, lets_go) = gated(ends);
        let (dropped, is_dropped) = oneshot::channel();
        unkoil(async move {
            drop(unkoil_task(async move {
                drop(AsyncEntered::enter(context).await.unwrap());
                dropped.send(()).unwrap();
            }));
            is_dropped.await.unwrap();
        });
        drop(lets_go);
        assert_eq!(end.recv(), Ok(Exit::Dropped));
    });
}

#[test]
fn an_exit_on_the_current_thread_runtime_that_the_call_blocks_is_not_waited_for() {
    on_a_loop(|koil| {
        let handle = koil.handle();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let exits = Count::default();
        let of_task = exits.clone();
        let begun = Instant::now();
        runtime.block_on(async move {
            let guard = AsyncEntered::enter(slow(&of_task)).await.unwrap();
            handle.wrap(|| {
                unkoil(async move {
                    tokio::task::yield_now().await;
                    drop(guard);
                });
            })();
            assert_eq!(of_task.get(), 0, "this thread has yet to run it");
            while of_task.get() == 0 {
                tokio::task::yield_now().await;
            }
        });
        assert_eq!(exits.get(), 1);
        assert!(begun.elapsed() < LIMIT);
    });
}

#[test]
fn an_exit_on_a_multi_threaded_runtime_is_waited_for() {
    on_a_loop(|koil| {
        let handle = koil.handle();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        for _ in 0..20 {
            let exits = Count::default();
            let guard = runtime.block_on(AsyncEntered::enter(slow(&exits))).unwrap();
            unkoil(async move { drop(guard) });
            assert_eq!(exits.get(), 1, "from a plain thread");
            let (exits, handle) = (Count::default(), handle.clone());
            let of_task = exits.clone();
            let task = runtime.spawn(async move {
                let guard = AsyncEntered::enter(slow(&of_task)).await.unwrap();
                handle.wrap(|| unkoil(async move { drop(guard) }))();
                assert_eq!(of_task.get(), 1, "from its only worker");
            });
            runtime.block_on(task).unwrap();
        }
    });
}

#[test]
fn a_stop_during_the_wait_lets_the_exit_end() {
    watched(|| {
        for _ in 0..20 {
            let koil = Koil::builder()
                .join_timeout(FOR_EVER)
                .cancel_grace(LIMIT)
                .build()
                .unwrap();
            let handle = koil.handle();
            let (ends, end) = mpsc::channel();
            let (context, lets_go) = gated(ends);
            let caller = thread::spawn(handle.wrap(move || {
                unkoil(async move { drop(AsyncEntered::enter(context).await.unwrap()) });
            }));
            until(|| waiting(&handle) == 1);
            let stops = thread::spawn(move || koil.shutdown());
            until(|| handle.wrap(|| try_unkoil(async {}))().is_err());
            drop(lets_go);
            caller.join().unwrap();
            assert_eq!(end.recv(), Ok(Exit::Dropped));
            assert!(stops.join().unwrap().is_clean());
        }
    });
}

#[test]
fn the_call_is_listed_while_it_waits() {
    on_a_loop(|koil| {
        let handle = koil.handle();
        let (ends, end) = mpsc::channel();
        let (context, lets_go) = gated(ends);
        let caller = thread::spawn(handle.wrap(move || {
            unkoil(async move { drop(AsyncEntered::enter(context).await.unwrap()) });
        }));
        until(|| waiting(&handle) == 1);
        let line = koil::blocked()
            .iter()
            .any(|call| call.call_site().file() == file!());
        assert!(line);
        drop(lets_go);
        caller.join().unwrap();
        assert_eq!(end.recv(), Ok(Exit::Dropped));
    });
}

#[test]
fn a_call_whose_future_panics_is_bounded_as_well() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let _entered = koil.enter();
        let (ends, end) = mpsc::channel();
        let (context, lets_go) = gated(ends);
        let call = std::panic::AssertUnwindSafe(|| {
            unkoil(async move {
                let _guard = AsyncEntered::enter(context).await.unwrap();
                panic_any("on purpose");
            });
        });
        std::panic::catch_unwind(call).unwrap_err();
        assert!(told.recv().unwrap().contains("goes on"));
        drop(lets_go);
        assert_eq!(end.recv(), Ok(Exit::Panicking));
        waits(|exits| unkoil(guarded(exits)));
    });
}
