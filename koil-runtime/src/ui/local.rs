//! `UiLocal`: a reference to a value that stays on the UI thread.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use super::UiHandle;
use super::registration::Registration;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;

impl UiHandle {
    /// Keeps `value`, a widget for example, on the UI thread, and returns a reference that may go
    /// anywhere. The value need not be `Send`.
    ///
    /// Callbacks of [`spawn`](UiHandle::spawn) may own such values and need no reference. The closure of
    /// a [`call`](UiHandle::call) comes from the loop: it reaches them by this.
    ///
    /// # Drop
    ///
    /// The value is dropped on the UI thread, when the last clone of the reference is dropped, or by
    /// [`Ui::close`](super::Ui::close).
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
    /// let label = Rc::new(Cell::new(0));
    ///
    /// let (shown, on_ui) = (ui.local(label.clone()), ui.handle());
    /// ui.spawn(
    ///     async move { on_ui.call(move || shown.with(|label| label.set(42))).await },
    ///     |outcome| assert!(matches!(outcome.done(), Some(Ok(())))),
    /// )
    /// .detach();
    /// pump.run_until(|| label.get() == 42);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn local<T: 'static>(&self, value: T) -> UiLocal<T> {
        let ui = &self.ui;
        let table = ui.table_for(CallSite::of("koil::ui::UiHandle::local\nthe value"));
        let key = ui.new_key();
        if let Some(table) = table {
            table.insert(key, Rc::new(value));
        }
        UiLocal {
            registration: Arc::new(Registration {
                ui: ui.clone(),
                key,
            }),
            _value: PhantomData,
        }
    }
}

/// A reference to a value on the UI thread; made by [`UiHandle::local`]. It is `Send`, whatever the
/// value is.
pub struct UiLocal<T> {
    registration: Arc<Registration>,
    _value: PhantomData<fn() -> T>,
}

impl<T: 'static> UiLocal<T> {
    /// Gives `f` the value.
    ///
    /// # Panics
    ///
    /// On another thread than that of the `Ui`, and after [`Ui::close`](super::Ui::close): never in a
    /// callback or in the closure of a [`call`](UiHandle::call).
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        match self.get(CallSite::of("koil::ui::UiLocal::with\nthe value")) {
            Ok(value) => f(&value),
            Err(error) => error.throw(),
        }
    }

    /// Gives `f` the value, if it can be reached here.
    ///
    /// # Errors
    ///
    /// [`Error::is_closed`] after [`Ui::close`](super::Ui::close); another error on another thread than
    /// that of the `Ui`.
    #[track_caller]
    pub fn try_with<R>(&self, f: impl FnOnce(&T) -> R) -> Result<R, Error> {
        let value = self.get(CallSite::of("koil::ui::UiLocal::try_with\nthe value"))?;
        Ok(f(&value))
    }

    fn get(&self, site: CallSite) -> Result<Rc<T>, Error> {
        let Registration { ui, key } = &*self.registration;
        match ui.table() {
            Some(table) => table.get(*key).ok_or_else(|| ui.over_error(site)),
            None if ui.is_over() => Err(ui.over_error(site)),
            None => Err(Error::new(Kind::OffUiThread, site)),
        }
    }
}

impl<T> Clone for UiLocal<T> {
    fn clone(&self) -> UiLocal<T> {
        UiLocal {
            registration: self.registration.clone(),
            _value: PhantomData,
        }
    }
}

impl<T> fmt::Debug for UiLocal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UiLocal")
    }
}
