//! Promise 1: a blocking call where it could hang is refused at once, ready or not.

use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use futures::stream;
use koil::{Error, Koil, try_unkoil, unkoil, unkoil_iter, unkoil_task};

use crate::support::{OnDrop, a_loop, on_a_loop, refused, watched};

/// A call that any plain thread may make.
fn a_call() -> Result<(), Error> {
    try_unkoil(async {})
}

#[test]
fn a_call_inside_unkoil_is_refused() {
    on_a_loop(|_| {
        let error = refused(unkoil(async { a_call() }));
        assert!(
            error
                .to_string()
                .contains("inside a future that koil is polling")
        );
    });
}

#[test]
fn a_call_after_an_await_is_refused_too() {
    on_a_loop(|_| {
        refused(unkoil(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            a_call()
        }));
    });
}

#[test]
fn the_refused_future_and_its_caller_go_on() {
    on_a_loop(|_| {
        let answer = unkoil(async {
            refused(a_call());
            tokio::time::sleep(Duration::from_millis(1)).await;
            refused(a_call());
            7
        });
        assert_eq!(answer, 7);
        assert!(
            a_call().is_ok(),
            "outside the future, blocking is fine again"
        );
    });
}

#[test]
fn a_call_inside_a_task_is_refused() {
    on_a_loop(|_| {
        let error = refused(unkoil_task(async { a_call() }).result().unwrap());
        assert!(
            error.to_string().contains("spawn_blocking"),
            "names a way out: {error}"
        );
    });
}

#[test]
fn a_call_on_another_loop_is_refused_as_well() {
    watched(|| {
        let (here, there) = (a_loop(), a_loop());
        let other = there.handle();
        let call_other = move || {
            let _entered = other.enter();
            a_call()
        };
        let _entered = here.enter();
        refused(unkoil(async { call_other() }));
        refused(unkoil_task(async move { call_other() }).result().unwrap());
    });
}

#[test]
fn a_call_inside_a_streams_poll_is_refused() {
    on_a_loop(|_| {
        let mut iter = unkoil_iter(stream::poll_fn(|_| Poll::Ready(Some(a_call()))));
        refused(iter.next().unwrap());
        refused(iter.next().unwrap());
    });
}

#[test]
fn a_call_on_the_loop_thread_itself_is_refused() {
    watched(|| {
        let (send, hooked) = mpsc::channel();
        let koil = Koil::builder()
            .on_thread_start(move || drop(send.send(a_call())))
            .build()
            .unwrap();
        let error = refused(hooked.recv().unwrap());
        assert!(error.to_string().contains("would block a loop thread"));
        drop(koil);
    });
}

#[test]
fn a_call_in_a_waker_that_the_loop_calls_is_refused() {
    struct Calls {
        answer: Mutex<Option<Result<(), Error>>>,
        then: Waker,
    }
    impl Wake for Calls {
        fn wake(self: Arc<Self>) {
            *self.answer.lock().unwrap() = Some(a_call());
            self.then.wake_by_ref();
        }
    }
    on_a_loop(|_| {
        let calls = unkoil(async {
            let mut sleep = pin!(tokio::time::sleep(Duration::from_millis(1)));
            let mut calls = None;
            std::future::poll_fn(|cx| {
                let calls = calls.get_or_insert_with(|| {
                    let (answer, then) = (Mutex::default(), cx.waker().clone());
                    Arc::new(Calls { answer, then })
                });
                let waker = Waker::from(calls.clone());
                sleep.as_mut().poll(&mut Context::from_waker(&waker))
            })
            .await;
            calls.unwrap()
        });
        let answer = calls.answer.lock().unwrap().take();
        refused(answer.expect("the loop has called the waker"));
    });
}

#[test]
fn a_call_in_a_drop_inside_a_poll_is_refused() {
    on_a_loop(|_| {
        let mut answer = None;
        unkoil(async {
            tokio::task::yield_now().await;
            drop(OnDrop::new(|| answer = Some(a_call())));
        });
        refused(answer.unwrap());
    });
}

#[test]
fn a_call_in_a_drop_after_the_last_poll_may_block() {
    on_a_loop(|_| {
        let mut answer = None;
        let kept_to_the_end = OnDrop::new(|| answer = Some(a_call()));
        unkoil(std::future::poll_fn(move |_| {
            let _kept = &kept_to_the_end;
            Poll::Ready(())
        }));
        assert!(answer.unwrap().is_ok());
    });
}

#[test]
fn every_way_to_block_is_refused() {
    on_a_loop(|_| {
        let mut early = unkoil_iter(stream::iter([1]));
        let mut task = unkoil_task(async {});
        unkoil(async move {
            let second = Duration::from_secs(1);
            refused(try_unkoil(async {}));
            refused(koil::unkoil_timeout(second, async {}));
            refused(koil::gather([async {}]).try_wait());
            refused(koil::try_gather([async { Ok::<_, ()>(()) }]).try_wait());
            refused(unkoil_iter(stream::iter([1])).next_timeout(second).unwrap());
            refused(early.next_timeout(second).unwrap());
            refused(task.result_timeout(second));
            refused(task.result());
        });
    });
}

#[test]
fn what_cannot_answer_with_an_error_panics_with_its_text() {
    on_a_loop(|_| {
        let blocked: [fn(); 3] = [
            || unkoil(async {}),
            || drop(koil::gather([async {}]).wait()),
            || assert_eq!(unkoil_iter(stream::iter([1])).next(), Some(1)),
        ];
        for block in blocked {
            let caught = unkoil(async { panic::catch_unwind(AssertUnwindSafe(block)) });
            let payload = caught.unwrap_err();
            let text = payload.downcast_ref::<String>().expect("a formatted text");
            assert!(
                text.contains(file!()) && text.contains(" there instead"),
                "{text}"
            );
        }
    });
}
