//! Iterators on workers as streams: order, read-ahead, ends of every kind.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use futures::{StreamExt, executor};
use koil::{Koil, ThreadedIter, iterate_separate, iterate_threaded, run_threaded, unkoil};

use crate::support::{Count, on_a_loop, until, watched, with_a_loop};

#[test]
fn items_arrive_in_order_and_all_of_them() {
    on_a_loop(|_| {
        for capacity in [1, 2, 3, 64, 1024] {
            let items: Vec<_> = unkoil(iterate_threaded(capacity, || 0..5000).collect());
            assert!(items.into_iter().eq(0..5000));
        }
    });
}

/// The thread that makes an item.
fn here() -> (String, thread::ThreadId) {
    let thread = thread::current();
    (thread.name().unwrap_or_default().to_owned(), thread.id())
}

#[koil::threaded_iterable(separate, capacity = 1)]
fn separately() -> impl Iterator<Item = (String, thread::ThreadId)> {
    std::iter::repeat_with(here)
}

#[koil::threaded_iterable(separate, capacity = 1)]
#[allow(clippy::unnecessary_wraps)] // The stream is opened.
fn opened_separately() -> Option<impl Iterator<Item = (String, thread::ThreadId)>> {
    Some(separately())
}

#[test]
fn a_separate_stream_has_a_thread_of_its_own_from_its_first_item_to_its_last() {
    watched(|| {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let _entered = koil.enter();
        let (release, held) = mpsc::channel::<()>();
        // Takes the only place in the pool.
        let busy = run_threaded(move || held.recv()).start();
        let streams = [
            iterate_separate(1, || std::iter::repeat_with(here)),
            separately_async(),
            unkoil(opened_separately_async()).unwrap(),
        ];
        let threads: HashSet<_> = streams
            .into_iter()
            .map(|stream| {
                let items: Vec<_> = unkoil(stream.take(9).collect());
                let (name, id) = items[0].clone();
                assert_eq!(name, "koil-separate");
                assert!(items.iter().all(|(_, other)| *other == id));
                id
            })
            .collect();
        assert_eq!(threads.len(), 3);
        drop(release);
        assert!(unkoil(busy).is_err());
    });
}

#[test]
fn a_panic_comes_after_the_items_before_it() {
    on_a_loop(|_| {
        let mut items = iterate_threaded(8, || {
            (0..5).inspect(|n| assert!(*n < 3, "three is too much"))
        });
        unkoil(async {
            for n in 0..3 {
                assert_eq!(items.next().await, Some(n));
            }
        });
        let panic = catch_unwind(AssertUnwindSafe(|| unkoil(items.next()))).unwrap_err();
        assert!(
            panic
                .downcast_ref::<&str>()
                .is_some_and(|text| text.contains("three is too much"))
        );
        assert_eq!(unkoil(items.next()), None);
    });
}

#[test]
fn close_waits_for_the_producer_and_its_drops() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let guard = dropped.on_drop();
        let mut items = iterate_threaded(1, move || {
            (0..).inspect(move |_| {
                let _ = &guard;
            })
        });
        assert_eq!(unkoil(items.next()), Some(0));
        assert_eq!(unkoil(items.close()), None);
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn dropping_a_stream_stops_its_producer() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let guard = dropped.on_drop();
        let mut items = iterate_threaded(4, move || {
            (0..).inspect(move |_| {
                let _ = &guard;
            })
        });
        assert_eq!(unkoil(items.next()), Some(0));
        drop(items);
        until(|| dropped.get() == 1);
    });
}

#[test]
fn the_read_ahead_is_what_is_documented() {
    on_a_loop(|_| {
        for capacity in [1, 2, 5, 64] {
            let made = Count::default();
            let count = made.clone();
            let mut items = iterate_threaded(capacity, move || (0..).inspect(move |_| count.add()));
            for n in 0..3 * capacity {
                assert_eq!(unkoil(items.next()), Some(n));
                assert!(made.get() <= n + 1 + capacity + 1, "{} at {n}", made.get());
            }
            // It resumes when half is free at the latest, so it comes here within one capacity.
            until(|| made.get() > 3 * capacity + capacity / 2);
            unkoil(items.close());
            assert!(made.get() <= 4 * capacity + 1);
        }
    });
}

#[test]
fn a_stream_that_is_never_polled_never_starts() {
    on_a_loop(|_| {
        let (begun, dropped) = (Count::default(), Count::default());
        for _ in 0..2 {
            let (count, guard) = (begun.clone(), dropped.on_drop());
            let items = iterate_threaded(1, move || {
                count.add();
                drop(guard);
                0..1
            });
            if dropped.get() == 0 {
                assert_eq!(unkoil(items.close()), None);
            }
        }
        assert_eq!((begun.get(), dropped.get()), (0, 2));
    });
}

#[test]
fn close_after_the_end_is_nothing() {
    with_a_loop(|koil| {
        let mut items = {
            let _entered = koil.enter();
            iterate_threaded(4, || 0..2)
        };
        assert_eq!(
            executor::block_on(items.by_ref().collect::<Vec<_>>()),
            [0, 1]
        );
        // Not even the loop is needed for it.
        assert!(koil.shutdown().is_clean());
        assert_eq!(executor::block_on(items.close()), None);
    });
}

#[test]
fn a_stream_is_fused() {
    on_a_loop(|_| {
        let mut items = iterate_threaded(4, || [1, 2]);
        assert_eq!(unkoil(items.by_ref().collect::<Vec<_>>()), [1, 2]);
        assert_eq!(futures::Stream::size_hint(&items), (0, Some(0)));
        assert_eq!(unkoil(items.by_ref().collect::<Vec<_>>()), []);
        assert_eq!(unkoil(items.next()), None);
    });
}

#[test]
fn anything_that_can_be_iterated_will_do() {
    on_a_loop(|_| {
        assert_eq!(
            unkoil(iterate_threaded(1, || vec!["a", "b"]).collect::<Vec<_>>()),
            ["a", "b"]
        );
        assert_eq!(
            unkoil(iterate_threaded(1, || Some(3)).collect::<Vec<_>>()),
            [3]
        );
        assert_eq!(
            unkoil(iterate_threaded(1, std::iter::empty::<u8>).collect::<Vec<_>>()),
            []
        );
        // On a thread of its own it need not even be `Send`.
        let shared = iterate_separate(1, || {
            let shared = std::rc::Rc::new(7);
            (0..2).map(move |n| n + *shared)
        });
        assert_eq!(unkoil(shared.collect::<Vec<_>>()), [7, 8]);
    });
}

#[test]
fn streams_can_be_awaited_on_any_executor() {
    on_a_loop(|_| {
        let sum = |items: ThreadedIter<u32>| items.fold(0, |sum, n| async move { sum + n });
        let items = || iterate_threaded(8, || 1..=100_u32);
        assert_eq!(executor::block_on(sum(items())), 5050);
        assert_eq!(smol::block_on(sum(items())), 5050);
        let multi = tokio::runtime::Runtime::new().unwrap();
        assert_eq!(multi.block_on(multi.spawn(sum(items()))).unwrap(), 5050);
    });
}

#[test]
fn a_panic_in_a_producer_harms_nobody_else() {
    watched(|| {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let _entered = koil.enter();
        for _ in 0..20 {
            let items = iterate_threaded(1, || (0..3).inspect(|n| assert!(*n < 2)));
            let other = iterate_threaded(1, || 0..50);
            let panic = catch_unwind(AssertUnwindSafe(|| unkoil(items.collect::<Vec<_>>())));
            assert!(panic.is_err());
            assert_eq!(unkoil(other.count()), 50);
        }
        assert!(koil.shutdown().is_clean());
    });
}
