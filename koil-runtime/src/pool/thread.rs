//! The threads of a pool: where they sit without work, and what they do.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::Instant;

use super::{Job, KEEP_ALIVE, Refusal, Shared, seat};
use crate::report::unwind;

/// Where a thread without work waits to be woken.
pub(super) struct Chair {
    woken: AtomicBool,
    thread: Thread,
}

impl Chair {
    fn new() -> Arc<Chair> {
        Arc::new(Chair {
            woken: AtomicBool::new(false),
            thread: thread::current(),
        })
    }

    pub(super) fn wake(&self) {
        // ORDERING: Release pairs with the Acquire of `sit`; what there is to do is behind a lock.
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }

    /// Waits to be woken, at most for [`KEEP_ALIVE`]; true if it was.
    fn sit(&self) -> bool {
        let begun = Instant::now();
        loop {
            // ORDERING: Acquire pairs with the Release of `wake`.
            if self.woken.swap(false, Ordering::Acquire) {
                return true;
            }
            let Some(left) = KEEP_ALIVE.checked_sub(begun.elapsed()) else {
                return false;
            };
            thread::park_timeout(left);
        }
    }
}

/// Starts a thread for the queue; it has been counted as alive and as coming.
pub(super) fn start(shared: &Arc<Shared>) {
    let mine = shared.clone();
    let name = format!("{}-worker", shared.plan.name);
    let started = thread::Builder::new().name(name).spawn(move || {
        seat::show(mine.clone());
        (mine.plan.around)(&mut || work(&mine));
        mine.ended();
    });
    if let Err(error) = started {
        shared.gave_no_thread(error);
    }
}

/// Starts a thread for one job; it has been counted as alive.
pub(super) fn start_separate(shared: &Arc<Shared>, job: Job) {
    // A thread that cannot be started would take the job with it.
    let slot = Arc::new(Mutex::new(Some(job)));
    let mine = (shared.clone(), slot.clone());
    let name = format!("{}-separate", shared.plan.name);
    let started = thread::Builder::new().name(name).spawn(move || {
        let (shared, slot) = mine;
        (shared.plan.around)(&mut || {
            if let Some(job) = take(&slot) {
                run(job);
            }
        });
        shared.ended();
    });
    if let Err(error) = started {
        shared.ended();
        refuse(&slot, error);
    }
}

fn refuse(slot: &Mutex<Option<Job>>, error: io::Error) {
    if let Some(job) = take(slot) {
        job(Err(Refusal::NoThread(Arc::new(error))));
    }
}

fn take(slot: &Mutex<Option<Job>>) -> Option<Job> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Does what is in the queue, and waits for more, until there has been nothing for long.
fn work(shared: &Arc<Shared>) {
    let limit = shared.plan.limit;
    let chair = Chair::new();
    let mut state = shared.state();
    state.coming = false;
    loop {
        let may_run = state.running < limit;
        if let Some(job) = may_run.then(|| state.queue.pop_front()).flatten() {
            state.running += 1;
            let step = state.see_to_queue(limit);
            drop(state);
            shared.take(step);
            seat::sit();
            run(job);
            seat::stand_up();
            state = shared.state();
            state.running -= 1;
            continue;
        }
        // Threads that stood in for waiting ones may have become too many.
        if state.closed || state.idle.len() >= limit {
            return;
        }
        state.idle.push(chair.clone());
        drop(state);
        let was_woken = chair.sit();
        state = shared.state();
        if was_woken {
            state.coming = false;
            continue;
        }
        let mine = state.idle.iter().position(|idle| Arc::ptr_eq(idle, &chair));
        if let Some(at) = mine {
            state.idle.remove(at);
            return;
        }
        // Woken in the last moment: the chair says so now, or is about to.
        drop(state);
        chair.sit();
        state = shared.state();
        state.coming = false;
    }
}

/// A job catches the panics of what it runs; the drop of what nobody wants any more may panic too,
/// and the hook has told of it.
fn run(job: Job) {
    unwind::swallow(|| job(Ok(())));
}

impl seat::Seat for Shared {
    fn leave(self: Arc<Shared>) {
        let mut state = self.state();
        state.running -= 1;
        let step = state.see_to_queue(self.plan.limit);
        drop(state);
        self.take(step);
    }

    fn rejoin(&self) {
        // It may run beside whoever took its place: to make it wait would undo the promise.
        self.state().running += 1;
    }
}
