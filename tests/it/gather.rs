//! `gather`: order, limits, first errors, time, and futures of every kind.

use std::cell::RefCell;
use std::future::{Future, pending};
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use koil::{gather, try_gather};
use tokio::task::yield_now;

use crate::support::{Count, a_loop, on_a_loop, refused, shut_down};

const A_WHILE: Duration = Duration::from_millis(20);

type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

#[test]
fn outputs_come_in_the_order_of_the_futures_not_of_their_ends() {
    on_a_loop(|_| {
        let ends = RefCell::new(Vec::new());
        let (ends_of, count) = (&ends, 20_u32);
        let outputs = gather((0..count).map(|n| async move {
            // The later ones yield less.
            for _ in n..count {
                yield_now().await;
            }
            ends_of.borrow_mut().push(n);
            n
        }))
        .wait();
        assert!(outputs.into_iter().eq(0..count));
        assert!(ends.into_inner().into_iter().rev().eq(0..count));
    });
}

#[test]
fn nothing_gives_nothing() {
    on_a_loop(|_| {
        let none: [std::future::Ready<u8>; 0] = [];
        assert!(gather(none).wait().is_empty());
        let none: [std::future::Ready<Result<u8, ()>>; 0] = [];
        assert_eq!(
            try_gather(none).limit(1).timeout(Duration::ZERO).wait(),
            Ok(vec![])
        );
    });
}

#[test]
fn all_run_at_once_unless_limited() {
    on_a_loop(|_| {
        for (limit, expected) in [(None, 50), (Some(1), 1), (Some(7), 7), (Some(500), 50)] {
            let (running, most) = (Count::default(), RefCell::new(0));
            let one = || async {
                running.add();
                most.replace_with(|most| running.get().max(*most));
                yield_now().await;
                tokio::time::sleep(Duration::from_millis(1)).await;
                running.sub();
            };
            let all = gather((0..50).map(|_| one()));
            let outputs = match limit {
                Some(limit) => all.limit(limit).wait(),
                None => all.wait(),
            };
            assert_eq!((outputs.len(), running.get()), (50, 0));
            assert_eq!(*most.borrow(), expected, "with limit {limit:?}");
        }
    });
}

#[test]
fn the_first_error_drops_the_rest_before_it_is_there() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let futures = (0..5).map(|n| {
            let guard = dropped.on_drop();
            Box::pin(async move {
                let _guard = guard;
                match n {
                    0 => Ok(n),
                    3 => Err(n),
                    _ => pending().await,
                }
            })
        });
        assert_eq!(try_gather(futures).wait(), Err(3));
        assert_eq!(dropped.get(), 5);
    });
}

#[test]
fn an_error_keeps_what_waits_for_its_turn_from_starting() {
    on_a_loop(|_| {
        let started = Count::default();
        let futures = [Ok(0), Err(1), Ok(2)].map(|output| {
            let started = started.clone();
            async move {
                started.add();
                output
            }
        });
        assert_eq!(try_gather(futures).limit(1).wait(), Err(1));
        assert_eq!(started.get(), 2);
    });
}

#[test]
fn all_good_results_are_gathered() {
    on_a_loop(|_| {
        let texts = ["1", "2", "3"].map(|text| async move { text.parse::<u8>() });
        assert_eq!(try_gather(texts).wait(), Ok(vec![1, 2, 3]));
    });
}

#[test]
fn the_time_is_for_all_together_and_drops_them_all() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let futures = || {
            (0..3).map(|_| {
                let guard = dropped.on_drop();
                async move {
                    let _guard = guard;
                    pending::<Result<(), ()>>().await
                }
            })
        };
        assert!(
            gather(futures())
                .timeout(A_WHILE)
                .try_wait()
                .unwrap_err()
                .is_timeout()
        );
        assert_eq!(dropped.get(), 3);
        let outer = try_gather(futures()).timeout(A_WHILE).limit(1).try_wait();
        assert!(outer.unwrap_err().is_timeout());
        assert_eq!(dropped.get(), 6);
    });
}

#[test]
fn borrowed_and_local_futures_of_several_types_gather() {
    on_a_loop(|_| {
        let (text, shared) = (String::from("abc"), Rc::new(7));
        let futures: [Local<'_, usize>; 3] = [
            Box::pin(async { text.len() }),
            Box::pin(async { *shared }),
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(1)).await;
                text.len() + *shared
            }),
        ];
        assert_eq!(gather(futures).wait(), [3, 7, 10]);
    });
}

#[test]
fn a_panic_in_one_drops_the_others_and_reaches_the_caller() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let futures = (0..3).map(|n| {
            let guard = dropped.on_drop();
            async move {
                let _guard = guard;
                assert!(n != 1, "the second is broken");
                pending::<()>().await;
            }
        });
        let caught = panic::catch_unwind(AssertUnwindSafe(|| gather(futures).wait()));
        assert_eq!(
            caught.unwrap_err().downcast_ref(),
            Some(&"the second is broken")
        );
        assert_eq!(dropped.get(), 3);
        assert_eq!(gather([async { 1 }]).wait(), [1]);
    });
}

#[test]
fn a_gather_that_may_not_block_or_has_no_loop_says_so() {
    on_a_loop(|_| {
        refused(koil::unkoil(async { gather([async {}]).try_wait() }));
        drop(a_loop());
        let gone = a_loop();
        let handle = gone.handle();
        drop(gone);
        let _entered = handle.enter();
        shut_down(try_gather([async { Ok::<_, ()>(()) }]).try_wait());
    });
}

#[test]
fn a_limit_of_none_at_all_is_a_mistake_at_once() {
    let mistaken = panic::catch_unwind(|| gather([async {}]).limit(0));
    let payload = mistaken.unwrap_err();
    let text = payload.downcast_ref::<&str>().unwrap();
    assert!(text.contains("at least 1"), "{text}");
}
