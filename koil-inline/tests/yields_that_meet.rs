//! Yields of one coroutine that meet in one poll: their order, their answers, and their drops.

use std::pin::pin;
use std::rc::Rc;

use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, join, select_biased};
use koil_inline::coroutine::{Co, Coroutine, Resumed, coroutine};
use koil_inline::run;
use tokio::task::yield_now;

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
