//! Calls and streams of `#[threaded]` traits that are async by nature: no worker, no loop, no job.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::thread;

use futures::executor::block_on;
use futures::stream::{self, Stream, StreamExt};
use futures::{future, poll};
use koil::{ThreadedCall, ThreadedIter, context_var, forbid_global, threaded, unkoil};

use crate::support::{Count, alone, on_a_loop, watched};

#[threaded]
trait Bus: Send + Sync + 'static {
    fn read(&self, at: u8) -> u8;
}

/// Async by nature.
struct Dma;

impl AsyncBus for Dma {
    fn read(&self, at: u8) -> ThreadedCall<u8> {
        ThreadedCall::from_future(async move {
            tokio::task::yield_now().await;
            at + 1
        })
    }
}

/// A mock.
struct Always(u8);

impl AsyncBus for Always {
    fn read(&self, _: u8) -> ThreadedCall<u8> {
        ThreadedCall::ready(self.0)
    }
}

#[test]
fn a_type_that_is_async_by_nature_implements_the_async_trait_without_a_loop() {
    alone(|| {
        forbid_global();
        let buses: [Box<dyn AsyncBus>; 2] = [Box::new(Dma), Box::new(Always(7))];
        let read = future::join_all(buses.iter().map(|bus| bus.read(1)));
        assert_eq!(block_on(read), [2, 7]);
        let items = ThreadedIter::from_stream(stream::iter(1..=3));
        assert_eq!(block_on(items.collect::<Vec<_>>()), [1, 2, 3]);
        assert!(!koil::is_running());
    });
}

#[test]
fn a_blocking_caller_awaits_it_as_any_call() {
    on_a_loop(|_| {
        assert_eq!(unkoil(Dma.read(1)), 2);
        assert_eq!(unkoil(Always(7).read(1).fallible()).unwrap(), 7);
    });
}

#[test]
fn it_is_polled_and_dropped_on_the_thread_of_its_owner() {
    watched(|| {
        let here = thread::current().id();
        let dropped = Count::default();
        let waits = |held| {
            ThreadedCall::from_future(async move {
                assert_eq!(thread::current().id(), here);
                let _held = held;
                pending::<()>().await;
            })
        };
        block_on(async {
            let mut call = waits(dropped.on_drop());
            assert!(poll!(&mut call).is_pending());
            drop(call);
            assert_eq!(dropped.get(), 1);

            let mut call = waits(dropped.on_drop());
            assert!(poll!(&mut call).is_pending());
            assert!(call.cancel().await, "nothing of it runs any more");
            assert_eq!(dropped.get(), 2);
        });
    });
}

#[test]
fn a_panic_comes_out_at_the_await_and_is_the_end() {
    watched(|| {
        let mut call = ThreadedCall::<()>::from_future(async { panic!("in the future") });
        let payload = catch_unwind(AssertUnwindSafe(|| block_on(&mut call))).unwrap_err();
        assert_eq!(*payload.downcast_ref::<&str>().unwrap(), "in the future");
        let payload = catch_unwind(AssertUnwindSafe(|| block_on(call))).unwrap_err();
        let text = payload.downcast_ref::<&str>().unwrap();
        assert!(text.contains("after it was ready"), "{text}");

        let bad = stream::iter([1, 2]).map(|item| match item {
            1 => 1,
            _ => panic!("in the stream"),
        });
        let mut items = ThreadedIter::from_stream(bad);
        assert_eq!(block_on(items.next()), Some(1));
        assert!(catch_unwind(AssertUnwindSafe(|| block_on(items.next()))).is_err());
        assert_eq!(block_on(items.next()), None);
    });
}

context_var! { static SEEN: u32 = 0 }

#[test]
fn it_sees_the_context_of_the_task_that_awaits_it() {
    on_a_loop(|_| {
        unkoil(async {
            let call = ThreadedCall::from_future(async { SEEN.set(SEEN.get() + 1) });
            SEEN.set(1);
            call.await;
            assert_eq!(SEEN.get(), 2);
        });
    });
}

#[test]
fn a_stream_is_dropped_with_its_owner_and_not_polled_after_its_end() {
    watched(|| {
        let witness = Arc::new(());
        let held = witness.clone();
        let endless = stream::repeat(1).map(move |item| (item, held.clone()).0);
        let mut items = ThreadedIter::from_stream(endless);
        assert_eq!(items.size_hint(), (usize::MAX, None));
        block_on(async {
            assert_eq!(items.next().await, Some(1));
            assert_eq!(items.close().await, None);
        });
        assert_eq!(Arc::strong_count(&witness), 1);

        let mut polls = 0;
        let once = stream::poll_fn(move |_| {
            polls += 1;
            assert_eq!(polls, 1, "polled after its end");
            Poll::Ready(None::<u8>)
        });
        let mut items = ThreadedIter::from_stream(once);
        assert_eq!(block_on(items.next()), None);
        assert_eq!(block_on(items.next()), None);
        assert_eq!(items.size_hint(), (0, Some(0)));
    });
}
