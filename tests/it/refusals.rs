//! `may_block`, and loops that refuse calls in the async code of other runtimes.

use std::future::pending;
use std::io::{BufRead, Cursor};
use std::thread;
use std::time::Duration;

use koil::{
    AsyncContext, CancelScope, Entered, Error, Exit, Handle, Io, Koil, channel, eager_task, gather,
    koiled, may_block, try_unkoil, unkoil, unkoil_iter, unkoil_lend, unkoil_task, unkoil_timeout,
};
use tokio::task::{LocalSet, coop, unconstrained, yield_now};

use crate::foreign::{current_thread, multi_threaded};
use crate::support::{
    Count, LIMIT, a_loop, alone, on_a_loop, refused, shut_down, watch, watched, with_a_loop,
};

/// A loop that refuses calls in async code.
fn refusing() -> Koil {
    let koil = Koil::builder().refuse_in_async(true).build().unwrap();
    watch(&koil.handle());
    koil
}

#[koiled]
struct Shop;

#[koiled]
impl Shop {
    #[allow(clippy::unused_async)] // A twin has to have an async original.
    async fn price(&self) -> u32 {
        std::future::ready(1).await
    }
}

/// Runs `test` in each kind of async code that tokio has.
fn in_async_code(test: fn(&Handle), handle: &Handle) {
    let test = |handle: Handle| async move {
        {
            let _entered = handle.enter();
            test(&handle);
        }
        yield_now().await;
        let _entered = handle.enter();
        test(&handle);
    };
    let in_task = async |handle: &Handle| {
        let task = tokio::spawn({
            let handle = handle.clone();
            async move {
                let _entered = handle.enter();
                refused(may_block());
            }
        });
        task.await.unwrap();
    };
    for runtime in [current_thread(), multi_threaded(1)] {
        runtime.block_on(test(handle.clone()));
        runtime.handle().block_on(test(handle.clone()));
        runtime.block_on(in_task(handle));
        runtime.block_on(LocalSet::new().run_until(test(handle.clone())));
    }
}

/// Makes every kind of call, also such as are ready: all are refused.
fn every_call(handle: &Handle) {
    refused(may_block());
    refused(try_unkoil(async {}));
    refused(try_unkoil(pending::<()>()));
    refused(unkoil_timeout(LIMIT, async {}));
    refused(unkoil_task(async {}).result());
    refused(eager_task(async {}).result());
    refused(eager_task(async {}).result_timeout(LIMIT));
    refused(gather([async {}]).try_wait());
    refused(handle.try_unkoil(async {}));
    refused(koil::sleep(Duration::ZERO));
    refused(
        unkoil_iter(futures::stream::iter([1]))
            .next_timeout(LIMIT)
            .unwrap(),
    );
    let mut read = Io::new(Cursor::new(b"text"));
    let error = read.fill_buf().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::Deadlock);
    let (sender, mut receiver) = channel(1);
    assert!(
        sender
            .send(1)
            .unwrap_err()
            .to_string()
            .contains("refuse_in_async")
    );
    refused(receiver.recv_blocking());
    for call in [
        || unkoil(async {}),
        || unkoil_lend(async {}),
        || {
            Shop.into_blocking().price();
        },
    ] {
        assert!(std::panic::catch_unwind(call).is_err());
    }
}

#[test]
fn every_call_in_async_code_is_refused_and_its_text_says_so() {
    watched(|| {
        let koil = refusing();
        in_async_code(every_call, &koil.handle());
        let error = current_thread().block_on(async {
            let _entered = koil.enter();
            may_block().unwrap_err()
        });
        let text = error.to_string();
        for words in [
            "another tokio runtime",
            "`refuse_in_async`",
            "spawn_blocking",
        ] {
            assert!(text.contains(words), "{text}");
        }
    });
}

#[test]
fn the_second_call_of_a_site_is_refused_as_the_first() {
    watched(|| {
        let koil = refusing();
        multi_threaded(1).block_on(async {
            let _entered = koil.enter();
            for _ in 0..3 {
                refused(try_unkoil(async {}));
            }
        });
    });
}

#[test]
fn items_and_bytes_in_stock_are_refused_too() {
    watched(|| {
        let koil = refusing();
        let mut items = koil.iter(futures::stream::iter(0..9)).read_ahead(9);
        assert_eq!(items.next(), Some(0));
        let mut fetched = koil.iter(futures::stream::iter(0..9)).prefetch(9);
        assert_eq!(fetched.next(), Some(0));
        let mut read = {
            let _entered = koil.enter();
            Io::new(Cursor::new(b"text"))
        };
        assert_eq!(read.fill_buf().unwrap(), b"text");
        current_thread().block_on(async {
            refused(items.next_timeout(LIMIT).unwrap());
            refused(fetched.next_timeout(LIMIT).unwrap());
            assert!(read.fill_buf().is_err());
        });
        assert_eq!(items.next(), Some(1));
        assert_eq!(fetched.next(), Some(1));
        assert_eq!(read.fill_buf().unwrap(), b"text");
    });
}

#[test]
fn blocking_code_is_not_refused() {
    watched(|| {
        let koil = refusing();
        let _entered = koil.enter();
        let check = koil.handle().wrap(|| {
            may_block().unwrap();
            assert_eq!(unkoil(async { yield_now().await }), ());
        });
        let (aside, blocking) = (koil.handle(), check);
        multi_threaded(1).block_on(async move {
            tokio::task::spawn_blocking(blocking).await.unwrap();
            let task = tokio::spawn(async move {
                tokio::task::block_in_place(|| {
                    let _entered = aside.enter();
                    may_block().unwrap();
                    unkoil(yield_now());
                });
            });
            task.await.unwrap();
        });
        let runtime = multi_threaded(1);
        let _foreign = runtime.enter();
        may_block().unwrap();
        unkoil(yield_now());
        assert_eq!(unkoil(koil::run_threaded(|| unkoil(async { 1 }))), 1);
        // Other executors look like blocking code.
        futures::executor::block_on(async { may_block().unwrap() });
    });
}

#[test]
fn asking_leaves_the_budget_of_the_caller() {
    watched(|| {
        let koil = refusing();
        multi_threaded(1).block_on(async {
            let _entered = koil.enter();
            refused(may_block());
            let mut left = 0;
            while coop::has_budget_remaining() {
                refused(may_block());
                coop::consume_budget().await;
                left += 1;
            }
            assert!(left > 100, "{left}");
            refused(may_block());
            // There tokio gives no budget, which is the only sign.
            unconstrained(async { may_block().unwrap() }).await;
        });
    });
}

struct Session(Count);

impl AsyncContext for Session {
    type Error = std::io::Error;

    async fn aenter(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> std::io::Result<()> {
        self.0.add();
        Ok(())
    }
}

#[test]
fn a_guard_that_is_dropped_in_async_code_hands_its_exit_over() {
    watched(|| {
        let koil = refusing();
        let exits = Count::default();
        let guard = {
            let _entered = koil.enter();
            Entered::enter(Session(exits.clone())).unwrap()
        };
        current_thread().block_on(async { drop(guard) });
        assert!(koil.shutdown().is_clean());
        assert_eq!(exits.get(), 1);
    });
}

#[test]
fn other_loops_are_not_affected() {
    watched(|| {
        let (strict, lenient) = (refusing(), a_loop());
        current_thread().block_on(async {
            refused(strict.try_unkoil(async {}));
            assert_eq!(lenient.unkoil(async { 1 }), 1);
        });
    });
}

#[test]
fn the_process_wide_loop_refuses_on_request() {
    alone(|| {
        let asked = || current_thread().block_on(async { try_unkoil(async {}) });
        koil::refuse_in_async(true);
        refused(asked());
        assert!(!koil::is_running(), "a refused call starts no loop");
        unkoil(async {});
        refused(asked());
        koil::refuse_in_async(false);
        asked().unwrap();
        koil::refuse_in_async(true);
        refused(asked());
        koil::shutdown_global();
        unkoil(async {});
        refused(asked());
    });
}

#[test]
fn an_adopted_process_wide_loop_refuses_in_its_tasks() {
    alone(|| {
        let runtime = multi_threaded(1);
        let adopted = Koil::from_handle(runtime.handle().clone()).unwrap();
        koil::refuse_in_async(true);
        koil::set_global(adopted).unwrap();
        let task = runtime.spawn(async { try_unkoil(async {}) });
        refused(unkoil(task).unwrap());
        koil::shutdown_global();
    });
}

#[test]
fn may_block_answers_as_a_call_would_and_starts_nothing() {
    alone(|| {
        may_block().unwrap();
        assert!(!koil::is_running());
        koil::forbid_global();
        let error = may_block().unwrap_err();
        assert_eq!(
            error.to_string().split_once(" needs").unwrap().1,
            try_unkoil(async {})
                .unwrap_err()
                .to_string()
                .split_once(" needs")
                .unwrap()
                .1
        );
        with_a_loop(|koil| {
            let handle = koil.handle();
            let _entered = handle.enter();
            may_block().unwrap();
            drop(koil);
            shut_down(may_block());
        });
    });
}

#[test]
fn may_block_knows_polls_loops_workers_and_scopes() {
    on_a_loop(|_| {
        may_block().unwrap();
        refused(unkoil(async { may_block() }));
        refused(unkoil_task(async { may_block() }).result().unwrap());
        unkoil(koil::run_threaded(may_block)).unwrap();
        let asked: Result<(), Error> = current_thread().block_on(async { may_block() });
        asked.unwrap();
        let scope = CancelScope::new();
        scope.token().cancel("over");
        let inside = scope.run(may_block).unwrap();
        assert!(inside.unwrap_err().is_cancelled());
        thread::spawn(|| may_block().unwrap()).join().unwrap();
    });
}
