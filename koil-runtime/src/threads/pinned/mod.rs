//! `Pinned`: an object on a thread of its own, and the calls that run jobs on it.

mod blocking;
pub(crate) mod generated;
mod object_thread;

use std::fmt;
use std::future::poll_fn;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use self::object_thread::{Always, ObjectThread, start};
use super::call::ThreadedCall;
use super::capacity;
use super::channel;
use super::iter::ThreadedIter;
use super::outcome::JobOutcome;
use super::yielder::{self, YieldEnd, Yielder};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;

/// One object on a thread of its own, for async and for blocking code.
///
/// For an object that may not leave its thread, or that only one caller may use at a time: a
/// connection to `SQLite`, a COM object, a GL context, a handle of a C library. The object is made,
/// used and dropped on that thread and nowhere else, so it need not be `Send`; the handle is `Send`
/// and `Sync`, whatever the object is. Clones are cheap and share the object.
///
/// ```
/// use std::rc::Rc;
///
/// use koil::Pinned;
///
/// koil::unkoil(async {
///     // An `Rc` never leaves its thread.
///     let list = Pinned::new(|| Rc::new(vec![3, 1, 2])).await;
///     list.with(|list| Rc::make_mut(list).sort()).await;
///     assert_eq!(list.with(|list| list[0]).await, 1);
///     list.close().await;
/// });
/// ```
///
/// # Jobs
///
/// Each call ([`with`](Pinned::with), [`iterate`](Pinned::iterate) and their siblings) is one job
/// for the object. Jobs run one at a time, in the order of the calls, and each has `&mut` access.
/// The call of an async function begins when its future is first polled, as everywhere.
///
/// A job has the surroundings of its call, as for [`run_threaded`](crate::run_threaded()): its cancel
/// token, deadline and [context](crate::ContextVar). Blocking calls in it use the loop of the object,
/// the one that was ambient when the object was made.
///
/// A job that panics resumes its panic at its call. The object stays usable, unlike the value in a
/// mutex of std: to refuse the next call would not repair anything, and a connection is sound after
/// most panics. If yours is not, take it out of use with [`close`](Pinned::close).
///
/// A call in a job of the same object would wait for itself, so it is refused
/// ([`Error::would_deadlock`]). This holds for calls on the thread of the object; a job that waits
/// for *another* thread or task, which in turn waits for the object, is not seen
/// ([`blocked`](crate::blocked()) lists it).
///
/// # Drop
///
/// Dropping the last clone waits for nothing. Calls that have been made still run; then the object
/// is dropped on its thread. [`close`](Pinned::close) waits.
///
/// # Stop of the loop
///
/// The thread belongs to the loop like a worker. A stop cancels the token of the job that runs. Once
/// the tasks and callers of the loop have left, calls that have not begun, and later ones, are refused
/// ([`Error::is_shutdown`]), and the object is dropped on its thread, where calls that need the loop
/// are errors. The stop waits for that at most `join_timeout`; an object that is still busy then counts
/// among [`workers_left`](crate::ShutdownReport::workers_left). At the end of `main` without a stop no
/// object is dropped ([`shutdown_on_drop`](crate::shutdown_on_drop())).
///
/// In a forked child each call is refused ([`Error::is_forked`]).
#[doc(alias = "thread_sensitive")]
#[doc(alias = "actor")]
pub struct Pinned<T> {
    thread: Arc<ObjectThread<T>>,
}

impl<T: 'static> Pinned<T> {
    /// Makes an object on a thread of its own.
    ///
    /// `make` runs there, after the first poll; its loop, context and token are as for
    /// [`run_threaded`](crate::run_threaded()). Blocking code writes `koil::unkoil(Pinned::new(..))`.
    ///
    /// # Panics
    ///
    /// At once, if there is no loop and none can be started. At the await, if `make` panics, if the
    /// loop was stopped, or if the operating system gives no thread
    /// ([`fallible`](ThreadedCall::fallible) returns the last two as errors).
    ///
    /// # Drop
    ///
    /// A future that is dropped before it is ready cancels the token of `make`; an object that is made
    /// all the same is dropped on its thread.
    ///
    /// ```
    /// use koil::Pinned;
    ///
    /// let name = koil::unkoil(async {
    ///     let pinned = Pinned::new(|| ()).await;
    ///     pinned.with(|()| std::thread::current().name().map(str::to_owned)).await
    /// });
    /// assert_eq!(name.as_deref(), Some("koil-pinned"));
    /// ```
    #[track_caller]
    pub fn new(make: impl FnOnce() -> T + Send + 'static) -> ThreadedCall<Pinned<T>> {
        let site = CallSite::of("koil::Pinned::new\nthe object");
        start(site, || Always(make()))
    }

    /// As [`new`](Pinned::new), for objects that cannot always be made.
    ///
    /// # Errors
    ///
    /// The error that `make` returns; its thread has ended then, or is about to.
    ///
    /// # Panics
    ///
    /// As [`new`](Pinned::new).
    ///
    /// ```
    /// use std::fs::File;
    ///
    /// use koil::Pinned;
    ///
    /// let missing = koil::unkoil(Pinned::try_new(|| File::open("/none/such")));
    /// assert_eq!(missing.unwrap_err().kind(), std::io::ErrorKind::NotFound);
    /// ```
    #[track_caller]
    pub fn try_new<E: Send + 'static>(
        make: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> ThreadedCall<Result<Pinned<T>, E>> {
        let site = CallSite::of("koil::Pinned::try_new\nthe object");
        start(site, make)
    }

    fn of_thread(thread: Arc<ObjectThread<T>>) -> Pinned<T> {
        Pinned { thread }
    }

    /// Runs `job` with the object, after the jobs of earlier calls.
    ///
    /// Await it on any executor. Its options are those of a [`ThreadedCall`]: `cancel`, `fallible`,
    /// `bring_context`.
    ///
    /// # Panics
    ///
    /// At the await: if the job panics, with its panic; if the object has been closed, the loop
    /// stopped, or this thread runs a job of the same object.
    /// [`fallible`](ThreadedCall::fallible) returns all but the first as errors.
    ///
    /// # Drop
    ///
    /// A job that has not begun does not run any more; a job that runs is told by its cancel token.
    /// The drop does not wait.
    ///
    /// ```
    /// use koil::Pinned;
    ///
    /// koil::unkoil(async {
    ///     let count = Pinned::new(|| 0).await;
    ///     let (one, two) = tokio::join!(
    ///         count.with(|count| { *count += 1; *count }),
    ///         count.with(|count| { *count += 1; *count }),
    ///     );
    ///     assert_eq!((one, two), (1, 2));
    ///
    ///     let clone = count.clone();
    ///     count.close().await;
    ///     let late = clone.with(|count| *count).fallible().await;
    ///     assert!(late.unwrap_err().is_closed());
    /// });
    /// ```
    #[doc(alias = "call")]
    #[track_caller]
    pub fn with<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut T) -> R + Send + 'static,
    ) -> ThreadedCall<R> {
        self.thread
            .call(CallSite::of("koil::Pinned::with\nthe job"), job)
    }

    /// Makes a stream of items that `run` yields with the object, such as the rows of a cursor that
    /// borrows from its connection.
    ///
    /// `run` is one job: it begins when the stream is first polled, and the object is busy until it
    /// ends. At most `capacity` items are ahead of the consumer, then it waits. So a consumer that
    /// awaits another call on the same object in the middle of the stream may wait for ever, if more
    /// than `capacity` items are left: collect the items first, or close the stream.
    ///
    /// `run` returns `()`, or a `Result` whose error becomes the last item, as the producers of
    /// `#[threaded_iterable]`.
    ///
    /// # Panics
    ///
    /// If `capacity` is 0. Polling the stream panics if `run` panics, and for the reasons of
    /// [`with`](Pinned::with).
    ///
    /// # Drop
    ///
    /// Dropping the stream stops `run` at its next item and does not wait;
    /// [`ThreadedIter::close`] waits.
    ///
    /// ```
    /// use futures::StreamExt;
    /// use koil::{Pinned, Yielder};
    ///
    /// koil::unkoil(async {
    ///     let words = Pinned::new(|| vec!["one".to_owned(), "two".to_owned()]).await;
    ///     let lengths = words.iterate(16, |words, out: &mut Yielder<usize>| {
    ///         for word in words.iter() {
    ///             if out.push(word.len()).is_err() {
    ///                 break; // The stream has been dropped.
    ///             }
    ///         }
    ///     });
    ///     assert_eq!(lengths.collect::<Vec<_>>().await, [3, 3]);
    /// });
    /// ```
    #[track_caller]
    pub fn iterate<I, R>(
        &self,
        capacity: usize,
        run: impl FnOnce(&mut T, &mut Yielder<I>) -> R + Send + 'static,
    ) -> ThreadedIter<R::Item>
    where
        I: Send + 'static,
        R: YieldEnd<I>,
    {
        let site = CallSite::of("koil::Pinned::iterate\nthe items");
        self.yields(site, capacity::checked(capacity), run)
    }

    pub(super) fn yields<I, R>(
        &self,
        site: CallSite,
        capacity: usize,
        run: impl FnOnce(&mut T, &mut Yielder<I>) -> R + Send + 'static,
    ) -> ThreadedIter<R::Item>
    where
        I: Send + 'static,
        R: YieldEnd<I>,
    {
        let (sender, items) = channel::pair(capacity);
        let core = self.thread.core().clone();
        let call = self.thread.call(site, move |object| {
            yielder::produce(sender, &core, site, |out| run(object, out))
        });
        ThreadedIter::new(items, call)
    }

    /// Drops the object on its thread, after the jobs of earlier calls, and waits for that.
    ///
    /// Later calls on clones are refused with [`Error::is_closed`]. If the object has been closed
    /// before, or its loop was stopped, this returns when the object is gone. To end it in another
    /// way than by a drop, take it: [`close_with`](Pinned::close_with).
    ///
    /// # Panics
    ///
    /// If the drop of the object panics, with its panic; and in a job of the same object.
    ///
    /// # Drop
    ///
    /// A future that is dropped before the close has begun closes nothing.
    ///
    /// ```
    /// use koil::Pinned;
    ///
    /// koil::unkoil(async {
    ///     let file = Pinned::try_new(tempfile).await?;
    ///     file.close().await;
    ///     // The file is closed.
    ///     std::io::Result::Ok(())
    /// })?;
    /// # fn tempfile() -> std::io::Result<std::fs::File> { std::fs::File::open("/dev/null") }
    /// # std::io::Result::Ok(())
    /// ```
    #[track_caller]
    pub fn close(self) -> impl Future<Output = ()> + Send + use<T> {
        let site = CallSite::of("koil::Pinned::close\nthe drop of the object");
        let mut call = self.thread.take(site, drop);
        async move {
            match poll_fn(|cx| call.poll_outcome(cx)).await {
                JobOutcome::Panic(payload) => unwind::resume(payload),
                JobOutcome::NoObject(kind @ Kind::SameObject) => Error::new(kind, site).throw(),
                // It is gone.
                _ => {}
            }
        }
    }

    /// Takes the object out of the handle and runs `end` with it on its thread, after the jobs of
    /// earlier calls: for objects that are ended by a function that consumes them.
    ///
    /// Later calls on clones are refused with [`Error::is_closed`].
    ///
    /// # Panics
    ///
    /// At the await, as [`with`](Pinned::with); also if the object has been closed before.
    ///
    /// # Drop
    ///
    /// As [`with`](Pinned::with).
    ///
    /// ```
    /// use koil::Pinned;
    ///
    /// let words = koil::unkoil(Pinned::new(|| vec!["one", "two"]));
    /// let text = koil::unkoil(words.close_with(|words| words.join(" ")));
    /// assert_eq!(text, "one two");
    /// ```
    #[track_caller]
    pub fn close_with<R: Send + 'static>(
        self,
        end: impl FnOnce(T) -> R + Send + 'static,
    ) -> ThreadedCall<R> {
        let site = CallSite::of("koil::Pinned::close_with\nthe end of the object");
        self.thread.take(site, end)
    }
}

impl<T> Clone for Pinned<T> {
    fn clone(&self) -> Pinned<T> {
        Pinned {
            thread: self.thread.clone(),
        }
    }
}

impl<T> fmt::Debug for Pinned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pinned").finish_non_exhaustive()
    }
}

// The object is on its own thread, and a job that panics has reported that to its caller.
impl<T> UnwindSafe for Pinned<T> {}
impl<T> RefUnwindSafe for Pinned<T> {}
