//! Async twins that open and yield: iterators that stay on their thread, early stops, panics.

// Some originals return a `Result` or `Option` for the shape of their twin alone.
#![allow(clippy::unnecessary_wraps)]

use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::process::Command;
use std::rc::Rc;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use futures::StreamExt;
use koil::{ThreadedCall, ThreadedIter, threaded, threaded_iterable};

use crate::support::{Count, OnDrop, alone_with, until, watched};

fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    let mut cx = Context::from_waker(Waker::noop());
    Pin::new(future).poll(&mut cx)
}

#[test]
fn a_panic_goes_on_where_it_is_awaited() {
    #[threaded]
    fn breaks(what: &str) -> u8 {
        panic::panic_any(what.to_owned())
    }

    #[threaded_iterable]
    fn breaks_later(text: &str) -> impl Iterator<Item = char> {
        text.chars()
            .map(|c| if c == '!' { breaks("later").into() } else { c })
    }

    #[threaded_iterable]
    fn breaks_open(text: &str) -> Result<std::ops::Range<u8>, ()> {
        Ok(0..breaks(text))
    }

    #[threaded_iterable]
    fn breaks_opened(text: &str) -> Option<impl Iterator<Item = char>> {
        Some(
            text.chars()
                .map(|c| if c == '!' { breaks("opened").into() } else { c }),
        )
    }

    fn panic_of<T>(future: impl Future<Output = T>) -> String {
        let run = AssertUnwindSafe(|| koil::unkoil(future));
        let payload = panic::catch_unwind(run).err().expect("a panic");
        *payload.downcast::<String>().expect("its own payload")
    }

    watched(|| {
        assert_eq!(panic_of(breaks_async("at once")), "at once");
        assert_eq!(panic_of(breaks_open_async("opening")), "opening");
        let mut stream = breaks_later_async("ab!");
        assert_eq!(
            koil::unkoil(stream.by_ref().take(2).collect::<String>()),
            "ab"
        );
        assert_eq!(panic_of(stream.next()), "later");
        let mut stream = koil::unkoil(breaks_opened_async("a!")).unwrap();
        assert_eq!(koil::unkoil(stream.next()), Some('a'));
        assert_eq!(panic_of(stream.next()), "opened");
        assert_eq!(koil::unkoil(stream.next()), None);
    });
}

/// An iterator that can neither go to another thread nor outlive its argument.
#[threaded_iterable(capacity = 1)]
fn local(gone: &Gone, upto: u32) -> Result<impl Iterator<Item = u32> + '_, String> {
    if upto == 0 {
        return Err("nothing there".to_owned());
    }
    let here = Rc::new(thread::current().id());
    Ok((0..upto).inspect(move |_| {
        assert_eq!(*here, thread::current().id());
        gone.asked.add();
    }))
}

#[derive(Clone)]
struct Gone {
    asked: Count,
    _dropped: Arc<OnDrop<Box<dyn FnOnce() + Send + Sync>>>,
}

impl Gone {
    fn new() -> (Gone, Count, Count) {
        let (asked, dropped) = (Count::default(), Count::default());
        let counted = dropped.clone();
        let gone = Gone {
            asked: asked.clone(),
            _dropped: Arc::new(OnDrop::new(Box::new(move || counted.add()))),
        };
        (gone, asked, dropped)
    }
}

#[test]
fn an_opened_iterator_stays_on_its_thread_and_is_dropped_there() {
    watched(|| {
        let (gone, _, dropped) = Gone::new();
        let call: ThreadedCall<Result<ThreadedIter<u32>, String>> = local_async(&gone, 5);
        drop(gone);
        let stream = koil::unkoil(call).unwrap();
        assert_eq!(koil::unkoil(stream.collect::<Vec<_>>()), [0, 1, 2, 3, 4]);
        until(|| dropped.get() == 1);

        let (gone, asked, dropped) = Gone::new();
        assert_eq!(
            koil::unkoil(local_async(&gone, 0)).unwrap_err(),
            "nothing there"
        );
        drop(gone);
        until(|| dropped.get() == 1);
        assert_eq!(asked.get(), 0);
    });
}

#[test]
fn an_opened_stream_that_is_closed_or_dropped_stops_its_producer() {
    watched(|| {
        let (gone, asked, dropped) = Gone::new();
        koil::unkoil(async {
            let call = local_async(&gone, u32::MAX);
            drop(gone);
            let mut stream = call.await.unwrap();
            assert_eq!(stream.next().await, Some(0));
            assert_eq!(stream.close().await, None);
            assert_eq!(dropped.get(), 1, "close waits for it");
            assert!(asked.get() <= 3);
        });

        let (gone, _, dropped) = Gone::new();
        let stream = koil::unkoil(local_async(&gone, u32::MAX)).unwrap();
        drop((stream, gone));
        until(|| dropped.get() == 1);
    });
}

#[test]
fn a_call_that_opens_is_cancelled_like_any_other() {
    /// Says that it has begun, then whether its sleep was cut short.
    #[threaded_iterable]
    fn slow_to_open(says: mpsc::Sender<bool>) -> Option<std::iter::Empty<u8>> {
        says.send(true).unwrap();
        let woken = koil::sleep(Duration::from_secs(3600));
        says.send(woken.is_err()).unwrap();
        Some(std::iter::empty())
    }

    watched(|| {
        let (says, said) = mpsc::channel();
        let mut call = slow_to_open_async(says.clone());
        assert!(poll_once(&mut call).is_pending());
        assert!(said.recv().unwrap());
        assert!(koil::unkoil(call.cancel()), "a sleep ends at once");
        assert!(said.recv().unwrap());

        let mut call = slow_to_open_async(says);
        assert!(poll_once(&mut call).is_pending());
        assert!(said.recv().unwrap());
        drop(call);
        assert!(said.recv().unwrap());

        let call = slow_to_open_async(mpsc::channel().0);
        assert!(koil::unkoil(call.cancel()), "it never began");
    });
}

#[test]
fn the_environment_says_how_far_ahead() {
    #[threaded_iterable]
    fn endless(asked: Count) -> impl Iterator<Item = u32> {
        (0..).inspect(move |_| asked.add())
    }

    let setup = |command: &mut Command| {
        command.env("KOIL_THREADED_ITERABLE_CAPACITY", "3");
    };
    alone_with(setup, || {
        watched(|| {
            let asked = Count::default();
            let mut stream = endless_async(asked.clone());
            assert_eq!(koil::unkoil(stream.next()), Some(0));
            // Three ahead, one in hand.
            until(|| asked.get() >= 4);
            koil::unkoil(stream.close());
            assert!(asked.get() <= 5, "{}", asked.get());
        });
    });
}
