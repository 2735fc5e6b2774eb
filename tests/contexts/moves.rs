//! Iterators and tasks move between places half-way, there and back.

use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use koil::{Handle, koiled, unkoil_task};
use tokio::task::yield_now;

use crate::places::{self, Place, at, in_each};
use crate::support::a_loop;

#[track_caller]
fn in_every_place_that_waits(f: fn(&'static Place)) {
    in_each(places::that_wait(), f);
}

/// Each item with the loop under which it was made.
#[koiled]
fn numbers() -> impl Stream<Item = (u32, tokio::runtime::Id)> {
    stream::iter(1..)
        .then(|n| async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            yield_now().await;
            (n, tokio::runtime::Handle::current().id())
        })
        .boxed()
}

#[test]
fn an_iterator_moves_there_and_back() {
    in_every_place_that_waits(|place| {
        let koil = a_loop();
        let id = koil.handle().tokio().id();
        let mut iter = koil.handle().wrap(numbers_blocking)();
        assert_eq!(iter.next(), Some((1, id)));
        let mut iter = at(place, move || {
            assert_eq!(iter.next(), Some((2, id)));
            assert_eq!(iter.next(), Some((3, id)));
            iter
        });
        assert_eq!(iter.next(), Some((4, id)));
        // Another wait of the same stream, begun by the thread that has ended.
        let mut iter = at(place, move || {
            let _ = iter.next_timeout(Duration::ZERO);
            iter
        });
        assert!(matches!(iter.next(), Some((5 | 6, _))));
        at(place, move || drop(iter));
    });
}

#[test]
fn an_iterator_that_was_made_there_is_used_here() {
    in_every_place_that_waits(|place| {
        let koil = a_loop();
        let make = koil.handle().wrap(|| {
            let mut iter = numbers_blocking();
            (iter.next().map(|item| item.0), iter)
        });
        let (first, mut iter) = at(place, make);
        assert_eq!(first, Some(1));
        assert_eq!(iter.next(), Some((2, koil.handle().tokio().id())));
    });
}

#[test]
fn a_task_started_there_is_joined_here_and_the_other_way_round() {
    in_every_place_that_waits(|place| {
        let koil = a_loop();
        let nap = || async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Handle::current()
        };
        let there = at(place, koil.handle().wrap(move || unkoil_task(nap())));
        assert_eq!(there.result().unwrap(), koil.handle());
        let here = koil.handle().wrap(|| unkoil_task(nap()))();
        let answer = at(place, move || here.result());
        assert_eq!(answer.unwrap(), koil.handle());
    });
}
