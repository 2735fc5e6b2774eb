//! `Closing`: an exit that is awaited; if the awaiting future is dropped, the runtime continues it.

use std::fmt::Debug;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::outcome::Outcome;
use super::run::{self, Info, Run};
use super::stay::Open;

/// Awaits an exit. The exit runs to its end even if this future is dropped before.
pub(super) struct Closing<C: Send + 'static, E: Debug + Send + 'static> {
    /// `None` once it is done, and while it is polled: a future that panicked is not polled again.
    run: Option<Run<C, E>>,
    info: Option<Info>,
}

impl<C: Send + 'static, E: Debug + Send + 'static> Closing<C, E> {
    pub(super) fn new(run: Run<C, E>, info: Info) -> Self {
        Closing {
            run: Some(run),
            info: Some(info),
        }
    }
}

impl<C: Send + 'static, E: Debug + Send + 'static> Future for Closing<C, E> {
    type Output = (Open<C>, Outcome<E>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(mut run) = self.run.take() else {
            unreachable!("a future is not polled after its end")
        };
        let polled = run.as_mut().poll(cx);
        if polled.is_pending() {
            self.run = Some(run);
        }
        polled
    }
}

impl<C: Send + 'static, E: Debug + Send + 'static> Drop for Closing<C, E> {
    fn drop(&mut self) {
        if let (Some(run), Some(info)) = (self.run.take(), self.info.take()) {
            if info.home.core().is_some_and(|core| core.is_forked()) {
                return std::mem::forget((run, info));
            }
            // This drop does not wait; the runtime decides whether it waits for the exit.
            let _ = run::hand_over(run, info);
        }
    }
}
