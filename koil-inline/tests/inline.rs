//! The promises of an inline call, one behaviour a test. Rows S1 to S10 of asynkit are named.

use std::cell::Cell;
use std::future::{Future, pending, poll_fn};
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures::{Stream, StreamExt, stream};
use koil_inline::{StdIo, blocking, is_running, iter, private, run};

/// As in `tests/it/support.rs` of koil.
#[track_caller]
fn assert_told(text: &str, problem: &str, remedy: &[&str]) {
    for words in remedy.iter().chain([&problem]) {
        assert!(text.contains(words), "{text}\nshould say {words:?}");
    }
}

/// Wakes itself so many times, then is ready.
fn self_wakes(times: u32) -> impl Future<Output = u32> {
    let mut left = times;
    poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(times);
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}

/// Says when it is dropped.
struct Guard(Rc<Cell<bool>>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.set(is_running());
    }
}

// S1: what is ready is returned; nothing else is needed.
#[test]
fn a_ready_future_is_returned() {
    assert_eq!(run(async { 42 }).unwrap(), 42);
    let borrowed = String::from("a local");
    assert_eq!(run(async { borrowed.len() }).unwrap(), 7);
}

#[test]
fn would_block_names_the_line_and_the_polls() {
    let (line, error) = (line!(), run(pending::<()>()).unwrap_err());
    assert_eq!(error.place().line(), line);
    assert_eq!(error.place().file(), file!());
    assert_eq!(error.polls(), 1);
    assert_eq!((error.twin(), error.original()), (None, None));
    let text = error.to_string();
    for part in ["1 poll", "never waits", "StdIo"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_told(
        &text,
        "is always ready; a timer",
        &["await the future", "or call `koil::unkoil`"],
    );
}

#[test]
fn would_block_of_a_twin_names_both_sides() {
    let names = "BlockingShop::open\nShop::open";
    let error = catch_unwind(|| private::inline(names, pending::<()>())).unwrap_err();
    let text = error.downcast_ref::<String>().unwrap();
    for part in ["`BlockingShop::open` at ", file!()] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_told(
        text,
        "is always ready; a timer",
        &[
            "a timer, a socket of an async runtime, two directions at once or an async lock that another \
             thread holds need a loop: ",
            "await `Shop::open`",
            "make its twin without `inline`",
        ],
    );
}

#[test]
fn a_fallible_twin_returns_would_block_in_its_own_error() {
    #[derive(Debug)]
    enum Failed {
        Blocked(u32),
        Own,
    }
    impl From<koil_inline::WouldBlock> for Failed {
        fn from(error: koil_inline::WouldBlock) -> Failed {
            Failed::Blocked(error.polls())
        }
    }
    let blocked = private::try_inline("twin\noriginal", pending::<Result<(), Failed>>());
    assert!(matches!(blocked, Err(Failed::Blocked(1))), "{blocked:?}");
    let own = private::try_inline("twin\noriginal", async { Err::<(), _>(Failed::Own) });
    assert!(matches!(own, Err(Failed::Own)), "{own:?}");
}

// S2: 64 self-wakes pass, 65 do not.
#[test]
fn a_future_may_wake_itself_64_times() {
    assert_eq!(run(self_wakes(64)).unwrap(), 64);
    assert_eq!(run(self_wakes(65)).unwrap_err().polls(), 65);
}

#[test]
fn a_wake_before_the_call_or_by_another_thread_is_no_reason_to_poll_again() {
    let stale: Rc<Cell<Option<Waker>>> = Rc::default();
    let keep = stale.clone();
    run(poll_fn(|cx| {
        keep.set(Some(cx.waker().clone()));
        cx.waker().wake_by_ref();
        Poll::Ready(())
    }))
    .unwrap();
    assert_eq!(run(pending::<()>()).unwrap_err().polls(), 1);
    stale.take().unwrap().wake();
    assert_eq!(run(pending::<()>()).unwrap_err().polls(), 1);

    let error = run(poll_fn(|cx| {
        let waker = cx.waker().clone();
        std::thread::spawn(move || waker.wake()).join().unwrap();
        Poll::<()>::Pending
    }));
    assert_eq!(error.unwrap_err().polls(), 1);
}

#[test]
fn the_future_is_dropped_before_the_error_is_returned_and_inside_the_call() {
    let dropped_inside = Rc::new(Cell::new(false));
    let guard = Guard(dropped_inside.clone());
    let error = run(async move {
        let _guard = guard;
        pending::<()>().await;
    });
    assert!(error.is_err());
    assert!(dropped_inside.get());
    assert_eq!(Rc::strong_count(&dropped_inside), 1);
}

// S6, S7: nested calls, other threads and panics.
#[test]
fn is_running_is_true_inside_alone() {
    assert!(!is_running());
    run(async {
        assert!(is_running());
        run(async { assert!(is_running()) }).unwrap();
        assert!(is_running(), "the inner call leaves the outer one");
        let elsewhere = std::thread::spawn(is_running);
        assert!(!elsewhere.join().unwrap());
    })
    .unwrap();
    assert!(!is_running());
    let panicked = catch_unwind(|| run(async { panic!("in the future") }));
    assert!(panicked.is_err());
    assert!(!is_running());
}

#[test]
fn a_wake_in_a_nested_call_is_not_the_outer_ones() {
    let mut inner_polls = 0;
    let error = run(poll_fn(|_| {
        inner_polls += 1;
        run(self_wakes(3)).unwrap();
        Poll::<()>::Pending
    }));
    assert_eq!(error.unwrap_err().polls(), 1);
    assert_eq!(inner_polls, 1);
}

// S9: blocking code runs in inline calls, and nowhere else.
#[test]
fn blocking_code_runs_in_an_inline_call_alone() {
    assert_eq!(run(blocking(|| 42)).unwrap(), Ok(42));
    let mut called = false;
    let refused = pin!(blocking(|| called = true)).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Err(refused)) = refused else {
        panic!("{refused:?}")
    };
    assert!(!called);
    assert_told(
        &refused.to_string(),
        "blocking code was called in a future that an executor polls",
        &[
            "call it through `koil::inline::run` or an inline twin",
            "or give the future an async source",
        ],
    );
    assert_eq!(io::Error::from(refused).kind(), io::ErrorKind::Deadlock);
    assert_eq!(
        private::inline("read_blocking\nread", blocking(|| 43)),
        Ok(43)
    );
}

#[test]
fn blocking_code_is_outside_of_the_call_it_runs_in() {
    run(async {
        blocking(|| assert!(!is_running())).await.unwrap();
        assert!(is_running());
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            run(blocking(|| panic!("in the closure"))).unwrap().unwrap();
        }));
        assert!(panicked.is_err());
        assert!(is_running());
    })
    .unwrap();
    assert!(!is_running());
}

/// Interrupted once, then reads one byte at a time; counts its calls.
struct Slow<'a> {
    bytes: &'a [u8],
    calls: &'a Cell<u32>,
}

impl Read for Slow<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.calls.set(self.calls.get() + 1);
        if self.calls.get() == 1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = buf.len().min(1);
        self.bytes.read(&mut buf[..length])
    }
}

#[cfg(feature = "futures-io")]
mod futures_io {
    use futures::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

    use super::*;

    #[test]
    fn a_std_reader_is_an_async_one() {
        let calls = Cell::new(0);
        let mut text = String::new();
        let mut reader = StdIo::new(Slow {
            bytes: b"slow",
            calls: &calls,
        });
        run(reader.read_to_string(&mut text)).unwrap().unwrap();
        assert_eq!((text.as_str(), calls.get()), ("slow", 6));
    }

    #[test]
    fn a_std_reader_is_not_called_by_an_executor() {
        let calls = Cell::new(0);
        let mut reader = StdIo::new(Slow {
            bytes: b"slow",
            calls: &calls,
        });
        let mut buf = [0; 4];
        let refused = futures::executor::block_on(reader.read(&mut buf)).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::Deadlock);
        assert_eq!(calls.get(), 0);
    }

    #[test]
    fn writing_seeking_lines_and_closing() {
        run(async {
            let mut file = StdIo::new(io::Cursor::new(Vec::new()));
            file.write_all(b"one\ntwo\n").await.unwrap();
            file.seek(io::SeekFrom::Start(4)).await.unwrap();
            let mut line = String::new();
            file.read_line(&mut line).await.unwrap();
            assert_eq!(line, "two\n");
            file.close().await.unwrap();
        })
        .unwrap();
    }
}

#[cfg(feature = "tokio-io")]
mod tokio_io {
    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

    use super::*;

    #[test]
    fn a_std_reader_is_an_async_one() {
        let calls = Cell::new(0);
        let mut text = String::new();
        let mut reader = StdIo::new(Slow {
            bytes: b"slow",
            calls: &calls,
        });
        run(reader.read_to_string(&mut text)).unwrap().unwrap();
        assert_eq!((text.as_str(), calls.get()), ("slow", 6));
    }

    #[test]
    fn a_std_reader_is_not_called_in_a_task() {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let refused = runtime.unwrap().block_on(async {
            let mut reader = StdIo::new(io::empty());
            reader.read(&mut [0; 4]).await.unwrap_err()
        });
        assert_eq!(refused.kind(), io::ErrorKind::Deadlock);
    }

    #[test]
    fn writing_seeking_lines_and_shutting_down() {
        run(async {
            let mut file = StdIo::new(io::Cursor::new(Vec::new()));
            file.write_all(b"one\ntwo\n").await.unwrap();
            assert_eq!(file.seek(io::SeekFrom::Start(4)).await.unwrap(), 4);
            let mut line = String::new();
            file.read_line(&mut line).await.unwrap();
            assert_eq!(line, "two\n");
            file.shutdown().await.unwrap();
        })
        .unwrap();
    }

    /// Both ends are threads of std, and no runtime is there.
    #[test]
    fn a_socket_of_std_serves_an_async_client() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut buf = [0; 4];
            socket.read_exact(&mut buf).unwrap();
            socket.write_all(&buf).unwrap();
        });
        let socket = std::net::TcpStream::connect(address).unwrap();
        // Instead of a watchdog.
        let limit = Some(std::time::Duration::from_secs(60));
        socket.set_read_timeout(limit).unwrap();
        let echo = run(async {
            let mut socket = StdIo::new(socket);
            socket.write_all(b"ping").await?;
            let mut buf = [0; 4];
            socket.read_exact(&mut buf).await?;
            io::Result::Ok(buf)
        });
        assert_eq!(&echo.unwrap().unwrap(), b"ping");
        server.join().unwrap();
    }
}

// S10: a stream as an iterator.
#[test]
fn a_stream_is_an_iterator() {
    let items = iter(stream::iter(1..=3));
    assert_eq!(items.size_hint(), (3, Some(3)));
    assert_eq!(items.collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_stream_that_would_wait_is_told_and_kept() {
    let mut is_ready = false;
    let source = stream::poll_fn(move |_| {
        if std::mem::replace(&mut is_ready, true) {
            return Poll::Ready(Some(1));
        }
        Poll::Pending
    });
    let mut items = iter(source);
    assert_eq!(items.try_next().unwrap_err().polls(), 1);
    assert_eq!(items.try_next().unwrap(), Some(1));
    let line = line!() + 1;
    let mut waits = iter(stream::pending::<()>());
    let payload = catch_unwind(AssertUnwindSafe(|| waits.next())).unwrap_err();
    let text = payload.downcast_ref::<String>().unwrap();
    assert!(text.contains(&format!("{}:{line}", file!())), "{text}");
}

#[test]
fn an_iterator_ends_once_and_drops_its_stream() {
    struct Once(Option<Rc<()>>);
    impl Stream for Once {
        type Item = ();
        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<()>> {
            assert!(self.0.is_some(), "polled after its end");
            self.0 = None;
            Poll::Ready(None)
        }
    }
    let witness = Rc::new(());
    let mut items = iter(Once(Some(witness.clone())).fuse());
    assert_eq!((items.next(), items.next()), (None, None));
    let unfinished = iter(Once(Some(witness.clone())));
    drop(unfinished);
    assert_eq!(Rc::strong_count(&witness), 1);
}
