//! `Io::from_stream`: a stream of byte chunks as a blocking, buffered reader.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use pin_project_lite::pin_project;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use super::Io;
use crate::call::Call;
use crate::report::site::CallSite;

impl<S, B, E> Io<FromStream<S, B>>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    /// Makes a blocking reader of a stream of byte chunks, such as the body of a response.
    ///
    /// It is [`Read`](io::Read) and [`BufRead`](io::BufRead), copies bytes only into the caller's
    /// buffer, and asks the stream for a chunk only when the last one has been read. An error of
    /// the stream becomes an [`io::Error`]: unchanged if it is one, else inside one of kind
    /// [`Other`](io::ErrorKind::Other).
    ///
    /// ```
    /// use std::io::Read;
    ///
    /// let chunks = futures::stream::iter([Ok("hel"), Ok("lo"), Err("line is cut")]);
    /// let mut reader = koil::Io::from_stream(chunks);
    /// let mut hello = [0; 5];
    /// reader.read_exact(&mut hello)?;
    /// assert_eq!(&hello, b"hello");
    /// assert_eq!(reader.read(&mut hello).unwrap_err().to_string(), "line is cut");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[track_caller]
    pub fn from_stream(stream: S) -> Self {
        let call = Call::open_at(CallSite::here());
        Io::of_call(
            &call,
            FromStream {
                stream,
                chunk: None,
                read: 0,
            },
        )
    }
}

pin_project! {
    /// A stream of byte chunks as an async reader; see [`Io::from_stream`].
    pub struct FromStream<S, B> {
        #[pin]
        stream: S,
        // The chunk that is being read, never one that has been read to its end.
        chunk: Option<B>,
        read: usize,
    }
}

impl<S, B, E> AsyncBufRead for FromStream<S, B>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let mut this = self.project();
        while this.chunk.is_none() {
            match ready!(this.stream.as_mut().poll_next(cx)) {
                // Empty chunks would look like the end of the stream.
                Some(Ok(chunk)) if chunk.as_ref().is_empty() => {}
                Some(Ok(chunk)) => {
                    *this.chunk = Some(chunk);
                    *this.read = 0;
                }
                Some(Err(error)) => return Poll::Ready(Err(into_io(error.into()))),
                None => return Poll::Ready(Ok(&[])),
            }
        }
        let chunk = this.chunk.as_ref().map_or(&[][..], B::as_ref);
        Poll::Ready(Ok(&chunk[*this.read..]))
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        let this = self.project();
        *this.read += amount;
        if this
            .chunk
            .as_ref()
            .is_some_and(|chunk| *this.read >= chunk.as_ref().len())
        {
            *this.chunk = None;
        }
    }
}

impl<S, B, E> AsyncRead for FromStream<S, B>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
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

impl<S, B> fmt::Debug for FromStream<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromStream").finish_non_exhaustive()
    }
}

fn into_io(error: Box<dyn StdError + Send + Sync>) -> io::Error {
    match error.downcast::<io::Error>() {
        Ok(error) => *error,
        Err(error) => io::Error::other(error),
    }
}
