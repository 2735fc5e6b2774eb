//! `OwnedExit`: an exit that owns its context, so that any thread can run it to its end.

use std::fmt::Debug;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::timeout;

use super::{ExitLimit, leave_all};
use crate::call::collected::Collected;
use crate::call::handed_work::{HandedOver, WorkEnd};
use crate::call::reporter::Reporter;
use crate::current::{TaskMark, WorkKind};
use crate::lifecycle::async_context::AsyncContext;
use crate::lifecycle::entry::{EntryRuntime, OpenContext};
use crate::lifecycle::step::ContextResult;
use crate::report::exit::{Exit, Failure};
use crate::report::site::CallSite;
use crate::scope::context::in_context::InContext;
use crate::scope::context::snapshot::Snapshot;

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
    /// Leaves `open`, within the limit.
    pub(crate) fn new(mut open: OpenContext<C>, cause: Exit, limit: ExitLimit) -> Self {
        OwnedExit {
            runtime: open.entry.runtime.clone(),
            site: open.entry.site,
            variables: open.entry.variables(),
            reporter: open.entry.reporter::<C>(cause),
            exit: Some(Box::pin(async move {
                let outcome =
                    leave_all(&mut open, cause, &limit, |error| Some(Box::new(error))).await;
                (open, outcome)
            })),
        }
    }
}

impl<C: Send + 'static, E: Debug + Send + 'static> OwnedExit<C, E> {
    /// Hands the exit to the runtime that it belongs to; a failure, or an end before it is complete,
    /// is reported. Returns at once; `None` if no runtime was found.
    pub(crate) fn hand_over(mut self) -> Option<Arc<HandedOver>> {
        self.spawn()
    }

    /// The call or task that runs here waits for the exit, unless that is on a runtime of which this
    /// very thread may be the driver.
    fn spawn(&mut self) -> Option<Arc<HandedOver>> {
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
        let (work, unfinished) = UnfinishedReport::new(self.reporter.clone(), self.site);
        if runtime.has_other_drivers() {
            work.clone().keep();
        }
        let variables = std::mem::take(&mut self.variables);
        let grace = runtime.core().map(|core| core.cancel_grace);
        let task = async move {
            let _mark = mark;
            run(exit, variables, unfinished, grace).await;
        };
        match runtime {
            EntryRuntime::Koil(core) => drop(core.spawn(WorkKind::Exit, self.site, task)),
            EntryRuntime::Foreign(runtime) => drop(runtime.spawn(task)),
            EntryRuntime::None => unreachable!("the ambient loop stands in"),
        }
        Some(work)
    }

    /// Runs the exit to its end, reports its failure, and drops the context.
    pub(crate) async fn run(mut self, unfinished: UnfinishedReport) {
        if let Some(exit) = self.exit.take() {
            run(exit, std::mem::take(&mut self.variables), unfinished, None).await;
        }
    }
}

/// Runs an exit to its end; if it takes longer than `grace`, the error hook is told.
async fn run<C, E: Debug + Send + 'static>(
    exit: BoxedExit<C, E>,
    variables: Snapshot,
    mut unfinished: UnfinishedReport,
    grace: Option<Duration>,
) {
    let mut exit = pin!(Collected::new(InContext::new(variables, exit)));
    let in_time = match grace {
        Some(grace) => timeout(grace, exit.as_mut()).await.map_err(|_| grace),
        None => Ok(exit.as_mut().await),
    };
    let left = match in_time {
        Ok(left) => left,
        Err(grace) => {
            unfinished.end.tell_late(grace);
            exit.await
        }
    };
    let (((open, outcome), _changes), works) = left;
    unfinished.set_finished();
    if let Err(fault) = outcome {
        let reporter = unfinished.reporter();
        reporter.report_fault(fault, |error| Some(Box::new(error)));
    }
    // The exit counts as ended after the context has been dropped, and what both have handed over.
    let ((), more) = Collected::new(async { drop(open) }).await;
    for work in works.into_iter().chain(more) {
        poll_fn(|cx| work.poll_end(cx)).await;
    }
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
    end: WorkEnd,
    is_finished: bool,
}

impl UnfinishedReport {
    /// With the exit as work that others wait for.
    pub(crate) fn new(reporter: Reporter, site: CallSite) -> (Arc<HandedOver>, UnfinishedReport) {
        let (work, end) = HandedOver::new(reporter, site);
        let unfinished = UnfinishedReport {
            end,
            is_finished: false,
        };
        (work, unfinished)
    }

    pub(crate) fn reporter(&self) -> &Reporter {
        self.end.reporter()
    }

    pub(crate) fn set_finished(&mut self) {
        self.is_finished = true;
    }
}

impl Drop for UnfinishedReport {
    fn drop(&mut self) {
        if !self.is_finished {
            let reporter = self.reporter();
            reporter.report(match reporter.core {
                Some(_) => Failure::LoopIsGone,
                None => Failure::RuntimeIsGone,
            });
        }
    }
}
