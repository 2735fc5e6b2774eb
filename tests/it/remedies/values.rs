//! Values and options that are wrong, and the ones to take instead.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use futures::{Stream, StreamExt, stream};
use koil::{AsyncContext, AsyncEntered, ContextFn, context_fn, koiled, unkoil, unkoil_iter};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::support::{alone_with, assert_told, on_a_loop, watched};

/// The text of the panic of `f`.
fn panic_of<T>(f: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).err().expect("a panic");
    payload.downcast_ref::<String>().map_or_else(
        || (*payload.downcast_ref::<&str>().expect("a text")).to_owned(),
        String::clone,
    )
}

#[test]
fn a_prefetch_of_nothing_is_left_out() {
    on_a_loop(|_| {
        let text = panic_of(|| unkoil_iter(stream::iter([1])).prefetch(0));
        assert_told(
            &text,
            "`prefetch` needs room for 1 item at least",
            &["leave it out to fetch nothing"],
        );
        assert_eq!(unkoil_iter(stream::iter([1])).count(), 1);
        assert_eq!(unkoil_iter(stream::iter([1])).prefetch(1).count(), 1);
    });
}

#[test]
fn for_another_enter_another_context_fn_is_made() {
    fn room() -> ContextFn<u8, io::Error> {
        context_fn(|| async { Ok(7) }, |_, _| async { Ok(()) })
    }
    on_a_loop(|_| {
        let mut once = room();
        let text = panic_of(|| {
            unkoil(async {
                once.aenter().await.unwrap();
                once.aenter().await.unwrap();
            });
        });
        assert_told(
            &text,
            "a `context_fn` can be entered once",
            &["make another"],
        );
        for _ in 0..2 {
            let guard = unkoil(AsyncEntered::enter(room())).unwrap();
            assert_eq!(**guard, 7);
            unkoil(guard.close()).unwrap();
        }
    });
}

/// Reads in the polls of the stream.
#[koiled]
fn bytes(#[koil(std)] from: impl AsyncRead + Unpin) -> impl Stream<Item = io::Result<u8>> + Unpin {
    let all = stream::unfold(from, |mut from| async move {
        match from.read_u8().await {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
            byte => Some((byte, from)),
        }
    });
    Box::pin(all)
}

/// Writes in the polls of the stream.
#[koiled]
fn numbers(
    #[koil(std)] into: impl AsyncWrite + Unpin,
) -> impl Stream<Item = io::Result<u8>> + Unpin {
    let all = stream::unfold((0, into), |(number, mut into)| async move {
        let written = into.write_all(&[number]).await;
        (number < 2).then(|| (written.map(|()| number), (number + 1, into)))
    });
    Box::pin(all)
}

#[test]
fn a_reader_of_std_is_read_by_its_call_or_by_a_worker() {
    on_a_loop(|_| {
        let text = told(bytes_blocking(&b"ab"[..]).prefetch(1).next());
        assert_told(
            &text,
            "was given a reader or writer of std, which only the thread of that call may use",
            &[
                "let nothing read ahead (`prefetch`)",
                "or pass `koil::read_threaded(..)`",
                "to the async original",
            ],
        );
        let read: io::Result<Vec<u8>> = bytes_blocking(&b"ab"[..]).collect();
        assert_eq!(read.unwrap(), b"ab");
        let original = bytes(koil::read_threaded(&b"ab"[..]));
        let read: io::Result<Vec<u8>> = unkoil_iter(original).prefetch(1).collect();
        assert_eq!(read.unwrap(), b"ab");
    });
}

#[test]
fn a_writer_of_std_is_written_by_its_call_or_by_a_worker() {
    on_a_loop(|_| {
        let text = told(numbers_blocking(Vec::new()).prefetch(1).next());
        assert_told(
            &text,
            "was given a reader or writer of std, which only the thread of that call may use",
            &[
                "let nothing read ahead (`prefetch`)",
                "`koil::write_threaded(..)` to the async original",
            ],
        );
        let mut file = Vec::new();
        assert_eq!(numbers_blocking(&mut file).count(), 2);
        assert_eq!(file, [0, 1, 2]);
        let original = numbers(koil::write_threaded(io::sink()));
        assert!(
            unkoil_iter(original)
                .prefetch(1)
                .all(|number| number.is_ok())
        );
    });
}

fn told(item: Option<io::Result<u8>>) -> String {
    let error = item.expect("an item").expect_err("a loop polls it");
    assert_eq!(error.kind(), io::ErrorKind::Deadlock);
    error.to_string()
}

#[koil::threaded_iterable]
fn endless() -> impl Iterator<Item = u32> {
    0..
}

#[test]
fn the_capacity_in_the_environment_is_a_whole_number() {
    let setup = |command: &mut Command| {
        command.env("KOIL_THREADED_ITERABLE_CAPACITY", "0.5");
    };
    alone_with(setup, || {
        watched(|| {
            let text = panic_of(|| unkoil(async { endless_async().next().await }));
            let problem = "KOIL_THREADED_ITERABLE_CAPACITY is `0.5`";
            assert!(text.contains(problem), "{text}");
            assert_told(&text, "is `", &["it must be a whole number, at least 1"]);
        });
    });
}
