//! A host that cancels a call: which calls end, how, and what goes on.

use std::convert::Infallible;
use std::future::pending;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use futures::stream;
use koil::{
    AsyncContext, CancelScope, CancelToken, Drivers, Entered, Error, Exit, Io, Koil, Pinned,
    channel, try_gather, try_unkoil, unkoil, unkoil_iter, unkoil_task, unkoil_timeout,
    unkoil_unlocked,
};
use tokio::runtime;

use crate::host::{answer, holds, hosted, refuse_once, under, with_lock};
use crate::support::{Count, FOR_EVER, watch};

/// The error of a call that the host cancels.
#[track_caller]
fn refused<T>(call: impl FnOnce() -> Result<T, Error>) -> Error {
    refuse_once();
    let error = call().err().expect("the host has cancelled the call");
    check(&error);
    error
}

#[track_caller]
fn check(error: &Error) {
    assert!(error.is_cancelled(), "{error}");
    assert_eq!(error.cancel_reason().unwrap(), "an interrupt");
    assert!(holds(), "the lock is held again");
}

#[koil::koiled]
struct Client;

#[koil::koiled]
impl Client {
    async fn plain(&self) {
        pending::<()>().await;
    }

    #[koil(fallible)]
    async fn fallible(&self) -> Result<(), Error> {
        under(pending()).await
    }
}

/// A call that the host cancels, by its name.
type Call = (&'static str, fn() -> Error);

/// The calls that return errors.
const CALLS: &[Call] = &[
    ("try_unkoil", || {
        refused(|| try_unkoil(under(pending::<()>())))
    }),
    ("unkoil_timeout", || {
        refused(|| unkoil_timeout(FOR_EVER, under(pending::<()>())))
    }),
    ("unkoil_unlocked", || {
        refused(|| unkoil_unlocked(pending::<()>()))
    }),
    ("a fallible twin", || {
        refused(|| Client.into_blocking().fallible())
    }),
    ("next_timeout", || {
        let mut items = unkoil_iter(stream::pending::<()>());
        refused(|| items.next_timeout(FOR_EVER).unwrap())
    }),
    ("a reader", || {
        let (ours, _theirs) = tokio::io::duplex(4);
        refused::<()>(|| {
            let error = Io::new(ours).read(&mut [0]).unwrap_err();
            Err(*error.into_inner().unwrap().downcast().unwrap())
        })
    }),
    ("try_gather", || {
        let endless = async { under(pending::<Result<(), Error>>()).await };
        refused(|| try_gather([endless]).try_wait().and_then(|all| all))
    }),
    ("result", || {
        refused(|| unkoil_task(pending::<()>()).result())
    }),
    ("try_with_blocking", || {
        let pinned = unkoil(Pinned::new(|| ()));
        refused(|| pinned.try_with_blocking(|()| koil::sleep(FOR_EVER)))
    }),
    ("recv_blocking", || {
        let (_sender, mut receiver) = channel::<()>(1);
        refused(|| receiver.recv_blocking())
    }),
    ("sleep", || refused(|| koil::sleep(FOR_EVER))),
];

fn all_calls() {
    for (name, call) in CALLS {
        let error = call();
        assert!(!error.acknowledged(), "{name}: {error}");
        assert!(
            error.to_string().contains("an interrupt"),
            "{name}: {error}"
        );
    }
}

#[test]
fn every_call_that_returns_errors_is_cancelled_with_the_reason() {
    hosted(all_calls);
}

#[test]
fn also_on_loops_of_other_kinds() {
    hosted(|| {
        for builder in [
            Koil::builder().drivers(Drivers::LoopThread),
            Koil::builder().worker_threads(2),
        ] {
            let koil = builder.build().unwrap();
            watch(&koil.handle());
            let _entered = koil.enter();
            all_calls();
        }
    });
}

#[test]
fn also_inside_foreign_runtimes() {
    hosted(|| {
        let beside = runtime::Builder::new_current_thread().enable_all().build();
        beside.unwrap().block_on(async { all_calls() });
        let multi = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let task = multi.spawn(async { with_lock(all_calls) });
        crate::host::unlock();
        multi.block_on(task).unwrap();
        crate::host::lock();
    });
}

#[test]
fn a_lent_future_is_cancelled_too() {
    hosted(|| {
        refuse_once();
        let ended = catch_unwind(|| koil::unkoil_lend(pending::<()>()));
        let text = *ended.unwrap_err().downcast::<String>().unwrap();
        assert!(text.contains("was cancelled: an interrupt"), "{text}");
        assert!(holds());
    });
}

#[test]
fn the_sending_end_of_a_channel_gives_its_item_back() {
    hosted(|| {
        let (sender, _receiver) = channel(1);
        sender.send(1).unwrap();
        refuse_once();
        let error = sender.send(2).unwrap_err();
        check(error.error().unwrap());
        assert_eq!(error.into_item(), 2);
    });
}

#[test]
fn a_future_that_listens_has_its_grace_and_sees_the_reason() {
    hosted(|| {
        let cleaned = Count::default();
        let counted = cleaned.clone();
        let error = refused(|| {
            try_unkoil(under(async move {
                let token = CancelToken::current().unwrap();
                token.cancelled().await;
                assert_eq!(token.reason().unwrap().to_string(), "an interrupt");
                tokio::time::sleep(Duration::from_millis(10)).await;
                counted.add();
            }))
        });
        assert!(error.acknowledged());
        assert_eq!(cleaned.get(), 1);
    });
}

#[test]
fn the_call_alone_is_cancelled_and_not_its_scope() {
    hosted(|| {
        let scope = CancelScope::new();
        scope
            .run(|| {
                refused(|| try_unkoil(pending::<()>()));
                assert!(koil::check_cancelled().is_ok());
                assert_eq!(try_unkoil(async { 1 }).unwrap(), 1);
                tokio_sleep();
            })
            .unwrap();
        assert!(!scope.token().is_cancelled());
    });
}

fn tokio_sleep() {
    try_unkoil(async { tokio::time::sleep(Duration::from_millis(10)).await }).unwrap();
}

#[test]
fn a_task_goes_on_if_the_wait_for_it_is_cancelled() {
    hosted(|| {
        let (finish, finished) = tokio::sync::oneshot::channel();
        let mut task = unkoil_task(finished);
        refused(|| task.result_timeout(FOR_EVER));
        finish.send(7).unwrap();
        assert_eq!(task.result().unwrap().unwrap(), 7);
    });
}

#[test]
fn a_stream_is_kept_and_may_be_asked_again() {
    hosted(|| {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let mut items = unkoil_iter(stream::once(receiver));
        refused(|| items.next_timeout(FOR_EVER).unwrap());
        sender.send(7).unwrap();
        assert_eq!(items.next().unwrap().unwrap(), 7);
    });
}

#[test]
fn a_plain_call_panics_with_the_text_and_unwinds_to_a_scope_that_asks_for_that() {
    hosted(|| {
        let client = Client.into_blocking();
        refuse_once();
        let ended = catch_unwind(AssertUnwindSafe(|| client.plain()));
        let text = *ended.unwrap_err().downcast::<String>().unwrap();
        assert!(
            text.contains("BlockingClient::plain") && text.contains("was cancelled: an interrupt"),
            "{text}"
        );

        let outer = CancelScope::new().unwinding();
        let inner = CancelScope::new().unwinding();
        let ended = outer.run(|| {
            let error = refused(|| inner.run(|| client.plain()));
            assert!(koil::check_cancelled().is_ok());
            error
        });
        assert!(ended.unwrap().to_string().contains("BlockingClient::plain"));
    });
}

/// A context whose exit takes long enough to be asked.
struct Slow;

impl AsyncContext for Slow {
    type Error = Infallible;

    async fn aenter(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    async fn aexit(&mut self, _cause: Exit) -> Result<(), Infallible> {
        tokio::time::sleep(Duration::from_millis(30)).await;
        Ok(())
    }
}

#[test]
fn the_exit_of_a_drop_is_not_asked_and_ends_as_ever() {
    hosted(|| {
        let asked = Count::default();
        let counted = asked.clone();
        let guard = Entered::enter(Slow).unwrap();
        answer(move || {
            counted.add();
            Err("an interrupt".into())
        });
        drop(guard);
        assert_eq!(asked.get(), 0);
        assert!(try_unkoil(pending::<()>()).unwrap_err().is_cancelled());
        assert_eq!(asked.get(), 1);
    });
}

#[test]
fn a_thread_is_asked_at_its_interval_and_a_call_that_may_go_on_does() {
    hosted(|| {
        let asked = Count::default();
        let counted = asked.clone();
        answer(move || {
            assert!(holds());
            counted.add();
            Ok(())
        });
        let counted = asked.clone();
        unkoil(under(async move {
            while counted.get() < 3 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }));
    });
}

#[test]
fn a_value_in_the_last_moment_or_the_timeout_wins_as_ever() {
    hosted(|| {
        answer(|| Ok(()));
        let begun = Instant::now();
        let late = unkoil_timeout(Duration::from_millis(20), pending::<()>()).unwrap_err();
        assert!(late.is_timeout() && begun.elapsed() >= Duration::from_millis(20));
        tokio_sleep();
    });
}
