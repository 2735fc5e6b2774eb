//! `Semaphore`: a limit on how many of tokio's blocking threads run, apart from those that wait for
//! koil.
//!
//! Tokio's pool has a fixed limit of threads, and would hang where its jobs block on its jobs. So
//! it is given [`EXTRA`] threads more than may run. A thread that starts waits here until it may
//! run, and a thread that waits in a call of koil does not count, as in koil's own pool.

use std::sync::Arc;

use super::permit::{self, Permits};
use crate::sync::{Condvar, Mutex, MutexGuard};

/// The number of threads beyond those that may run: the depth to which jobs may wait for jobs. Each
/// costs a stack while there are more jobs than may run, so the number is small; koil's own pool
/// has no such limit.
pub(crate) const EXTRA: usize = 64;

/// Lets at most `limit` threads run at a time.
pub(crate) struct Semaphore {
    limit: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Threads that are inside and do not wait; idle threads count too.
    running: usize,
    /// Threads that have started and have not ended.
    alive: usize,
    /// Every thread may pass: the pool is ending.
    is_open: bool,
    /// Tokio's pool has ended; only threads that are inside a job are alive.
    is_over: bool,
}

impl Semaphore {
    pub(crate) fn new(limit: usize) -> Arc<Semaphore> {
        Arc::new(Semaphore {
            limit,
            state: Mutex::default(),
            changed: Condvar::new(),
        })
    }

    /// This thread starts: waits until it may run.
    pub(crate) fn enter(self: &Arc<Semaphore>) {
        self.state().alive += 1;
        let mut state = self.changed.wait_while(self.state(), |state| {
            state.running >= self.limit && !state.is_open
        });
        state.running += 1;
        drop(state);
        permit::set_owner(self.clone());
        permit::mark_running();
    }

    /// This thread ends.
    pub(crate) fn exit(&self) {
        permit::mark_idle();
        self.let_one_in();
        self.state().alive -= 1;
    }

    /// Counts one running thread less, and lets the next one in.
    fn let_one_in(&self) {
        self.state().running -= 1;
        self.changed.notify_one();
    }

    /// From now on no thread waits here.
    pub(crate) fn open(&self) {
        self.state().is_open = true;
        self.changed.notify_all();
    }

    /// Tokio's pool has been shut down.
    pub(crate) fn mark_over(&self) {
        self.state().is_over = true;
    }

    /// The number of threads that are still inside a job after the end of tokio's pool.
    pub(super) fn left(&self) -> usize {
        let state = self.state();
        if state.is_over { state.alive } else { 0 }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

impl Permits for Semaphore {
    fn give_back(self: Arc<Semaphore>) {
        self.let_one_in();
    }

    fn take_again(&self) {
        self.state().running += 1;
    }
}
