//! `Cancellable`: a future with a token of its own, and its handling of a cancel.
//!
//! ```text
//! WAITING --> RUNNING --> GRACE       a task of the loop
//! EAGER ----> RUNNING --> GRACE       a task that is polled first where it is started
//! ```
//!
//! * WAITING: not polled yet. A cancel that comes now ends it before it has begun.
//! * EAGER: being polled for the first time. Most such futures are ready then, so they have neither
//!   a token nor a mark: both are made when the future asks, or when it is pending.
//! * RUNNING: the loop counts the task, so that a stop can wait for its clean-up. Leaves to GRACE
//!   when its token is cancelled and the future listens; a future that does not listen ends. An output
//!   that comes after the cancel is dropped in both cases.
//! * GRACE: the future has `cancel_grace` to finish, and its output is dropped.

use std::mem;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::Sleep;

use crate::current::{LoopCore, TaskMark};
use crate::report::backtrace::__rust_begin_short_backtrace;
use crate::scope::cancel::current_cancel::{CallToken, InCall};
use crate::scope::cancel::token::{CancelToken, Cancelled};

/// The end of a cancelled task: whether it finished in time after the cancel.
pub(crate) struct Acknowledged(pub(crate) bool);

pin_project! {
    /// Runs a future until it is ready or its token is cancelled.
    pub(crate) struct Cancellable<F> {
        #[pin]
        future: F,
        // The future gets a token of its own if it asks for one, which shows whether *it* listens:
        // `Running` listens to the token of the task.
        own: CallToken,
        // Dropped after the future: a stop waits until it has gone.
        stage: Stage,
    }
}

enum Stage {
    Waiting(CancelToken, Arc<LoopCore>),
    Eager,
    Running(Running),
    Grace {
        sleep: Pin<Box<Sleep>>,
        _mark: TaskMark,
    },
}

struct Running {
    cancelled: Cancelled,
    cancel_grace: Duration,
    mark: TaskMark,
}

impl Running {
    fn new(token: &CancelToken, core: Arc<LoopCore>) -> Running {
        Running {
            cancelled: token.cancelled(),
            cancel_grace: core.cancel_grace,
            mark: TaskMark::new(core),
        }
    }
}

impl<F> Cancellable<F> {
    /// A future for the loop, cut short with `token`.
    pub(crate) fn new(future: F, token: CancelToken, core: Arc<LoopCore>) -> Cancellable<F> {
        Cancellable {
            future,
            own: CallToken::Under(token.clone()),
            stage: Stage::Waiting(token, core),
        }
    }

    /// A future for a first poll on this thread; [`go_on`](Cancellable::go_on) prepares the others.
    pub(super) fn eager(future: F, core: &LoopCore) -> Cancellable<F> {
        Cancellable {
            future,
            own: CallToken::UnderTask(core.token.clone()),
            stage: Stage::Eager,
        }
    }

    /// Prepares an eager future for the loop, after its first poll if `is_polled`; returns the token
    /// of its task.
    pub(super) fn go_on(
        self: Pin<&mut Self>,
        core: &Arc<LoopCore>,
        is_polled: bool,
    ) -> CancelToken {
        let this = self.project();
        let token = this.own.task().unwrap_or_else(|| {
            let token = core.token.child();
            *this.own = CallToken::Under(token.clone());
            token
        });
        *this.stage = if is_polled {
            Stage::Running(Running::new(&token, core.clone()))
        } else {
            Stage::Waiting(token.clone(), core.clone())
        };
        token
    }
}

impl<F: Future> Future for Cancellable<F> {
    type Output = Result<F::Output, Acknowledged>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Stage::Waiting(token, core) = this.stage {
            let running = Running::new(token, core.clone());
            if token.is_cancelled() {
                return Poll::Ready(Err(Acknowledged(false)));
            }
            *this.stage = Stage::Running(running);
        }
        loop {
            let polled = {
                let _in_call = InCall::enter(this.own);
                __rust_begin_short_backtrace(this.future.as_mut(), cx)
            };
            if let Poll::Ready(output) = polled {
                return Poll::Ready(this.stage.end(this.own).map(|()| output));
            }
            match this.stage {
                Stage::Waiting(..) | Stage::Eager => return Poll::Pending,
                Stage::Running(running) => {
                    ready!(Pin::new(&mut running.cancelled).poll(cx));
                }
                Stage::Grace { sleep, .. } => {
                    // The future may have spent the budget of the task.
                    let sleep = pin!(tokio::task::coop::unconstrained(sleep.as_mut()));
                    return sleep.poll(cx).map(|()| Err(Acknowledged(false)));
                }
            }
            if !this.stage.signal(this.own) {
                return Poll::Ready(Err(Acknowledged(false)));
            }
        }
    }
}

impl Stage {
    /// Whether the output of a future that is ready now counts.
    fn end(&self, own: &CallToken) -> Result<(), Acknowledged> {
        let was_heard = was_heard(own);
        let is_too_late = match self {
            // A first part is over before a cancel can reach it, unless it has seen the cancel.
            Stage::Waiting(..) | Stage::Eager => was_heard && own.is_cut_short(),
            // Also if it has not seen the cancel: a job that it awaits may have, and without that job
            // it would have been dropped.
            Stage::Running(_) => own.is_cut_short(),
            Stage::Grace { .. } => true,
        };
        if is_too_late {
            Err(Acknowledged(was_heard))
        } else {
            Ok(())
        }
    }

    /// After a cancel: true if the future listens, and so has a time of grace from now on.
    fn signal(&mut self, own: &CallToken) -> bool {
        // The cancel may still be on its way down to `own`.
        if let Some(own) = own.made()
            && let Some(reason) = own.parent().and_then(|token| token.reason())
        {
            own.cancel(reason);
        }
        if !was_heard(own) {
            return false;
        }
        if let Stage::Running(running) = mem::replace(self, Stage::Eager) {
            // The code that polls may be outside of tokio.
            let _entered = running.mark.0.tokio.enter();
            *self = Stage::Grace {
                sleep: Box::pin(tokio::time::sleep(running.cancel_grace)),
                _mark: running.mark,
            };
        }
        true
    }
}

/// True if the future listens to the token that it has asked for, or did so at the cancel.
fn was_heard(own: &CallToken) -> bool {
    own.made().is_some_and(CancelToken::was_heard)
}
