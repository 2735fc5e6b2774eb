//! `StdIo`: a blocking reader, writer or seeker as an async one, for inline calls.

#[cfg(feature = "futures-io")]
mod futures;
#[cfg(feature = "tokio-io")]
mod tokio;

#[cfg(any(feature = "tokio-io", feature = "futures-io"))]
use std::io;

#[cfg(any(feature = "tokio-io", feature = "futures-io"))]
use crate::blocking::leave_inline_call;

/// Presents a std reader, writer or seeker as an async one that is always ready.
///
/// It has the async traits of tokio (feature `tokio-io`) and of futures (feature `futures-io`), each
/// where `T` has the std trait. Its polls call `T` and return what that returned; a read or write
/// that was interrupted is tried again. Closing and shutting down flush.
///
/// It blocks the thread that polls, so it is for inline calls: [`run`](crate::run()),
/// [`iter`](crate::iter()), and twins made with `inline`. A blocking call of koil's runtime that polls on
/// the thread of its caller may use it, too. Polled by an executor it returns an error of kind
/// [`Deadlock`](io::ErrorKind::Deadlock), and `T` is not called. In a task of a runtime that koil does
/// not know, an inline call blocks that thread, as the std reader itself does.
///
/// A std source in non-blocking mode returns [`WouldBlock`](io::ErrorKind::WouldBlock) errors; they
/// come out as they are.
///
/// ```
/// use futures::io::AsyncReadExt;
/// use koil::inline::{self, StdIo};
///
/// let mut text = String::new();
/// let mut input = StdIo::new(&b"some bytes"[..]);
/// inline::run(input.read_to_string(&mut text))??;
/// assert_eq!(text, "some bytes");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "AllowStdIo")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct StdIo<T>(T);

impl<T> StdIo<T> {
    /// Wraps a blocking reader, writer or seeker.
    pub fn new(io: T) -> StdIo<T> {
        StdIo(io)
    }

    /// The value inside.
    pub fn get_ref(&self) -> &T {
        &self.0
    }

    /// The value inside.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// The value inside.
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// The value is never pinned: std's traits take it by `&mut`.
impl<T> Unpin for StdIo<T> {}

#[cfg(any(feature = "tokio-io", feature = "futures-io"))]
impl<T> StdIo<T> {
    /// One operation, where it may block; tried again after an interrupt.
    ///
    /// `T` may itself make blocking calls, so it is called outside of the inline call.
    #[inline]
    fn call<R>(&mut self, operation: impl FnMut(&mut T) -> io::Result<R>) -> io::Result<R> {
        let _outside = leave_inline_call()?;
        uninterrupted(&mut self.0, operation)
    }
}

#[cfg(any(feature = "tokio-io", feature = "futures-io"))]
impl<T: io::BufRead> StdIo<T> {
    /// The buffered bytes. The first call reads; the second one returns the bytes that are there.
    #[inline]
    fn fill(&mut self) -> io::Result<&[u8]> {
        let _outside = leave_inline_call()?;
        // At the end it is not asked again: a terminal would wait for another end.
        match uninterrupted(&mut self.0, |io| io.fill_buf().map(<[u8]>::len))? {
            0 => Ok(&[]),
            _ => self.0.fill_buf(),
        }
    }
}

#[cfg(any(feature = "tokio-io", feature = "futures-io"))]
#[inline]
fn uninterrupted<T, R>(
    io: &mut T,
    mut operation: impl FnMut(&mut T) -> io::Result<R>,
) -> io::Result<R> {
    loop {
        match operation(io) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
