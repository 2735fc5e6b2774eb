//! Exits that are not run to their end, and how to leave a context instead.

use std::convert::Infallible;
use std::sync::mpsc;
use std::time::Duration;

use koil::{AsyncEntered, ContextFn, Entered, Exit, LocalAsyncEntered, context_fn, unkoil};
use tokio::runtime::{Builder, Runtime};

use crate::guards::{Does, all, telling, text};
use crate::guards_local::desk;
use crate::support::{FOR_EVER, assert_told, watched};

/// A context that says when it has been left.
fn left() -> (ContextFn<(), Infallible>, mpsc::Receiver<Exit>) {
    let (left, leaves) = mpsc::channel();
    let context = context_fn(
        || async { Ok(()) },
        move |(), cause| async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            left.send(cause).unwrap();
            Ok(())
        },
    );
    (context, leaves)
}

#[test]
fn the_future_of_close_is_awaited() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, text);
        let _entered = koil.enter();
        let (context, _) = desk(Does::Hangs);
        let guard = unkoil(LocalAsyncEntered::enter(context)).unwrap();
        assert!(koil::unkoil_timeout(Duration::from_millis(5), guard.close()).is_err());
        assert_told(
            &told.recv().unwrap(),
            "the future of `close` was dropped before its end",
            &["await it"],
        );
        let (context, exits) = desk(Does::Sleeps);
        let guard = unkoil(LocalAsyncEntered::enter(context)).unwrap();
        assert!(unkoil(guard.close()).is_ok());
        assert_eq!(exits.take(), Some(Exit::Closed));
    });
}

#[test]
fn a_context_that_stays_on_its_thread_is_closed_in_async_code() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, text);
        let _entered = koil.enter();
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let (context, exits) = desk(Does::Sleeps);
            drop(LocalAsyncEntered::enter(context).await.unwrap());
            assert_eq!(exits.take(), None);
            let (context, exits) = desk(Does::Sleeps);
            let guard = LocalAsyncEntered::enter(context).await.unwrap();
            assert!(guard.close().await.is_ok());
            assert_eq!(exits.take(), Some(Exit::Closed));
        });
        assert_told(
            &told.recv().unwrap(),
            "its guard was dropped in async code, where a drop does not wait",
            &["await `close` of the guard"],
        );
        assert!(told.try_recv().is_err(), "the second has no error");
    });
}

#[test]
fn a_guard_is_closed_before_its_loop_is_shut_down() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, text);
        let (context, exits) = left();
        let guard = koil.handle().wrap(|| Entered::enter(context))().unwrap();
        koil.shutdown();
        drop(guard);
        assert_told(
            &told.recv().unwrap(),
            "did not finish: its loop has ended",
            &["close the guard before the loop is shut down"],
        );
        assert_eq!(all(exits), []);

        let (koil, told) = telling(FOR_EVER, text);
        let (context, exits) = left();
        let guard = koil.handle().wrap(|| Entered::enter(context))().unwrap();
        guard.close().unwrap();
        koil.shutdown();
        assert_eq!(all(exits), [Exit::Closed]);
        assert_eq!(all(told), [""; 0]);
    });
}

#[test]
fn a_guard_is_closed_before_its_runtime_ends() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, text);
        let _entered = koil.enter();
        let runtime = Runtime::new().unwrap();
        let (context, exits) = left();
        let guard = runtime.block_on(AsyncEntered::enter(context)).unwrap();
        drop(runtime);
        drop(guard);
        assert_told(
            &told.recv().unwrap(),
            "its tokio runtime has ended",
            &["await `close` of the guard before the runtime ends, as before the end of `main`"],
        );
        assert_eq!(all(exits), []);

        let runtime = Runtime::new().unwrap();
        let (context, exits) = left();
        runtime.block_on(async {
            let guard = AsyncEntered::enter(context).await.unwrap();
            guard.close().await.unwrap();
        });
        drop(runtime);
        assert_eq!(all(exits), [Exit::Closed]);
        assert!(told.try_recv().is_err(), "the second has no error");
    });
}

#[test]
fn the_clones_of_a_held_context_are_dropped_before_the_shutdown() {
    watched(|| {
        for drops_in_time in [false, true] {
            let (koil, told) = telling(Duration::from_millis(20), text);
            let (context, exits) = left();
            let mut held = Some(koil.hold(context).unwrap());
            if drops_in_time {
                held = None;
            }
            koil.shutdown();
            if drops_in_time {
                assert_eq!(all(exits), [Exit::Shutdown]);
                assert_eq!(all(told), [""; 0]);
                continue;
            }
            assert_told(
                &all(told)[0],
                "the `Arc` of `hold` was still held",
                &["drop its clones before the loop is shut down"],
            );
            drop(held);
            assert_eq!(all(exits), []);
        }
    });
}
