//! The blocking calls as methods of a loop: of `Koil` and of `Handle`.

use futures_core::Stream;

use super::gather::{All, Gather};
use super::iter::Iter;
use super::task::{KoilTask, unkoil_task};
use super::unkoil::{try_unkoil, unkoil, unkoil_iter};
use crate::handle::Handle;
use crate::koil::Koil;
use crate::report::error::Error;

macro_rules! calls_on {
    ($owner:ty) => {
        /// Calls on this loop, whichever is ambient. Inside the future it is the ambient one.
        ///
        /// ```
        /// let koil = koil::Koil::new()?;
        /// assert_eq!(koil.unkoil(async { 1 }), 1);
        /// let handle = koil.handle();
        /// let sum = std::thread::spawn(move || {
        ///     let task = handle.task(async { 2 });
        ///     let items = handle.iter(futures::stream::iter([3, 4])).sum::<i32>();
        ///     let gathered = handle.gather([async { 5 }]).wait();
        ///     Ok::<_, koil::Error>(task.result()? + items + gathered[0])
        /// });
        /// assert_eq!(sum.join().unwrap()?, 14);
        /// # Ok::<(), koil::Error>(())
        /// ```
        impl $owner {
            /// As [`unkoil`](crate::unkoil), on this loop.
            ///
            /// # Panics
            ///
            /// As [`unkoil`](crate::unkoil): if the future panics, if this thread may not block, or
            /// if this loop is stopped before the future is ready.
            #[doc(alias = "block_on")]
            #[track_caller]
            pub fn unkoil<F: Future>(&self, future: F) -> F::Output {
                let _entered = self.enter();
                unkoil(future)
            }

            /// As [`try_unkoil`](crate::try_unkoil), on this loop.
            ///
            /// # Errors
            ///
            /// If this thread may not block, or the call is cut short; the future has been dropped
            /// then.
            ///
            /// # Panics
            ///
            /// If the future panics.
            #[doc(alias = "try_block_on")]
            #[track_caller]
            pub fn try_unkoil<F: Future>(&self, future: F) -> Result<F::Output, Error> {
                let _entered = self.enter();
                try_unkoil(future)
            }

            /// As [`unkoil_task`](crate::unkoil_task), on this loop. Dropping the task detaches it.
            #[doc(alias = "spawn")]
            #[doc(alias = "unkoil_task")]
            #[track_caller]
            pub fn task<F>(&self, future: F) -> KoilTask<F::Output>
            where
                F: Future + Send + 'static,
                F::Output: Send + 'static,
            {
                let _entered = self.enter();
                unkoil_task(future)
            }

            /// As [`unkoil_iter`](crate::unkoil_iter), on this loop. Dropping the iterator drops the
            /// stream.
            #[doc(alias = "unkoil_iter")]
            #[track_caller]
            pub fn iter<S: Stream>(&self, stream: S) -> Iter<S> {
                let _entered = self.enter();
                unkoil_iter(stream)
            }

            /// As [`gather`](crate::gather()), on this loop.
            #[doc(alias = "join_all")]
            pub fn gather<I>(&self, futures: I) -> Gather<I::Item, All>
            where
                I: IntoIterator<Item: Future>,
            {
                Gather::on(self.core(), futures)
            }
        }
    };
}

calls_on!(Koil);
calls_on!(Handle);
