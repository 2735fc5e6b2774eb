//! `Table`: the callbacks and values of one `Ui`, which stay on its thread.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::blocking_on_ui::BlockingOnUi;
use crate::current::{self, Role};
use crate::report::unwind;
use crate::scope::flags::{self, UI, UI_REFUSES, UI_TELLS};

thread_local! {
    /// The tables of the `Ui`s of this thread, by the numbers of these.
    static TABLES: RefCell<Vec<Rc<Table>>> = const { RefCell::new(Vec::new()) };
}

/// The values that the events of one `Ui` find by their keys. No borrow is held while user code
/// runs, drops included.
pub(super) struct Table {
    id: u64,
    blocking: BlockingOnUi,
    entries: RefCell<HashMap<u64, Box<dyn Any>>>,
}

impl Table {
    /// Puts an empty table on this thread.
    pub(super) fn put_up(id: u64, blocking: BlockingOnUi) {
        let table = Rc::new(Table {
            id,
            blocking,
            entries: RefCell::default(),
        });
        // On a thread that is ending there is no place, and no event will come.
        let _ = TABLES.try_with(|tables| tables.borrow_mut().push(table));
        set_flags();
    }

    /// The table of the `Ui` with this number, if this is its thread. While a caller drives a loop
    /// here, the thread counts as that of the loop.
    pub(super) fn here(id: u64) -> Option<Rc<Table>> {
        if current::role() == Role::Loop {
            return None;
        }
        let found = TABLES.try_with(|tables| {
            let tables = tables.borrow();
            tables.iter().find(|table| table.id == id).cloned()
        });
        found.ok().flatten()
    }

    /// Removes the table from this thread.
    pub(super) fn take_down(id: u64) {
        let removed = TABLES.try_with(|tables| {
            let mut tables = tables.borrow_mut();
            let at = tables.iter().position(|table| table.id == id)?;
            Some(tables.remove(at))
        });
        set_flags();
        if let Ok(Some(table)) = removed {
            table.clear();
        }
    }

    pub(super) fn insert(&self, key: u64, value: impl Any) {
        let last = self.entries.borrow_mut().insert(key, Box::new(value));
        drop(last);
    }

    /// Takes the value out, if it is there and of this type.
    pub(super) fn take<T: Any>(&self, key: u64) -> Option<T> {
        let entry = self.entries.borrow_mut().remove(&key)?;
        entry.downcast().ok().map(|value| *value)
    }

    /// A clone of the value, if it is there and of this type.
    pub(super) fn get<T: Any + Clone>(&self, key: u64) -> Option<T> {
        let entries = self.entries.borrow();
        entries.get(&key)?.downcast_ref::<T>().cloned()
    }

    pub(super) fn remove(&self, key: u64) {
        let entry = self.entries.borrow_mut().remove(&key);
        drop(entry);
    }

    /// Drops all values. A panic of a drop ends here; the panic hook has reported it.
    pub(super) fn clear(&self) {
        let entries = self.entries.take();
        for entry in entries.into_values() {
            unwind::swallow(|| drop(entry));
        }
    }
}

/// Sets the flags of this thread by its tables: the strictest one counts.
fn set_flags() {
    let strictest = TABLES.try_with(|tables| {
        let tables = tables.borrow();
        tables.iter().map(|table| table.blocking).max()
    });
    let value = match strictest.ok().flatten() {
        Some(BlockingOnUi::Refused) => UI_REFUSES,
        Some(BlockingOnUi::Told) => UI_TELLS,
        Some(BlockingOnUi::Allowed) | None => 0,
    };
    flags::replace(UI, value);
}
