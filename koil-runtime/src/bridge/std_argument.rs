//! `StdArgument`: a reader or writer of std that a blocking user passes to a twin, as the async one that
//! its original takes (`#[koil(std)]`).
//!
//! The thread that calls also polls, so it may block in a poll. As long as the reader gives bytes the
//! poll does not end, and the call cannot look at its limits. So each operation looks at them first,
//! and is pending where one has been reached, which ends the poll.

use std::io::{self, BufRead, IoSlice, IoSliceMut, Read, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use koil_inline::{StdIo, private};
use tokio::io::ReadBuf;

use crate::call::Call;
use crate::current::LoopCore;
use crate::global::install_hooks;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::scope::cancel::polled_limits;

/// The time after which an operation looks again whether its call ends, if it did not the last time.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The argument of one call.
#[derive(Debug)]
pub struct StdArgument<T> {
    io: StdIo<T>,
    core: Option<Arc<LoopCore>>,
    site: CallSite,
    /// When it last gave its call the occasion to end.
    yielded: Option<Instant>,
    /// The error of the last operation, kept while the call may end.
    failed: Option<io::Error>,
}

/// The argument of a call that has begun.
pub fn std_argument<T>(call: &Call, io: T) -> StdArgument<T> {
    install_hooks();
    StdArgument {
        io: StdIo::new(io),
        core: call.core().cloned(),
        site: call.site(),
        yielded: None,
        failed: None,
    }
}

impl<T> StdArgument<T> {
    /// One operation, unless the call is over.
    fn operate<R>(
        &mut self,
        cx: &mut Context<'_>,
        operation: impl FnOnce(Pin<&mut StdIo<T>>, &mut Context<'_>) -> Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        ready!(self.poll_begin(cx))?;
        match operation(Pin::new(&mut self.io), cx) {
            Poll::Ready(Err(error)) => self.poll_failed(error, cx),
            other => other,
        }
    }

    /// The error that is due, or else that of a call which is over.
    fn poll_begin(&mut self, cx: &Context<'_>) -> Poll<io::Result<()>> {
        if let Some(error) = self.failed.take() {
            return Poll::Ready(Err(error));
        }
        ready!(self.poll_limits(cx))?;
        Poll::Ready(Ok(()))
    }

    /// An operation has failed, perhaps by a limit of the call, which calls in it share. Then the call
    /// fails by that itself, and no future sees the error; else it is there at the next poll.
    fn poll_failed<R>(&mut self, error: io::Error, cx: &Context<'_>) -> Poll<io::Result<R>> {
        let error = explained(error, self.site);
        if self.poll_limits(cx).is_pending() {
            self.failed = Some(error);
            return Poll::Pending;
        }
        Poll::Ready(Err(error))
    }

    /// Pending where the call may end: at one of its limits, or at one that a call around it has
    /// reached. It is polled again after that if it goes on, or if its future has time to clean up.
    ///
    /// # Errors
    ///
    /// In the clean-up the call has no more to read and write.
    fn poll_limits(&mut self, cx: &Context<'_>) -> Poll<Result<(), Error>> {
        let is_stopped = self
            .core
            .as_ref()
            .is_some_and(|core| core.registry.is_stopped());
        if !is_stopped && !polled_limits::is_polled_call_over() {
            return Poll::Ready(Ok(()));
        }
        let now = Instant::now();
        if self
            .yielded
            .is_none_or(|yielded| now >= yielded + LOOK_AGAIN)
        {
            self.yielded = Some(now);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(if polled_limits::is_polled_call_cancelled() {
            Err(Error::new(Kind::Cancelled, self.site))
        } else {
            Ok(())
        })
    }
}

/// The error of a reader that something else polls than its call, which says so.
fn explained(error: io::Error, site: CallSite) -> io::Error {
    if !private::is_on_loop(&error) {
        return error;
    }
    io::Error::new(
        io::ErrorKind::Deadlock,
        format!(
            "{site} was given a reader or writer of std, which only the thread of that call may use, \
             and here a loop or another thread polls it; let nothing read ahead (`prefetch`), or pass \
             `koil::read_threaded(..)` or `koil::write_threaded(..)` to the async original"
        ),
    )
}

impl<T: Read> tokio::io::AsyncRead for StdArgument<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.operate(cx, |io, cx| tokio::io::AsyncRead::poll_read(io, cx, buf))
    }
}

impl<T: Read> futures_io::AsyncRead for StdArgument<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.operate(cx, |io, cx| futures_io::AsyncRead::poll_read(io, cx, buf))
    }

    fn poll_read_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        self.operate(cx, |io, cx| io.poll_read_vectored(cx, bufs))
    }
}

macro_rules! shared {
    ($($of:ident)::+, $close:ident) => {
        impl<T: BufRead> $($of)::+::AsyncBufRead for StdArgument<T> {
            fn poll_fill_buf(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<io::Result<&[u8]>> {
                let this = self.get_mut();
                ready!(this.poll_begin(cx))?;
                // The bytes of the first call cannot be returned beside its error; the second call is
                // at once. At the end there is none: a terminal would wait for another end.
                let filled = $($of)::+::AsyncBufRead::poll_fill_buf(Pin::new(&mut this.io), cx);
                match filled.map_ok(<[u8]>::len) {
                    Poll::Ready(Ok(0)) => Poll::Ready(Ok(&[])),
                    Poll::Ready(Ok(_)) => {
                        $($of)::+::AsyncBufRead::poll_fill_buf(Pin::new(&mut this.io), cx)
                    }
                    Poll::Ready(Err(error)) => this.poll_failed(error, cx),
                    Poll::Pending => Poll::Pending,
                }
            }

            fn consume(mut self: Pin<&mut Self>, amount: usize) {
                $($of)::+::AsyncBufRead::consume(Pin::new(&mut self.io), amount);
            }
        }

        impl<T: Write> $($of)::+::AsyncWrite for StdArgument<T> {
            fn poll_write(
                mut self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                buf: &[u8],
            ) -> Poll<io::Result<usize>> {
                self.operate(cx, |io, cx| $($of)::+::AsyncWrite::poll_write(io, cx, buf))
            }

            fn poll_write_vectored(
                mut self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                bufs: &[IoSlice<'_>],
            ) -> Poll<io::Result<usize>> {
                self.operate(cx, |io, cx| $($of)::+::AsyncWrite::poll_write_vectored(io, cx, bufs))
            }

            fn poll_flush(
                mut self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<io::Result<()>> {
                self.operate(cx, |io, cx| $($of)::+::AsyncWrite::poll_flush(io, cx))
            }

            fn $close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                self.operate(cx, |io, cx| io.$close(cx))
            }
        }
    };
}

shared!(tokio::io, poll_shutdown);
shared!(futures_io, poll_close);

impl<T: Seek> tokio::io::AsyncSeek for StdArgument<T> {
    fn start_seek(mut self: Pin<&mut Self>, to: SeekFrom) -> io::Result<()> {
        let site = self.site;
        let begun = Pin::new(&mut self.io).start_seek(to);
        begun.map_err(|error| explained(error, site))
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        self.operate(cx, tokio::io::AsyncSeek::poll_complete)
    }
}

impl<T: Seek> futures_io::AsyncSeek for StdArgument<T> {
    fn poll_seek(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: SeekFrom,
    ) -> Poll<io::Result<u64>> {
        self.operate(cx, |io, cx| io.poll_seek(cx, to))
    }
}
