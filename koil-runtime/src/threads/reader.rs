//! `read_threaded`: a blocking reader on workers, as an async reader and as a stream of chunks.

use std::fmt;
use std::io::{self, Read};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use futures_core::Stream;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use super::iter::{ThreadedIter, iterate_threaded};

/// The maximum size of one read, in bytes.
const CHUNK: usize = 64 * 1024;

/// The number of chunks that may be waiting: 1 MiB in total.
const CHUNKS: usize = 16;

/// The minimum room for a read; if less is left, a new buffer is allocated.
const LEAST: usize = CHUNK / 8;

/// Makes an async reader of a blocking one; workers of the ambient loop read.
///
/// It is an [`AsyncRead`] and an [`AsyncBufRead`], and a [`Stream`] of chunks of bytes as they were
/// read, at most 64 KiB each. Nothing is read before the first poll. Then workers read ahead, at
/// most 16 chunks and one more; while all of these wait, no thread is held. An error comes after
/// the bytes before it, and ends the reader. Interrupted reads are tried again.
///
/// A read in progress cannot be cut short: a reader that waits forever, such as a terminal, keeps
/// its worker as long.
///
/// # Panics
///
/// If there is no loop and none can be started. Polling the reader panics if the blocking reader
/// panics.
///
/// ```
/// use tokio::io::AsyncBufReadExt;
///
/// let blocking = std::io::Cursor::new("first line\nsecond line\n");
/// let line = koil::unkoil(async {
///     let mut lines = koil::read_threaded(blocking).lines();
///     lines.next_line().await?;
///     lines.next_line().await
/// });
/// assert_eq!(line?.as_deref(), Some("second line"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias = "AllowStdIo")]
#[doc(alias = "Unblock")]
#[track_caller]
pub fn read_threaded<R>(reader: R) -> ThreadedReader
where
    R: Read + Send + 'static,
{
    let chunks = Chunks {
        reader: Some(reader),
        buffer: BytesMut::new(),
    };
    ThreadedReader {
        chunks: iterate_threaded(CHUNKS, move || chunks),
        chunk: Bytes::new(),
    }
}

/// The chunks of a blocking reader, read one by one on a worker.
struct Chunks<R> {
    /// `None` after its end or an error.
    reader: Option<R>,
    /// The unused rest of the last buffer, all of it initialised.
    buffer: BytesMut,
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<io::Result<Bytes>> {
        let reader = self.reader.as_mut()?;
        if self.buffer.len() < LEAST {
            self.buffer = BytesMut::zeroed(CHUNK);
        }
        loop {
            match __rust_begin_short_backtrace(reader, &mut self.buffer) {
                Ok(0) => {
                    self.reader = None;
                    return None;
                }
                Ok(length) => return Some(Ok(self.buffer.split_to(length).freeze())),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.reader = None;
                    return Some(Err(error));
                }
            }
        }
    }
}

/// Reads, at the bottom of a worker, as a begin frame; see `report::backtrace`.
#[inline(never)]
fn __rust_begin_short_backtrace(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let read = reader.read(buffer);
    // As in std: a call in tail position could reuse this frame.
    std::hint::black_box(());
    read
}

/// A blocking reader on workers, as an async one; made by [`read_threaded`].
///
/// A failure of the bridge, such as a stopped loop, is an [`io::Error`] of the matching kind.
///
/// # Drop
///
/// Dropping does not wait: a read in progress runs to its end, its result is dropped, and the
/// blocking reader is dropped on its worker. [`close`](ThreadedReader::close) waits for that.
#[must_use = "nothing is read unless it is polled"]
pub struct ThreadedReader {
    chunks: ThreadedIter<io::Result<Bytes>>,
    /// The bytes that have been taken from the stream and not been read yet.
    chunk: Bytes,
}

impl ThreadedReader {
    /// Stops reading and waits until the blocking reader has been dropped.
    ///
    /// Bytes that have been read ahead are dropped. The wait is as long as the read in progress.
    ///
    /// # Panics
    ///
    /// If the blocking reader panicked, and no poll has resumed that panic yet.
    pub async fn close(self) {
        drop(self.chunk);
        self.chunks.close().await;
    }

    /// The next chunk that is not empty.
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        if !self.chunk.is_empty() {
            return Poll::Ready(Ok(Some(mem::take(&mut self.chunk))));
        }
        let chunk = ready!(self.chunks.poll_item(cx))?;
        Poll::Ready(chunk.transpose())
    }
}

impl Stream for ThreadedReader {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(cx).map(Result::transpose)
    }
}

impl AsyncBufRead for ThreadedReader {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        if let Some(chunk) = ready!(this.poll_chunk(cx))? {
            this.chunk = chunk;
        }
        Poll::Ready(Ok(&this.chunk))
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        self.chunk.advance(amount);
    }
}

impl AsyncRead for ThreadedReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let available = ready!(self.as_mut().poll_fill_buf(cx))?;
        let amount = available.len().min(buf.remaining());
        buf.put_slice(&available[..amount]);
        self.consume(amount);
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for ThreadedReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadedReader")
            .field("buffered", &self.chunk.len())
            .finish_non_exhaustive()
    }
}
