//! The promises of a coroutine, one behaviour a test. Rows S42 to S48 of asynkit are named.

use std::cell::Cell;
use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, join, select_biased};
use koil_inline::coroutine::{Co, Coroutine, Resumed, coroutine, stream, try_stream};
use koil_inline::run;

/// Pending once, and woken by itself.
async fn yield_now() {
    let mut is_first = true;
    poll_fn(|cx| {
        if std::mem::replace(&mut is_first, false) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| {
        payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
    })
    .expect("a panic with a text")
}

/// The text of the panic in `f`.
fn panic_of<T>(f: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(_) => panic!("a panic was expected"),
        Err(payload) => message(&*payload),
    }
}

// S42, S45: values go both ways; the first input is the argument of the body.
#[test]
fn values_go_both_ways() {
    let mut sums = coroutine(|co, first: u32| async move {
        let mut sum = first;
        while sum < 10 {
            sum += co.yield_(sum).await;
        }
        "enough"
    });
    assert_eq!(run(sums.resume(1)).unwrap(), Resumed::Yielded(1));
    assert_eq!(run(sums.resume(2)).unwrap(), Resumed::Yielded(3));
    assert!(!sums.is_finished());
    assert_eq!(run(sums.resume(7)).unwrap(), Resumed::Complete("enough"));
    assert!(sums.is_finished());
}

#[test]
fn nothing_runs_before_the_first_poll() {
    let ran = Cell::new(false);
    let mut co = coroutine(|_: Co<()>, ()| {
        ran.set(true);
        async {}
    });
    drop(co.resume(()));
    assert!(!ran.get());
    // The resume that was dropped has taken nothing, so another one begins.
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Complete(()));
    assert!(ran.get());
}

// S43: it cannot be resumed while it runs; the borrow checker holds that. After its end it panics.
#[test]
fn a_resume_after_the_end_panics() {
    let mut co = coroutine(|_: Co<()>, ()| async {});
    run(co.resume(())).unwrap();
    let text = panic_of(|| run(co.resume(())));
    assert!(text.contains("resumed after it had finished"), "{text}");
}

// S44: errors are injected as inputs, and the body handles them with `?`.
#[test]
fn an_error_is_injected_as_an_answer() {
    let mut co = coroutine(|co: Co<u32, Result<(), String>>, first| async move {
        first?;
        let caught = co.yield_(1).await.unwrap_err();
        co.yield_(u32::try_from(caught.len()).unwrap()).await?;
        Ok::<(), String>(())
    });
    assert_eq!(run(co.resume(Ok(()))).unwrap(), Resumed::Yielded(1));
    let second = run(co.resume(Err("four".to_owned()))).unwrap();
    assert_eq!(second, Resumed::Yielded(4));
    let end = run(co.resume(Err("end".to_owned()))).unwrap();
    assert_eq!(end, Resumed::Complete(Err("end".to_owned())));
}

// S44: to abort is to drop; the body is dropped where it waits.
#[test]
fn dropping_drops_the_body_where_it_waits() {
    let witness = Rc::new(());
    let inside = witness.clone();
    let mut co = coroutine(move |co: Co<u32>, ()| async move {
        co.yield_(1).await;
        drop(inside);
    });
    run(co.resume(())).unwrap();
    assert_eq!(Rc::strong_count(&witness), 2);
    drop(co);
    assert_eq!(Rc::strong_count(&witness), 1);
}

// S46: real awaits pass through, with the waker of the resume that is polled.
#[test]
fn a_real_await_passes_through_to_the_executor() {
    let (sender, receiver) = futures::channel::oneshot::channel();
    let mut co = coroutine(|co, ()| async move {
        co.yield_(1).await;
        let value: u32 = receiver.await.unwrap();
        co.yield_(value).await;
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async move {
        assert_eq!(co.resume(()).await, Resumed::Yielded(1));
        tokio::spawn(async move {
            tokio::task::yield_now().await;
            sender.send(42).unwrap();
        });
        assert_eq!(co.resume(()).await, Resumed::Yielded(42));
    });
}

// S46: without a loop a real wait is told, and the body is kept.
#[test]
fn a_real_wait_without_a_loop_is_an_error() {
    let mut co = coroutine(|_: Co<()>, ()| pending::<()>());
    let error = run(co.resume(())).unwrap_err();
    assert!(error.to_string().contains("never waits"), "{error}");
    assert!(run(co.proceed()).is_err());
}

// S47, S48: helpers yield, however deep.
#[test]
fn a_helper_two_calls_deep_yields() {
    async fn outer(co: &Co<u32>) {
        inner(co, 1).await;
        inner(co, 2).await;
    }
    async fn inner(co: &Co<u32>, value: u32) {
        yield_now().await;
        co.yield_(value).await;
    }
    let items = stream(|co| async move { outer(&co).await });
    assert_eq!(koil_inline::iter(items).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn yields_that_meet_keep_their_order_and_their_answers() {
    let mut co = coroutine(|co, ()| async move {
        let ask = |value: u32| {
            let co = &co;
            async move { (value, co.yield_(Some(value)).await) }
        };
        join!(ask(1), ask(2), ask(3))
    });
    let _ = &mut co as &mut Coroutine<Option<u32>, (), _, _>;
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Yielded(Some(1)));
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Yielded(Some(2)));
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Yielded(Some(3)));
    let end = run(co.resume(())).unwrap();
    assert_eq!(end, Resumed::Complete(((1, ()), (2, ()), (3, ()))));
}

#[test]
fn each_yield_that_meets_receives_its_own_answer() {
    let mut co =
        coroutine(
            |co: Co<u32, u32>, _| async move { join!(co.yield_(1), co.yield_(2), co.yield_(3)) },
        );
    for (input, value) in [(0, 1), (10, 2), (20, 3)] {
        assert_eq!(run(co.resume(input)).unwrap(), Resumed::Yielded(value));
    }
    assert_eq!(run(co.resume(30)).unwrap(), Resumed::Complete((10, 20, 30)));
}

/// The yield that waits is polled before the one whose turn ends.
#[test]
fn a_turn_that_was_missed_in_a_poll_is_made_up_for() {
    let mut co = coroutine(|co: Co<u32>, ()| async move {
        let first = async {
            yield_now().await;
            co.yield_(2).await;
        };
        let second = async {
            co.yield_(1).await;
        };
        join!(first, second);
    });
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Yielded(1));
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Yielded(2));
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Complete(()));
}

#[test]
fn a_branch_that_yields_again_waits_behind_the_others() {
    let mut co = coroutine(|co: Co<u32>, ()| async move {
        let twice = async {
            co.yield_(1).await;
            co.yield_(3).await;
        };
        join!(twice, co.yield_(2));
    });
    let mut seen = Vec::new();
    while let Resumed::Yielded(value) = run(co.resume(())).unwrap() {
        seen.push(value);
    }
    assert_eq!(seen, [1, 2, 3]);
}

/// An executor inside the body polls a yield only if the waker of that yield is woken.
#[test]
fn yields_in_an_executor_inside_are_woken() {
    let mut co = coroutine(|co: Co<u32, u32>, _| async move {
        let asks = FuturesUnordered::new();
        for value in 1..=3 {
            let co = &co;
            asks.push(async move { co.yield_(value).await });
        }
        asks.collect::<Vec<_>>().await
    });
    let mut seen = Vec::new();
    let mut input = 0;
    let answers = loop {
        match run(co.resume(input)).unwrap() {
            Resumed::Yielded(value) => {
                seen.push(value);
                input = value * 10;
            }
            Resumed::Complete(answers) => break answers,
        }
    };
    seen.sort_unstable();
    assert_eq!(seen, [1, 2, 3]);
    let mut answers = answers;
    answers.sort_unstable();
    assert_eq!(answers, [10, 20, 30]);
}

#[test]
fn a_yield_that_is_dropped_in_its_body_withdraws_its_value() {
    let dropped = Rc::new(());
    let value = dropped.clone();
    let mut co = coroutine(move |co: Co<Rc<()>>, ()| async move {
        let mut ready = pin!(async { yield_now().await }.fuse());
        let mut asks = pin!(co.yield_(value).fuse());
        // The first poll places the value and goes to the caller with it.
        select_biased! {
            () = ready => {}
            () = asks => unreachable!("the other one is first in the second poll"),
        }
        "ready"
    });
    let Resumed::Yielded(value) = run(co.resume(())).unwrap() else {
        panic!("the value was yielded")
    };
    drop(value);
    // The answer has nobody to go to, and the next yield would have a free slot.
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Complete("ready"));
    assert_eq!(Rc::strong_count(&dropped), 1);
}

#[test]
fn a_queued_yield_that_is_dropped_leaves_the_queue() {
    let mut co = coroutine(|co: Co<u32>, ()| async move {
        let first = async {
            co.yield_(1).await;
            co.yield_(4).await;
        };
        let gives_up = async {
            let mut asks = pin!(co.yield_(2));
            assert!(futures::poll!(&mut asks).is_pending());
        };
        let third = async {
            co.yield_(3).await;
        };
        join!(first, gives_up, third);
    });
    let mut seen = Vec::new();
    while let Resumed::Yielded(value) = run(co.resume(())).unwrap() {
        seen.push(value);
    }
    assert_eq!(seen, [1, 3, 4]);
}

#[test]
fn a_resume_dropped_half_way_is_continued() {
    let mut co = coroutine(|co: Co<u32, u32>, first| async move {
        yield_now().await;
        let second = co.yield_(first).await;
        yield_now().await;
        second
    });
    let noop = &mut Context::from_waker(Waker::noop());
    assert!(pin!(co.resume(7)).poll(noop).is_pending());
    let text = panic_of(|| run(co.resume(8)));
    assert!(text.contains("continue it with `proceed`"), "{text}");
    assert_eq!(run(co.proceed()).unwrap(), Resumed::Yielded(7));
    let text = panic_of(|| run(co.proceed()));
    assert!(text.contains("waits for an input"), "{text}");
    assert!(pin!(co.resume(9)).poll(noop).is_pending());
    assert_eq!(run(co.proceed()).unwrap(), Resumed::Complete(9));
}

#[test]
fn a_panic_comes_out_of_the_resume_and_ends_the_coroutine() {
    let mut co = coroutine(|co: Co<u32>, ()| async move {
        co.yield_(1).await;
        panic!("in the body");
    });
    let _: Resumed<u32, ()> = run(co.resume(())).unwrap();
    assert_eq!(panic_of(|| run(co.resume(()))), "in the body");
    assert!(co.is_finished());
    let text = panic_of(|| run(co.resume(())));
    assert!(text.contains("after it had finished"), "{text}");
}

#[test]
fn a_yield_outside_of_its_coroutine_panics() {
    let mut stolen = None;
    let mut co = coroutine(|co: Co<u32>, ()| {
        stolen = Some(co);
        async {}
    });
    run(co.resume(())).unwrap();
    drop(co);
    let handle = stolen.unwrap();
    let text = panic_of(|| run(handle.yield_(1)));
    assert!(text.contains("outside of its coroutine"), "{text}");
    // One that was never polled may be dropped anywhere.
    drop(handle.yield_(2));
}

#[test]
fn coroutines_nest_and_a_yield_finds_its_own() {
    let mut outer = coroutine(|outer: Co<u32>, ()| async move {
        let mut inner = coroutine(|inner: Co<u32>, ()| {
            let outer = &outer;
            async move {
                inner.yield_(10).await;
                outer.yield_(1).await;
                inner.yield_(20).await;
            }
        });
        let mut seen = Vec::new();
        while let Resumed::Yielded(value) = inner.resume(()).await {
            seen.push(value);
        }
        seen
    });
    assert_eq!(run(outer.resume(())).unwrap(), Resumed::Yielded(1));
    assert_eq!(
        run(outer.resume(())).unwrap(),
        Resumed::Complete(vec![10, 20])
    );
}

#[test]
fn it_moves_between_threads_from_resume_to_resume() {
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let mut co = sendable(coroutine(|co: Co<String, String>, first| async move {
        co.yield_(first + "!").await
    }));
    let first = run(co.resume("one".to_owned())).unwrap();
    assert_eq!(first, Resumed::Yielded("one!".to_owned()));
    let end = std::thread::spawn(move || run(co.resume("two".to_owned())).unwrap());
    assert_eq!(end.join().unwrap(), Resumed::Complete("two".to_owned()));
}

#[test]
fn a_stream_ends_and_stays_at_its_end() {
    use futures::stream::FusedStream;

    let mut items = pin!(stream(|co| async move {
        co.yield_(1).await;
    }));
    assert!(!items.is_terminated());
    let all = run(async { (items.next().await, items.next().await, items.next().await) });
    assert_eq!(all.unwrap(), (Some(1), None, None));
    assert!(items.is_terminated());
}

#[test]
fn the_error_of_a_try_stream_is_its_last_item() {
    let items = try_stream(|co| async move {
        co.yield_(1).await;
        Err::<(), _>("late")
    });
    let items: Vec<Result<i32, &str>> = koil_inline::iter(items).collect();
    assert_eq!(items, [Ok(1), Err("late")]);
}

/// No waker is cloned where the yield is polled with that of its coroutine.
#[test]
fn a_plain_yield_clones_no_waker() {
    struct Counts(AtomicUsize);
    impl Wake for Counts {
        fn wake(self: Arc<Self>) {
            // ORDERING: one thread.
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let counts = Arc::new(Counts(AtomicUsize::new(0)));
    let waker = Waker::from(counts.clone());
    let cx = &mut Context::from_waker(&waker);
    let mut co = coroutine(|co: Co<u32>, ()| async move {
        loop {
            co.yield_(1).await;
        }
    });
    let _: &Coroutine<_, _, _, _> = &co;
    let before = Arc::strong_count(&counts);
    for _ in 0..3 {
        assert_eq!(
            pin!(co.resume(())).poll(cx),
            Poll::<Resumed<u32, ()>>::Ready(Resumed::Yielded(1))
        );
    }
    assert_eq!(Arc::strong_count(&counts), before);
}
