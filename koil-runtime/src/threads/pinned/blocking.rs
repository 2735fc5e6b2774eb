//! The calls of a pinned object in blocking code.

use std::task::{Context, Poll};

use super::Pinned;
use crate::call::{self, Call};
use crate::drive::work::{Work, Workload};
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;
use crate::threads::call::ThreadedCall;

impl<T: 'static> Pinned<T> {
    /// As [`with`](Pinned::with), in blocking code: waits until the job has run.
    ///
    /// # Panics
    ///
    /// As [`with`](Pinned::with); and where blocking is refused, as for [`unkoil`](crate::unkoil()).
    /// [`try_with_blocking`](Pinned::try_with_blocking) returns all but the panic of the job as errors.
    ///
    /// ```
    /// use koil::Pinned;
    ///
    /// let words = koil::unkoil(Pinned::new(Vec::new));
    /// words.with_blocking(|words| words.push("one"));
    /// assert_eq!(words.with_blocking(|words| words.len()), 1);
    /// ```
    #[track_caller]
    pub fn with_blocking<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut T) -> R + Send + 'static,
    ) -> R {
        let site = CallSite::of("koil::Pinned::with_blocking\nkoil::Pinned::with");
        match self.block(site, Answer::Output, job) {
            Ok(value) => value,
            Err(error) => error.throw(),
        }
    }

    /// As [`with_blocking`](Pinned::with_blocking), with failures of the bridge as errors.
    ///
    /// # Errors
    ///
    /// [`Error::is_closed`] if the object has been closed; [`Error::would_deadlock`] in a job of the
    /// same object, inside a future that koil polls and on a loop thread; [`Error::is_cancelled`] or
    /// [`Error::is_timeout`] if the scope around the call ended (the job is told by its token, and
    /// its value is dropped); [`Error::is_shutdown`] if the loop was stopped.
    ///
    /// # Panics
    ///
    /// If the job panics.
    ///
    /// ```
    /// use koil::Pinned;
    ///
    /// let number = koil::unkoil(Pinned::new(|| 1));
    /// let again = number.clone();
    /// let nested = number.with_blocking(move |_| again.try_with_blocking(|number| *number));
    /// assert!(nested.unwrap_err().would_deadlock());
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn try_with_blocking<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut T) -> R + Send + 'static,
    ) -> Result<R, Error> {
        let site = CallSite::of("koil::Pinned::try_with_blocking\nkoil::Pinned::with");
        self.block(site, Answer::Error, job)
    }

    fn block<R: Send + 'static>(
        &self,
        site: CallSite,
        answer: Answer,
        job: impl FnOnce(&mut T) -> R + Send + 'static,
    ) -> Result<R, Error> {
        let call = Call::admit(Some(self.thread.core()), site, answer)?;
        let _entered = call.enter();
        let mut waiting = Waiting {
            call: Some(self.thread.call(site, job)),
            result: Poll::Pending,
        };
        call::wait(&call, Workload::LoopBound(&mut waiting), None)?;
        match waiting.result {
            Poll::Ready(result) => result,
            Poll::Pending => unreachable!("a wait returns `Ok` only after a poll was ready"),
        }
    }
}

/// The wait for a job: woken by the thread of the object, never by a scheduler of this thread.
struct Waiting<R> {
    /// `None` once the call has been given up.
    call: Option<ThreadedCall<R>>,
    result: Poll<Result<R, Error>>,
}

impl<R> Work for Waiting<R> {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(call) = &mut self.call else {
            unreachable!("a call is polled until it is ready or abandoned");
        };
        call.poll_result(cx)
            .map(|result| self.result = Poll::Ready(result))
    }

    fn abandon(&mut self) {
        self.call = None;
    }
}
