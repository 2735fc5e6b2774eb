//! `iter`: a stream as an iterator that never waits.

use alloc::boxed::Box;
use core::fmt;
use core::pin::Pin;

use futures_core::Stream;

use crate::drive;
use crate::site::CallSite;
use crate::would_block::WouldBlock;

/// Makes an iterator of a stream whose source blocks, or is there already.
///
/// Each item is polled for on the thread that asks for it, as [`run`](crate::run()) does. `next`
/// panics where the stream would have to wait; [`try_next`](Iter::try_next) returns that as an
/// error. Dropping the iterator drops the stream.
///
/// ```
/// use futures::stream;
/// use koil::inline;
///
/// let sum: i32 = inline::iter(stream::iter([1, 2, 3])).sum();
/// assert_eq!(sum, 6);
/// ```
#[doc(alias = "aiter_sync")]
#[track_caller]
pub fn iter<S: Stream>(stream: S) -> Iter<S> {
    iter_at(CallSite::here(), stream)
}

/// As [`iter`], for a call site that is known.
pub(crate) fn iter_at<S: Stream>(site: CallSite, stream: S) -> Iter<S> {
    Iter {
        stream: Some(Box::pin(stream)),
        site,
    }
}

/// The items of a stream; made by [`iter`].
///
/// After its end it returns only `None`.
#[must_use = "an iterator does nothing unless it is asked for items"]
pub struct Iter<S> {
    /// `None` after the last item.
    stream: Option<Pin<Box<S>>>,
    site: CallSite,
}

impl<S: Stream> Iter<S> {
    /// The next item, or `None` at the end.
    ///
    /// # Errors
    ///
    /// [`WouldBlock`] if the stream would have to wait for it. The stream is kept, and can be asked
    /// again.
    ///
    /// ```
    /// let mut items = koil::inline::iter(futures::stream::pending::<()>());
    /// assert!(items.try_next().is_err());
    /// ```
    pub fn try_next(&mut self) -> Result<Option<S::Item>, WouldBlock> {
        let Some(stream) = &mut self.stream else {
            return Ok(None);
        };
        let item = drive::poll_at(self.site, &mut |cx| stream.as_mut().poll_next(cx))?;
        if item.is_none() {
            self.stream = None;
        }
        Ok(item)
    }
}

impl<S: Stream> Iterator for Iter<S> {
    type Item = S::Item;

    /// # Panics
    ///
    /// If the stream would have to wait.
    #[track_caller]
    fn next(&mut self) -> Option<S::Item> {
        match self.try_next() {
            Ok(item) => item,
            Err(error) => error.throw(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.stream {
            Some(stream) => stream.size_hint(),
            None => (0, Some(0)),
        }
    }
}

impl<S: Stream> core::iter::FusedIterator for Iter<S> {}

impl<S> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter")
            .field("at", &format_args!("{}", self.site.location))
            .finish_non_exhaustive()
    }
}
