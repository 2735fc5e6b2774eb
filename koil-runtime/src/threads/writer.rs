//! `write_threaded`: a blocking writer on workers, as an async writer and as a sink.

use std::fmt;
use std::future::poll_fn;
use std::io::{self, Write};
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use futures_sink::Sink;
use tokio::io::AsyncWrite;

use super::job_context::{JobContext, JobOptions};
use super::rest::{Rest, WriteFailure, refused};
use crate::current::LoopCore;
use crate::global;
use crate::pool::Refusal;
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::context::snapshot::Snapshot;
use crate::sync::{Mutex, MutexGuard};

/// The number of bytes that may be waiting for the writer.
const ROOM: usize = 256 * 1024;

/// Makes an async writer of a blocking one; workers of the ambient loop write.
///
/// It is an [`AsyncWrite`], and a [`Sink`] of chunks of bytes. Bytes are accepted while less than
/// 256 KiB are waiting (a sink accepts its chunk whole), and written at once: a worker is held only
/// while there are bytes to write. The next operation returns an error of the blocking writer, and
/// so does `flush`, which waits until all is written and flushed.
///
/// # Panics
///
/// If there is no loop and none can be started. Polling the writer panics if the blocking writer
/// panics.
///
/// ```
/// use tokio::io::AsyncWriteExt;
///
/// let written = koil::unkoil(async {
///     let mut writer = koil::write_threaded(Vec::new());
///     writer.write_all(b"some bytes").await?;
///     writer.close().await
/// });
/// assert_eq!(written?, b"some bytes");
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias = "AllowStdIo")]
#[doc(alias = "Unblock")]
#[track_caller]
pub fn write_threaded<W>(writer: W) -> ThreadedWriter<W>
where
    W: Write + Send + 'static,
{
    let site = CallSite::here();
    let core = match global::ambient(site) {
        Ok(core) => core,
        Err(error) => error.throw(),
    };
    let job_context = JobContext::capture(&core, Snapshot::capture(), JobOptions::default());
    ThreadedWriter {
        shared: Arc::new(Shared {
            state: Mutex::new(State {
                writer: WriterSlot::Here(WriterParts {
                    writer,
                    job_context,
                }),
                waiting: Vec::new(),
                is_flushed: true,
                wants_flush: false,
                failure: None,
                owner: None,
                rest: None,
            }),
        }),
        core,
        site,
    }
}

/// A blocking writer on workers, as an async one; made by [`write_threaded`].
///
/// Shutting it down flushes it. A failure of the bridge, such as a stopped loop, is an [`io::Error`]
/// of the matching kind.
///
/// # Drop
///
/// Dropping does not wait: a worker writes and flushes the accepted bytes, and drops the blocking
/// writer. A blocking call in which the writer is dropped returns after that, or after
/// [`cancel_grace`](crate::KoilBuilder::cancel_grace); a stop of the loop waits for it too. Outside
/// of calls it goes on after the drop: a process that ends meanwhile tells on stderr what it lost.
/// Errors and delays go to [`on_error`](crate::KoilBuilder::on_error);
/// [`close`](ThreadedWriter::close) waits, and returns errors and the writer.
#[must_use = "nothing is written unless it is polled"]
pub struct ThreadedWriter<W: Write + Send + 'static> {
    shared: Arc<Shared<W>>,
    core: Arc<LoopCore>,
    site: CallSite,
}

struct Shared<W> {
    state: Mutex<State<W>>,
}

struct State<W> {
    writer: WriterSlot<W>,
    /// Bytes that have been accepted and not been handed to the writer yet.
    waiting: Vec<u8>,
    /// Nothing has been written since the last flush.
    is_flushed: bool,
    wants_flush: bool,
    failure: Option<WriteFailure>,
    /// The waker of the async side, which waits for room or for the end of the writing.
    owner: Option<Waker>,
    /// Set when the async side is dropped: the worker ends the writer.
    rest: Option<Rest>,
}

/// The place of the blocking writer. No lock is held while it works.
enum WriterSlot<W> {
    Here(WriterParts<W>),
    /// A worker has it.
    AtWork,
    /// It panicked, or has been given back.
    Gone,
}

/// A blocking writer, and the context it runs in.
struct WriterParts<W> {
    writer: W,
    job_context: JobContext,
}

impl<W: Write + Send + 'static> ThreadedWriter<W> {
    /// Writes the remaining bytes, flushes, and returns the blocking writer.
    ///
    /// # Errors
    ///
    /// The errors of the blocking writer, which is dropped then.
    ///
    /// # Panics
    ///
    /// If the blocking writer panicked.
    pub async fn close(self) -> io::Result<W> {
        poll_fn(|cx| self.poll_flushed(cx)).await?;
        match mem::replace(&mut self.shared.state().writer, WriterSlot::Gone) {
            WriterSlot::Here(parts) => Ok(parts.writer),
            WriterSlot::AtWork | WriterSlot::Gone => Err(gone()),
        }
    }

    /// Ready when bytes can be accepted.
    fn poll_room(&self, cx: &mut Context<'_>) -> Poll<io::Result<MutexGuard<'_, State<W>>>> {
        let mut state = self.shared.state();
        if let Some(failure) = state.failure.take() {
            drop(state);
            return Poll::Ready(Err(self.failed(failure)));
        }
        if matches!(state.writer, WriterSlot::Gone) {
            return Poll::Ready(Err(gone()));
        }
        if state.waiting.len() >= ROOM {
            state.owner = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(Ok(state))
    }

    /// Accepts bytes, and makes sure that a worker writes them.
    fn accept(&self, mut state: MutexGuard<'_, State<W>>, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        state.waiting.extend_from_slice(bytes);
        state.is_flushed = false;
        self.ensure_worker(state);
    }

    fn poll_flushed(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.shared.state();
        if let Some(failure) = state.failure.take() {
            drop(state);
            return Poll::Ready(Err(self.failed(failure)));
        }
        match state.writer {
            WriterSlot::Here(_) if state.is_flushed => Poll::Ready(Ok(())),
            WriterSlot::Gone => Poll::Ready(Err(gone())),
            WriterSlot::Here(_) | WriterSlot::AtWork => {
                state.wants_flush = true;
                state.owner = Some(cx.waker().clone());
                self.ensure_worker(state);
                Poll::Pending
            }
        }
    }

    /// Gives the writer to a worker, unless one has it.
    fn ensure_worker(&self, mut state: MutexGuard<'_, State<W>>) {
        match mem::replace(&mut state.writer, WriterSlot::AtWork) {
            WriterSlot::Here(parts) => {
                drop(state);
                let (shared, level) = (self.shared.clone(), parts.job_context.level());
                let job = move |may| shared.work(parts, may);
                self.core.pool.submit(level, Box::new(job));
            }
            other => state.writer = other,
        }
    }

    fn failed(&self, failure: WriteFailure) -> io::Error {
        match failure {
            WriteFailure::Error(error) => error,
            WriteFailure::Panic(payload) => unwind::resume(payload),
            WriteFailure::Refused(why) => refused(why, self.site).into(),
        }
    }
}

fn gone() -> io::Error {
    io::Error::other("the blocking writer behind this `koil::ThreadedWriter` panicked earlier")
}

impl<W: Write> Shared<W> {
    fn state(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock()
    }

    /// Runs on a worker: writes until no bytes are waiting.
    fn work(&self, mut parts: WriterParts<W>, may: Result<(), Refusal>) {
        if let Err(why) = may {
            return self.fail(parts, WriteFailure::Refused(why));
        }
        let mut bytes = Vec::new();
        loop {
            let mut state = self.state();
            mem::swap(&mut state.waiting, &mut bytes);
            let wants_flush = state.wants_flush || state.rest.is_some() && !state.is_flushed;
            if bytes.is_empty() && !wants_flush {
                return Shared::put_back(state, parts);
            }
            // There is room now.
            let owner = state.owner.take();
            drop(state);
            owner.into_iter().for_each(Waker::wake);
            let WriterParts {
                writer,
                job_context,
            } = &mut parts;
            let done = unwind::halt(|| {
                job_context.run_plainly(|| match bytes.as_slice() {
                    [] => writer.flush(),
                    bytes => writer.write_all(bytes),
                })
            });
            match done {
                Ok(Ok(())) if bytes.is_empty() => self.mark_flushed(),
                Ok(Ok(())) => bytes.clear(),
                Ok(Err(error)) => return self.fail(parts, WriteFailure::Error(error)),
                Err(payload) => return self.fail(parts, WriteFailure::Panic(payload)),
            }
        }
    }

    fn mark_flushed(&self) {
        let mut state = self.state();
        if state.waiting.is_empty() {
            state.is_flushed = true;
            state.wants_flush = false;
        }
    }

    /// Ends the work: puts the writer back, or drops it if its owner is gone.
    fn put_back(mut state: MutexGuard<'_, State<W>>, parts: WriterParts<W>) {
        if let Some(rest) = state.rest.take() {
            drop(state);
            parts.end();
            return drop(rest);
        }
        state.writer = WriterSlot::Here(parts);
        let owner = state.owner.take();
        drop(state);
        owner.into_iter().for_each(Waker::wake);
    }

    /// Discards the waiting bytes, which cannot be written, and stores the failure.
    fn fail(&self, parts: WriterParts<W>, failure: WriteFailure) {
        let mut state = self.state();
        state.waiting.clear();
        state.is_flushed = true;
        state.wants_flush = false;
        let owner = state.owner.take();
        if let Some(rest) = state.rest.take() {
            state.writer = WriterSlot::Gone;
            drop(state);
            rest.report(failure);
            parts.end();
            return drop(rest);
        }
        let is_broken = matches!(failure, WriteFailure::Panic(_));
        state.failure = Some(failure);
        if is_broken {
            state.writer = WriterSlot::Gone;
            drop(state);
            parts.end();
        } else {
            state.writer = WriterSlot::Here(parts);
            drop(state);
        }
        owner.into_iter().for_each(Waker::wake);
    }
}

impl<W> WriterParts<W> {
    /// Drops the writer inside its context. A panic in that drop has no receiver and is
    /// swallowed.
    fn end(self) {
        let WriterParts {
            writer,
            mut job_context,
        } = self;
        unwind::swallow(|| job_context.run_plainly(|| drop(writer)));
    }
}

impl<W: Write + Send + 'static> AsyncWrite for ThreadedWriter<W> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let state = ready!(self.poll_room(cx))?;
        let amount = bytes.len().min(ROOM - state.waiting.len());
        self.accept(state, &bytes[..amount]);
        Poll::Ready(Ok(amount))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flushed(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flushed(cx)
    }
}

impl<W, B> Sink<B> for ThreadedWriter<W>
where
    W: Write + Send + 'static,
    B: AsRef<[u8]>,
{
    type Error = io::Error;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_room(cx).map_ok(drop)
    }

    fn start_send(self: Pin<&mut Self>, chunk: B) -> io::Result<()> {
        self.accept(self.shared.state(), chunk.as_ref());
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flushed(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flushed(cx)
    }
}

impl<W: Write + Send + 'static> Drop for ThreadedWriter<W> {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        let owner = state.owner.take();
        if !matches!(state.writer, WriterSlot::Gone) {
            let (work, rest) = Rest::new::<W>(&self.core, self.site);
            let unasked = state.failure.take();
            state.rest = Some(rest);
            // If a worker has the writer already, that worker does the rest.
            self.ensure_worker(state);
            if let Some(failure) = unasked {
                failure.report(work.reporter(), self.site);
            }
            work.keep();
        }
        drop(owner);
    }
}

impl<W: Write + Send + 'static> fmt::Debug for ThreadedWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.shared.state().waiting.len();
        f.debug_struct("ThreadedWriter")
            .field("waiting", &waiting)
            .finish_non_exhaustive()
    }
}
