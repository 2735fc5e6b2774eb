//! The threads of a pool: how they wait for jobs, and how they run them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};
use std::time::Instant;

use super::{Job, KEEP_ALIVE, Refusal, Shared, seat};
use crate::report::unwind;
use crate::sync::Mutex;

/// The place where an idle thread waits to be woken.
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
        // ORDERING: Release pairs with the Acquire of `sit`; the jobs themselves are behind a lock.
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
    // If the thread cannot be started its closure is dropped, and the job must not be dropped with
    // it.
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
    slot.lock().take()
}

/// Runs the jobs in the queue and waits for more, until there has been none for [`KEEP_ALIVE`], the
/// pool is closed, or there are too many idle threads.
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
        // There may be too many threads: some were started in place of waiting ones.
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
        // Woken in the last moment: another thread took the chair, and sets its flag now or soon.
        drop(state);
        chair.sit();
        state = shared.state();
        state.coming = false;
    }
}

/// Runs a job. The job catches the panics of its own work. The drop of a result that is no longer
/// wanted may panic too; that panic ends here, after the panic hook has reported it.
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
        // This thread may run beside the one that took its place: to make it wait would break the
        // promise that nested jobs make progress.
        self.state().running += 1;
    }
}
