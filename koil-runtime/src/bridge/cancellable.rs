//! `cancellable`: a future on the loop with a token of its own, and its handling of a cancel.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::current::LoopCore;
use crate::current::TaskMark;
use crate::report::backtrace::__rust_begin_short_backtrace;
use crate::scope::cancel::current_cancel::{CallToken, InCall};
use crate::scope::cancel::token::CancelToken;

/// The end of a cancelled task: whether it finished in time after the cancel.
pub(crate) struct Acknowledged(pub(crate) bool);

/// Runs `future` until it is ready or `token` is cancelled.
///
/// After a cancel, a future that listens has `cancel_grace` to finish, and its output is dropped;
/// any other is dropped at once, and not even begun if the cancel came before. The loop counts the
/// task, so that a stop can wait for its clean-up.
pub(crate) async fn cancellable<F: Future>(
    future: F,
    token: CancelToken,
    core: Arc<LoopCore>,
) -> Result<F::Output, Acknowledged> {
    let _mark = TaskMark::new(core.clone());
    if token.is_cancelled() {
        return Err(Acknowledged(false));
    }
    // The future gets a token of its own if it asks for one, which shows whether *it* listens: this
    // function listens to `token`.
    let mut future = pin!(UnderToken {
        future,
        token: CallToken::Under(token.clone())
    });
    let mut cancelled = pin!(token.cancelled());
    let ready = std::future::poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => cancelled.as_mut().poll(cx).map(|()| None),
    });
    if let Some(output) = ready.await {
        // The output of a future that has seen the cancel comes too late.
        let too_late = token.is_cancelled() && future.as_ref().was_heard();
        return if too_late {
            Err(Acknowledged(true))
        } else {
            Ok(output)
        };
    }
    // The cancel may still be on its way down to `own`.
    if let (Some(own), Some(reason)) = (future.as_ref().own_token(), token.reason()) {
        own.cancel(reason);
    }
    if !future.as_ref().was_heard() {
        return Err(Acknowledged(false));
    }
    let in_time = tokio::time::timeout(core.cancel_grace, future).await;
    Err(Acknowledged(in_time.is_ok()))
}

pin_project! {
    /// A future that runs with `token` as its current token.
    struct UnderToken<F> {
        #[pin]
        future: F,
        token: CallToken,
    }
}

impl<F> UnderToken<F> {
    /// The token, if the future has asked for it.
    fn own_token(self: Pin<&Self>) -> Option<&CancelToken> {
        self.project_ref().token.made()
    }

    fn was_heard(self: Pin<&Self>) -> bool {
        self.own_token().is_some_and(CancelToken::was_heard)
    }
}

impl<F: Future> Future for UnderToken<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _in_call = InCall::enter(this.token);
        __rust_begin_short_backtrace(this.future, cx)
    }
}
