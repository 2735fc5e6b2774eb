//! The blocking traits of std for `Io`, each where the async side has the like.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};

use super::{Inner, Io};
use crate::bridge::forwarded::lost;

impl<T: AsyncRead> Read for Io<T> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.operate(|io, cx| {
            let mut buf = ReadBuf::new(buf);
            ready!(io.poll_read(cx, &mut buf))?;
            Poll::Ready(Ok(buf.filled().len()))
        })
    }
}

impl<T: AsyncBufRead> BufRead for Io<T> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let len = self.operate(|io, cx| Poll::Ready(Ok(ready!(io.poll_fill_buf(cx))?.len())))?;
        if len == 0 {
            return Ok(&[]);
        }
        // What has been buffered is handed out again, at once, until it is consumed.
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
        match &mut self.inner {
            Inner::Used(io) => io.as_mut().consume(amount),
            // Nothing has been buffered before the first `fill_buf`.
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
