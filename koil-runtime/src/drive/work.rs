//! `Work`: the work of a caller, and the thread that polls it.

use std::pin::Pin;
use std::task::{Context, Poll};

/// The work of a caller, polled until it is done. A trait object, so that the code around it is
/// compiled once, and each future adds no more than two methods.
pub(crate) trait Work {
    /// Polls once; `Ready` when there is nothing left to do. Called as `poll`.
    ///
    /// Std's short backtraces omit the frames from one with this name outwards, up to one named
    /// `__rust_end_short_backtrace`, which is where the caller's frames begin: see there. Only the
    /// name has an effect, so a poll costs the same as under another name.
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// Drops the work, which will not be polled again, while the loop is still alive; also after
    /// its end.
    fn abandon(&mut self);
}

impl dyn Work + '_ {
    /// Polls once; `Ready` when there is nothing left to do.
    #[inline(always)]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.__rust_begin_short_backtrace(cx)
    }
}

impl dyn Work + Send + '_ {
    /// Polls once; `Ready` when there is nothing left to do.
    #[inline(always)]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.__rust_begin_short_backtrace(cx)
    }
}

/// Work, by the thread that polls it.
pub(crate) enum Workload<'a> {
    /// The calling thread polls it.
    Own(&'a mut dyn Work),
    /// The thread of the loop polls it, from the first poll to the last, because the call asks for
    /// that.
    Lent(&'a mut (dyn Work + Send)),
    /// The calling thread polls it, and it needs no lock of a host: see `wait_hook`.
    Unlocked(&'a mut (dyn Work + Send)),
    /// The calling thread polls it, and only koil's loop wakes it, never a scheduler of this
    /// thread: so the thread may park on it anywhere.
    LoopBound(&'a mut dyn Work),
}

impl Workload<'_> {
    /// The same work, borrowed for a shorter time.
    #[inline]
    pub(crate) fn again(&mut self) -> Workload<'_> {
        match self {
            Workload::Own(work) => Workload::Own(*work),
            Workload::Lent(work) => Workload::Lent(*work),
            Workload::Unlocked(work) => Workload::Unlocked(*work),
            Workload::LoopBound(work) => Workload::LoopBound(*work),
        }
    }

    #[inline(always)]
    pub(crate) fn is_lent(&self) -> bool {
        matches!(self, Workload::Lent(_))
    }

    #[inline]
    pub(crate) fn get(&mut self) -> &mut dyn Work {
        match self {
            Workload::Own(work) | Workload::LoopBound(work) => *work,
            Workload::Lent(work) | Workload::Unlocked(work) => *work,
        }
    }
}

/// One future and the slot for its output, as [`Work`].
pub(crate) struct FutureWork<'a, F: Future> {
    future: Pin<&'a mut Option<F>>,
    output: Option<F::Output>,
}

impl<'a, F: Future> FutureWork<'a, F> {
    pub(crate) fn new(future: Pin<&'a mut Option<F>>) -> FutureWork<'a, F> {
        FutureWork {
            future,
            output: None,
        }
    }

    /// The output, after `block_on` has returned `Ok`.
    pub(crate) fn into_output(self) -> F::Output {
        match self.output {
            Some(output) => output,
            None => unreachable!("`block_on` returns `Ok` only after a poll was ready"),
        }
    }

    /// The output of a future that was cut short and finished all the same.
    pub(crate) fn into_late_output(self) -> Option<F::Output> {
        self.output
    }
}

impl<F: Future> Work for FutureWork<'_, F> {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        // Plain matches: each adapter would be compiled again for each future type.
        let Some(future) = self.future.as_mut().as_pin_mut() else {
            unreachable!("a future is polled until it is ready or abandoned");
        };
        match future.poll(cx) {
            Poll::Ready(output) => {
                self.output = Some(output);
                Poll::Ready(())
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn abandon(&mut self) {
        self.future.set(None);
    }
}
