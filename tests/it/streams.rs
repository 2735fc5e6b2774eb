//! Promise 9: streams as iterators, right at both ends, in time, and in silence.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use koil::{Iter, unkoil, unkoil_iter};
use tokio::sync::mpsc;

use crate::support::{Count, a_loop, on_a_loop, until, waiting, watched, with_a_loop};

const A_WHILE: Duration = Duration::from_millis(20);

/// Each item after a short wait on the loop's timer.
fn slowly<T>(items: Vec<T>) -> impl Stream<Item = T> {
    stream::iter(items).then(|item| async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        item
    })
}

#[test]
fn an_empty_stream_ends_at_once_and_stays_ended() {
    on_a_loop(|_| {
        let mut iter = unkoil_iter(stream::empty::<()>());
        assert_eq!(iter.size_hint(), (0, Some(0)));
        assert!([iter.next(), iter.next()].iter().all(Option::is_none));
    });
}

#[test]
fn one_item_comes_then_the_end() {
    on_a_loop(|_| {
        assert_eq!(
            unkoil_iter(slowly(vec!["only"])).collect::<Vec<_>>(),
            ["only"]
        );
    });
}

#[test]
fn an_error_as_the_first_item_is_an_item() {
    on_a_loop(|_| {
        let items: Vec<_> = unkoil_iter(slowly(vec![Err("broken"), Ok(1)])).collect();
        assert_eq!(items, [Err("broken"), Ok(1)]);
    });
}

#[test]
fn an_error_as_the_last_item_is_not_lost() {
    on_a_loop(|_| {
        let iter = unkoil_iter(slowly(vec![Ok(1), Ok(2), Err("cut off")]));
        assert_eq!(iter.collect::<Result<Vec<i32>, _>>(), Err("cut off"));
    });
}

#[test]
fn the_last_item_before_the_sender_goes_arrives() {
    on_a_loop(|_| {
        for _ in 0..100 {
            let (send, mut receive) = mpsc::channel(1);
            let sender =
                std::thread::spawn(move || (0..3).for_each(|n| send.blocking_send(n).unwrap()));
            let iter = unkoil_iter(stream::poll_fn(move |cx| receive.poll_recv(cx)));
            assert!(iter.eq(0..3));
            sender.join().unwrap();
        }
    });
}

#[test]
fn nothing_is_produced_before_it_is_asked_for() {
    on_a_loop(|_| {
        let made = Rc::new(Cell::new(0));
        let counted = made.clone();
        let mut iter = unkoil_iter(stream::repeat_with(move || counted.set(counted.get() + 1)));
        assert_eq!(made.get(), 0);
        iter.by_ref().take(3).for_each(drop);
        assert_eq!(made.get(), 3);
    });
}

#[test]
fn a_stream_that_goes_silent_times_out_and_may_be_asked_again() {
    on_a_loop(|_| {
        let (send, mut receive) = mpsc::channel(1);
        let mut iter = unkoil_iter(stream::poll_fn(move |cx| receive.poll_recv(cx)));
        send.try_send(1).unwrap();
        assert_eq!(iter.next(), Some(1));
        assert!(
            iter.next_timeout(A_WHILE)
                .unwrap()
                .unwrap_err()
                .is_timeout()
        );
        assert!(
            iter.next_timeout(Duration::ZERO)
                .unwrap()
                .unwrap_err()
                .is_timeout()
        );
        send.try_send(2).unwrap();
        assert_eq!(iter.next_timeout(Duration::ZERO).unwrap().unwrap(), 2);
        drop(send);
        assert!(iter.next_timeout(Duration::ZERO).is_none());
    });
}

#[test]
fn a_bounded_iterator_gives_errors_until_its_item_comes_and_ends_with_its_stream() {
    on_a_loop(|_| {
        let (send, mut receive) = mpsc::channel(1);
        let mut iter =
            unkoil_iter(stream::poll_fn(move |cx| receive.poll_recv(cx))).timeout(A_WHILE);
        assert!(iter.next().unwrap().unwrap_err().is_timeout());
        send.try_send(1).unwrap();
        assert_eq!(iter.next().unwrap().unwrap(), 1);
        let mut iter = iter.into_inner();
        drop(send);
        assert_eq!(iter.next(), None);
    });
}

#[test]
fn a_stream_runs_under_the_loop_that_was_ambient_when_it_was_made() {
    watched(|| {
        let (first, second) = (a_loop(), a_loop());
        let mut iter = {
            let _entered = first.enter();
            unkoil_iter(stream::repeat_with(|| {
                tokio::runtime::Handle::current().id()
            }))
        };
        let _entered = second.enter();
        assert_eq!(iter.next(), Some(first.handle().tokio().id()));
        assert_eq!(
            unkoil(async { tokio::runtime::Handle::current().id() }),
            second.handle().tokio().id()
        );
    });
}

#[test]
fn an_iterator_moves_between_threads_from_item_to_item() {
    with_a_loop(|koil| {
        let mut iter = {
            let _entered = koil.enter();
            unkoil_iter(slowly((0..8).collect()).boxed())
        };
        for expected in 0..8 {
            let asked = std::thread::spawn(move || (iter.next(), iter));
            let (item, back) = asked.join().unwrap();
            assert_eq!(item, Some(expected));
            iter = back;
        }
    });
}

#[test]
fn a_stream_may_be_taken_out_until_it_has_been_polled() {
    on_a_loop(|_| {
        let stream = unkoil_iter(stream::iter([1, 2])).into_inner().unwrap();
        let mut iter = unkoil_iter(stream);
        assert_eq!(iter.next(), Some(1));
        let mut iter = iter.into_inner().unwrap_err();
        assert_eq!(iter.next(), Some(2));
    });
}

#[test]
fn a_mock_made_of_a_plain_iterator_is_an_iter() {
    on_a_loop(|_| {
        let mock = Iter::from_iter(vec![1, 2, 3]);
        assert_eq!(mock.size_hint(), (3, Some(3)));
        assert_eq!(mock.collect::<Vec<_>>(), [1, 2, 3]);
    });
}

#[test]
fn an_iterator_that_ended_says_so_also_after_its_loop_has_stopped() {
    with_a_loop(|koil| {
        let mut iter = {
            let _entered = koil.enter();
            unkoil_iter(stream::iter([1]))
        };
        assert_eq!((iter.next(), iter.next()), (Some(1), None));
        drop(koil);
        assert_eq!(iter.next(), None, "fused: once ended, always ended");
    });
}

#[test]
fn an_iterator_whose_loop_has_stopped_says_so_once_and_ends() {
    with_a_loop(|koil| {
        let dropped = Count::default();
        let kept = dropped.on_drop();
        let mut iter = {
            let _entered = koil.enter();
            unkoil_iter(stream::repeat_with(move || {
                let _kept = &kept;
            }))
            .timeout(A_WHILE)
        };
        iter.next().unwrap().unwrap();
        drop(koil);
        assert!(iter.next().unwrap().unwrap_err().is_shutdown());
        assert_eq!(dropped.get(), 1, "the end of an iterator drops its stream");
        assert!(
            iter.next().is_none(),
            "a loop over bounded items comes to an end"
        );
    });
}

#[test]
fn an_iterator_that_waits_when_its_loop_stops_ends_with_an_error() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let items = std::thread::spawn(handle.wrap(|| {
            let iter = unkoil_iter(stream::pending::<()>());
            iter.timeout(crate::support::FOR_EVER)
                .map(|item| item.unwrap_err())
                .collect::<Vec<_>>()
        }));
        until(|| waiting(&handle) == 1);
        assert_eq!(koil.shutdown().released(), 1);
        let errors = items.join().unwrap();
        assert!(errors.len() == 1 && errors[0].is_shutdown(), "{errors:?}");
    });
}
