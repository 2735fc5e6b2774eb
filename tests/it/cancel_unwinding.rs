//! Scopes that unwind: plain calls are released too, and clean-ups are finished.

use std::future::pending;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use futures::stream;
use koil::{
    CancelScope, CancelToken, Koil, check_cancelled, gather, sleep, try_unkoil, unkoil,
    unkoil_iter, unkoil_lend,
};

use crate::support::{Count, FOR_EVER, OnDrop, on_a_loop, until, waiting, watched, with_a_loop};

const SOON: Duration = Duration::from_millis(2);

fn cancel_when_waited(koil: &Koil, token: &CancelToken) -> thread::JoinHandle<()> {
    let (handle, token) = (koil.handle(), token.clone());
    thread::spawn(move || {
        until(|| waiting(&handle) == 1);
        token.cancel("stop");
    })
}

#[koil::koiled]
async fn never(answer: u8) -> u8 {
    pending::<()>().await;
    answer
}

#[test]
fn every_plain_call_is_released() {
    on_a_loop(|koil| {
        let calls: [fn(); 5] = [
            || unkoil(pending()),
            || assert_eq!(unkoil_iter(stream::pending::<u8>()).next(), None),
            || drop(gather([pending::<()>()]).wait()),
            || unkoil_lend(pending()),
            || assert_eq!(never_blocking(1), 1),
        ];
        for call in calls {
            let scope = CancelScope::new().unwinding();
            let handle = koil.handle();
            let token = scope.token().clone();
            let canceller = thread::spawn(move || {
                until(|| format!("{handle:?}").contains(" at "));
                token.cancel("stop");
            });
            let error = scope.run(call).unwrap_err();
            assert_eq!(error.cancel_reason().unwrap(), "stop");
            assert_eq!(error.call_site().file(), file!());
            canceller.join().unwrap();
        }
    });
}

#[test]
fn the_outer_scope_gets_what_is_its_own_through_inner_ones() {
    on_a_loop(|koil| {
        let outer = CancelScope::new().unwinding();
        let canceller = cancel_when_waited(koil, outer.token());
        let error = outer.run(|| {
            let fallible = CancelScope::new();
            let middle = || {
                let inner = CancelScope::new().unwinding();
                let _: Result<(), _> = inner.run(|| unkoil(pending()));
                unreachable!("what is the outer scope's goes there");
            };
            fallible.run(middle).unwrap();
        });
        assert!(error.unwrap_err().is_cancelled());
        canceller.join().unwrap();
    });
}

#[test]
fn the_inner_scope_gets_what_is_its_own() {
    on_a_loop(|koil| {
        let outer = CancelScope::new().unwinding();
        let after = outer.run(|| {
            let inner = CancelScope::new().unwinding();
            let canceller = cancel_when_waited(koil, inner.token());
            let error = inner.run(|| unkoil(pending::<()>())).unwrap_err();
            canceller.join().unwrap();
            assert!(error.is_cancelled());
            unkoil(async { 7 })
        });
        assert_eq!(after.unwrap(), 7);
    });
}

#[test]
fn an_unwinding_scope_inside_a_fallible_one_answers_for_it() {
    on_a_loop(|koil| {
        let outer = CancelScope::new();
        let canceller = cancel_when_waited(koil, outer.token());
        let error = outer.run(|| {
            CancelScope::new()
                .unwinding()
                .run(|| unkoil(pending::<()>()))
        });
        assert!(error.unwrap().unwrap_err().is_cancelled());
        canceller.join().unwrap();
    });
}

#[test]
fn a_catch_that_resumes_passes_it_on_and_one_that_does_not_meets_it_again() {
    on_a_loop(|koil| {
        let scope = CancelScope::new().unwinding();
        let canceller = cancel_when_waited(koil, scope.token());
        let caught = Count::default();
        let error = scope.run(|| {
            let catch = |f: fn()| panic::catch_unwind(f).inspect_err(|_| caught.add());
            drop(catch(|| unkoil(pending())));
            let again = catch(|| unkoil(pending()));
            panic::resume_unwind(again.unwrap_err());
        });
        assert!(error.map(|(): ()| ()).unwrap_err().is_cancelled());
        assert_eq!(caught.get(), 2);
        canceller.join().unwrap();
    });
}

#[test]
fn a_panic_of_the_closure_is_a_panic() {
    let scope = CancelScope::new().unwinding();
    scope.token().cancel("stop");
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| scope.run(|| panic!("mine"))));
    assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&"mine"));
    assert_eq!(scope.run(|| 7).unwrap(), 7, "who returns has returned");
}

#[test]
fn drops_in_between_run_and_their_calls_are_not_cancelled() {
    on_a_loop(|koil| {
        let scope = CancelScope::new().unwinding();
        let canceller = cancel_when_waited(koil, scope.token());
        let (said, heard) = mpsc::channel();
        let error = scope.run(|| {
            let _guard = OnDrop::new(|| {
                assert!(thread::panicking());
                assert!(check_cancelled().is_ok() && sleep(SOON).is_ok());
                let told = unkoil(async {
                    tokio::time::sleep(SOON).await;
                    CancelToken::current().unwrap().is_cancelled()
                });
                let answer = try_unkoil(async { tokio::time::sleep(SOON).await });
                said.send((told, answer.is_ok())).unwrap();
            });
            unkoil(pending::<()>());
        });
        assert!(error.unwrap_err().is_cancelled());
        assert_eq!(heard.recv().unwrap(), (false, true));
        canceller.join().unwrap();
    });
}

#[test]
fn a_call_of_a_clean_up_is_bounded_where_it_can_answer() {
    watched(|| {
        let builder = Koil::builder().join_timeout(FOR_EVER).cancel_grace(SOON);
        let koil = builder.build().unwrap();
        let _entered = koil.enter();
        let (said, heard) = mpsc::channel();
        let hangs = |said: mpsc::Sender<koil::Error>| {
            OnDrop::new(move || {
                let error = try_unkoil(pending::<()>()).unwrap_err();
                said.send(error).unwrap();
            })
        };
        // During an unwinding; in the drop of a future that was cut short.
        let guard = hangs(said.clone());
        let _ = panic::catch_unwind(AssertUnwindSafe(|| {
            let _guard = guard;
            panic!("any panic");
        }));
        let scope = CancelScope::new();
        let canceller = cancel_when_waited(&koil, scope.token());
        let begun = Instant::now();
        let answer = scope.run(|| {
            let guard = hangs(said);
            try_unkoil(async move {
                let _guard = guard;
                pending::<()>().await;
            })
        });
        assert!(answer.unwrap().unwrap_err().is_cancelled());
        assert!(begun.elapsed() >= SOON);
        canceller.join().unwrap();
        for error in heard {
            assert!(error.is_timeout(), "{error}");
        }
    });
}

#[test]
fn a_future_that_is_dropped_may_block_to_clean_up() {
    on_a_loop(|koil| {
        let scope = CancelScope::new();
        let canceller = cancel_when_waited(koil, scope.token());
        let cleaned = Count::default();
        let answer = scope.run(|| {
            let cleaned = cleaned.clone();
            let guard = OnDrop::new(move || {
                unkoil(async { tokio::time::sleep(SOON).await });
                try_unkoil(async { tokio::time::sleep(SOON).await }).unwrap();
                cleaned.add();
            });
            try_unkoil(async move {
                let _guard = guard;
                pending::<()>().await;
            })
        });
        assert!(answer.unwrap().is_err());
        assert_eq!(cleaned.get(), 1);
        canceller.join().unwrap();
    });
}

#[test]
fn a_thread_that_runs_the_same_scope_unwinds_to_its_own_run() {
    with_a_loop(|koil| {
        let scope = CancelScope::new().unwinding();
        let handle = koil.handle();
        thread::scope(|threads| {
            let runs = [(); 4].map(|()| {
                let call = handle.wrap(|| scope.run(|| unkoil(pending::<()>())));
                threads.spawn(call)
            });
            until(|| waiting(&handle) == 4);
            scope.token().cancel("stop");
            for run in runs {
                assert!(run.join().unwrap().unwrap_err().is_cancelled());
            }
        });
    });
}
