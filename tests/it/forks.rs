//! Promise 5: in a forked child the process-wide loop starts afresh, an inherited `Koil` answers with an
//! error, and no lock is taken that another thread may have held.
#![cfg(unix)]

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::mem;
use std::panic;
use std::time::Duration;

use futures::stream;
use koil::{
    CancelScope, CancelToken, Entered, Error, Handle, Io, Koil, context_fn, deadline, try_unkoil,
    unkoil, unkoil_iter, unkoil_task,
};
use tokio::runtime::Builder;

pub(crate) use crate::support::in_child;
use crate::support::{Count, LIMIT, alone};

/// The error of a call whose loop stayed behind.
#[track_caller]
pub(crate) fn forked<T>(result: Result<T, Error>) -> Error {
    let error = result.err().expect("the loop stayed behind");
    assert!(error.is_forked() && !error.is_shutdown(), "{error}");
    error
}

/// The ambient loop has timers, tasks and sockets. Blocking workers are left out: the tests build
/// tokio with `parking_lot`, which has a table of sleeping threads that no child makes anew.
pub(crate) fn assert_usable() {
    unkoil(async { tokio::time::sleep(Duration::from_millis(1)).await });
    assert_eq!(unkoil_task(async { 1 }).result().unwrap(), 1);
    unkoil(async { tokio::net::TcpListener::bind("127.0.0.1:0").await }).unwrap();
}

#[test]
fn the_process_wide_loop_starts_afresh() {
    alone(|| {
        assert_usable();
        let of_the_parent = koil::global();
        in_child(|| {
            assert!(!koil::is_running(), "the loop stayed behind");
            assert!(koil::shutdown_global().is_none());
            assert_usable();
            assert!(koil::is_running());
            assert_ne!(koil::global(), of_the_parent);
            assert!(koil::shutdown_global().unwrap().is_clean());
            assert_usable();
            // And so in its own child.
            in_child(|| {
                assert!(!koil::is_running());
                assert_usable();
            });
            assert_usable();
        });
        assert!(koil::is_running());
        assert_eq!(koil::global(), of_the_parent);
        assert_usable();
    });
}

#[test]
fn a_process_that_had_no_loop_yet_forks_as_if_there_were_no_koil() {
    alone(|| {
        in_child(assert_usable);
        assert_usable();
    });
}

#[test]
fn an_inherited_loop_answers_with_an_error_and_is_leaked() {
    alone(|| {
        let koil = Koil::new().unwrap();
        let handle = koil.handle();
        let task = handle.wrap(|| unkoil_task(pending::<()>()))();
        let items = handle.wrap(|| unkoil_iter(stream::repeat(1)))();
        let io = handle.wrap(|| Io::new(tokio::io::empty()))();
        let exits = Count::default();
        let counted = exits.clone();
        let context = context_fn(
            || async { Ok::<_, Infallible>(7) },
            move |_, _| async move {
                counted.add();
                Ok(())
            },
        );
        let guard = handle.wrap(|| Entered::enter(context))().unwrap();
        let mut left = Some((koil, guard));
        in_child(|| {
            let (koil, guard) = left.take().unwrap();
            assert_eq!(**guard, 7);
            drop(guard);
            assert_eq!(exits.get(), 0, "the exit is the parent's");
            let entered = handle.enter();
            let error = forked(try_unkoil(async {}));
            assert!(error.to_string().contains(file!()), "{error}");
            assert_eq!(
                io::Error::from(error).kind(),
                io::ErrorKind::NotConnected,
                "as after a stop"
            );
            forked(koil::unkoil_timeout(LIMIT, pending::<()>()));
            forked(unkoil_task(async {}).result());
            forked(deadline(LIMIT, || ()));
            let plain = panic::catch_unwind(|| unkoil(async {})).unwrap_err();
            let text = plain.downcast_ref::<String>().unwrap();
            assert!(text.contains("forked") && text.contains(file!()), "{text}");

            // Values that were made before the fork cannot be used, and can be dropped.
            let mut items = items;
            let item = items.next_timeout(LIMIT).unwrap();
            forked(item);
            assert_eq!(items.next(), None, "not the same error for ever");
            task.cancel("in the child");
            forked(task.result());
            drop(io);
            assert!(format!("{koil:?} {handle:?}").contains("forked: true"));
            let (koil, error) = koil::set_global(koil).unwrap_err();
            assert!(error.is_forked());
            drop(koil);

            drop(entered);
            assert!(koil::blocked().is_empty());
            assert_usable();
        });
        // The parent's loop has not heard of it.
        let (koil, guard) = left.unwrap();
        let _entered = koil.enter();
        assert_usable();
        drop(guard);
        assert_eq!(exits.get(), 1);
    });
}

#[test]
fn a_channel_that_waits_for_an_inherited_loop_says_that_it_was_forked() {
    alone(|| {
        let koil = Koil::new().unwrap();
        let _entered = koil.enter();
        in_child(|| {
            let (sender, mut receiver) = koil::channel(1);
            forked(receiver.recv_blocking());
            sender.send(1).unwrap();
            let full = sender.send(2).unwrap_err();
            assert!(full.error().is_some_and(Error::is_forked), "{full}");
            assert_eq!(receiver.recv_blocking().unwrap(), Some(1), "it was there");
        });
        assert_usable();
    });
}

#[test]
fn an_inherited_loop_can_be_shut_down_without_effect() {
    alone(|| {
        let koil = Koil::new().unwrap();
        let handle = koil.handle();
        let mut koil = Some(koil);
        in_child(|| {
            let report = koil.take().unwrap().shutdown();
            assert!(!report.loop_ended() && report.released() == 0);
        });
        handle.wrap(assert_usable)();
        assert!(koil.unwrap().shutdown().is_clean());
    });
}

#[test]
fn a_child_has_the_global_loop_also_where_that_of_its_parent_was_entered_or_at_home() {
    alone(|| {
        let global = koil::global();
        let _entered = global.enter();
        let own = Koil::new().unwrap();
        let entered = own.enter();
        in_child(|| {
            forked(try_unkoil(async {}));
        });
        drop(entered);
        in_child(assert_usable);
        // On a worker, while the loop and its callers run.
        unkoil(async {
            tokio::task::spawn_blocking(|| in_child(assert_usable))
                .await
                .unwrap();
        });
        assert_usable();
    });
}

#[test]
fn a_child_is_in_no_scope_of_its_parent() {
    alone(|| {
        assert_usable();
        let scope = CancelScope::new().unwinding();
        let token = scope.token().clone();
        let below = token.child();
        let ran = scope.run(|| {
            in_child(|| {
                assert_eq!(CancelToken::current(), None);
                assert_usable();
                // Tokens stand alone.
                assert!(token.cancel("in the child") && !token.cancel("again"));
                assert!(token.is_cancelled() && !below.is_cancelled());
                assert!(token.reason().is_some() && below.reason().is_none());
                assert!(token.child().is_cancelled());
                unkoil(token.cancelled());
                let late = koil::unkoil_timeout(Duration::from_millis(5), below.cancelled());
                assert!(late.unwrap_err().is_timeout());
                // Scopes of its own are as good as ever.
                let late = koil::deadline_unwinding(Duration::from_millis(5), || {
                    unkoil(pending::<()>());
                });
                assert!(late.unwrap_err().is_timeout());
                assert!(format!("{token:?}").contains("fork"));
            });
            7
        });
        assert_eq!(ran.unwrap(), 7);
        assert!(!token.is_cancelled());
        let bounded = deadline(LIMIT, || in_child(assert_usable));
        bounded.unwrap();
    });
}

#[test]
fn a_child_may_not_have_a_global_loop_where_that_is_forbidden() {
    alone(|| {
        koil::forbid_global();
        koil::set_global(Koil::new().unwrap()).unwrap();
        assert_usable();
        in_child(|| {
            let error = try_unkoil(async {}).unwrap_err();
            assert!(error.to_string().contains("forbidden"), "{error}");
            koil::set_global(Koil::new().unwrap()).unwrap();
            assert_usable();
        });
    });
}

#[test]
fn in_a_task_of_a_runtime_that_stayed_behind_a_wait_is_refused() {
    let forks = || async {
        in_child(|| {
            assert_eq!(try_unkoil(async { 7 }).unwrap(), 7, "ready");
            let error = forked(koil::unkoil_timeout(LIMIT, pending::<()>()));
            assert!(error.to_string().contains("stayed behind"), "{error}");
        });
    };
    alone(|| {
        assert_usable();
        let one = Builder::new_current_thread().enable_all().build().unwrap();
        one.block_on(async { tokio::spawn(forks()).await.unwrap() });
        let many = Builder::new_multi_thread().enable_all().build().unwrap();
        many.block_on(async { tokio::spawn(forks()).await.unwrap() });
        // The root of a multi-threaded `block_on` runs no tasks, and so may wait.
        many.block_on(async { in_child(assert_usable) });
    });
}

#[test]
fn a_runtime_that_the_child_starts_itself_is_like_any_other() {
    alone(|| {
        assert_usable();
        in_child(|| {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            let call = || koil::unkoil_lend(async { tokio::task::yield_now().await });
            runtime.block_on(async { tokio::spawn(async move { call() }).await.unwrap() });
        });
    });
}

#[test]
fn handles_are_compared_across_the_fork() {
    alone(|| {
        let handle = koil::global();
        in_child(|| {
            assert_ne!(Handle::try_current().unwrap(), handle);
            mem::forget(handle.clone());
        });
    });
}
