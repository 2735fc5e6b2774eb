//! Calls from the loop to the UI thread: `call`, and `ask` for answers that come later.

use std::fmt;
use std::sync::Arc;

use futures_util::future::{self, Either};
use tokio::sync::oneshot;

use super::UiHandle;
use super::core::UiCore;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::current_cancel::{Inside, Scope};
use crate::scope::cancel::token::CancelToken;
use crate::scope::context::snapshot::Snapshot;

impl UiHandle {
    /// Runs `f` on the UI thread, from async code on the loop, and returns its value.
    ///
    /// `f` runs as one event of the toolkit, in a copy of the [context](crate::ContextVar) of the
    /// awaiting task; the variables that it sets come back to the task. It reaches widgets by
    /// [`local`](UiHandle::local).
    ///
    /// # Errors
    ///
    /// [`Error::is_closed`] if the `Ui` has been closed, or its event loop has ended, before `f` has
    /// returned; never a hang. [`Error::would_deadlock`] if it is awaited on the UI thread itself, which
    /// would wait for itself there: call `f` instead.
    ///
    /// # Panics
    ///
    /// If `f` panics: its panic is resumed here. The panic hook has reported it, and the toolkit goes
    /// on.
    ///
    /// # Cancellation and drop
    ///
    /// Dropping the future drops `f`, if it has not begun. If it runs, its token
    /// ([`CancelToken::current`](crate::CancelToken::current)) is cancelled, and with it the blocking
    /// calls in `f`.
    ///
    /// A blocking call on the UI thread that waits for a task which awaits this is a deadlock that koil
    /// cannot see; [`BlockingOnUi`](super::BlockingOnUi) finds such calls.
    ///
    /// ```
    /// use koil::ui::testing::Pump;
    /// use koil::ui::Ui;
    ///
    /// let pump = Pump::new();
    /// let ui = Ui::new(pump.post())?;
    /// let on_ui = ui.handle();
    /// let task = ui.koil().task(async move { on_ui.call(|| 6 * 7).await });
    /// pump.run_until(|| task.is_finished());
    /// assert_eq!(task.result()??, 42);
    ///
    /// ui.close();
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn call<R, F>(&self, f: F) -> impl Future<Output = Result<R, Error>> + Send + use<R, F>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        let site = CallSite::of("koil::ui::UiHandle::call\nthe closure");
        on_ui(self.ui.clone(), site, f)
    }

    /// Runs `f` on the UI thread, from async code on the loop, and returns the answer that is given
    /// later: by a dialog, for example.
    ///
    /// `f` gets a [`Reply`] and returns; the UI thread is not blocked until the answer comes. As in
    /// [`call`](UiHandle::call), `f` runs in the context of the task, and the variables that it sets
    /// come back.
    ///
    /// # Errors
    ///
    /// As [`call`](UiHandle::call); and [`Error::is_unanswered`] if the reply is dropped without an
    /// answer: the dialog was closed.
    ///
    /// # Panics
    ///
    /// If `f` panics, as [`call`](UiHandle::call).
    ///
    /// # Cancellation and drop
    ///
    /// As [`call`](UiHandle::call). After `f` has returned, dropping the future cancels
    /// [`Reply::token`], so that the dialog can be closed; an answer is dropped then.
    ///
    /// ```
    /// use koil::ui::testing::Pump;
    /// use koil::ui::{Reply, Ui};
    ///
    /// let pump = Pump::new();
    /// let ui = Ui::new(pump.post())?;
    /// let on_ui = ui.handle();
    /// let task = ui.koil().task(async move {
    ///     // A dialog would keep the reply until a button is pressed.
    ///     let sure = on_ui.ask(|reply: Reply<bool>| reply.send(true)).await?;
    ///     let closed = on_ui.ask(|reply: Reply<bool>| drop(reply)).await;
    ///     assert!(closed.unwrap_err().is_unanswered());
    ///     Ok::<_, koil::Error>(sure)
    /// });
    /// pump.run_until(|| task.is_finished());
    /// assert!(task.result()??);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn ask<T, F>(&self, f: F) -> impl Future<Output = Result<T, Error>> + Send + use<T, F>
    where
        F: FnOnce(Reply<T>) + Send + 'static,
        T: Send + 'static,
    {
        let site = CallSite::of("koil::ui::UiHandle::ask\nthe closure");
        let ui = self.ui.clone();
        async move {
            let (answer, answered) = oneshot::channel();
            let token = CancelToken::new();
            let _asks = CancelOnDrop(token.clone());
            let reply = Reply { answer, token };
            on_ui(ui.clone(), site, move || f(reply)).await?;
            match future::select(answered, ui.over.cancelled()).await {
                Either::Left((Ok(answer), _)) => Ok(answer),
                Either::Left((Err(_), _)) if ui.is_over() => Err(ui.over_error(site)),
                Either::Left((Err(_), _)) => Err(Error::new(Kind::Unanswered, site)),
                Either::Right(_) => Err(ui.over_error(site)),
            }
        }
    }
}

/// Runs `f` on the UI thread and returns its value.
async fn on_ui<R, F>(ui: Arc<UiCore>, site: CallSite, f: F) -> Result<R, Error>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    if ui.is_over() {
        return Err(ui.over_error(site));
    }
    if ui.table().is_some() {
        return Err(Error::new(Kind::OnUiThread, site));
    }
    let token = CancelToken::new();
    let _calls = CancelOnDrop(token.clone());
    let mut context = Snapshot::capture();
    let base = context.base();
    let (end, ended) = oneshot::channel();
    ui.post(move |_| {
        if token.is_cancelled() {
            return;
        }
        let value = unwind::halt(|| {
            let _inside = Inside::scope(Scope {
                token,
                due: None,
                unwinding: None,
            });
            let _within = context.enter();
            f()
        });
        // An error: the future has been dropped, and the value is dropped here.
        let _ = end.send((value, context.changes_since(&base)));
    });
    match future::select(ended, ui.over.cancelled()).await {
        Either::Left((Ok((Ok(value), changes)), _)) => {
            changes.apply();
            Ok(value)
        }
        Either::Left((Ok((Err(payload), _)), _)) => unwind::resume(payload),
        Either::Left((Err(_), _)) | Either::Right(_) => Err(ui.over_error(site)),
    }
}

/// Tells the UI thread that its caller has gone.
struct CancelOnDrop(CancelToken);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel("the task that asked the UI thread has gone");
    }
}

/// The place where the answer to an [`ask`](UiHandle::ask) goes.
///
/// # Drop
///
/// Dropping it without an answer ends the wait with [`Error::is_unanswered`].
#[must_use = "a reply that is dropped is an error for the code that asks"]
pub struct Reply<T> {
    answer: oneshot::Sender<T>,
    token: CancelToken,
}

impl<T> Reply<T> {
    /// Gives the answer. It is dropped if the code that asked has gone. May be called on any thread.
    pub fn send(self, answer: T) {
        drop(self.answer.send(answer));
    }

    /// True once the code that asked has gone: the dialog may be closed.
    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Cancelled when the code that asked has got its answer or has gone. Await
    /// [`cancelled`](CancelToken::cancelled) in a [`spawn`](UiHandle::spawn) to close the dialog then.
    pub fn token(&self) -> &CancelToken {
        &self.token
    }
}

impl<T> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}
