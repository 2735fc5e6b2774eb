//! `UiTask`: a future on the loop whose outcome goes to a callback on the UI thread.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::UiHandle;
use super::core::UiCore;
use super::outcome::{FutureEnd, Outcome};
use super::table::Table;
use crate::bridge::task::{KoilTask, unkoil_task};
use crate::current::Entry;
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::token::CancelReason;
use crate::scope::context::snapshot::Snapshot;

impl UiHandle {
    /// Runs `future` on the loop, and then `callback` on the UI thread, with the outcome.
    ///
    /// The callback runs once, later, never inside this call, as one event of the toolkit. It need not
    /// be `Send`: it stays on the UI thread. It runs in the [context](crate::ContextVar) of this call,
    /// with the changes that the future has made; changes of its own end with it. If it panics, the
    /// panic hook reports that, and the toolkit goes on.
    ///
    /// # Cancellation and drop
    ///
    /// Dropping the [`UiTask`] cancels the task; keep it, or call [`detach`](UiTask::detach). From then
    /// on its callback gets no value, only [`Outcome::Cancelled`], also if the value was on its way.
    /// [`Ui::close`](super::Ui::close) cancels the task too, and drops the callback without a call. So
    /// it is where the toolkit has dropped an event: a callback that never runs is dropped with the
    /// `Ui`. A future that listens to its token ([`CancelToken::current`](crate::CancelToken::current))
    /// has `cancel_grace` to clean up; its callback runs after that.
    ///
    /// On a `Ui` that has been closed, or whose event loop has ended, both are dropped at once, and the
    /// task is finished from the start.
    ///
    /// # Panics
    ///
    /// On another thread than that of an open `Ui`, where the callback may not go; inside a future on the
    /// loop take [`call`](UiHandle::call).
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    ///
    /// use koil::ui::testing::Pump;
    /// use koil::ui::{Outcome, Ui};
    ///
    /// let pump = Pump::new();
    /// let ui = Ui::new(pump.post())?;
    ///
    /// // A label of the toolkit, which may not leave this thread.
    /// let label = Rc::new(Cell::new(""));
    /// let shown = label.clone();
    /// ui.spawn(async { "3.5 °C" }, move |outcome| {
    ///     if let Outcome::Done(text) = outcome {
    ///         label.set(text);
    ///     }
    /// })
    /// .detach();
    /// pump.run_until(|| shown.get() == "3.5 °C");
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn spawn<F, C>(&self, future: F, callback: C) -> UiTask
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
        C: FnOnce(Outcome<F::Output>) + 'static,
    {
        let ui = &self.ui;
        let table = ui.table_for(CallSite::of("koil::ui::UiHandle::spawn\nthe future"));
        let key = ui.new_key();
        let Some(table) = table else {
            return UiTask::finished(ui.clone(), key);
        };
        table.insert(key, Callback(Box::new(callback)));
        let delivery = Delivery::new(ui.clone(), key);
        let task = {
            let _entered = Entry::push(ui.core.clone());
            unkoil_task(Delivered { future, delivery }).cancel_on_drop()
        };
        ui.list(key, task.token().clone());
        UiTask {
            ui: ui.clone(),
            key,
            task: Some(task),
        }
    }
}

/// A task of a [`Ui`](super::Ui); made by [`UiHandle::spawn`].
///
/// # Drop
///
/// Dropping cancels the task, without waiting; its callback runs with [`Outcome::Cancelled`]. After
/// [`detach`](UiTask::detach) it runs on.
#[must_use = "a dropped task is cancelled: keep it while it is wanted, or call `detach`"]
pub struct UiTask {
    ui: Arc<UiCore>,
    key: u64,
    /// `None` if it never began.
    task: Option<KoilTask<()>>,
}

impl UiTask {
    pub(super) fn finished(ui: Arc<UiCore>, key: u64) -> UiTask {
        UiTask {
            ui,
            key,
            task: None,
        }
    }

    pub(super) fn key(&self) -> u64 {
        self.key
    }

    /// Asks the task to stop, and returns at once. True if this is the first request, and its callback
    /// has not begun.
    ///
    /// The callback gets [`Outcome::Cancelled`] with this reason, also if the future was done already.
    /// May be called on any thread; on the UI thread nothing can come between.
    ///
    /// ```
    /// # use std::{cell::Cell, rc::Rc};
    /// # use koil::ui::{testing::Pump, Outcome, Ui};
    /// # let pump = Pump::new();
    /// # let ui = Ui::new(pump.post())?;
    /// let seen = Rc::new(Cell::new(false));
    /// let is_over = seen.clone();
    /// let upload = ui.spawn(std::future::pending::<()>(), move |outcome| {
    ///     assert!(matches!(outcome, Outcome::Cancelled(reason) if reason.to_string() == "the button"));
    ///     seen.set(true);
    /// });
    /// assert!(upload.cancel("the button"));
    /// pump.run_until(|| is_over.get());
    /// assert!(upload.is_finished());
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn cancel(&self, reason: impl Into<CancelReason>) -> bool {
        let token = self.ui.token_of(self.key);
        token.is_some_and(|token| token.cancel(reason))
    }

    /// True once its callback has begun, or never will: the `Ui` has been closed.
    pub fn is_finished(&self) -> bool {
        self.ui.token_of(self.key).is_none()
    }

    /// Lets the task run on without this handle. Its timeout and its name stay in force, and
    /// [`Ui::close`](super::Ui::close) cancels it.
    pub fn detach(mut self) {
        if let Some(task) = self.task.take() {
            task.detach();
        }
    }

    /// Cancels the future if it is not done after `after`; its callback gets [`Outcome::TimedOut`].
    ///
    /// The loop keeps this deadline, from now on; a future that was done in time has its value, however
    /// long the UI thread takes to come to the callback. Of several deadlines the first to pass counts.
    ///
    /// ```
    /// # use std::{cell::Cell, rc::Rc, time::Duration};
    /// # use koil::ui::{testing::Pump, Outcome, Ui};
    /// # let pump = Pump::new();
    /// # let ui = Ui::new(pump.post())?;
    /// # let seen = Rc::new(Cell::new(false));
    /// # let is_over = seen.clone();
    /// ui.spawn(std::future::pending::<()>(), move |outcome| {
    ///     assert!(matches!(outcome, Outcome::TimedOut));
    ///     seen.set(true);
    /// })
    /// .timeout(Duration::from_millis(5))
    /// .detach();
    /// # pump.run_until(|| is_over.get());
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn timeout(mut self, after: Duration) -> UiTask {
        self.task = self.task.take().map(|task| task.timeout(after));
        self
    }

    /// Makes this the newest task with the name `name`, and cancels the one before: for a search while
    /// the user types, where only the answer to the last letter counts.
    ///
    /// The callback of the older task gets [`Outcome::Cancelled`], and so no answer that is out of
    /// date, also if that was on its way. Names belong to one `Ui`.
    ///
    /// ```
    /// # use std::{cell::RefCell, rc::Rc};
    /// # use koil::ui::{testing::Pump, Outcome, Ui};
    /// # let pump = Pump::new();
    /// # let ui = Ui::new(pump.post())?;
    /// let found = Rc::new(RefCell::new(Vec::new()));
    /// for text in ["o", "os", "oslo"] {
    ///     let found = found.clone();
    ///     ui.spawn(async move { format!("results for {text}") }, move |outcome| {
    ///         found.borrow_mut().extend(outcome.done());
    ///     })
    ///     .latest("search")
    ///     .detach();
    /// }
    /// pump.run_until(|| !found.borrow().is_empty());
    /// assert_eq!(*found.borrow(), ["results for oslo"]);
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn latest(self, name: impl Into<Cow<'static, str>>) -> UiTask {
        let before = self.ui.set_latest(name.into(), self.key);
        if let Some(before) = before {
            before.cancel("a newer task has taken its place");
        }
        self
    }
}

impl fmt::Debug for UiTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UiTask")
            .field("finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}

/// The callback of a task, in the table.
struct Callback<T>(Box<dyn FnOnce(Outcome<T>)>);

pin_project! {
    /// A future and the delivery of its end, which is dropped after it.
    struct Delivered<F, T>
    where
        T: Send,
        T: 'static,
    {
        #[pin]
        future: F,
        delivery: Delivery<T>,
    }
}

impl<F: Future> Future for Delivered<F, F::Output>
where
    F::Output: Send + 'static,
{
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        this.delivery.end = Some(match unwind::halt(|| this.future.poll(cx)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(value)) => FutureEnd::Done(value),
            Err(payload) => FutureEnd::Panicked(payload),
        });
        Poll::Ready(())
    }
}

/// Posts the end of a future to the UI thread when it is dropped: with the value, or because the
/// future was cut short.
struct Delivery<T: Send + 'static> {
    ui: Arc<UiCore>,
    key: u64,
    end: Option<FutureEnd<T>>,
}

impl<T: Send + 'static> Delivery<T> {
    fn new(ui: Arc<UiCore>, key: u64) -> Delivery<T> {
        ui.begin_future();
        Delivery { ui, key, end: None }
    }

    fn end(&mut self) -> FutureEnd<T> {
        let is_cancelled = || {
            let token = self.ui.token_of(self.key);
            token.is_some_and(|token| token.is_cancelled())
        };
        match self.end.take() {
            Some(FutureEnd::Done(_)) if is_cancelled() => FutureEnd::CutShort,
            Some(end) => end,
            None if std::thread::panicking() => {
                FutureEnd::Panicked(Box::new("the future panicked when it was dropped"))
            }
            None => FutureEnd::CutShort,
        }
    }
}

impl<T: Send + 'static> Drop for Delivery<T> {
    fn drop(&mut self) {
        let (ui, key, end) = (self.ui.clone(), self.key, self.end());
        // Dropped inside the context of the task, whose changes the callback sees.
        let mut context = Snapshot::capture();
        self.ui.post(move |table: &Table| {
            let token = ui.unlist(key);
            let callback = table.take::<Callback<T>>(key);
            if let (Some(token), Some(Callback(callback))) = (token, callback) {
                let outcome = end.outcome(&token, &ui.core.token);
                let _within = context.enter();
                callback(outcome);
            }
        });
        self.ui.end_future();
    }
}
