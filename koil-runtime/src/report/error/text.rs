//! Error texts: the call site, the problem and the remedy.

use std::error::Error as StdError;
use std::fmt;

use super::{DriverPanic, Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let site = &self.inner.site;
        match self.inner.kind {
            Kind::InsidePoll
            | Kind::OnLoop
            | Kind::InAsync
            | Kind::SameObject
            | Kind::Stuck
            | Kind::ThreadEnding => {
                let remedy = remedy(site, self.inner.of_items);
                refusal(self.inner.kind, site, &remedy, f)
            }
            Kind::Timeout(after) => write!(f, "{site} timed out after {after:?}"),
            Kind::Deadline(after) => match &self.inner.source {
                Some(reason) => write!(f, "{site} was cut short: {reason}"),
                None => write!(
                    f,
                    "{site} was cut short by the deadline of {after:?} around it"
                ),
            },
            Kind::Cancelled => {
                write!(f, "{site} was cancelled")?;
                self.write_source(f)
            }
            Kind::CannotUnwind => write!(
                f,
                "the scope at {} is set to unwind plain calls, which is impossible with \
                 `panic = \"abort\"`; call `try_unkoil` and `fallible` twins in it instead",
                site.location
            ),
            Kind::Shutdown
            | Kind::Draining
            | Kind::Forked
            | Kind::ForkedTask
            | Kind::ForkedExecutor
            | Kind::ObjectClosed => gone(self.inner.kind, site, self.driver_panic(), f),
            Kind::UiRefuses
            | Kind::OnUiThread
            | Kind::OffUiThread
            | Kind::UiOver
            | Kind::Unanswered => of_ui(self.inner.kind, site, self.inner.source.as_deref(), f),
            Kind::NotStarted => {
                write!(f, "{site} needs a loop, which could not be started")?;
                self.write_source(f)
            }
            Kind::NoThread => {
                write!(f, "{site} needs a thread, which could not be started")?;
                self.write_source(f)
            }
            Kind::NoLoop => write!(
                f,
                "{site} needs a loop: none is entered, and the process-wide one has been forbidden; enter \
                 a `koil::Koil` or a `koil::Handle` first"
            ),
            Kind::NotMultiThreaded => write!(
                f,
                "`Koil::from_handle` at {} got a current-thread runtime, which only its own thread can \
                 drive; pass a multi-threaded runtime, or start a loop with `Koil::new`",
                site.location
            ),
            Kind::GlobalRuns => write!(
                f,
                "`set_global` at {} is too late: the process-wide loop runs already; call it before \
                 the first blocking call, or after `shutdown_global`",
                site.location
            ),
            Kind::Panicked => write!(f, "{site} panicked: {}", self.panic_text()),
            Kind::Taken => write!(
                f,
                "{site} asks for the result of a task, which was taken before; keep it after the \
                 first call"
            ),
        }
    }
}

impl Error {
    fn panic_text(&self) -> &str {
        let text = self.inner.payload.as_deref().and_then(unwind::text_of);
        text.unwrap_or("its payload is no text; take it by `Error::into_panic`")
    }

    fn driver_panic(&self) -> Option<&DriverPanic> {
        self.inner.source.as_ref()?.downcast_ref()
    }

    fn write_source(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

/// The ways out of code that is not async itself, as the end of a sentence.
const IN_SYNC_CODE: &str = "sync code that cannot (a callback, an iterator, a trait of another crate) \
    is called by the async code around it through `koil::run_threaded` or `koil::iterate_threaded`, \
    and a drop or a hook starts `koil::unkoil_task`";

/// The async code to write instead of the call.
fn remedy(site: &CallSite, of_items: bool) -> String {
    match (of_items, site.names) {
        (false, _) => site.remedy().to_string(),
        (true, Some(names)) => format!("take the items of `{}`", names.original()),
        (true, None) => "take the items of the stream".to_owned(),
    }
}

/// Writes what the call needs and is not there any more.
fn gone(
    kind: Kind,
    site: &CallSite,
    panic: Option<&DriverPanic>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match (kind, panic) {
        (Kind::Shutdown, Some(panic)) => write!(
            f,
            "{site} cannot finish: its loop has ended, since {panic}; start a new loop, or use the \
             process-wide one, which starts afresh"
        ),
        (Kind::Shutdown, None) => write!(
            f,
            "{site} cannot finish: its loop has been shut down; make the call before the \
             shutdown, or on a loop that runs"
        ),
        (Kind::Draining, _) => write!(
            f,
            "{site} cannot begin: its loop is being drained, and takes no new tasks and jobs from \
             outside; start it before the drain, or on another loop"
        ),
        (Kind::Forked, _) => write!(
            f,
            "{site} cannot finish: this process was forked, and its loop stayed behind in the \
             parent; start a `koil::Koil` in the child, or enter none and use the process-wide \
             loop, which starts afresh there"
        ),
        (Kind::ForkedTask, _) => write!(
            f,
            "{site} cannot wait in a forked child inside a task of a runtime that stayed behind \
             in the parent; fork on a thread that runs no tasks"
        ),
        (Kind::ForkedExecutor, _) => write!(
            f,
            "{site} cannot finish: this process was forked, and its `Executor` stayed behind in the \
             parent; make an `Executor` in the child"
        ),
        (Kind::ObjectClosed, _) => write!(
            f,
            "{site} comes too late: the object has been closed, and was dropped on its thread; \
             make the call before `Pinned::close`"
        ),
        _ => unreachable!("the other kinds do not come too late"),
    }
}

/// Writes what is wrong with a call at the border of a `Ui`.
fn of_ui(
    kind: Kind,
    site: &CallSite,
    source: Option<&(dyn StdError + Send + Sync)>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match kind {
        Kind::UiRefuses => write!(
            f,
            "{site} would block a UI thread, whose `Ui` refuses that (`BlockingOnUi::Refused`); give the \
             future to `ui.spawn(future, |outcome| ..)` instead, or make the call on another thread"
        ),
        Kind::OnUiThread => write!(
            f,
            "{site} is awaited on the UI thread, and would wait there for that thread itself; call the \
             closure, or await this in a future of `ui.spawn`"
        ),
        Kind::OffUiThread => write!(
            f,
            "{site} belongs to the UI thread, on which its `Ui` was made, and this is another thread; in \
             async code get there by `ui.call(move || ..).await`"
        ),
        Kind::UiOver => {
            write!(f, "{site} cannot reach its window any more")?;
            source.map_or(Ok(()), |source| write!(f, ": {source}"))
        }
        Kind::Unanswered => write!(
            f,
            "{site} got no answer: its reply was dropped; call `reply.send(..)` on each way out of the \
             dialog that is an answer"
        ),
        _ => unreachable!("the other kinds have no `Ui`"),
    }
}

/// Writes why the call was refused, and the code to use instead.
fn refusal(kind: Kind, site: &CallSite, remedy: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match kind {
        Kind::InsidePoll => write!(
            f,
            "{site} would block inside a future that koil is polling, and could hang for \
             ever; {remedy} there instead; {IN_SYNC_CODE}"
        ),
        Kind::OnLoop => write!(
            f,
            "{site} would block a loop thread, which runs the tasks of a koil loop, and \
             could hang for ever; {remedy} there, or move the call into \
             `tokio::task::spawn_blocking`; {IN_SYNC_CODE}"
        ),
        Kind::InAsync => write!(
            f,
            "{site} would block a thread that runs tasks of another tokio runtime, and its loop is set \
             to refuse that (`refuse_in_async`); {remedy} there, or move the call into \
             `tokio::task::spawn_blocking`"
        ),
        Kind::SameObject => write!(
            f,
            "{site} would wait for the thread of its object, which is this one, inside a job of the \
             same object, and would hang for ever; use the reference that the job has got, or make \
             the call when the job has returned"
        ),
        Kind::Stuck => {
            write!(
                f,
                "{site} cannot wait on this thread: an executor inside the future (such as \
                 `FuturesUnordered` or a `LocalSet`) waits for a wake that the tokio scheduler of this \
                 thread holds back until the call returns; {remedy} there instead, or have koil's loop poll the \
                 future: "
            )?;
            match site.names {
                Some(names) => write!(
                    f,
                    "`koil::unkoil_lend(..)` of `{}`, or `#[koil(lend)]` where that is declared",
                    names.original()
                ),
                None => f.write_str(
                    "`koil::unkoil_lend(future)` or `koil::unkoil_task(future).result()`",
                ),
            }
        }
        Kind::ThreadEnding => write!(
            f,
            "{site} runs while its thread is ending, and its future asked for a tokio runtime, which is \
             not available on this thread any more; make the call before the thread ends, or have \
             koil's loop poll the future, by `koil::unkoil_lend` or `koil::unkoil_task(..).result()`"
        ),
        _ => unreachable!("the other kinds are no refusals"),
    }
}
