//! The blocking traits of std for `Io`, each where the async side has the matching async trait.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::pin::pin;
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncBufRead, AsyncRead, AsyncReadExt, AsyncSeek, AsyncWrite, ReadBuf};

use super::{Inner, Io};
use crate::bridge::forwarded::lost;
use crate::call::admission;

/// The size of one read where the total is not known.
const CHUNK: usize = 32 * 1024;

/// The most that is read before the caller's thread checks whether it should stop.
const STRETCH: usize = 1024 * 1024;

impl<T: AsyncRead> Read for Io<T> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.operate(|io, cx| {
            let mut buf = ReadBuf::new(buf);
            ready!(io.poll_read(cx, &mut buf))?;
            Poll::Ready(Ok(buf.filled().len()))
        })
    }

    /// Reads into the vector itself, and continues while more is ready: each wait is an operation.
    fn read_to_end(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
        let begin = buf.len();
        while self.read_stretch(buf)? {}
        Ok(buf.len() - begin)
    }
}

impl<T: AsyncRead> Io<T> {
    /// Reads the ready bytes, and waits for the first byte only; false at the end.
    fn read_stretch(&mut self, buf: &mut Vec<u8>) -> io::Result<bool> {
        self.operate(|mut io, cx| {
            let begin = buf.len();
            while buf.len() - begin < STRETCH {
                if buf.capacity() - buf.len() < CHUNK / 2 {
                    // Doubles the capacity if that is more.
                    buf.reserve(CHUNK);
                }
                match pin!(io.read_buf(buf)).poll(cx) {
                    Poll::Ready(Ok(0)) => return Poll::Ready(Ok(false)),
                    Poll::Ready(Ok(_)) => {}
                    // Bytes that were read before the error are not lost: they stay in the vector.
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending if buf.len() == begin => return Poll::Pending,
                    Poll::Pending => break,
                }
            }
            Poll::Ready(Ok(true))
        })
    }
}

impl<T: AsyncBufRead> BufRead for Io<T> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.buffered == 0 {
            // Only the length leaves the operation: the bytes are returned below.
            let len =
                self.operate(|io, cx| Poll::Ready(Ok(ready!(io.poll_fill_buf(cx))?.len())))?;
            self.buffered = len;
            if len == 0 {
                return Ok(&[]);
            }
        } else {
            // Refused where a wait would be refused: code that works once works always.
            admission::may_block(self.home.as_ref(), self.made)?;
        }
        // Buffered bytes are returned again, at once, until they are consumed.
        let Inner::Used(io) = &mut self.inner else {
            return Err(super::gone());
        };
        match io
            .as_mut()
            .poll_fill_buf(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(buffered) => buffered,
            Poll::Pending => Err(lost()),
        }
    }

    fn consume(&mut self, amount: usize) {
        self.buffered = self.buffered.saturating_sub(amount);
        match &mut self.inner {
            Inner::Used(io) => io.as_mut().consume(amount),
            // There are no buffered bytes before the first `fill_buf`.
            Inner::Fresh(_) | Inner::Gone => {}
        }
    }
}

impl<T: AsyncWrite> Write for Io<T> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.operate(|io, cx| io.poll_write(cx, buf))
    }

    fn write_vectored(&mut self, bufs: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.operate(|io, cx| io.poll_write_vectored(cx, bufs))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.operate(T::poll_flush)
    }
}

impl<T: AsyncSeek> Seek for Io<T> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let mut begun = false;
        self.operate(move |mut io, cx| {
            if !begun {
                // A seek that is still in progress has to end first.
                ready!(io.as_mut().poll_complete(cx))?;
                io.as_mut().start_seek(position)?;
                begun = true;
            }
            io.poll_complete(cx)
        })
    }
}
