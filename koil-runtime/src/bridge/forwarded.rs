//! The bodies of the std traits that a twin forwards to its original, see `private::forward`.
//!
//! Each operation is a whole function, so that the impls of each twin, which few types need, are
//! cheap to compile.

use std::io::{self, BufRead, IoSlice, Read, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll, Waker};

use futures_util::stream::{Stream, StreamExt};
use koil_inline::Twin;
use tokio::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite};

use super::calls::block_on;
use super::io::Io;
use crate::call::Call;

/// As [`Clone::clone`], of the field that holds an original; this and the next two run under the
/// loop, since code that makes a value may spawn.
#[track_caller]
pub fn cloned<H: Clone>(held: &H, names: &'static str) -> H {
    let call = Call::open(None, names);
    let _entered = call.enter();
    held.clone()
}

/// As [`Default::default`], of the field that holds an original.
#[track_caller]
pub fn default<H: Default>(names: &'static str) -> H {
    let call = Call::open(None, names);
    let _entered = call.enter();
    H::default()
}

/// As [`FromStr::from_str`].
///
/// # Errors
///
/// The errors of the original.
#[track_caller]
pub fn from_str<A: FromStr, W: From<A>>(text: &str, names: &'static str) -> Result<W, A::Err> {
    let call = Call::open(None, names);
    let _entered = call.enter();
    A::from_str(text).map(W::from)
}

/// As [`Iterator::next`].
#[track_caller]
pub fn next<W>(twin: &mut W, names: &'static str) -> Option<<W::Aio as Stream>::Item>
where
    W: Twin<Aio: Stream + Unpin> + ?Sized,
{
    block_on(names, twin.aio_mut().next())
}

/// As [`Iterator::size_hint`].
pub fn size_hint<W>(twin: &W) -> (usize, Option<usize>)
where
    W: Twin<Aio: Stream> + ?Sized,
{
    twin.aio().size_hint()
}

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
    blocking(twin, names).read(buf)
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
    let buffered = blocking(twin, names).fill_buf()?.len();
    filled(twin.aio_mut(), buffered)
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
    blocking(twin, names).write(buf)
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
    blocking(twin, names).write_vectored(bufs)
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
    blocking(twin, names).flush()
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
    blocking(twin, names).seek(to)
}

/// The original as a blocking reader or writer on the ambient loop, for one operation.
#[track_caller]
fn blocking<'a, W: Twin + ?Sized>(twin: &'a mut W, names: &'static str) -> Io<&'a mut W::Aio> {
    Io::of_call(&Call::open(None, names), twin.aio_mut())
}

/// The bytes that a reader has buffered, after it has reported that it has some.
fn filled<T: AsyncBufRead + Unpin + ?Sized>(io: &mut T, buffered: usize) -> io::Result<&[u8]> {
    if buffered == 0 {
        return Ok(&[]);
    }
    match Pin::new(io).poll_fill_buf(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(buffered) => buffered,
        Poll::Pending => Err(lost()),
    }
}

/// The error of a reader that lost its buffer: buffered bytes must be available again, at once,
/// until they are consumed.
pub(super) fn lost() -> io::Error {
    io::Error::other(
        "the async reader lost what it had buffered, against `AsyncBufRead`'s contract",
    )
}
