//! The end of a `Ui`: closing, which never blocks, and waiting for the end of its loop.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::Ui;
use super::core::{ON_CLOSED, OnClosed, UiCore};
use super::table::Table;
use crate::drive::shutdown::ShutdownReport;
use crate::koil::Koil;
use crate::sync::Mutex;

impl Ui {
    /// Ends the `Ui`: for the moment when the window closes. Never blocks.
    ///
    /// Its tasks and streams are cancelled, and each `call` and `ask` that waits is an error with
    /// [`Error::is_closed`](crate::Error::is_closed). Callbacks are dropped here, without a call: none
    /// runs after this has returned, except that of [`on_closed`](Ui::on_closed). A loop of its own is
    /// stopped in the background as [`Koil::shutdown`] does it, so that tasks that listen have their
    /// time to clean up; a loop of others goes on.
    ///
    /// May be called in a callback. The second call has no effect. To wait for the end as well, at the
    /// end of `main`, see [`join`](Ui::join).
    ///
    /// ```
    /// use koil::ui::testing::Pump;
    /// use koil::ui::Ui;
    ///
    /// let pump = Pump::new();
    /// let ui = Ui::new(pump.post())?;
    /// ui.spawn(async { "on its way" }, |_| unreachable!("the window is gone")).detach();
    /// ui.close();
    /// pump.turn();
    /// assert!(ui.is_closed());
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn close(&self) {
        let ui = &self.handle.ui;
        let owned = self.owned.take();
        if self.is_closing.replace(true) {
            return;
        }
        ui.end("the window has been closed");
        if let Some(table) = ui.table() {
            let on_closed = table.take::<OnClosed>(ON_CLOSED);
            table.clear();
            Table::take_down(ui.id);
            if let Some(on_closed) = on_closed {
                // Blocking calls are allowed again on this thread.
                Table::put_up(ui.id, super::BlockingOnUi::Allowed);
                if let Some(table) = ui.table() {
                    table.insert(ON_CLOSED, on_closed);
                }
            }
        }
        let is_idle = ui.mark_closed();
        match owned {
            Some(koil) => stop_in_background(ui, koil),
            None if is_idle => ui.report_end(None),
            // The last future that is dropped reports the end.
            None => {}
        }
    }

    /// Runs `callback` on the UI thread when everything of this `Ui` has ended after
    /// [`close`](Ui::close): its futures have been dropped, and its own loop has stopped, for which it
    /// gets the report.
    ///
    /// A later one replaces it. If the event loop of the toolkit has ended before, it does not run: it
    /// is dropped with its thread. A `Ui` that has been closed drops it at once.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    ///
    /// use koil::ui::testing::Pump;
    /// use koil::ui::Ui;
    ///
    /// let pump = Pump::new();
    /// let ui = Ui::new(pump.post())?;
    /// let has_ended = Rc::new(Cell::new(false));
    /// let ended = has_ended.clone();
    /// ui.on_closed(move |report| {
    ///     assert!(report.unwrap().is_clean());
    ///     has_ended.set(true);
    /// });
    /// ui.close();
    /// pump.run_until(|| ended.get());
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn on_closed(&self, callback: impl FnOnce(Option<ShutdownReport>) + 'static) {
        let callback: OnClosed = Box::new(callback);
        let table = self.handle.ui.table();
        if let Some(table) = table.filter(|_| !self.is_closing.get()) {
            table.insert(ON_CLOSED, callback);
        }
    }

    /// Closes the `Ui`, and waits until everything of it has ended, at most for `limit`. True if all
    /// ended in time.
    ///
    /// For the end of `main`, when the event loop of the toolkit has returned: the process would end in
    /// the middle of what the tasks clean up.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use koil::ui::testing::Pump;
    /// use koil::ui::Ui;
    ///
    /// let pump = Pump::new();
    /// let ui = Ui::new(pump.post())?;
    /// // .. the event loop runs, and returns ..
    /// assert!(ui.join(Duration::from_secs(5)));
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn join(self, limit: Duration) -> bool {
        self.close();
        self.handle.ui.ended.wait(limit) == Some(true)
    }
}

impl Drop for Ui {
    fn drop(&mut self) {
        self.close();
    }
}

/// Stops the loop of a `Ui` on a thread that may wait for it.
fn stop_in_background(ui: &Arc<UiCore>, koil: Koil) {
    // Not lost with the closure, if there is no thread.
    let owned = Arc::new(Mutex::new(Some(koil)));
    let (of_ui, of_thread) = (ui.clone(), owned.clone());
    let stop = move || {
        let koil = of_thread.lock().take();
        let report = koil.map(Koil::shutdown);
        of_ui.report_end(report);
    };
    let thread = thread::Builder::new().name("koil-ui-close".to_owned());
    if thread.spawn(stop).is_err()
        && let Some(koil) = owned.lock().take()
    {
        // The loop stops itself; its end cannot be seen from there.
        drop(ui.core.tokio.spawn(async move { drop(koil) }));
    }
}
