//! `Io`: an async reader or writer as a blocking one, polled on the thread that reads or writes.

mod from_stream;
mod futures_io;
mod std_traits;

use std::fmt;
use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::AsyncWrite;

pub use self::from_stream::FromStream;
pub use self::futures_io::FuturesIo;
use super::panics::halted;
use crate::call::{Call, whole};
use crate::current::LoopCore;
use crate::drive::block_on::block_on_apart;
use crate::drive::terms::Terms;
use crate::drive::work::{Work, Workload};
use crate::report::backtrace::__rust_end_short_backtrace as called;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;

/// An async reader or writer as a blocking one: the return type of a twin whose original returns an
/// [`AsyncRead`](tokio::io::AsyncRead), [`AsyncBufRead`](tokio::io::AsyncBufRead) or
/// [`AsyncWrite`](tokio::io::AsyncWrite). One with the traits of futures is in a [`FuturesIo`], which
/// has those of tokio.
///
/// It is [`Read`](io::Read), [`BufRead`](io::BufRead), [`Write`](io::Write) and [`Seek`](io::Seek)
/// if the async side has the matching async trait. Each operation polls it on the calling thread,
/// under the loop that was ambient when the `Io` was made.
///
/// # Errors
///
/// Failures of the bridge are [`io::Error`]s of the matching kind that hold the [`Error`](crate::Error): a
/// stopped loop is [`NotConnected`](io::ErrorKind::NotConnected), a place where blocking is
/// refused [`Deadlock`](io::ErrorKind::Deadlock), a passed [timeout](Io::timeout)
/// [`TimedOut`](io::ErrorKind::TimedOut).
///
/// # Drop
///
/// Dropping drops the async side at once, under its loop. It does not flush: call
/// [`flush`](io::Write::flush) or [`shutdown`](Io::shutdown) before.
///
/// ```
/// use std::io::{BufRead, Write};
///
/// let (client, server) = tokio::io::duplex(64);
/// let mut client = koil::Io::new(client);
/// writeln!(client, "hello")?;
/// client.shutdown()?;
/// let lines = koil::Io::new(tokio::io::BufReader::new(server)).lines();
/// assert_eq!(lines.collect::<Result<Vec<_>, _>>()?, ["hello"]);
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias = "SyncIoBridge")]
pub struct Io<T> {
    inner: Inner<T>,
    home: Option<Arc<LoopCore>>,
    timeout: Option<Duration>,
    /// The number of bytes in the async side's buffer, as far as is known: the length that
    /// `fill_buf` returned, less the bytes consumed.
    buffered: usize,
    /// The place where it was made. It serves as the call site, since reads and writes are mostly
    /// made by code of std, which does not pass on its caller.
    made: CallSite,
    /// True if panics of the async side are errors.
    catches: bool,
    /// Set if the loop should poll the value, or the caller without the lock of a host, as the code that
    /// made it asked.
    work_of: Option<SendOperation<T>>,
}

enum Inner<T> {
    /// Not polled yet, so it may still be taken out.
    Fresh(Box<T>),
    Used(Pin<Box<T>>),
    /// The async side panicked in an operation, or has been taken out.
    Gone,
}

impl<T> Io<T> {
    /// Makes a blocking reader or writer of an async one. It remembers the loop that is ambient
    /// now.
    #[track_caller]
    pub fn new(inner: T) -> Io<T> {
        Io::of_call(&Call::open_at(CallSite::here()), inner)
    }

    /// An `Io` over a value that the calling thread polls.
    pub(crate) fn of_call(call: &Call, inner: T) -> Io<T> {
        Io {
            inner: Inner::Fresh(Box::new(inner)),
            home: call.core().cloned(),
            timeout: None,
            buffered: 0,
            made: call.site(),
            catches: false,
            work_of: None,
        }
    }

    /// An `Io` over a value that the loop's thread polls.
    pub(crate) fn lent(call: &Call, inner: T) -> Io<T>
    where
        T: Send,
    {
        let mut io = Io::of_call(call, inner);
        io.work_of = Some(|operation| Workload::Lent(operation));
        io
    }

    /// Says that the value needs no lock of the host: where a [`WaitHook`](crate::WaitHook) is set, an
    /// operation that waits releases that lock once, to its end. See
    /// [`unkoil_unlocked`](crate::unkoil_unlocked).
    ///
    /// Without a hook nothing changes; nor for a value that the loop polls.
    ///
    /// ```
    /// use std::io::Read;
    ///
    /// let mut text = String::new();
    /// koil::Io::new(&b"from memory"[..]).unlocked().read_to_string(&mut text)?;
    /// assert_eq!(text, "from memory");
    /// # std::io::Result::Ok(())
    /// ```
    #[must_use]
    pub fn unlocked(mut self) -> Io<T>
    where
        T: Send,
    {
        self.work_of
            .get_or_insert(|operation| Workload::Unlocked(operation));
        self
    }

    /// Panics of the async side become errors.
    pub(in crate::bridge) fn catching(mut self) -> Io<T> {
        self.catches = true;
        self
    }

    /// Bounds each operation: one that takes longer is an error of kind
    /// [`TimedOut`](io::ErrorKind::TimedOut), after which the value may be used again.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Io<T> {
        self.timeout = Some(timeout);
        self
    }

    /// The async side, if it has not been used yet.
    ///
    /// # Errors
    ///
    /// The `Io` itself, once it has been used: the async side is pinned then.
    pub fn into_inner(mut self) -> Result<T, Io<T>> {
        match mem::replace(&mut self.inner, Inner::Gone) {
            Inner::Fresh(inner) => Ok(*inner),
            inner => {
                self.inner = inner;
                Err(self)
            }
        }
    }

    /// Flushes and ends the writing side, as [`AsyncWrite::poll_shutdown`] does: the peer reads an
    /// end of file.
    ///
    /// # Errors
    ///
    /// The errors of the async side, and of the bridge.
    pub fn shutdown(&mut self) -> io::Result<()>
    where
        T: AsyncWrite,
    {
        self.operate(T::poll_shutdown)
    }

    /// Blocks until `poll` returns a result.
    fn operate<R: Send>(
        &mut self,
        mut poll: impl FnMut(Pin<&mut T>, &mut Context<'_>) -> Poll<io::Result<R>> + Send,
    ) -> io::Result<R> {
        let mut result = Poll::Pending;
        let mut step = |io: Pin<&mut T>, cx: &mut Context<'_>| {
            poll(io, cx).map(|ready| result = Poll::Ready(ready))
        };
        if self.catches {
            halted(self.made, || called(|| self.step(&mut step)))??;
        } else {
            called(|| self.step(&mut step))?;
        }
        match result {
            Poll::Ready(result) => result,
            Poll::Pending => unreachable!("`block_on` returns `Ok` only after a poll was ready"),
        }
    }

    /// Blocks until a step is ready.
    fn step(&mut self, step: &mut IoStep<'_, T>) -> io::Result<()> {
        let Io {
            inner,
            home,
            timeout,
            buffered,
            made,
            work_of,
            catches: _,
        } = self;
        let (home, timeout, made) = (home.as_ref(), *timeout, *made);
        // Any operation may use up the buffer.
        whole::within(home, timeout, made, Answer::Error, |terms: &Terms<'_>| {
            *buffered = 0;
            // Taken out while it is polled: after a panic, it is dropped here.
            let mut io = match mem::replace(inner, Inner::Gone) {
                Inner::Fresh(io) => Box::into_pin(io),
                Inner::Used(io) => io,
                Inner::Gone => return Err(gone()),
            };
            let mut operation = Operation {
                io: io.as_mut(),
                step: &mut *step,
            };
            let work = match work_of {
                Some(work_of) => work_of(&mut operation),
                None => Workload::Own(&mut operation),
            };
            let waited = block_on_apart(terms, work);
            *inner = Inner::Used(io);
            Ok(waited?)
        })?
    }

    /// Drops the async side under its loop, if it is still there.
    fn drop_inner(&mut self) {
        let inner = mem::replace(&mut self.inner, Inner::Gone);
        if matches!(inner, Inner::Gone) {
            return;
        }
        if self.home.as_ref().is_some_and(|core| core.is_forked()) {
            // Its drop could signal its loop, and so wait for threads that do not exist in this
            // process.
            return mem::forget(inner);
        }
        let call = Call::dropping(self.home.take(), self.made);
        let _entered = call.enter();
        drop(inner);
    }
}

impl<T> Drop for Io<T> {
    fn drop(&mut self) {
        self.drop_inner();
    }
}

impl<T> fmt::Debug for Io<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.inner {
            Inner::Fresh(_) => "fresh",
            Inner::Used(_) => "used",
            Inner::Gone => "gone",
        };
        f.debug_struct("Io")
            .field("state", &state)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn gone() -> io::Error {
    io::Error::other("the async side of this `koil::Io` panicked in an earlier operation")
}

/// One operation in progress; all of them have this one type, so that one `fn` pointer per `Io`
/// proves that they may move to another thread.
pub(crate) struct Operation<'a, T> {
    io: Pin<&'a mut T>,
    step: &'a mut IoStep<'a, T>,
}

type SendOperation<T> = for<'a> fn(&'a mut Operation<'_, T>) -> Workload<'a>;

type IoStep<'a, T> = dyn FnMut(Pin<&mut T>, &mut Context<'_>) -> Poll<()> + Send + 'a;

impl<T> Work for Operation<'_, T> {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        (self.step)(self.io.as_mut(), cx)
    }

    /// The value belongs to the `Io`, and may be used again.
    fn abandon(&mut self) {}
}
