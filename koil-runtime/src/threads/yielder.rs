//! `Yielder`: the handle with which a producer yields its items, and the ways a producer may end.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::channel::sender::Sender;
use super::iter::ProducerEnd;
use crate::current::LoopCore;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;

/// The handle with which a producer on a worker yields its items, one after the other.
///
/// It is the last parameter of a function with `#[threaded_iterable]`.
pub struct Yielder<T> {
    outlet: Box<dyn Outlet<T> + Send>,
}

impl<T> Yielder<T> {
    /// For a producer on a worker of `core`; its items go into `sender` in the form that `R` gives
    /// them.
    pub(super) fn new<R: YieldEnd<T>>(
        sender: Sender<R::Item>,
        core: Arc<LoopCore>,
        site: CallSite,
    ) -> Yielder<T>
    where
        T: 'static,
    {
        Yielder {
            outlet: Box::new(StreamOutlet {
                sender,
                core,
                site,
                item: R::item,
                is_cut_short: false,
            }),
        }
    }

    /// True if the loop was stopped while a push waited: the stream ends too early.
    pub(super) fn is_cut_short(&self) -> bool {
        self.outlet.is_cut_short()
    }

    /// Hands an item to the consumer; blocks while the producer is `capacity` items ahead.
    ///
    /// A cancel does not end the wait, so that no item is lost silently; the wait ends when the
    /// consumer takes an item or is dropped.
    ///
    /// # Errors
    ///
    /// [`Closed`] if no more items are wanted: the consumer is gone, or the loop of this worker was
    /// stopped during the wait. The producer should then return, for example with `?`.
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

/// The other side has gone: no more items are wanted, and the producer should return; or the event loop
/// of a [`Ui`](crate::ui::Ui) has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the other side has been dropped or closed")
    }
}

impl StdError for Closed {}

/// Makes `?` work in producers that return I/O errors.
impl From<Closed> for std::io::Error {
    fn from(closed: Closed) -> std::io::Error {
        std::io::Error::new(std::io::ErrorKind::BrokenPipe, closed)
    }
}

/// Runs a producer on a worker of `core` to its end; its items go into `sender`.
pub(super) fn produce<T: 'static, R: YieldEnd<T>>(
    sender: Sender<R::Item>,
    core: &Arc<LoopCore>,
    site: CallSite,
    run: impl FnOnce(&mut Yielder<T>) -> R,
) -> ProducerEnd<R::Item> {
    let mut out = Yielder::new::<R>(sender, core.clone(), site);
    let end = run(&mut out);
    if out.is_cut_short() {
        return Err(Error::new(Kind::Shutdown, site));
    }
    Ok(end.last())
}

/// Pushes all items of `items`, until no more are wanted.
pub fn feed<T>(out: &mut Yielder<T>, items: impl IntoIterator<Item = T>) {
    for item in items {
        if out.push(item).is_err() {
            return;
        }
    }
}

/// The types that a producer may return; each decides the items of its stream.
pub trait YieldEnd<T>: sealed::Sealed {
    /// The item type of the stream.
    type Item: Send + 'static;

    /// Converts a pushed item to an item of the stream.
    #[doc(hidden)]
    fn item(item: T) -> Self::Item;

    /// The item after the last pushed one, if there is one.
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

/// The sender of a stream, as the outlet of its producer.
struct StreamOutlet<T, I> {
    sender: Sender<I>,
    core: Arc<LoopCore>,
    site: CallSite,
    item: fn(T) -> I,
    /// True if the loop was stopped while a push waited.
    is_cut_short: bool,
}

impl<T, I> Outlet<T> for StreamOutlet<T, I> {
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
