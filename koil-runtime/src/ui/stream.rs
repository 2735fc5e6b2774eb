//! `UiStream`: a stream on the loop whose items go to a callback on the UI thread, one by one.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::UiHandle;
use super::core::UiCore;
use super::handler::Handler;
use super::outcome::Outcome;
use super::table::Table;
use super::task::UiTask;
use crate::report::site::CallSite;
use crate::scope::cancel::token::CancelReason;
use crate::scope::context::snapshot::Snapshot;

impl UiHandle {
    /// Runs `stream` on the loop, and `on_item` on the UI thread for each of its items, in order.
    ///
    /// The stream is not polled on while the UI thread is behind: at most one item is on its way, or
    /// as many as [`in_flight`](UiStream::in_flight) says. Each item is one event of the toolkit, so
    /// that the window is drawn in between. `on_item` need not be `Send`. It runs in the
    /// [context](crate::ContextVar) of this call with the changes of the stream; its own changes end
    /// with the item. If it panics, the panic hook reports that, and the next item comes all the same.
    /// If it runs an event loop itself, as modal dialogs do, items wait until it has returned.
    ///
    /// # Cancellation and drop
    ///
    /// Dropping the [`UiStream`] stops the stream: no further item comes, those that were on their way
    /// included, and the stream is dropped on the loop. [`Ui::close`](super::Ui::close) stops it too.
    ///
    /// On a `Ui` that has been closed all is dropped at once.
    ///
    /// # Panics
    ///
    /// On another thread than that of an open `Ui`.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    ///
    /// use koil::ui::testing::Pump;
    /// use koil::ui::Ui;
    ///
    /// let pump = Pump::new();
    /// let ui = Ui::new(pump.post())?;
    /// let rows = Rc::new(RefCell::new(Vec::new()));
    ///
    /// let list = rows.clone();
    /// let filling = ui.each(futures::stream::iter(0..3), move |row| list.borrow_mut().push(row));
    /// pump.run_until(|| filling.is_finished());
    /// assert_eq!(*rows.borrow(), [0, 1, 2]);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn each<S, C>(&self, stream: S, on_item: C) -> UiStream
    where
        S: Stream + Send + 'static,
        S::Item: Send + 'static,
        C: FnMut(S::Item) + 'static,
    {
        let ui = &self.ui;
        let table = ui.table_for(CallSite::of("koil::ui::UiHandle::each\nthe stream"));
        let gate = Arc::new(Semaphore::new(1));
        let (items, end) = (ui.new_key(), ui.new_key());
        let Some(table) = table else {
            return UiStream {
                task: UiTask::finished(ui.clone(), items),
                ui: ui.clone(),
                end,
                gate,
            };
        };
        let task_key = Rc::new(Cell::new(0));
        let handler = Handler::new(on_step(ui.clone(), task_key.clone(), end, on_item));
        table.insert(items, handler.clone());
        let feed = feed(ui.clone(), items, gate.clone(), stream);
        let of_end = ui.clone();
        let task = self.spawn(feed, move |outcome| {
            if let Some(table) = of_end.table() {
                table.remove(items);
            }
            handler.handle(Step::End(outcome, Snapshot::capture()));
        });
        task_key.set(task.key());
        UiStream {
            task,
            ui: ui.clone(),
            end,
            gate,
        }
    }
}

/// A stream of a [`Ui`](super::Ui); made by [`UiHandle::each`].
///
/// # Drop
///
/// Dropping stops the stream, without waiting: no further item comes. After
/// [`detach`](UiStream::detach) it runs on.
#[must_use = "a dropped stream stops: keep it while it is wanted, or call `detach`"]
pub struct UiStream {
    task: UiTask,
    ui: Arc<UiCore>,
    /// The key of the callback for the end.
    end: u64,
    /// Has a permit for each item that may be on its way.
    gate: Arc<Semaphore>,
}

/// The callback for the end, in the table.
struct OnEnd(Box<dyn FnOnce(Outcome<()>)>);

impl UiStream {
    /// Lets up to `n` items be on their way at once, instead of one: the stream gets on while the UI
    /// thread is behind, and an item costs no wait for the UI thread.
    ///
    /// # Panics
    ///
    /// If `n` is 0.
    ///
    /// ```
    /// # use std::{cell::Cell, rc::Rc};
    /// # use koil::ui::{testing::Pump, Ui};
    /// # let pump = Pump::new();
    /// # let ui = Ui::new(pump.post())?;
    /// let count = Rc::new(Cell::new(0));
    /// let counted = count.clone();
    /// let filling = ui
    ///     .each(futures::stream::iter(0..1000), move |_| count.set(count.get() + 1))
    ///     .in_flight(64);
    /// pump.run_until(|| filling.is_finished());
    /// assert_eq!(counted.get(), 1000);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn in_flight(self, n: usize) -> UiStream {
        assert!(
            n > 0,
            "`in_flight` needs room for 1 item at least; drop the `UiStream` to stop it"
        );
        self.gate
            .add_permits((n - 1).min(Semaphore::MAX_PERMITS - 1));
        self
    }

    /// Runs `callback` on the UI thread after the last item: with [`Outcome::Done`] at the end of the
    /// stream, or with the reason why it ended early.
    ///
    /// A later one replaces it. On a stream that has ended it is dropped.
    ///
    /// # Panics
    ///
    /// On another thread than that of an open `Ui`.
    ///
    /// ```
    /// # use std::{cell::Cell, rc::Rc};
    /// # use koil::ui::{testing::Pump, Outcome, Ui};
    /// # let pump = Pump::new();
    /// # let ui = Ui::new(pump.post())?;
    /// let is_full = Rc::new(Cell::new(false));
    /// let full = is_full.clone();
    /// ui.each(futures::stream::iter(["a", "b"]), |row| println!("{row}"))
    ///     .on_end(move |outcome| full.set(matches!(outcome, Outcome::Done(()))))
    ///     .detach();
    /// pump.run_until(|| is_full.get());
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn on_end(self, callback: impl FnOnce(Outcome<()>) + 'static) -> UiStream {
        let site = CallSite::of("koil::ui::UiStream::on_end\nthe stream");
        let table = self.ui.table_for(site);
        if let Some(table) = table.filter(|_| !self.is_finished()) {
            table.insert(self.end, OnEnd(Box::new(callback)));
        }
        self
    }

    /// As [`UiTask::cancel`]: no further item comes, and the end is [`Outcome::Cancelled`].
    pub fn cancel(&self, reason: impl Into<CancelReason>) -> bool {
        self.task.cancel(reason)
    }

    /// True once the stream has ended, and its last item was handled; or the `Ui` has been closed.
    pub fn is_finished(&self) -> bool {
        self.task.is_finished()
    }

    /// Lets the stream run on without this handle.
    pub fn detach(self) {
        self.task.detach();
    }

    /// As [`UiTask::timeout`], for the whole stream: items that have not been handled by then are
    /// dropped.
    #[track_caller]
    pub fn timeout(mut self, after: Duration) -> UiStream {
        self.task = self.task.timeout(after);
        self
    }

    /// As [`UiTask::latest`], with the same names.
    pub fn latest(mut self, name: impl Into<Cow<'static, str>>) -> UiStream {
        self.task = self.task.latest(name);
        self
    }
}

impl fmt::Debug for UiStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UiStream")
            .field("finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}

/// One event of a stream, with the context in which its callback runs.
enum Step<T> {
    Item(T, Snapshot, OwnedSemaphorePermit),
    End(Outcome<()>, Snapshot),
}

/// Polls the stream while there are permits, and posts its items.
async fn feed<S: Stream>(ui: Arc<UiCore>, items: u64, gate: Arc<Semaphore>, stream: S)
where
    S::Item: Send + 'static,
{
    let mut stream = pin!(stream);
    // The gate is never closed.
    while let Ok(permit) = gate.clone().acquire_owned().await {
        let Some(item) = stream.next().await else {
            return;
        };
        let step = Step::Item(item, Snapshot::capture(), permit);
        ui.post(move |table: &Table| {
            if let Some(handler) = table.get::<Rc<Handler<Step<S::Item>>>>(items) {
                handler.handle(step);
            }
        });
    }
}

/// The callback of the handler of a stream.
fn on_step<T>(
    ui: Arc<UiCore>,
    task: Rc<Cell<u64>>,
    end: u64,
    mut on_item: impl FnMut(T) + 'static,
) -> impl FnMut(Step<T>) {
    move |step| {
        if ui.is_over() {
            return;
        }
        match step {
            // The permit is given back when the callback has returned.
            Step::Item(item, mut context, _permit) => {
                let token = ui.token_of(task.get());
                if token.is_none_or(|token| !token.is_cancelled()) {
                    let _within = context.enter();
                    on_item(item);
                }
            }
            Step::End(outcome, mut context) => {
                let callback = ui.table().and_then(|table| table.take(end));
                if let Some(OnEnd(callback)) = callback {
                    let _within = context.enter();
                    callback(outcome);
                }
            }
        }
    }
}
