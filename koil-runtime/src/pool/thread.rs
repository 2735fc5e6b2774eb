//! The threads of a pool: how they wait for jobs, and how they run them.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use super::{Job, KEEP_ALIVE, Refusal, Shared, permit};
use crate::report::unwind;
use crate::sync::{Mutex, Parker, Unparked};

/// Starts a thread for the queue; it has been counted as alive and as coming.
pub(super) fn start(shared: &Arc<Shared>) {
    let mine = shared.clone();
    let name = format!("{}-worker", shared.plan.name);
    let started = builder(shared, name).spawn(move || {
        permit::set_owner(mine.clone());
        (mine.plan.around)(&mut || work(&mine));
        mine.ended();
    });
    if let Err(error) = started {
        shared.gave_no_thread(error);
    }
}

/// Starts a thread for one job; it has been counted as alive.
pub(super) fn start_separate(shared: &Arc<Shared>, title: &str, job: Job) {
    // If the thread cannot be started its closure is dropped, and the job must not be dropped with
    // it.
    let slot = Arc::new(Mutex::new(Some(job)));
    let mine = (shared.clone(), slot.clone());
    let name = format!("{}-{title}", shared.plan.name);
    let started = builder(shared, name).spawn(move || {
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

fn builder(shared: &Shared, name: String) -> thread::Builder {
    let builder = thread::Builder::new().name(name);
    match shared.plan.stack_size {
        None => builder,
        Some(size) => builder.stack_size(size),
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
    let plan = &shared.plan;
    let parker = Arc::new(Parker::new());
    let mut state = shared.state();
    state.coming = false;
    loop {
        let may_run = state.running < plan.limit(&state);
        if let Some(job) = may_run.then(|| state.queue.pop_first()).flatten() {
            state.running += 1;
            let step = state.see_to_queue(plan);
            drop(state);
            shared.take(step);
            permit::mark_running();
            run(job);
            permit::mark_idle();
            state = shared.state();
            state.running -= 1;
            continue;
        }
        // There may be too many threads: some were started in place of waiting ones.
        if state.closed || state.idle.len() >= plan.limit {
            return;
        }
        state.idle.push(parker.clone());
        drop(state);
        let was_woken = wait_for_work(&parker);
        state = shared.state();
        if was_woken {
            state.coming = false;
            continue;
        }
        let mine = state
            .idle
            .iter()
            .position(|idle| Arc::ptr_eq(idle, &parker));
        if let Some(at) = mine {
            state.idle.remove(at);
            return;
        }
        // Woken in the last moment: another thread took the parker, and notifies it now or soon.
        drop(state);
        wait_for_work(&parker);
        state = shared.state();
        state.coming = false;
    }
}

/// Sleeps until notified, at most for [`KEEP_ALIVE`]; true if notified.
fn wait_for_work(parker: &Parker) -> bool {
    let woken = parker.park(Instant::now().checked_add(KEEP_ALIVE)) == Unparked::Notified;
    if woken {
        parker.reset();
    }
    woken
}

/// Runs a job. The job catches the panics of its own work. The drop of a result that is no longer
/// wanted may panic too; that panic ends here, after the panic hook has reported it.
pub(super) fn run(job: Job) {
    unwind::swallow(|| job(Ok(())));
}

impl permit::Permits for Shared {
    fn give_back(self: Arc<Shared>) {
        let mut state = self.state();
        state.running -= 1;
        let step = state.see_to_queue(&self.plan);
        drop(state);
        self.take(step);
    }

    fn take_again(&self) {
        // This thread may run beside the one that took its place: to make it wait would break the
        // promise that nested jobs make progress.
        self.state().running += 1;
    }
}
