//! Prefetched streams in bad moments: stopped loops, polls that take long, other kinds of threads.

use std::sync::mpsc as std_mpsc;
use std::thread;
use std::time::Duration;

use futures::stream::{self, StreamExt};
use koil::{Koil, context_var, unkoil_iter};

use crate::support::{Count, FOR_EVER, on_a_loop, shut_down, until, waiting, watched, with_a_loop};

context_var! {
    static NAME: &'static str = "nobody";
}

#[test]
fn what_was_produced_before_a_stop_still_comes_then_the_error_then_the_end() {
    with_a_loop(|koil| {
        let made = Count::default();
        let counted = made.clone();
        let dropped = Count::default();
        let kept = dropped.on_drop();
        let mut iter = {
            let _entered = koil.enter();
            let stream = stream::repeat_with(move || {
                let _kept = &kept;
                counted.add();
                counted.get()
            });
            unkoil_iter(stream).prefetch(5)
        };
        until(|| made.get() == 5);
        drop(koil);
        assert_eq!(
            dropped.get(),
            1,
            "the loop has dropped the stream before it went"
        );
        for expected in 1..=5 {
            assert_eq!(iter.next_timeout(FOR_EVER).unwrap().unwrap(), expected);
        }
        shut_down(iter.next_timeout(FOR_EVER).unwrap());
        assert!(iter.next().is_none());
    });
}

#[test]
fn a_stop_releases_who_waits_for_a_prefetched_item() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let waiter = thread::spawn(handle.wrap(|| {
            let mut iter = unkoil_iter(stream::pending::<u8>()).prefetch(3);
            let error = shut_down(iter.next_timeout(FOR_EVER).unwrap());
            (error.to_string(), iter.next())
        }));
        until(|| waiting(&handle) == 1);
        drop(koil);
        let (text, end) = waiter.join().unwrap();
        assert!(text.contains(file!()) && end.is_none(), "{text}");
    });
}

#[test]
fn prefetching_on_a_stopped_loop_gives_the_error() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        drop(koil);
        let _entered = handle.enter();
        let mut iter = unkoil_iter(stream::iter(0..3)).prefetch(2);
        shut_down(iter.next_timeout(FOR_EVER).unwrap());
        assert!(iter.next().is_none());
        shut_down(unkoil_iter(stream::iter(0..3)).prefetch(2).close());
    });
}

/// A stream whose poll takes until a message comes, and the sender of that message.
fn stuck() -> (
    stream::BoxStream<'static, u8>,
    std_mpsc::Receiver<()>,
    std_mpsc::Sender<()>,
    Count,
) {
    let (begun, has_begun) = std_mpsc::channel();
    let (go_on, may_go_on) = std_mpsc::channel::<()>();
    let dropped = Count::default();
    let kept = dropped.on_drop();
    let stream = stream::repeat_with(move || {
        let _kept = &kept;
        begun.send(()).unwrap();
        // An error if the test has ended already.
        let _ = may_go_on.recv();
        1
    });
    (stream.boxed(), has_begun, go_on, dropped)
}

#[test]
fn dropping_waits_for_the_poll_that_is_going_on() {
    on_a_loop(|_| {
        let (stream, has_begun, go_on, dropped) = stuck();
        let iter = unkoil_iter(stream).prefetch(3);
        has_begun.recv().unwrap();
        let closer = thread::spawn(move || {
            drop(iter);
            dropped.get()
        });
        go_on.send(()).unwrap();
        // Another poll may have begun before the closer came.
        drop(go_on);
        assert_eq!(closer.join().unwrap(), 1);
    });
}

#[test]
fn a_poll_that_takes_too_long_is_left_behind_and_its_stream_dropped_later() {
    watched(|| {
        let koil = Koil::builder()
            .cancel_grace(Duration::from_millis(5))
            .build()
            .unwrap();
        let _entered = koil.enter();
        let (stream, has_begun, go_on, dropped) = stuck();
        let iter = unkoil_iter(stream).prefetch(3);
        has_begun.recv().unwrap();
        let error = iter.close().unwrap_err();
        assert!(error.is_timeout() && dropped.get() == 0, "{error}");
        drop(go_on);
        until(|| dropped.get() == 1);
    });
}

#[test]
fn a_panic_that_nobody_asked_for_comes_from_close() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let kept = dropped.on_drop();
        let stream = stream::repeat_with(move || {
            let _kept = &kept;
            assert!(dropped_never(), "nobody is looking");
        });
        let iter = unkoil_iter(stream).prefetch(3);
        until(|| dropped.get() == 1);
        // The stream is gone; the payload of its panic is there a moment later.
        let closed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| iter.close()));
        let text = closed.unwrap_err();
        assert_eq!(text.downcast_ref::<&str>(), Some(&"nobody is looking"));
    });
}

fn dropped_never() -> bool {
    std::hint::black_box(false)
}

#[test]
fn a_panic_in_the_drop_of_a_stream_is_not_lost_either() {
    on_a_loop(|_| {
        let kept = crate::support::OnDrop::new(|| panic!("in a drop"));
        let stream = stream::iter(0..2).inspect(move |_| {
            let _kept = &kept;
        });
        let mut iter = unkoil_iter(stream).prefetch(8);
        assert_eq!((iter.next(), iter.next()), (Some(0), Some(1)));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| iter.next()));
        let text = panicked.unwrap_err();
        assert_eq!(text.downcast_ref::<&str>(), Some(&"in a drop"));
        assert_eq!(iter.next(), None);
    });
}

#[test]
fn a_prefetched_stream_has_a_copy_of_the_context_it_was_begun_in() {
    on_a_loop(|_| {
        NAME.set("begun");
        let (tell, told) = std_mpsc::channel();
        let at_drop = crate::support::OnDrop::new(move || tell.send(NAME.get()).unwrap());
        let stream = stream::repeat_with(move || {
            let _kept = &at_drop;
            let seen = NAME.get();
            NAME.set("the stream's own");
            seen
        });
        let mut iter = unkoil_iter(stream).prefetch(2);
        NAME.set("later");
        assert_eq!(iter.next(), Some("begun"));
        assert_eq!(iter.next(), Some("the stream's own"));
        assert_eq!(NAME.get(), "later");
        drop(iter);
        assert_eq!(told.try_recv().unwrap(), "the stream's own");
        assert_eq!(NAME.get(), "later");
    });
}

#[test]
fn prefetched_items_can_be_waited_for_beside_a_foreign_scheduler() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let items = runtime.block_on(async {
            tokio::task::LocalSet::new()
                .run_until(async {
                    let _entered = handle.enter();
                    let slowly = stream::iter(0..20).then(|n| async move {
                        tokio::time::sleep(Duration::from_micros(100)).await;
                        n
                    });
                    unkoil_iter(slowly).prefetch(3).collect::<Vec<_>>()
                })
                .await
        });
        assert!(items.into_iter().eq(0..20));
    });
}

#[test]
fn a_loop_goes_on_with_its_other_tasks_beside_a_stream_that_is_always_ready() {
    on_a_loop(|koil| {
        let busy = thread::spawn(koil.handle().wrap(|| {
            let iter = unkoil_iter(stream::repeat(1_u64)).prefetch(1 << 20);
            iter.take(1 << 20).sum::<u64>()
        }));
        for _ in 0..20 {
            koil::unkoil(async { tokio::time::sleep(Duration::from_micros(100)).await });
        }
        assert_eq!(busy.join().unwrap(), 1 << 20);
    });
}

#[test]
#[should_panic(expected = "room for 1 item at least")]
fn prefetching_nothing_is_a_mistake() {
    let _iter = unkoil_iter(stream::iter([1])).prefetch(0);
}
