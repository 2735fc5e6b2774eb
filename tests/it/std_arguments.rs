//! Readers and writers of std as arguments of twins (`#[koil(std)]`): the thread that calls may block in
//! them, wherever it may call, and each limit of the call holds between their operations.

use std::cell::Cell;
use std::io::{self, Cursor, Read, SeekFrom};
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::thread;

use futures::stream::{FuturesUnordered, Stream, StreamExt};
use koil::{CancelScope, CancelToken, Error, Io, koiled, unkoil};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncSeek, AsyncSeekExt, AsyncWrite,
    AsyncWriteExt,
};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::callbacks::{SHORT, a_wait, everywhere, multi_thread, transaction};
use crate::support::{a_loop, on_a_loop, refused, shut_down, watched, with_a_loop};

#[derive(Debug)]
enum Failure {
    Bridge(Error),
    Io(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Bridge(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Io(error)
    }
}

/// The failure of the bridge.
#[track_caller]
fn of_bridge<T>(outcome: Result<T, Failure>) -> Error {
    match outcome.err().expect("the call fails") {
        Failure::Bridge(error) => error,
        Failure::Io(error) => panic!("the reader failed: {error}"),
    }
}

#[koiled]
async fn count(#[koil(std)] body: impl AsyncRead + Unpin) -> io::Result<usize> {
    let mut body = body;
    let mut first = [0];
    let read = body.read(&mut first).await?;
    sleep(SHORT).await;
    Ok(read + body.read_to_end(&mut Vec::new()).await?)
}

/// Reads in its first poll, and drops what it has read.
#[koiled(fallible)]
async fn drain(#[koil(std)] body: &mut (impl AsyncRead + Unpin)) -> Result<u64, Failure> {
    Ok(tokio::io::copy(body, &mut tokio::io::sink()).await?)
}

/// As `drain`, after a wait, and with a time limit.
#[koiled(fallible, timeout = "20ms")]
async fn drain_in_time(#[koil(std)] body: &mut (impl AsyncRead + Unpin)) -> Result<u64, Failure> {
    sleep(SHORT).await;
    Ok(tokio::io::copy(body, &mut tokio::io::sink()).await?)
}

#[koiled(fallible, timeout = "20ms")]
async fn drain_at_once_in_time(
    #[koil(std)] body: &mut (impl AsyncRead + Unpin),
) -> Result<u64, Failure> {
    Ok(tokio::io::copy(body, &mut tokio::io::sink()).await?)
}

/// Writes what it reads, and says that it was cancelled in the last bytes.
#[koiled(fallible, timeout = "20ms")]
async fn copy_or_roll_back<W: AsyncWrite + Unpin>(
    #[koil(std)] from: impl AsyncRead + Unpin,
    #[koil(std)] into: &mut W,
    rolled_back: &Cell<Option<io::ErrorKind>>,
) -> Result<u64, Failure> {
    let token = CancelToken::current().expect("a call has a token");
    let mut from = from;
    let copied = tokio::select! {
        copied = tokio::io::copy(&mut from, into) => copied,
        () = token.cancelled() => Err(io::ErrorKind::Other.into()),
    };
    if copied.is_err() {
        // The call has no more to read and write, and says so.
        let late = into.write_all(b"late").await;
        sleep(SHORT).await;
        rolled_back.set(Some(late.unwrap_err().kind()));
    }
    Ok(copied?)
}

#[koiled]
async fn drain_plainly(#[koil(std)] body: impl AsyncRead + Unpin) -> io::Result<u64> {
    let mut body = body;
    tokio::io::copy(&mut body, &mut tokio::io::sink()).await
}

#[koiled]
async fn seek_and_write(
    #[koil(std)] file: &mut (impl AsyncSeek + AsyncWrite + AsyncRead + Unpin),
) -> io::Result<String> {
    file.seek(SeekFrom::Start(1)).await?;
    file.write_all(b"XX").await?;
    file.rewind().await?;
    let mut text = String::new();
    file.read_to_string(&mut text).await?;
    file.shutdown().await?;
    Ok(text)
}

#[koiled]
pub(crate) fn lines<'r>(
    #[koil(std)] from: impl AsyncBufRead + Unpin + 'r,
) -> impl Stream<Item = io::Result<String>> + 'r {
    futures::stream::unfold(from.lines(), async |mut lines| {
        let line = lines.next_line().await.transpose()?;
        Some((line, lines))
    })
}

/// A reader that calls a function for each byte, and never ends.
struct Endless<F>(F);

impl<F: FnMut() -> io::Result<()>> Read for Endless<F> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        (self.0)()?;
        buf[0] = 7;
        Ok(1)
    }
}

/// An SDK's reader, in blocking code: each piece is waited for.
pub(crate) fn slow_reader(pieces: usize) -> impl Read {
    let pieces = futures::stream::iter(0..pieces).then(|_| async {
        sleep(SHORT).await;
        io::Result::Ok("ab")
    });
    Io::from_stream(Box::pin(pieces))
}

#[test]
fn a_reader_may_block_in_each_place_where_a_call_may() {
    everywhere(|| {
        let local = Rc::new(Cell::new(0));
        let counted = Endless(|| {
            local.set(local.get() + 1);
            a_wait().map(drop).map_err(io::Error::from)
        });
        assert_eq!(count_blocking(counted.take(3)).unwrap(), 3);
        assert_eq!(local.get(), 3);
    });
}

#[test]
fn the_reader_of_another_twin_is_read() {
    everywhere(|| {
        assert_eq!(count_blocking(slow_reader(3)).unwrap(), 6);
        assert_eq!(drain_blocking(&mut slow_reader(3)).unwrap(), 6);
        let lines = lines_blocking(io::BufReader::new(slow_reader(2)));
        assert_eq!(lines.map(Result::unwrap).collect::<Vec<_>>(), ["abab"]);
    });
}

#[test]
fn readers_nest() {
    struct Deeper(u32);

    impl Read for Deeper {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let Deeper(depth) = *self;
            if depth == 0 {
                return slow_reader(1).read(buf);
            }
            let body = Deeper(depth - 1).take(1);
            buf[0] = u8::try_from(count_blocking(body)?).unwrap();
            Ok(1)
        }
    }

    everywhere(|| {
        assert_eq!(count_blocking(Deeper(3).take(1)).unwrap(), 1);
    });
}

#[test]
fn a_call_that_reads_never_drives() {
    on_a_loop(|_| {
        let me = thread::current().id();
        let tasks = Endless(|| {
            let of_task = unkoil(async {
                sleep(SHORT).await;
                tokio::spawn(async { thread::current().id() }).await
            });
            assert_ne!(of_task.unwrap(), me);
            Ok(())
        });
        assert_eq!(count_blocking(tasks.take(5)).unwrap(), 5);
    });
}

#[test]
fn an_owed_wake_is_seen_although_a_reader_has_waited() {
    #[koiled(fallible)]
    async fn starved(#[koil(std)] body: &mut (impl AsyncRead + Unpin)) -> Result<u64, Failure> {
        let mut yields: FuturesUnordered<_> = [yield_now(), yield_now()].into_iter().collect();
        let yields = async { while yields.next().await.is_some() {} };
        let mut sink = tokio::io::sink();
        let ((), copied) = futures::join!(yields, tokio::io::copy(body, &mut sink));
        Ok(copied?)
    }
    watched(|| {
        let koil = a_loop();
        let call = || koil.handle().wrap(|| starved_blocking(&mut slow_reader(2)))();
        let current_thread = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        current_thread.block_on(async { refused(Err::<(), _>(of_bridge(call()))) });
        assert_eq!(call().unwrap(), 4);
        let workers = multi_thread();
        thread::scope(|scope| {
            scope.spawn(|| workers.block_on(async { assert_eq!(call().unwrap(), 4) }));
        });
    });
}

#[test]
fn the_timeout_of_the_call_holds_between_reads() {
    everywhere(|| {
        let late = of_bridge(drain_in_time_blocking(&mut io::repeat(1)));
        assert!(late.is_timeout(), "{late}");
        assert!(late.to_string().contains("drain_in_time"), "{late}");
        let late = of_bridge(drain_at_once_in_time_blocking(&mut io::repeat(1)));
        assert!(late.is_timeout(), "{late}");
        // The reader waits with the limits of the call.
        let late = of_bridge(drain_in_time_blocking(&mut slow_reader(usize::MAX)));
        assert!(late.is_timeout(), "{late}");
    });
}

#[test]
fn the_reader_is_not_read_after_the_timeout() {
    on_a_loop(|_| {
        let reads = Cell::new(0);
        let mut body = Endless(|| {
            reads.set(reads.get() + 1);
            Ok(())
        });
        assert!(of_bridge(drain_at_once_in_time_blocking(&mut body)).is_timeout());
        let read = reads.get();
        // The user has it back.
        body.read_exact(&mut [0; 3]).unwrap();
        assert_eq!(reads.get(), read + 3);
    });
}

#[test]
fn the_scope_around_the_call_holds_between_reads() {
    everywhere(|| {
        let late = koil::deadline(5 * SHORT, || drain_blocking(&mut io::repeat(1)));
        assert!(of_bridge(late.unwrap()).is_timeout());
        let scope = CancelScope::new();
        let token = scope.token().clone();
        let mut cancels = Endless(|| {
            token.cancel("enough");
            Ok(())
        });
        let cut = scope.run(|| drain_blocking(&mut cancels)).unwrap();
        assert_eq!(of_bridge(cut).cancel_reason().unwrap(), "enough");
        let late = koil::deadline_unwinding(5 * SHORT, || drain_plainly_blocking(io::repeat(1)));
        assert!(late.unwrap_err().is_timeout());
    });
}

#[test]
fn a_plain_call_reads_on_where_it_obeys_no_limit() {
    on_a_loop(|_| {
        let reads = Cell::new(0);
        let slow = Endless(|| {
            reads.set(reads.get() + 1);
            thread::sleep(SHORT);
            Ok(())
        });
        let all = koil::deadline(2 * SHORT, || drain_plainly_blocking(slow.take(50)));
        assert_eq!(all.unwrap().unwrap(), 50);
        // Nor does it obey the timeout of a call around it.
        let outer = koil::unkoil_timeout(2 * SHORT, async {
            transaction(|| {
                let slow = Endless(|| {
                    thread::sleep(SHORT);
                    Ok(())
                });
                drain_plainly_blocking(slow.take(50)).unwrap()
            })
            .await
        });
        assert_eq!(outer.unwrap(), 50);
    });
}

#[test]
fn a_future_that_cancels_its_own_token_ends_with_an_error() {
    #[koiled(fallible)]
    async fn gives_up(#[koil(std)] body: &mut (impl AsyncRead + Unpin)) -> Result<u64, Failure> {
        CancelToken::current().unwrap().cancel("by itself");
        Ok(tokio::io::copy(body, &mut tokio::io::sink()).await?)
    }
    everywhere(
        || match gives_up_blocking(&mut io::repeat(1)).unwrap_err() {
            Failure::Io(error) => assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted),
            Failure::Bridge(error) => panic!("{error}"),
        },
    );
}

#[test]
fn a_future_that_listens_rolls_back_in_the_grace() {
    everywhere(|| {
        let (rolled_back, mut into) = (Cell::new(None), Vec::new());
        let late = copy_or_roll_back_blocking(io::repeat(1), &mut into, &rolled_back);
        let late = of_bridge(late);
        assert!(late.is_timeout() && late.acknowledged(), "{late}");
        assert_eq!(rolled_back.get(), Some(io::ErrorKind::ConnectionAborted));
        assert!(!into.ends_with(b"late"));
    });
}

#[test]
fn a_stop_of_the_loop_holds_between_reads() {
    with_a_loop(|koil| {
        let (begun, is_reading) = std::sync::mpsc::channel();
        let caller = thread::spawn(koil.handle().wrap(move || {
            let mut body = Endless(|| {
                let _ = begun.send(());
                Ok(())
            });
            shut_down(Err::<(), _>(of_bridge(drain_blocking(&mut body))));
        }));
        is_reading.recv().unwrap();
        let report = koil.shutdown();
        assert_eq!(report.left_behind(), 0, "{report:?}");
        caller.join().unwrap();
    });
}

#[test]
fn errors_and_panics_of_a_reader_are_those_of_the_call() {
    everywhere(|| {
        for ended in [false, true] {
            let mut torn = Endless(|| {
                if ended {
                    panic::resume_unwind(Box::new("torn"));
                }
                Err(io::Error::new(io::ErrorKind::InvalidData, "torn"))
            });
            let call = panic::catch_unwind(AssertUnwindSafe(|| drain_blocking(&mut torn)));
            match call {
                Ok(Err(Failure::Io(error))) => {
                    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
                    assert_eq!(error.to_string(), "torn");
                }
                Ok(other) => panic!("{other:?}"),
                Err(payload) => assert_eq!(payload.downcast_ref(), Some(&"torn")),
            }
        }
        assert_eq!(count_blocking(slow_reader(1)).unwrap(), 2);
    });
}

#[test]
fn a_file_is_read_written_and_sought() {
    everywhere(|| {
        let mut file = Cursor::new(b"abcd".to_vec());
        assert_eq!(seek_and_write_blocking(&mut file).unwrap(), "aXXd");
        assert_eq!(file.into_inner(), b"aXXd");
    });
}
