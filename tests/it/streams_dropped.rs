//! Promise 10: when an iterator is gone, its stream is gone, dropped under its loop.

use std::sync::mpsc;
use std::thread;

use futures::stream::{self, Stream, StreamExt};
use koil::{unkoil, unkoil_iter};

use crate::support::{Count, OnDrop, on_a_loop, with_a_loop};

/// Endless numbers, with a guard that reports where it is dropped.
fn numbers<F: FnOnce()>(on_drop: F) -> impl Stream<Item = u32> + use<F> {
    let kept = OnDrop::new(on_drop);
    let mut next = 0;
    stream::repeat_with(move || {
        let _kept = &kept;
        next += 1;
        next
    })
}

#[test]
fn dropping_an_iterator_half_way_has_dropped_its_stream() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let count = dropped.clone();
        for item in unkoil_iter(numbers(move || count.add())) {
            if item == 3 {
                break;
            }
            assert_eq!(dropped.get(), 0);
        }
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn dropping_an_iterator_that_nobody_asked_has_dropped_its_stream() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let count = dropped.clone();
        drop(unkoil_iter(numbers(move || count.add())));
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn the_last_item_drops_the_stream_before_the_iterator_goes() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let count = dropped.clone();
        let mut iter = unkoil_iter(numbers(move || count.add()).take(1).boxed());
        assert_eq!((iter.next(), dropped.get()), (Some(1), 0));
        assert_eq!((iter.next(), dropped.get()), (None, 1));
    });
}

#[test]
fn a_stream_may_spawn_its_cleanup_when_it_is_dropped() {
    with_a_loop(|koil| {
        let (send, cleaned) = mpsc::channel();
        let mut iter = {
            let _entered = koil.enter();
            unkoil_iter(numbers(move || {
                tokio::spawn(async move {
                    tokio::task::yield_now().await;
                    send.send(tokio::runtime::Handle::current().id()).unwrap();
                });
            }))
        };
        assert_eq!(iter.next(), Some(1));
        // On a thread that knows nothing of the loop: the iterator remembers it.
        drop(iter);
        assert_eq!(cleaned.recv(), Ok(koil.handle().tokio().id()));
    });
}

#[test]
fn a_streams_drop_may_block_on_a_plain_thread() {
    on_a_loop(|_| {
        let mut cleaned = false;
        let mut iter = unkoil_iter(numbers(|| {
            unkoil(async { tokio::time::sleep(std::time::Duration::from_millis(1)).await });
            cleaned = true;
        }));
        assert_eq!(iter.next(), Some(1));
        drop(iter);
        assert!(cleaned);
    });
}

#[test]
fn close_drops_the_stream_and_is_content() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let count = dropped.clone();
        let mut iter = unkoil_iter(numbers(move || count.add()));
        assert_eq!(iter.next(), Some(1));
        iter.close().unwrap();
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn close_reports_that_the_loop_was_gone_and_drops_the_stream_all_the_same() {
    with_a_loop(|koil| {
        let dropped = Count::default();
        let count = dropped.clone();
        let iter = {
            let _entered = koil.enter();
            unkoil_iter(numbers(move || count.add()))
        };
        drop(koil);
        let error = iter.close().unwrap_err();
        assert!(error.is_shutdown() && error.call_site().file() == file!());
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn close_hands_on_the_panic_of_the_streams_drop() {
    on_a_loop(|_| {
        let iter = unkoil_iter(numbers(|| panic!("cannot clean up")));
        let closed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| iter.close()));
        assert_eq!(closed.unwrap_err().downcast_ref(), Some(&"cannot clean up"));
    });
}

#[test]
fn an_iterator_dropped_after_its_loop_drops_its_stream_plainly() {
    with_a_loop(|koil| {
        let dropped = Count::default();
        let count = dropped.clone();
        let mut iter = {
            let _entered = koil.enter();
            unkoil_iter(numbers(move || count.add()))
        };
        assert_eq!(iter.next(), Some(1));
        drop(koil);
        drop(iter);
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn an_iterator_dropped_while_its_thread_unwinds_drops_its_stream() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let dropped = Count::default();
        let count = dropped.clone();
        let unwound = thread::spawn(handle.wrap(move || {
            let mut iter = unkoil_iter(numbers(move || count.add()));
            assert_eq!(iter.next(), Some(2), "this unwinds");
        }));
        assert!(unwound.join().is_err());
        assert_eq!(dropped.get(), 1);
    });
}
