//! The promises of a coroutine, one behaviour a test. Rows S42 to S48 of asynkit are named.

use std::cell::Cell;
use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use futures::StreamExt;
use koil_inline::coroutine::{Co, Coroutine, Resumed, coroutine, stream, try_stream};
use koil_inline::run;
use tokio::task::yield_now;

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

/// As in `tests/it/support.rs` of koil.
#[track_caller]
fn assert_told(text: &str, problem: &str, remedy: &[&str]) {
    for words in remedy.iter().chain([&problem]) {
        assert!(text.contains(words), "{text}\nshould say {words:?}");
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
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let dialogue = async move {
        assert_eq!(co.resume(()).await, Resumed::Yielded(1));
        tokio::spawn(async move {
            yield_now().await;
            sender.send(42).unwrap();
        });
        assert_eq!(co.resume(()).await, Resumed::Yielded(42));
    };
    // The timer is the watchdog.
    let limited = async { tokio::time::timeout(Duration::from_secs(60), dialogue).await };
    runtime.unwrap().block_on(limited).expect("the await ends");
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
    assert_told(
        &text,
        "an input that its body does not wait for",
        &["continue it with `proceed`"],
    );
    assert_eq!(run(co.proceed()).unwrap(), Resumed::Yielded(7));
    let text = panic_of(|| run(co.proceed()));
    assert_told(&text, "waits for an input", &["call `resume`"]);
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

async fn yields_two(co: &Co<u32>) {
    co.yield_(2).await;
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
    assert_told(
        &text,
        "outside of its coroutine",
        &[
            "await `co.yield_(..)` in the body of the coroutine or in a helper that the body awaits, not in a \
           task or after its end",
        ],
    );
    // One that was never polled may be dropped anywhere.
    drop(handle.yield_(2));
    let mut co = coroutine(|co: Co<u32>, ()| async move {
        co.yield_(1).await;
        yields_two(&co).await;
    });
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Yielded(1));
    assert_eq!(run(co.resume(())).unwrap(), Resumed::Yielded(2));
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
