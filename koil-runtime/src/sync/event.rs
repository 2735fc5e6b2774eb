//! `Event`: a value that is set once and that other threads wait for.

use std::time::Duration;

use super::{Condvar, Mutex};

/// A value that is set once. Not a channel, since the thread-locals of a waiting thread may be
/// destroyed, and any number of threads may wait.
pub(crate) struct Event<T> {
    value: Mutex<Option<T>>,
    changed: Condvar,
}

impl<T: Copy> Event<T> {
    pub(crate) fn new() -> Event<T> {
        Event {
            value: Mutex::new(None),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn set(&self, value: T) {
        *self.value.lock() = Some(value);
        self.changed.notify_all();
    }

    /// Sleeps until the value is set, at most for `limit`; `None` if it has not been set by then.
    pub(crate) fn wait(&self, limit: Duration) -> Option<T> {
        let value = self.value.lock();
        *self
            .changed
            .wait_timeout_while(value, limit, |value| value.is_none())
    }
}
