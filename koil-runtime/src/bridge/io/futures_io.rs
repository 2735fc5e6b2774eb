//! `FuturesIo`: an async reader or writer of futures as one of tokio, for `Io`.

use std::io::{self, IoSlice, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite};
use pin_project_lite::pin_project;
use tokio::io::ReadBuf;

use super::Io;
use crate::call::Call;
use crate::report::site::CallSite;

impl<T> Io<FuturesIo<T>> {
    /// Makes a blocking reader or writer of one that has the async traits of futures
    /// (`futures::io::AsyncRead` and its siblings). It remembers the loop that is ambient now.
    ///
    /// ```
    /// use std::io::{Read, Seek, SeekFrom};
    ///
    /// let mut reader = koil::Io::from_futures(futures::io::Cursor::new("hello"));
    /// reader.seek(SeekFrom::Start(1))?;
    /// let mut text = String::new();
    /// reader.read_to_string(&mut text)?;
    /// assert_eq!(text, "ello");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[track_caller]
    pub fn from_futures(io: T) -> Self {
        Io::of_call(&Call::open_at(CallSite::here()), FuturesIo::new(io))
    }
}

pin_project! {
    /// A reader or writer of futures, with the traits of tokio; see [`Io::from_futures`]. Twins of
    /// functions that return one have it inside of their [`Io`].
    ///
    /// Closing is what tokio calls shutting down.
    #[derive(Debug)]
    pub struct FuturesIo<T> {
        #[pin]
        io: T,
        // Tokio starts a seek in one call and asks for its end in another.
        seeking: Option<SeekFrom>,
    }
}

impl<T> FuturesIo<T> {
    pub(crate) fn new(io: T) -> FuturesIo<T> {
        FuturesIo { io, seeking: None }
    }

    /// The reader or writer inside.
    pub fn get_ref(&self) -> &T {
        &self.io
    }

    /// The reader or writer inside.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.io
    }

    /// The reader or writer inside.
    pub fn into_inner(self) -> T {
        self.io
    }
}

impl<T: AsyncRead> tokio::io::AsyncRead for FuturesIo<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let amount = ready!(self.project().io.poll_read(cx, buf.initialize_unfilled()))?;
        if amount > buf.remaining() {
            return Poll::Ready(Err(io::Error::other(
                "the async reader said that it has read more than fits",
            )));
        }
        buf.advance(amount);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncBufRead> tokio::io::AsyncBufRead for FuturesIo<T> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        self.project().io.poll_fill_buf(cx)
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        self.project().io.consume(amount);
    }
}

impl<T: AsyncWrite> tokio::io::AsyncWrite for FuturesIo<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.project().io.poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.project().io.poll_write_vectored(cx, bufs)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().io.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().io.poll_close(cx)
    }
}

impl<T: AsyncSeek> tokio::io::AsyncSeek for FuturesIo<T> {
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        *self.project().seeking = Some(position);
        Ok(())
    }

    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        let this = self.project();
        let Some(position) = *this.seeking else {
            // Tokio does not ask for the position where no seek was started.
            return Poll::Ready(Ok(0));
        };
        let sought = ready!(this.io.poll_seek(cx, position));
        *this.seeking = None;
        Poll::Ready(sought)
    }
}
