//! Readers and writers with the traits of futures: returned, and as types with twins.

use std::io::{self, BufRead, IoSlice, Read, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, Cursor};
use koil::{FuturesIo, Io, koiled};

/// A reader and writer in memory that is pending before each operation.
#[derive(Debug)]
#[koiled(io = "futures", forward(Debug, BufRead, Write, Seek))]
struct Slow {
    bytes: Cursor<Vec<u8>>,
    is_woken: bool,
    is_closed: bool,
}

impl Slow {
    fn new(text: &str) -> Slow {
        Slow {
            bytes: Cursor::new(text.as_bytes().to_vec()),
            is_woken: false,
            is_closed: false,
        }
    }

    fn poll(&mut self, cx: &Context<'_>) -> Poll<Pin<&mut Cursor<Vec<u8>>>> {
        self.is_woken = !self.is_woken;
        if self.is_woken {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Pin::new(&mut self.bytes))
    }
}

impl AsyncRead for Slow {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll(cx)).poll_read(cx, buf)
    }
}

impl AsyncBufRead for Slow {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        // Bytes that are buffered are there at once.
        Pin::new(&mut self.get_mut().bytes).poll_fill_buf(cx)
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        Pin::new(&mut self.bytes).consume(amount);
    }
}

impl AsyncWrite for Slow {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll(cx)).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll(cx)).poll_write_vectored(cx, bufs)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll(cx)).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll(cx)).poll_close(cx).map_ok(|()| {
            self.is_closed = true;
        })
    }
}

impl AsyncSeek for Slow {
    fn poll_seek(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        position: SeekFrom,
    ) -> Poll<io::Result<u64>> {
        ready!(self.poll(cx)).poll_seek(cx, position)
    }
}

#[koiled]
struct Files {
    text: String,
}

#[koiled(twins(Slow))]
impl Files {
    async fn open(&self) -> io::Result<impl futures::AsyncRead + futures::AsyncSeek + use<>> {
        if self.text.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(Slow::new(&self.text))
    }

    fn lines(&self) -> impl futures::io::AsyncBufRead + '_ {
        Cursor::new(self.text.as_bytes())
    }

    fn boxed(&self) -> Box<dyn futures::io::AsyncRead + Send + Unpin + '_> {
        Box::new(Cursor::new(self.text.as_bytes()))
    }

    fn pinned(&self) -> Pin<Box<dyn futures::io::AsyncBufRead + '_>> {
        Box::pin(Cursor::new(self.text.as_bytes()))
    }

    #[koil(io = "futures")]
    async fn imported(&self) -> Option<(impl AsyncRead + '_, impl AsyncWrite + use<>)> {
        Some((Cursor::new(self.text.as_bytes()), Slow::new("")))
    }

    #[koil(io = "futures", lend)]
    async fn named(&self) -> Result<Cursor<Vec<u8>>, String> {
        Ok(Cursor::new(self.text.clone().into_bytes()))
    }

    #[koil(io = "tokio")]
    fn of_tokio(&self) -> impl TokioRead + '_ {
        self.text.as_bytes()
    }

    fn slow(&self) -> Slow {
        Slow::new(&self.text)
    }

    #[koil(fallible, timeout = "1ms")]
    async fn stuck(&self) -> Result<impl futures::AsyncRead + use<>, koil::Error> {
        Ok(futures::stream::pending::<io::Result<Vec<u8>>>().into_async_read())
    }
}

use futures::TryStreamExt as _;
use tokio::io::AsyncRead as TokioRead;

fn files() -> BlockingFiles {
    Files {
        text: "one\ntwo".to_owned(),
    }
    .into_blocking()
}

fn all(mut from: impl Read) -> String {
    let mut text = String::new();
    from.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_returned_reader_of_futures_is_one_of_std() {
    let files = files();
    let mut opened = files.open().unwrap();
    assert_eq!(opened.seek(SeekFrom::Start(4)).unwrap(), 4);
    assert_eq!(opened.stream_position().unwrap(), 4);
    assert_eq!(all(opened), "two");
    assert_eq!(files.lines().lines().count(), 2);
    assert_eq!(files.pinned().lines().count(), 2);
    assert_eq!(all(files.boxed()), "one\ntwo");
    assert_eq!(all(files.named().unwrap()), "one\ntwo");
    assert_eq!(all(Io::new(Box::pin(files.aio().of_tokio()))), "one\ntwo");
    assert_eq!(all(files.of_tokio()), "one\ntwo");
}

#[test]
fn a_word_tells_the_crate_of_an_imported_trait() {
    let files = files();
    let (reader, mut writer) = files.imported().unwrap();
    assert_eq!(all(reader), "one\ntwo");
    let (left, right) = ([IoSlice::new(b"a"), IoSlice::new(b"b")], b"c");
    assert_eq!(writer.write_vectored(&left).unwrap(), 2);
    writer.write_all(right).unwrap();
    writer.flush().unwrap();
    writer.shutdown().unwrap();
}

#[test]
fn the_twin_of_a_reader_of_futures_reads_writes_and_seeks() {
    let mut slow = files().slow();
    let mut line = String::new();
    slow.read_line(&mut line).unwrap();
    assert_eq!(line, "one\n");
    slow.write_all(b"TWO").unwrap();
    assert_eq!(slow.write_vectored(&[IoSlice::new(b"!")]).unwrap(), 1);
    slow.flush().unwrap();
    slow.rewind().unwrap();
    assert_eq!(all(&mut slow), "one\nTWO!");
    assert_eq!(slow.fill_buf().unwrap(), b"");
    assert!(format!("{slow:?}").contains("Slow"));
}

#[test]
fn an_operation_has_a_timeout_and_names_the_twin() {
    let late = files().stuck().unwrap().read(&mut [0]).unwrap_err();
    assert_eq!(late.kind(), io::ErrorKind::TimedOut);
    assert!(late.to_string().contains("BlockingFiles::stuck"), "{late}");
    let mut stuck = Io::from_futures(futures::io::Cursor::new([1]));
    stuck = stuck.timeout(Duration::from_secs(5));
    assert_eq!(stuck.read(&mut [0; 9]).unwrap(), 1);
}

#[test]
fn the_async_side_comes_back_before_it_is_used() {
    let unused = Io::from_futures(Slow::new("tea")).into_inner().unwrap();
    let mut io = Io::from_futures(unused.into_inner());
    assert_eq!(io.read(&mut [0]).unwrap(), 1);
    assert!(io.into_inner().is_err());
    let mut unused = Io::from_futures(Slow::new("")).into_inner().unwrap();
    assert!(!unused.get_ref().is_closed && !unused.get_mut().is_woken);
}

#[koiled]
trait Blobs {
    async fn read(&self) -> io::Result<impl futures::AsyncRead + Send>;
    fn dynamic<'a>(&'a self, name: &'a str) -> Pin<Box<dyn futures::AsyncRead + Send + 'a>>;
}

impl Blobs for Files {
    async fn read(&self) -> io::Result<impl futures::AsyncRead + Send> {
        Ok(Cursor::new(self.text.as_bytes()))
    }

    fn dynamic<'a>(&'a self, name: &'a str) -> Pin<Box<dyn futures::AsyncRead + Send + 'a>> {
        Box::pin(Cursor::new(name.as_bytes()))
    }
}

struct Fake;

impl BlockingBlobs for Fake {
    fn read(&self) -> io::Result<Io<FuturesIo<impl futures::AsyncRead + Send>>> {
        Ok(Io::from_futures(Cursor::new("fake")))
    }

    fn dynamic<'a>(
        &'a self,
        name: &'a str,
    ) -> Io<FuturesIo<Pin<Box<dyn futures::AsyncRead + Send + 'a>>>> {
        Io::from_futures(Box::pin(Cursor::new(name.as_bytes())))
    }
}

#[test]
fn a_trait_gives_readers_of_futures_too() {
    assert_eq!(all(BlockingBlobs::read(&files()).unwrap()), "one\ntwo");
    assert_eq!(all(files().dynamic("x")), all(Fake.dynamic("x")));
    assert_eq!(all(Fake.read().unwrap()), "fake");
}
