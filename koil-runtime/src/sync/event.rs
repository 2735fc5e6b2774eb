//! `Event`: a value that is set once and that threads and futures wait for.

use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::{Condvar, Mutex};

/// A value that is set once. Not a channel, since the thread-locals of a waiting thread may be
/// destroyed, and any number of threads and futures may wait.
pub(crate) struct Event<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    value: Option<T>,
    /// Woken when the value is set.
    wakers: Vec<Waker>,
}

impl<T: Copy> Event<T> {
    pub(crate) fn new() -> Event<T> {
        let state = State {
            value: None,
            wakers: Vec::new(),
        };
        Event {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn set(&self, value: T) {
        let mut state = self.state.lock();
        state.value = Some(value);
        let wakers = std::mem::take(&mut state.wakers);
        // Outside the lock, since a waker may run foreign code.
        drop(state);
        self.changed.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Sleeps until the value is set, at most for `limit`; `None` if it has not been set by then.
    pub(crate) fn wait(&self, limit: Duration) -> Option<T> {
        let state = self.state.lock();
        let state = self
            .changed
            .wait_timeout_while(state, limit, |state| state.value.is_none());
        state.value
    }

    /// Ready once the value is set; else the waker of `cx` is called then.
    pub(crate) fn poll(&self, cx: &Context<'_>) -> Poll<T> {
        let mut state = self.state.lock();
        if let Some(value) = state.value {
            return Poll::Ready(value);
        }
        if !state.wakers.iter().any(|waker| waker.will_wake(cx.waker())) {
            state.wakers.push(cx.waker().clone());
        }
        Poll::Pending
    }
}
