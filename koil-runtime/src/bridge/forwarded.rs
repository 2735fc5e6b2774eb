//! What the std traits of a twin need whose original is itself a stream, a reader or a writer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_util::stream::{Next, Stream, StreamExt};
use tokio::io::AsyncBufRead;

/// The next item of a stream that is borrowed, as a future.
pub fn next<S: Stream + Unpin + ?Sized>(stream: &mut S) -> Next<'_, S> {
    stream.next()
}

/// The bytes that a reader has buffered, after it has said that it has some.
///
/// # Errors
///
/// If it has lost them meanwhile.
pub fn filled<T: AsyncBufRead + Unpin + ?Sized>(io: &mut T, buffered: usize) -> io::Result<&[u8]> {
    if buffered == 0 {
        return Ok(&[]);
    }
    match Pin::new(io).poll_fill_buf(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(buffered) => buffered,
        Poll::Pending => Err(lost()),
    }
}

/// What was buffered has to be handed out again, at once, until it is consumed.
pub(super) fn lost() -> io::Error {
    io::Error::other(
        "the async reader lost what it had buffered, against `AsyncBufRead`'s contract",
    )
}
