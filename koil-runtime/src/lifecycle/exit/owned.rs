//! `OwnedExit`: an exit that owns its context, so that any thread can run it to its end.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use super::leave_all;
use super::outcome::ContextResult;
use super::reporter::Reporter;
use crate::drive::waiters::TaskMark;
use crate::lifecycle::async_context::AsyncContext;
use crate::lifecycle::entry::{EntryRuntime, OpenContext};
use crate::lifecycle::kind::AnyThread;
use crate::report::exit::{Exit, Failure};
use crate::scope::context::in_context::InContext;
use crate::scope::context::snapshot::Snapshot;

/// A running exit, with the data that a runtime needs to continue it.
pub(in crate::lifecycle) struct OwnedExit<C, E> {
    exit: BoxedExit<C, E>,
    runtime: EntryRuntime,
    variables: Snapshot,
    reporter: Reporter,
}

/// Its output returns the context.
type BoxedExit<C, E> = Pin<Box<dyn Future<Output = (OpenContext<C>, ContextResult<E>)> + Send>>;

impl<C> OwnedExit<C, C::Error>
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    /// Leaves `open`; each part that has to be left takes at most `limit`.
    pub(in crate::lifecycle) fn new(
        mut open: OpenContext<C>,
        cause: Exit,
        limit: Option<Duration>,
    ) -> Self {
        OwnedExit {
            runtime: open.entry.runtime.clone(),
            variables: open.entry.variables(),
            reporter: open.entry.reporter::<C>(cause),
            exit: Box::pin(async move {
                let outcome = leave_all::<C, AnyThread>(&mut open, cause, limit).await;
                (open, outcome)
            }),
        }
    }
}

impl<C: Send + 'static, E: Debug + Send + 'static> OwnedExit<C, E> {
    /// Hands the exit to the runtime that it belongs to; a failure, or an end before it is complete,
    /// is reported. Returns at once; `None` if there is no such runtime.
    pub(in crate::lifecycle) fn hand_over(self) -> Option<Arc<ExitEnd>> {
        let runtime = self.runtime.clone();
        if let EntryRuntime::None = runtime {
            return None;
        }
        // If the loop is not driven any more, the task is dropped, or continues on an adopted
        // runtime.
        let mark = runtime.core().and_then(TaskMark::if_driven);
        let unfinished = UnfinishedReport::new(self.reporter.clone());
        let end = unfinished.end.clone();
        let exit = async move {
            let _mark = mark;
            self.run(unfinished).await;
        };
        match runtime {
            EntryRuntime::Koil(core) => drop(core.spawn(exit)),
            EntryRuntime::Foreign(runtime) => drop(runtime.spawn(exit)),
            EntryRuntime::None => unreachable!("it has returned"),
        }
        Some(end)
    }

    /// Runs the exit to its end, reports its failure, and drops the context.
    pub(in crate::lifecycle) async fn run(self, mut unfinished: UnfinishedReport) {
        let ((open, outcome), _changes) = InContext::new(self.variables, self.exit).await;
        unfinished.set_finished();
        if let Err(fault) = outcome {
            let reporter = &unfinished.reporter;
            reporter.report_fault(fault, |error| Some(Box::new(error)));
        }
        // The context is dropped before the exit counts as ended.
        drop(open);
    }

    /// True in a forked child, if the context was entered before the fork.
    pub(super) fn is_forked(&self) -> bool {
        self.runtime.is_forked()
    }

    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<(OpenContext<C>, ContextResult<E>)> {
        self.exit.as_mut().poll(cx)
    }
}

/// Reports that an exit was not run to its end, if this is dropped before that.
pub(in crate::lifecycle) struct UnfinishedReport {
    reporter: Reporter,
    end: Arc<ExitEnd>,
    is_finished: bool,
}

impl UnfinishedReport {
    pub(in crate::lifecycle) fn new(reporter: Reporter) -> UnfinishedReport {
        UnfinishedReport {
            reporter,
            end: Arc::default(),
            is_finished: false,
        }
    }

    pub(in crate::lifecycle) fn set_finished(&mut self) {
        self.is_finished = true;
    }
}

impl Drop for UnfinishedReport {
    fn drop(&mut self) {
        if !self.is_finished {
            self.reporter.report(Failure::LoopIsGone);
        }
        self.end.set();
    }
}

/// A flag that is set when an exit that was handed over has ended, in any way.
///
/// Not a channel, since the thread-locals of a waiting thread may be gone.
#[derive(Default)]
pub(in crate::lifecycle) struct ExitEnd {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl ExitEnd {
    fn set(&self) {
        *self.is_set.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Sleeps until it is set, at most for `limit`.
    pub(in crate::lifecycle) fn wait(&self, limit: Duration) {
        let is_set = self.is_set.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .changed
            .wait_timeout_while(is_set, limit, |is_set| !*is_set);
        // An exit that takes longer reports its own failure.
        drop(waited);
    }
}
