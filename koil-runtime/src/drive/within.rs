//! `Within`: a future that another executor polls, under the tokio context of a loop.

use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::context::TokioContext;
use crate::current::{self, LoopCore, Polling, TaskMark, ThreadKind};
use crate::report::error::Error;
use crate::report::site::CallSite;

/// A future under the tokio context of a loop; made by [`Handle::within`](crate::Handle::within).
///
/// # Drop
///
/// Dropping drops the future, under the same context as its polls, and does not wait. An async
/// guard in it hands its exit over to the loop. In a forked child the future is leaked: its sockets
/// and timers belong to the loop of the parent.
#[must_use = "a future does nothing unless it is polled"]
pub struct Within<F> {
    core: Arc<LoopCore>,
    site: CallSite,
    /// `None` once it is ready. Boxed, so that it can be leaked.
    future: Option<Pin<Box<F>>>,
}

impl<F> Within<F> {
    pub(crate) fn new(core: Arc<LoopCore>, site: CallSite, future: F) -> Within<F> {
        Within {
            core,
            site,
            future: Some(Box::pin(future)),
        }
    }

    /// Keeps the loop alive for one poll; an error if it has been stopped or stayed behind.
    fn keep_loop(&self) -> Result<TaskMark, Error> {
        let is_lost = self.core.is_forked() || self.core.registry.is_stopped();
        let mark = (!is_lost)
            .then(|| TaskMark::if_driven(&self.core))
            .flatten();
        mark.ok_or_else(|| Error::new(self.core.end(), self.site))
    }

    fn drop_future(&mut self) {
        let future = self.future.take();
        if self.core.is_forked() {
            return mem::forget(future);
        }
        if future.is_some() {
            let _kept = TaskMark::if_driven(&self.core);
            under(&self.core, || drop(future));
        }
    }
}

impl<F: Future> Within<F> {
    /// The same future, with the end of its loop as an error.
    ///
    /// # Errors
    ///
    /// [`Error::is_shutdown`] if the loop has been stopped before the future was ready, and
    /// [`Error::is_forked`] in a forked child. The future has been dropped then.
    ///
    /// # Cancellation
    ///
    /// As [`Within`]: dropping it drops the future.
    ///
    /// ```
    /// let koil = koil::Koil::new()?;
    /// let future = koil.handle().within(async { 42 });
    /// koil.shutdown();
    /// let ended = futures::executor::block_on(future.fallible());
    /// assert!(ended.unwrap_err().is_shutdown());
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub async fn fallible(mut self) -> Result<F::Output, Error> {
        poll_fn(|cx| self.poll_result(cx)).await
    }

    fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<Result<F::Output, Error>> {
        assert!(
            self.future.is_some(),
            "a `Within` was polled after it was ready"
        );
        let _kept = match self.keep_loop() {
            Ok(kept) => kept,
            Err(error) => {
                self.drop_future();
                return Poll::Ready(Err(error));
            }
        };
        let Some(future) = &mut self.future else {
            unreachable!("it has just been seen")
        };
        let output = ready!(under(&self.core, || future.as_mut().poll(cx)));
        self.drop_future();
        Poll::Ready(Ok(output))
    }
}

/// Calls `f` under the tokio context of `core`, which is the ambient loop meanwhile, as inside every
/// future that koil polls. Where tokio's thread-locals are destroyed there is no context.
fn under<T>(core: &Arc<LoopCore>, f: impl FnOnce() -> T) -> T {
    let thread = current::base_thread_kind().unwrap_or_else(ThreadKind::here);
    let _context = TokioContext::enter(core, &thread);
    let _polling = Polling::begin_for_executor();
    f()
}

impl<F: Future> Future for Within<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        match ready!(self.poll_result(cx)) {
            Ok(output) => Poll::Ready(output),
            Err(error) => error.throw(),
        }
    }
}

impl<F> Drop for Within<F> {
    fn drop(&mut self) {
        self.drop_future();
    }
}

impl<F> fmt::Debug for Within<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Within")
            .field("at", &format_args!("{}", self.site.location))
            .field("is_ready", &self.future.is_none())
            .finish_non_exhaustive()
    }
}
