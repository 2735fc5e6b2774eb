//! The bodies of `Read`, `BufRead`, `Write` and `Seek` of twins, once for originals with the traits of
//! tokio and once for those with the traits of futures.

use std::io::{self, BufRead, IoSlice, Read, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use koil_inline::Twin;

use super::forwarded::lost;
use super::io::{FuturesIo, Io};
use crate::call::Call;

/// The functions for the traits in `$of`. `$wrapped` makes a value of tokio of a reference to the
/// original; each operation makes an [`Io`] of that, on the ambient loop.
macro_rules! forwarded_io {
    ($module:ident, $name:literal, $wrapped:path, use $($of:tt)*) => {
        #[doc = concat!("For originals with the traits of ", $name, ".")]
        pub mod $module {
            use super::*;
            pub use $($of)*;

            /// As [`Read::read`].
            ///
            /// # Errors
            ///
            /// The errors of the original, and of the bridge; the same for all of these functions.
            #[track_caller]
            pub fn read<W>(twin: &mut W, names: &'static str, buf: &mut [u8]) -> io::Result<usize>
            where
                W: Twin<Aio: AsyncRead + Unpin> + ?Sized,
            {
                blocking(names, $wrapped(twin.aio_mut())).read(buf)
            }

            /// As [`BufRead::fill_buf`].
            ///
            /// # Errors
            ///
            /// As [`read`].
            #[track_caller]
            pub fn fill_buf<'a, W>(twin: &'a mut W, names: &'static str) -> io::Result<&'a [u8]>
            where
                W: Twin<Aio: AsyncBufRead + Unpin> + ?Sized,
            {
                // The bytes that the operation returned cannot outlive it; they are there still.
                if blocking(names, $wrapped(twin.aio_mut())).fill_buf()?.is_empty() {
                    return Ok(&[]);
                }
                let mut at_once = Context::from_waker(Waker::noop());
                match Pin::new(twin.aio_mut()).poll_fill_buf(&mut at_once) {
                    Poll::Ready(buffered) => buffered,
                    Poll::Pending => Err(lost()),
                }
            }

            /// As [`BufRead::consume`].
            pub fn consume<W>(twin: &mut W, amount: usize)
            where
                W: Twin<Aio: AsyncBufRead + Unpin> + ?Sized,
            {
                Pin::new(twin.aio_mut()).consume(amount);
            }

            /// As [`Write::write`].
            ///
            /// # Errors
            ///
            /// As [`read`].
            #[track_caller]
            pub fn write<W>(twin: &mut W, names: &'static str, buf: &[u8]) -> io::Result<usize>
            where
                W: Twin<Aio: AsyncWrite + Unpin> + ?Sized,
            {
                blocking(names, $wrapped(twin.aio_mut())).write(buf)
            }

            /// As [`Write::write_vectored`].
            ///
            /// # Errors
            ///
            /// As [`read`].
            #[track_caller]
            pub fn write_vectored<W>(
                twin: &mut W,
                names: &'static str,
                bufs: &[IoSlice<'_>],
            ) -> io::Result<usize>
            where
                W: Twin<Aio: AsyncWrite + Unpin> + ?Sized,
            {
                blocking(names, $wrapped(twin.aio_mut())).write_vectored(bufs)
            }

            /// As [`Write::flush`].
            ///
            /// # Errors
            ///
            /// As [`read`].
            #[track_caller]
            pub fn flush<W>(twin: &mut W, names: &'static str) -> io::Result<()>
            where
                W: Twin<Aio: AsyncWrite + Unpin> + ?Sized,
            {
                blocking(names, $wrapped(twin.aio_mut())).flush()
            }

            /// As [`Seek::seek`].
            ///
            /// # Errors
            ///
            /// As [`read`].
            #[track_caller]
            pub fn seek<W>(twin: &mut W, names: &'static str, to: SeekFrom) -> io::Result<u64>
            where
                W: Twin<Aio: AsyncSeek + Unpin> + ?Sized,
            {
                blocking(names, $wrapped(twin.aio_mut())).seek(to)
            }
        }
    };
}

forwarded_io!(tokio_io, "tokio", std::convert::identity, use tokio::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite});
forwarded_io!(futures_io, "futures", FuturesIo::new, use ::futures_io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite});

/// A blocking reader or writer on the ambient loop, for one operation.
#[track_caller]
fn blocking<T>(names: &'static str, io: T) -> Io<T> {
    Io::of_call(&Call::open(None, names), io)
}
