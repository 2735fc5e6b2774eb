//! `OwnedExit`: an exit that owns its context, so that any thread can run it to its end.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::leave_all;
use super::reporter::Reporter;
use crate::current::{TaskMark, WorkKind};
use crate::lifecycle::async_context::AsyncContext;
use crate::lifecycle::entry::{EntryRuntime, OpenContext};
use crate::lifecycle::step::ContextResult;
use crate::report::exit::{Exit, Failure};
use crate::report::site::CallSite;
use crate::scope::context::in_context::InContext;
use crate::scope::context::snapshot::Snapshot;
use crate::sync::Event;

/// An exit to await. If it is dropped before its end, the runtime of the context continues it.
pub(crate) struct OwnedExit<C: Send + 'static, E: Debug + Send + 'static> {
    /// `None` once it has ended or is handed over, and after a panic: such a future is not polled
    /// again.
    exit: Option<BoxedExit<C, E>>,
    runtime: EntryRuntime,
    site: CallSite,
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
    pub(crate) fn new(mut open: OpenContext<C>, cause: Exit, limit: Option<Duration>) -> Self {
        OwnedExit {
            runtime: open.entry.runtime.clone(),
            site: open.entry.site,
            variables: open.entry.variables(),
            reporter: open.entry.reporter::<C>(cause),
            exit: Some(Box::pin(async move {
                let outcome =
                    leave_all(&mut open, cause, limit, |error| Some(Box::new(error))).await;
                (open, outcome)
            })),
        }
    }
}

impl<C: Send + 'static, E: Debug + Send + 'static> OwnedExit<C, E> {
    /// Hands the exit to the runtime that it belongs to; a failure, or an end before it is complete,
    /// is reported. Returns at once; `None` if no runtime was found.
    pub(crate) fn hand_over(mut self) -> Option<Arc<Event<()>>> {
        self.spawn()
    }

    fn spawn(&mut self) -> Option<Arc<Event<()>>> {
        let exit = self.exit.take()?;
        let runtime = match self.runtime.clone().or_ambient(self.site) {
            Ok(runtime) => runtime,
            Err(error) => {
                self.reporter.report(Failure::Bridge(error));
                return None;
            }
        };
        // If the loop is not driven any more, the task is dropped, or continues on an adopted
        // runtime.
        let mark = runtime.core().and_then(TaskMark::if_driven);
        let unfinished = UnfinishedReport::new(self.reporter.clone());
        let end = unfinished.end.clone();
        let variables = std::mem::take(&mut self.variables);
        let task = async move {
            let _mark = mark;
            run(exit, variables, unfinished).await;
        };
        match runtime {
            EntryRuntime::Koil(core) => drop(core.spawn(WorkKind::Exit, self.site, task)),
            EntryRuntime::Foreign(runtime) => drop(runtime.spawn(task)),
            EntryRuntime::None => unreachable!("the ambient loop stands in"),
        }
        Some(end)
    }

    /// Runs the exit to its end, reports its failure, and drops the context.
    pub(crate) async fn run(mut self, unfinished: UnfinishedReport) {
        if let Some(exit) = self.exit.take() {
            run(exit, std::mem::take(&mut self.variables), unfinished).await;
        }
    }
}

async fn run<C, E: Debug + Send + 'static>(
    exit: BoxedExit<C, E>,
    variables: Snapshot,
    mut unfinished: UnfinishedReport,
) {
    let ((open, outcome), _changes) = InContext::new(variables, exit).await;
    unfinished.set_finished();
    if let Err(fault) = outcome {
        let reporter = &unfinished.reporter;
        reporter.report_fault(fault, |error| Some(Box::new(error)));
    }
    // The context is dropped before the exit counts as ended.
    drop(open);
}

impl<C: Send + 'static, E: Debug + Send + 'static> Future for OwnedExit<C, E> {
    type Output = (OpenContext<C>, ContextResult<E>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(mut exit) = self.exit.take() else {
            unreachable!("a future is not polled after its end")
        };
        let polled = exit.as_mut().poll(cx);
        if polled.is_pending() {
            self.exit = Some(exit);
        }
        polled
    }
}

impl<C: Send + 'static, E: Debug + Send + 'static> Drop for OwnedExit<C, E> {
    fn drop(&mut self) {
        if self.runtime.is_forked() {
            // The context belongs to the parent process, and so does its exit.
            return std::mem::forget(self.exit.take());
        }
        // This drop does not wait; the runtime decides whether it waits for the exit.
        drop(self.spawn());
    }
}

/// Reports that an exit was not run to its end, if this is dropped before that.
pub(crate) struct UnfinishedReport {
    pub(crate) reporter: Reporter,
    end: Arc<Event<()>>,
    is_finished: bool,
}

impl UnfinishedReport {
    pub(crate) fn new(reporter: Reporter) -> UnfinishedReport {
        UnfinishedReport {
            reporter,
            end: Arc::new(Event::new()),
            is_finished: false,
        }
    }

    pub(crate) fn set_finished(&mut self) {
        self.is_finished = true;
    }
}

impl Drop for UnfinishedReport {
    fn drop(&mut self) {
        if !self.is_finished {
            self.reporter.report(Failure::LoopIsGone);
        }
        self.end.set(());
    }
}
