//! `Progress`: a reporter whose newest value goes to a callback on the UI thread.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use super::UiHandle;
use super::handler::Handler;
use super::registration::Registration;
use super::table::Table;
use crate::report::site::CallSite;
use crate::scope::context::snapshot::Snapshot;
use crate::sync::Mutex;

impl UiHandle {
    /// A reporter for progress bars and the like: [`Progress::set`] is cheap on any thread, and only the
    /// newest value comes to `on_value`, on the UI thread.
    ///
    /// At most one event is on its way, however often a value is set. The last value always comes,
    /// and before the callback of the task that has set it. `on_value` need not be `Send`, and runs in
    /// the [context](crate::ContextVar) of this call. If it panics, the panic hook reports that, and the
    /// next value comes all the same.
    ///
    /// # Drop
    ///
    /// When the last clone of the [`Progress`] is dropped, `on_value` is dropped, after the last value.
    /// [`Ui::close`](super::Ui::close) drops it at once; from then on values are dropped.
    ///
    /// # Panics
    ///
    /// On another thread than that of an open `Ui`.
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
    /// let (bar, events) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    ///
    /// let (shown, count) = (bar.clone(), events.clone());
    /// let progress = ui.progress(move |percent| {
    ///     bar.set(percent);
    ///     events.set(events.get() + 1);
    /// });
    /// for percent in 0..=100 {
    ///     progress.set(percent);
    /// }
    /// pump.run_until(|| shown.get() == 100);
    /// assert_eq!(count.get(), 1);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn progress<T, C>(&self, mut on_value: C) -> Progress<T>
    where
        T: Send + 'static,
        C: FnMut(T) + 'static,
    {
        let ui = &self.ui;
        let table = ui.table_for(CallSite::of("koil::ui::UiHandle::progress\nthe reporter"));
        let key = ui.new_key();
        if let Some(table) = table {
            let (of_values, context) = (ui.clone(), Snapshot::capture());
            let handler = Handler::new(move |value| {
                if !of_values.is_over() {
                    let mut context = context.clone();
                    let _within = context.enter();
                    on_value(value);
                }
            });
            table.insert(key, handler);
        }
        Progress {
            inner: Arc::new(Inner {
                slot: Mutex::new(NewestValue {
                    newest: None,
                    is_posted: false,
                }),
                registration: Registration {
                    ui: ui.clone(),
                    key,
                },
            }),
        }
    }
}

/// Reports values to a callback on the UI thread; made by [`UiHandle::progress`]. Clones report to the
/// same callback.
pub struct Progress<T> {
    inner: Arc<Inner<T>>,
}

struct Inner<T> {
    slot: Mutex<NewestValue<T>>,
    registration: Registration,
}

struct NewestValue<T> {
    newest: Option<T>,
    /// An event is on its way that takes the newest value.
    is_posted: bool,
}

impl<T: Send + 'static> Progress<T> {
    /// Reports `value`, in place of one that has not been shown yet. Never blocks; may be called on any
    /// thread.
    pub fn set(&self, value: T) {
        let (last, has_to_post) = {
            let mut slot = self.inner.slot.lock();
            let last = slot.newest.replace(value);
            (last, !std::mem::replace(&mut slot.is_posted, true))
        };
        drop(last);
        if !has_to_post {
            return;
        }
        let inner = self.inner.clone();
        self.inner.registration.ui.post(move |table: &Table| {
            let newest = {
                let mut slot = inner.slot.lock();
                slot.is_posted = false;
                slot.newest.take()
            };
            let handler = table.get::<Rc<Handler<T>>>(inner.registration.key);
            if let (Some(newest), Some(handler)) = (newest, handler) {
                handler.handle(newest);
            }
        });
    }
}

impl<T> Clone for Progress<T> {
    fn clone(&self) -> Progress<T> {
        Progress {
            inner: self.inner.clone(),
        }
    }
}

impl<T> fmt::Debug for Progress<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}
