//! `Registration`: a value in the table, for as long as handles refer to it.

use std::sync::Arc;

use super::core::UiCore;

/// Removes a value from the table, on the UI thread, when this is dropped.
pub(super) struct Registration {
    pub(super) ui: Arc<UiCore>,
    pub(super) key: u64,
}

impl Drop for Registration {
    fn drop(&mut self) {
        let key = self.key;
        if let Some(table) = self.ui.table() {
            table.remove(key);
        } else {
            self.ui.post(move |table| table.remove(key));
        }
    }
}
