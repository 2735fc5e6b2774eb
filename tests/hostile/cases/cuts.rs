//! Causes that end a call before its future does: limits, cancels, stops and panics.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::time::{Duration, Instant};

use koil::{CancelScope, CancelToken, Koil, try_unkoil, unkoil_timeout};

use super::sets::one_in_a_set;
use super::{Case, LONG, MS, Result, later, nap, owed, run, works, yields};

pub(super) const CASES: &[Case] = &[
    works(
        "a limit ends what waits for ever",
        || limit(pending::<()>()),
    ),
    works("a limit ends what yields for ever", || {
        limit(yields(u32::MAX))
    }),
    works("a limit ends a sleeper", || limit(tokio_nap(LONG))),
    works("a limit of nothing", || {
        let error = unkoil_timeout(Duration::ZERO, pending::<()>()).unwrap_err();
        assert!(error.is_timeout(), "{error}");
        run(yields(3))
    }),
    works("a limit ends a clean-up that yields in time", || {
        let begun = Instant::now();
        let error = unkoil_timeout(10 * MS, listens()).unwrap_err();
        assert!(error.is_timeout() && error.acknowledged(), "{error}");
        assert!(begun.elapsed() < LONG);
        Ok(())
    }),
    works(
        "a clean-up that is owed a wake ends after its grace",
        || {
            let grace = 20 * MS;
            let koil = Koil::builder().cancel_grace(grace).build()?;
            let _entered = koil.enter();
            let begun = Instant::now();
            let error = unkoil_timeout(5 * MS, async {
                let token = CancelToken::current().expect("a call has a token");
                token.cancelled().await;
                one_in_a_set().await;
            });
            let error = error.unwrap_err();
            assert!(error.is_timeout(), "{error}");
            assert!(error.acknowledged() || begun.elapsed() >= grace, "{error}");
            run(yields(3))
        },
    ),
    works("a cancel from another thread", || {
        cancelled(pending(), false)
    }),
    works("a cancel of what yields for ever", || {
        cancelled(
            async {
                yields(u32::MAX).await;
            },
            false,
        )
    }),
    works("a cancel with a clean-up that yields and sleeps", || {
        cancelled(listens(), true)
    }),
    works("a stop", || stopped(pending())),
    works("a stop of what yields for ever", || {
        stopped(async {
            yields(u32::MAX).await;
        })
    }),
    works("a panic after yields, and calls after it", || {
        panics(|| async {
            yields(3).await;
        })
    }),
    works("a panic after a sleep, and calls after it", || panics(nap)),
    works(
        "a panic at once, and calls after it",
        || panics(|| async {}),
    ),
    works(
        "a panic behind a set that yields, and calls after it",
        || {
            panics(|| async {
                let poll = futures::poll!(Box::pin(one_in_a_set()));
                assert!(poll.is_pending());
            })
        },
    ),
    works(
        "a panic in a drop of the future, and calls after it",
        || {
            let caught = catch_unwind(|| {
                unkoil_timeout(MS, async {
                    let _bomb = Bomb;
                    pending::<()>().await;
                })
            });
            assert_eq!(*caught.unwrap_err().downcast::<u8>().unwrap(), 7);
            run(yields(10))
        },
    ),
    owed("a set that yields, with a limit", || {
        unkoil_timeout(LONG, one_in_a_set())
    }),
    owed("a set that yields, in a scope", || {
        CancelScope::new().run(|| try_unkoil(one_in_a_set()))?
    }),
    works("calls after a refusal", || {
        for _ in 0..100 {
            let _ = try_unkoil(one_in_a_set());
            run(yields(3))?;
            run(nap_in_a_task())?;
        }
        Ok(())
    }),
    works(
        "a refused future is dropped before its call returns",
        || {
            let held = std::rc::Rc::new(());
            let inside = held.clone();
            let _ = try_unkoil(async move {
                one_in_a_set().await;
                drop(inside);
            });
            assert_eq!(std::rc::Rc::strong_count(&held), 1);
            Ok(())
        },
    ),
];

async fn tokio_nap(time: Duration) {
    tokio::time::sleep(time).await;
}

async fn nap_in_a_task() {
    tokio::spawn(async {}).await.expect("it does not panic");
}

fn limit<T>(future: impl Future<Output = T>) -> Result {
    let begun = Instant::now();
    let error = unkoil_timeout(20 * MS, future).map(drop).unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    run(yields(3))
}

/// Waits for its cancel, and cleans up by yields and sleeps.
async fn listens() {
    let token = CancelToken::current().expect("a call has a token");
    token.cancelled().await;
    yields(200).await;
    nap().await;
    yields(200).await;
}

fn cancelled(future: impl Future<Output = ()>, is_heard: bool) -> Result {
    let scope = CancelScope::new();
    let token = scope.token().clone();
    later(move || assert!(token.cancel("enough")));
    let error = scope.run(|| try_unkoil(future))?.unwrap_err();
    assert!(error.is_cancelled(), "{error}");
    assert_eq!(error.acknowledged(), is_heard, "{error}");
    run(yields(3))
}

fn stopped(future: impl Future<Output = ()>) -> Result {
    let koil = Koil::new()?;
    let handle = koil.handle();
    later(move || drop(koil));
    let _entered = handle.enter();
    let error = try_unkoil(future).unwrap_err();
    assert!(error.is_shutdown(), "{error}");
    Ok(())
}

fn panics<F: Future<Output = ()>>(before: fn() -> F) -> Result {
    for _ in 0..20 {
        let caught = catch_unwind(AssertUnwindSafe(|| {
            try_unkoil(async {
                before().await;
                panic_any(7_u8);
            })
        }));
        assert_eq!(*caught.unwrap_err().downcast::<u8>().unwrap(), 7);
        run(yields(10))?;
        run(nap_in_a_task())?;
    }
    Ok(())
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic_any(7_u8);
    }
}
