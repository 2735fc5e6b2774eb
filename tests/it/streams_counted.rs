//! Promise 12: exactly as many items are produced ahead as is documented.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};
use koil::{unkoil, unkoil_iter};
use tokio::sync::mpsc;

use crate::support::{Count, on_a_loop, until};

/// A stream that is always ready, and how many items it has given.
fn counted() -> (BoxStream<'static, usize>, Count) {
    let made = Count::default();
    let count = made.clone();
    let stream = stream::repeat_with(move || {
        count.add();
        count.get()
    });
    (stream.boxed(), made)
}

#[test]
fn read_ahead_takes_twice_as_many_each_time_up_to_its_bound() {
    on_a_loop(|_| {
        let (stream, made) = counted();
        let mut iter = unkoil_iter(stream).read_ahead(6);
        assert_eq!(made.get(), 0, "nothing before it is asked for");
        let mut seen = Vec::new();
        for expected in 1..=21 {
            assert_eq!(iter.next(), Some(expected));
            seen.push(made.get());
        }
        // Of 1 + 1, 1 + 2, 1 + 4, 1 + 6, 1 + 6 items at a time.
        let expected = [(2, 2), (3, 5), (5, 10), (7, 17), (4, 24)];
        let expected = expected
            .iter()
            .flat_map(|(times, made)| vec![*made; *times]);
        assert_eq!(seen, expected.collect::<Vec<_>>());
    });
}

#[test]
fn read_ahead_never_waits_and_starts_small_again() {
    on_a_loop(|_| {
        let (send, mut receive) = mpsc::unbounded_channel();
        let polls = Count::default();
        let counted = polls.clone();
        let stream = stream::poll_fn(move |cx| {
            counted.add();
            receive.poll_recv(cx)
        });
        let mut iter = unkoil_iter(stream).read_ahead(100);
        for n in 0..7 {
            send.send(n).unwrap();
        }
        assert_eq!((iter.next(), polls.get()), (Some(0), 2));
        assert_eq!((iter.next(), polls.get()), (Some(1), 2));
        assert_eq!((iter.next(), polls.get()), (Some(2), 5));
        assert!(iter.by_ref().take(2).eq(3..5));
        // It may take four more, finds one ready, and does not wait for the others.
        assert_eq!((iter.next(), polls.get()), (Some(5), 8));
        assert_eq!(iter.next(), Some(6));
        for n in 7..11 {
            send.send(n).unwrap();
        }
        // One further again.
        assert_eq!((iter.next(), polls.get()), (Some(7), 10));
        drop(send);
        assert!(iter.eq(8..11));
    });
}

#[test]
fn prefetching_goes_on_by_itself_exactly_so_far() {
    on_a_loop(|_| {
        for n in [1, 2, 3, 10, 64, 65, 200] {
            let (stream, made) = counted();
            let mut iter = unkoil_iter(stream).prefetch(n);
            until(|| made.get() == n);
            for taken in 1..3 * n {
                assert_eq!(iter.next(), Some(taken));
                assert!(
                    made.get() <= taken + n,
                    "{} made, {taken} taken, {n}",
                    made.get()
                );
                // It continues when half of it has been taken.
                until(|| made.get() > taken + n - (n / 2).max(1));
            }
            // No further, however long the test waits.
            let rest = made.get();
            unkoil(async { tokio::time::sleep(Duration::from_millis(2)).await });
            assert!(made.get() <= 3 * n - 1 + n && made.get() >= rest);
            iter.close().unwrap();
        }
    });
}

#[test]
fn an_iterator_that_has_begun_can_be_prefetched_from_there() {
    on_a_loop(|_| {
        let (stream, made) = counted();
        let mut iter = unkoil_iter(stream).read_ahead(8);
        assert!(iter.by_ref().take(3).eq(1..4));
        // Two of the last five are in stock, and count.
        assert_eq!(made.get(), 5);
        let iter = iter.prefetch(4);
        until(|| made.get() == 7);
        assert!(iter.take(100).eq(4..104));
    });
}

#[test]
fn two_threads_may_take_turns_at_a_prefetched_iterator() {
    on_a_loop(|_| {
        let (stream, _made) = counted();
        let iter = std::sync::Mutex::new(unkoil_iter(stream).prefetch(7));
        let taken = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        (0..500)
                            .map(|_| iter.lock().unwrap().next().unwrap())
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            let mut taken: Vec<_> = takers.into_iter().flat_map(|t| t.join().unwrap()).collect();
            taken.sort_unstable();
            taken
        });
        assert!(taken.into_iter().eq(1..1001));
    });
}
