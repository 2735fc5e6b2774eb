//! `Yielder`: where a producer puts its items, and how one may end.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::channel::sender::Sender;
use crate::current::LoopCore;
use crate::report::site::CallSite;

/// Where a producer on a worker puts its items, one after the other.
///
/// The last parameter of a function with `#[threaded_iterable]`.
pub struct Yielder<T> {
    outlet: Box<dyn Outlet<T> + Send>,
}

impl<T> Yielder<T> {
    /// For a producer on a worker of `core`, whose items go into `sender` as `R` has them.
    pub(super) fn new<R: YieldEnd<T>>(
        sender: Sender<R::Item>,
        core: Arc<LoopCore>,
        site: CallSite,
    ) -> Yielder<T>
    where
        T: 'static,
    {
        Yielder {
            outlet: Box::new(Into {
                sender,
                core,
                site,
                item: R::item,
                is_cut_short: false,
            }),
        }
    }

    /// The loop was stopped under a push that waited: the stream ends too early.
    pub(super) fn is_cut_short(&self) -> bool {
        self.outlet.is_cut_short()
    }

    /// Hands an item to the consumer; blocks while it is as far ahead as it may be.
    ///
    /// The wait is not cut short by a cancel, so that no item is lost unheard; it ends when the
    /// consumer takes an item or goes.
    ///
    /// # Errors
    ///
    /// [`Closed`] if nobody wants items any more: the consumer is gone, or the loop of this worker
    /// has been stopped while it waited. Return then; `?` will do.
    ///
    /// # Panics
    ///
    /// Inside a future that koil polls (`unkoil` around it), where the wait could hang.
    pub fn push(&mut self, item: T) -> Result<(), Closed> {
        self.outlet.push(item)
    }
}

impl<T> fmt::Debug for Yielder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Yielder").finish_non_exhaustive()
    }
}

/// Nobody wants items any more: the producer should return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody wants items any more")
    }
}

impl StdError for Closed {}

/// So that `?` works in producers that speak of I/O.
impl From<Closed> for std::io::Error {
    fn from(closed: Closed) -> std::io::Error {
        std::io::Error::new(std::io::ErrorKind::BrokenPipe, closed)
    }
}

/// Pushes all items of `items`, until nobody wants them any more.
pub fn feed<T>(out: &mut Yielder<T>, items: impl IntoIterator<Item = T>) {
    for item in items {
        if out.push(item).is_err() {
            return;
        }
    }
}

/// What a producer may return, and what its stream then yields.
pub trait YieldEnd<T>: sealed::Sealed {
    /// What the stream yields.
    type Item: Send + 'static;

    /// An item as it stands in the stream.
    #[doc(hidden)]
    fn item(item: T) -> Self::Item;

    /// What comes after the last item.
    #[doc(hidden)]
    fn last(self) -> Option<Self::Item>;
}

impl<T: Send + 'static> YieldEnd<T> for () {
    type Item = T;

    fn item(item: T) -> T {
        item
    }

    fn last(self) -> Option<T> {
        None
    }
}

impl<T: Send + 'static, E: Send + 'static> YieldEnd<T> for Result<(), E> {
    type Item = Result<T, E>;

    fn item(item: T) -> Result<T, E> {
        Ok(item)
    }

    fn last(self) -> Option<Result<T, E>> {
        self.err().map(Err)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
    impl<E> Sealed for Result<(), E> {}
}

trait Outlet<T> {
    fn push(&mut self, item: T) -> Result<(), Closed>;
    fn is_cut_short(&self) -> bool;
}

/// The sender of a stream, as its producer sees it.
struct Into<T, I> {
    sender: Sender<I>,
    core: Arc<LoopCore>,
    site: CallSite,
    item: fn(T) -> I,
    /// The loop was stopped under a push that waited.
    is_cut_short: bool,
}

impl<T, I> Outlet<T> for Into<T, I> {
    #[inline]
    fn push(&mut self, item: T) -> Result<(), Closed> {
        let item = (self.item)(item);
        let Err(error) = self.sender.send_on(&self.core, self.site, item) else {
            return Ok(());
        };
        match error.into_error() {
            None => {}
            Some(error) if error.is_shutdown() => self.is_cut_short = true,
            Some(error) => error.throw(),
        }
        Err(Closed)
    }

    fn is_cut_short(&self) -> bool {
        self.is_cut_short
    }
}
