//! Producers that push: what `push` returns, how they end, which jobs they hold up.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use futures::{StreamExt, TryStreamExt};
use koil::__private::{Place, YieldEnd, feed, threaded_yield};
use koil::{Closed, Koil, ThreadedIter, Yielder, iterate_threaded, unkoil};

use crate::support::{Count, FOR_EVER, OnDrop, on_a_loop, until, watched};

/// A stream of the items that `run` pushes, as `#[threaded_iterable]` makes it.
#[track_caller]
fn produced<R: YieldEnd<usize>>(
    capacity: usize,
    run: impl FnOnce(&mut Yielder<usize>) -> R + Send + 'static,
) -> ThreadedIter<R::Item> {
    let names = "numbers_async\nnumbers";
    threaded_yield(names, Place::Pool, Some(capacity), run)
}

/// How many calls wait for the loop with this name now.
fn waiting_for(name: &str) -> usize {
    let blocked = koil::blocked();
    blocked
        .iter()
        .filter(|call| call.loop_name() == name)
        .count()
}

#[test]
fn a_producer_that_pushes_is_one_item_further() {
    watched(|| {
        let koil = Koil::builder().thread_name("further").build().unwrap();
        let _entered = koil.enter();
        let made = Count::default();
        let count = made.clone();
        let mut items = produced(8, move |out| {
            for n in 0.. {
                count.add();
                if out.push(n).is_err() {
                    return;
                }
            }
        });
        assert_eq!(unkoil(items.next()), Some(0));
        until(|| waiting_for("further") == 1);
        // Eight ahead and one in the hand; with the first one, if that was taken in time.
        let waits_at = made.get();
        assert!((9..=10).contains(&waits_at), "{waits_at}");
        // Half of the buffer is not free yet, so it still waits.
        assert_eq!((unkoil(items.next()), made.get()), (Some(1), waits_at));
        unkoil(items.close());
    });
}

#[test]
fn a_producer_that_waits_is_told_of_the_end() {
    watched(|| {
        let koil = Koil::builder().thread_name("told").build().unwrap();
        let _entered = koil.enter();
        let (send, told) = mpsc::channel();
        let mut items = produced(1, move |out| {
            let end = (0..).find_map(|n| out.push(n).err());
            // A second push gets the same answer.
            send.send((end, out.push(0))).unwrap();
        });
        assert_eq!(unkoil(items.next()), Some(0));
        until(|| waiting_for("told") == 1);
        drop(items);
        assert_eq!(told.recv().unwrap(), (Some(Closed), Err(Closed)));
    });
}

#[test]
fn an_error_is_the_last_item() {
    on_a_loop(|_| {
        for count in [0, 1, 5] {
            let items = produced(2, move |out| {
                feed(out, 0..count);
                Err("the end of the paper")
            });
            let items: Vec<_> = unkoil(items.collect());
            let expected = (0..count).map(Ok).chain([Err("the end of the paper")]);
            assert!(items.into_iter().eq(expected));
        }
        let fine = produced(2, |out| {
            feed(out, 0..3);
            Ok::<(), &str>(())
        });
        assert_eq!(unkoil(fine.try_collect::<Vec<_>>()), Ok(vec![0, 1, 2]));
    });
}

#[test]
fn close_tells_what_the_clean_up_came_to() {
    on_a_loop(|_| {
        let mut items = produced(1, |out| {
            feed(out, 0..);
            Err("not flushed")
        });
        assert_eq!(unkoil(items.next()), Some(Ok(0)));
        assert_eq!(unkoil(items.close()), Some(Err("not flushed")));

        let mut items = iterate_threaded(1, || {
            let guard = OnDrop::new(|| panic!("not flushed either"));
            (0..).inspect(move |_| {
                let _ = &guard;
            })
        });
        assert_eq!(unkoil(items.next()), Some(0));
        let panic = catch_unwind(AssertUnwindSafe(|| unkoil(items.close()))).unwrap_err();
        assert_eq!(*panic.downcast::<&str>().unwrap(), "not flushed either");
    });
}

#[test]
fn a_producer_that_is_far_ahead_takes_no_place_from_others() {
    watched(|| {
        let koil = Koil::builder()
            .max_blocking_threads(1)
            .thread_name("places")
            .build()
            .unwrap();
        let _entered = koil.enter();
        let mut streams: Vec<_> = (0..10).map(|_| iterate_threaded(1, || 0..100)).collect();
        let mut pushed = produced(1, |out| feed(out, 0..100));
        for items in &mut streams {
            assert_eq!(unkoil(items.next()), Some(0));
        }
        assert_eq!(unkoil(pushed.next()), Some(0));
        until(|| waiting_for("places") == 1);
        // Eleven producers are under way, and the one place is free.
        assert_eq!(unkoil(koil::run_threaded(|| 42)), 42);
        for items in streams {
            assert!(unkoil(items.collect::<Vec<_>>()).into_iter().eq(1..100));
        }
        assert!(unkoil(pushed.collect::<Vec<_>>()).into_iter().eq(1..100));
    });
}

#[test]
fn a_producer_in_a_sleep_stops_at_once() {
    on_a_loop(|_| {
        let (send, slept) = mpsc::channel();
        let mut items = produced(4, move |out| {
            out.push(1).unwrap();
            send.send(koil::sleep(FOR_EVER)).unwrap();
        });
        assert_eq!(unkoil(items.next()), Some(1));
        unkoil(items.close());
        assert!(slept.recv().unwrap().unwrap_err().is_cancelled());
    });
}
