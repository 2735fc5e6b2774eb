//! Promises 9 and 10 in each way to iterate a stream: strict, read ahead, prefetched.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc as std_mpsc;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};
use koil::{Iter, unkoil, unkoil_iter};
use tokio::sync::mpsc;
use tokio::task::yield_now;

use crate::support::{Count, on_a_loop};

const A_WHILE: Duration = Duration::from_millis(10);

/// A way to iterate a stream.
#[derive(Debug, Clone, Copy)]
enum Mode {
    Strict,
    ReadAhead(usize),
    Prefetch(usize),
    Both(usize),
}

use Mode::{Both, Prefetch, ReadAhead, Strict};

const MODES: [Mode; 8] = [
    Strict,
    ReadAhead(1),
    ReadAhead(5),
    ReadAhead(64),
    Prefetch(1),
    Prefetch(3),
    Prefetch(1000),
    Both(8),
];

impl Mode {
    fn of<S>(self, stream: S) -> Iter<S>
    where
        S: stream::Stream<Item: Send + 'static> + Send + 'static,
    {
        let iter = unkoil_iter(stream);
        match self {
            Strict => iter,
            ReadAhead(n) => iter.read_ahead(n),
            Prefetch(n) => iter.prefetch(n),
            Both(n) => iter.read_ahead(n).prefetch(n),
        }
    }
}

/// Runs `f` for each mode, and on top of each for a stream that is ready and for one that waits.
#[track_caller]
fn in_each_mode(f: impl Fn(Mode) + Send + 'static) {
    on_a_loop(move |_| {
        for mode in MODES {
            println!("{mode:?}");
            f(mode);
        }
    });
}

/// The items, at once or each after a wait.
fn both_ways<T: Clone + Send + Sync + 'static>(items: &[T]) -> [BoxStream<'static, T>; 3] {
    let items = items.to_vec();
    let slowly = stream::iter(items.clone())
        .enumerate()
        .then(|(n, item)| async move {
            if n < 4 {
                tokio::time::sleep(Duration::from_micros(50)).await;
            }
            item
        });
    let yielding = stream::iter(items.clone()).then(|item| async move {
        yield_now().await;
        item
    });
    [
        stream::iter(items).boxed(),
        slowly.boxed(),
        yielding.boxed(),
    ]
}

#[test]
fn streams_of_any_length_come_whole_and_in_order_and_end_for_good() {
    in_each_mode(|mode| {
        for len in [0, 1, 2, 3, 65, 200] {
            let items: Vec<u32> = (0..len).collect();
            for stream in both_ways(&items) {
                let mut iter = mode.of(stream);
                assert_eq!(iter.by_ref().collect::<Vec<_>>(), items);
                assert!(iter.next().is_none() && iter.next().is_none());
                assert_eq!(iter.size_hint(), (0, Some(0)));
                iter.close().unwrap();
            }
        }
    });
}

#[test]
fn errors_are_items_at_either_end() {
    in_each_mode(|mode| {
        let cases: [&[Result<u8, &'static str>]; 3] = [
            &[Err("first"), Ok(1), Ok(2)],
            &[Ok(1), Ok(2), Err("last")],
            &[Err("only")],
        ];
        for items in cases {
            for stream in both_ways(items) {
                assert_eq!(mode.of(stream).collect::<Vec<_>>(), items);
            }
        }
    });
}

#[test]
fn a_silent_stream_times_out_and_goes_on() {
    in_each_mode(|mode| {
        let (send, mut receive) = mpsc::channel(4);
        let mut iter = mode.of(stream::poll_fn(move |cx| receive.poll_recv(cx)));
        send.try_send(1).unwrap();
        assert_eq!(iter.next(), Some(1));
        let late = iter.next_timeout(A_WHILE).unwrap();
        assert!(late.unwrap_err().is_timeout());
        let mut iter = iter.timeout(A_WHILE);
        assert!(iter.next().unwrap().unwrap_err().is_timeout());
        send.try_send(2).unwrap();
        send.try_send(3).unwrap();
        // A prefetched item may take the loop a moment, in which the wait may time out again.
        let got: Vec<_> = iter.by_ref().filter_map(Result::ok).take(2).collect();
        assert_eq!(got, [2, 3]);
        drop(send);
        assert_eq!(iter.into_inner().next(), None);
    });
}

#[test]
fn a_stream_that_is_dropped_half_way_is_gone_before_its_iterator() {
    in_each_mode(|mode| {
        for taken in [0, 1, 5] {
            let dropped = Count::default();
            let items: Vec<u32> = (0..100).collect();
            for (n, stream) in both_ways(&items).into_iter().enumerate() {
                let kept = dropped.on_drop();
                let stream = stream.inspect(move |_| {
                    let _kept = &kept;
                });
                let mut iter = mode.of(stream);
                assert!(
                    iter.by_ref()
                        .take(taken)
                        .eq(0..u32::try_from(taken).unwrap())
                );
                if n % 2 == 0 {
                    drop(iter);
                } else {
                    iter.close().unwrap();
                }
                assert_eq!(dropped.get(), n + 1, "{taken} items taken");
            }
        }
    });
}

#[test]
fn a_stream_that_waits_for_ever_can_be_dropped() {
    in_each_mode(|mode| {
        let dropped = Count::default();
        let kept = dropped.on_drop();
        let stream = stream::pending::<u8>().inspect(move |_| {
            let _kept = &kept;
        });
        let mut iter = mode.of(stream);
        let late = iter.next_timeout(A_WHILE).unwrap();
        assert!(late.unwrap_err().is_timeout());
        drop(iter);
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn a_stream_that_ends_is_dropped_under_its_loop() {
    in_each_mode(|mode| {
        let (tell, told) = std_mpsc::channel();
        let kept = crate::support::OnDrop::new(move || {
            let under = tokio::runtime::Handle::try_current().map(|handle| handle.id());
            tell.send(under.ok()).unwrap();
        });
        let stream = stream::iter(0..3).inspect(move |_| {
            let _kept = &kept;
        });
        let home = koil::Handle::current().tokio().id();
        let iter = mode.of(stream);
        assert!(iter.eq(0..3));
        assert_eq!(told.try_recv().unwrap(), Some(home));
    });
}

#[test]
fn a_panic_comes_after_the_items_before_it_and_ends_the_iterator() {
    in_each_mode(|mode| {
        for good in [0, 1, 7] {
            let dropped = Count::default();
            let kept = dropped.on_drop();
            let stream = stream::iter(0..).map(move |n: u32| {
                let _kept = &kept;
                assert!(n < good, "item {n} is bad");
                n
            });
            let mut iter = mode.of(stream);
            let items: Vec<_> = (0..good).map(|_| iter.next().unwrap()).collect();
            assert!(items.into_iter().eq(0..good));
            let panicked = catch_unwind(AssertUnwindSafe(|| iter.next())).unwrap_err();
            let text = panicked.downcast_ref::<String>().unwrap();
            assert_eq!(*text, format!("item {good} is bad"));
            assert_eq!(iter.next(), None);
            assert_eq!(dropped.get(), 1);
        }
        // The loop has survived them.
        assert_eq!(unkoil(koil::unkoil_task(async { 1 })).unwrap(), 1);
    });
}

#[test]
fn size_hints_are_carried() {
    in_each_mode(|mode| {
        let mut iter = mode.of(stream::iter(0..20_usize));
        for left in (0..=20).rev() {
            assert_eq!(iter.size_hint(), (left, Some(left)), "{left} left");
            assert_eq!(iter.next(), 20_usize.checked_sub(left).filter(|_| left > 0));
        }
        let endless = mode.of(stream::repeat(1));
        assert_eq!(endless.size_hint(), (usize::MAX, None));
    });
}

#[test]
fn the_adapters_of_std_work() {
    in_each_mode(|mode| {
        let numbers = || mode.of(stream::iter(1..=100_u32));
        assert_eq!(numbers().sum::<u32>(), 5050);
        assert_eq!(numbers().rev_sorted().first(), Some(&100));
        assert_eq!(numbers().nth(41), Some(42));
        assert_eq!((numbers().count(), numbers().last()), (100, Some(100)));
        let mut peek = numbers().skip(2).step_by(3).peekable();
        assert_eq!(peek.peek(), Some(&3));
        assert_eq!((peek.next(), peek.next()), (Some(3), Some(6)));
        let zipped = numbers()
            .zip(numbers().skip(1))
            .take_while(|(one, _)| *one < 4);
        assert_eq!(zipped.collect::<Vec<_>>(), [(1, 2), (2, 3), (3, 4)]);
        let (even, odd): (Vec<_>, Vec<_>) = numbers().partition(|n| n % 2 == 0);
        assert_eq!((even.len(), odd.len()), (50, 50));
    });
}

trait RevSorted: Iterator<Item = u32> + Sized {
    fn rev_sorted(self) -> Vec<u32> {
        let mut all: Vec<_> = self.collect();
        all.sort_by(|one, other| other.cmp(one));
        all
    }
}
impl<I: Iterator<Item = u32>> RevSorted for I {}

#[test]
fn blocking_inside_a_poll_is_refused_also_where_items_are_in_stock() {
    in_each_mode(|mode| {
        let mut iter = mode.of(stream::iter(0..50));
        assert_eq!(iter.next(), Some(0));
        let refused = unkoil(async { iter.next_timeout(A_WHILE) });
        assert!(refused.unwrap().unwrap_err().would_deadlock());
        assert!(iter.eq(1..50), "and nothing is lost");
    });
}
