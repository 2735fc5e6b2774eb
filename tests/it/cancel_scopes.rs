//! Scopes that do not unwind: calls that can return an error do, and nothing else is touched.

use std::future::pending;
use std::io::Read;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures::stream;
use koil::{
    CancelScope, CancelToken, Io, check_cancelled, gather, sleep, try_unkoil, unkoil, unkoil_iter,
    unkoil_task, unkoil_timeout,
};

use crate::support::{FOR_EVER, on_a_loop, until, waiting, watched, with_a_loop};

const SOON: Duration = Duration::from_millis(2);

/// Cancels `token` once a caller waits for this loop.
fn cancel_when_waited(koil: &koil::Koil, token: &CancelToken) -> thread::JoinHandle<()> {
    let (handle, token) = (koil.handle(), token.clone());
    thread::spawn(move || {
        until(|| waiting(&handle) == 1);
        token.cancel("stop");
    })
}

#[test]
fn everything_that_can_answer_is_cut_short() {
    on_a_loop(|koil| {
        let calls: [fn() -> koil::Error; 6] = [
            || try_unkoil(pending::<()>()).unwrap_err(),
            || unkoil_timeout(FOR_EVER, pending::<()>()).unwrap_err(),
            || gather([pending::<()>()]).try_wait().unwrap_err(),
            || {
                unkoil_iter(stream::pending::<()>())
                    .next_timeout(FOR_EVER)
                    .unwrap()
                    .unwrap_err()
            },
            || {
                unkoil_iter(stream::pending::<()>())
                    .timeout(FOR_EVER)
                    .next()
                    .unwrap()
                    .unwrap_err()
            },
            || unkoil_task(pending::<()>()).result().unwrap_err(),
        ];
        for call in calls {
            let scope = CancelScope::new();
            let canceller = cancel_when_waited(koil, scope.token());
            let error = scope.run(call).unwrap();
            assert!(error.is_cancelled() && !error.acknowledged(), "{error}");
            assert_eq!(error.cancel_reason().unwrap(), "stop");
            canceller.join().unwrap();
        }
    });
}

#[test]
fn a_reader_answers_with_an_error_that_nobody_retries() {
    on_a_loop(|koil| {
        let (client, _server) = tokio::io::duplex(8);
        let mut client = Io::new(client);
        let scope = CancelScope::new();
        let canceller = cancel_when_waited(koil, scope.token());
        let read = scope.run(|| client.read_to_end(&mut Vec::new())).unwrap();
        assert_eq!(
            read.unwrap_err().kind(),
            std::io::ErrorKind::ConnectionAborted
        );
        canceller.join().unwrap();
    });
}

#[test]
fn a_scope_that_is_cancelled_answers_at_once_and_calls_nothing() {
    on_a_loop(|_| {
        let scope = CancelScope::new();
        scope.token().cancel("before");
        let error = scope
            .run(|| try_unkoil(async { unreachable!() as u8 }))
            .unwrap()
            .unwrap_err();
        assert!(error.is_cancelled() && !error.acknowledged());
        assert!(
            scope
                .run(|| sleep(FOR_EVER))
                .unwrap()
                .unwrap_err()
                .is_cancelled()
        );
        assert!(
            scope
                .run(check_cancelled)
                .unwrap()
                .unwrap_err()
                .is_cancelled()
        );
        assert_eq!(
            scope.run(|| 7).unwrap(),
            7,
            "a closure that returns has its value"
        );
    });
}

#[test]
fn plain_calls_wait_on_and_their_futures_hear_nothing() {
    on_a_loop(|_| {
        let scope = CancelScope::new();
        let answer = scope.run(|| {
            unkoil(async {
                scope.token().cancel("stop");
                tokio::time::sleep(SOON).await;
                let own = CancelToken::current().unwrap();
                (own.is_cancelled(), 7)
            })
        });
        assert_eq!(answer.unwrap(), (false, 7));
        let later = scope.run(|| unkoil_iter(stream::iter([1, 2])).count());
        assert_eq!(later.unwrap(), 2);
    });
}

#[test]
fn a_cut_call_touches_neither_its_siblings_nor_later_ones() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let outer = CancelScope::new();
        let (began, beginning) = mpsc::channel();
        let (finish, finished) = tokio::sync::oneshot::channel::<u8>();
        thread::scope(|threads| {
            let sibling = threads.spawn(handle.wrap(|| {
                outer.run(|| {
                    try_unkoil(async {
                        began.send(()).unwrap();
                        finished.await.unwrap()
                    })
                })
            }));
            beginning.recv().unwrap();
            handle.wrap(|| {
                outer.run(|| {
                    let error = unkoil_timeout(SOON, async {
                        CancelToken::current().unwrap().cancelled().await;
                    });
                    assert!(error.unwrap_err().acknowledged());
                    let inner = CancelScope::new();
                    inner.token().cancel("inner");
                    assert!(inner.run(|| try_unkoil(async {})).unwrap().is_err());
                    assert_eq!(try_unkoil(async { 1 }).unwrap(), 1, "later in the scope");
                })
            })()
            .unwrap();
            finish.send(7).unwrap();
            assert_eq!(sibling.join().unwrap().unwrap().unwrap(), 7);
        });
        assert!(!outer.token().is_cancelled());
        assert_eq!(handle.wrap(|| try_unkoil(async { 2 }))().unwrap(), 2);
    });
}

#[test]
fn an_outer_cancel_reaches_inner_scopes_wherever_they_were_made() {
    on_a_loop(|koil| {
        let made_outside = CancelScope::new();
        let outer = CancelScope::new();
        let canceller = cancel_when_waited(koil, outer.token());
        outer
            .run(|| {
                let call = || try_unkoil(pending::<()>()).unwrap_err();
                for inner in [&made_outside, &CancelScope::new()] {
                    let error = inner.run(call).unwrap();
                    assert_eq!(error.cancel_reason().unwrap(), "stop");
                }
            })
            .unwrap();
        canceller.join().unwrap();
        assert!(!made_outside.token().is_cancelled(), "only that run");
        assert_eq!(
            made_outside
                .run(|| try_unkoil(async { 1 }))
                .unwrap()
                .unwrap(),
            1
        );
    });
}

#[test]
fn a_scope_made_elsewhere_is_still_cancelled_by_its_own_token() {
    on_a_loop(|koil| {
        let inner = CancelScope::new();
        let outer = CancelScope::new();
        let canceller = cancel_when_waited(koil, inner.token());
        let (error, after) = outer
            .run(|| {
                let error = inner.run(|| try_unkoil(pending::<()>())).unwrap();
                (error.unwrap_err(), try_unkoil(async { 1 }).unwrap())
            })
            .unwrap();
        assert!(error.is_cancelled());
        assert_eq!(after, 1);
        canceller.join().unwrap();
    });
}

#[test]
fn the_innermost_of_scope_and_call_is_meant() {
    on_a_loop(|_| {
        let scope = CancelScope::new();
        let inside = scope.run(|| CancelToken::current().unwrap()).unwrap();
        assert_eq!(&inside, scope.token());
        unkoil(async {
            let call = CancelToken::current().unwrap();
            let inner = CancelScope::new();
            inner.token().cancel("inner");
            inner.run(|| assert!(check_cancelled().is_err())).unwrap();
            assert!(check_cancelled().is_ok());
            assert_eq!(CancelToken::current().unwrap(), call);
            call.cancel("call");
            assert!(check_cancelled().is_err());
        });
        assert!(check_cancelled().is_ok() && CancelToken::current().is_none());
    });
}

#[test]
fn a_scope_is_left_also_by_a_panic() {
    let scope = CancelScope::new();
    scope.token().cancel("stop");
    let panic = std::panic::catch_unwind(|| scope.run(|| panic!("out")));
    assert!(panic.is_err());
    assert!(check_cancelled().is_ok());
}

#[test]
fn a_sleep_ends_at_once_and_a_computation_looks() {
    watched(|| {
        let scope = CancelScope::new();
        let token = scope.token().clone();
        let (began, beginning) = mpsc::channel();
        let canceller = thread::spawn(move || {
            beginning.recv().unwrap();
            token.cancel("stop");
        });
        scope
            .run(|| {
                began.send(()).unwrap();
                assert!(sleep(FOR_EVER).unwrap_err().is_cancelled());
                let mut rounds = 0_u64;
                while check_cancelled().is_ok() {
                    rounds += 1;
                }
                assert_eq!(rounds, 0);
            })
            .unwrap();
        canceller.join().unwrap();
        assert!(sleep(SOON).is_ok(), "outside it only sleeps");
    });
}

#[test]
fn a_task_that_blocks_obeys_its_own_token() {
    watched(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        let runtime = runtime.unwrap();
        let koil = koil::Koil::from_handle(runtime.handle().clone()).unwrap();
        let entered = koil.enter();
        let (began, beginning) = mpsc::channel();
        let (answer, answered) = mpsc::channel();
        let task = unkoil_task(async move {
            began.send(()).unwrap();
            let error = try_unkoil(pending::<()>()).unwrap_err();
            answer.send(error.is_cancelled()).unwrap();
        });
        drop(entered);
        beginning.recv().unwrap();
        task.cancel("stop");
        assert!(answered.recv().unwrap());
        drop(task);
    });
}
