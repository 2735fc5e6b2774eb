//! `Ticket`: the task that an executor of the application gets for each job of the queue.
//!
//! Tickets are interchangeable: each runs the job that is next in the queue. So a job may also be taken by
//! a thread of the pool, which stands in for a thread of the executor that waits in a call of koil:
//! then the last ticket finds no job. A ticket that the executor drops refuses a job, unless there
//! are enough tickets for all.

use std::io;
use std::sync::Arc;

use super::permit::{PermitOnLoan, Permits};
use super::{Refusal, Shared, thread};
use crate::report::unwind;

/// The executor of the application.
pub(crate) type JobExecutor = Arc<dyn Fn(Box<dyn FnOnce() + Send>) + Send + Sync>;

/// The right to run one job.
pub(super) struct Ticket {
    shared: Arc<Shared>,
    is_used: bool,
}

/// Gives the executor a ticket, which has been counted.
pub(super) fn hand_out(shared: &Arc<Shared>, executor: &JobExecutor) {
    let ticket = Ticket {
        shared: shared.clone(),
        is_used: false,
    };
    // The panic hook has reported a panic of the executor, and the drop of the ticket refuses a job.
    unwind::swallow(|| executor(Box::new(move || ticket.run())));
}

impl Ticket {
    fn run(mut self) {
        self.is_used = true;
        let mut state = self.shared.state();
        state.tickets -= 1;
        let Some(job) = state.queue.pop_first() else {
            return;
        };
        // The end of the pool waits for the job, not for the thread.
        state.alive += 1;
        drop(state);
        let shared = self.shared.clone();
        let mut job = Some(job);
        {
            let _permit = PermitOnLoan::begin(Arc::new(Guest(shared.clone())));
            (shared.plan.around_guest)(&mut || job.take().into_iter().for_each(thread::run));
        }
        shared.ended();
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.is_used {
            return;
        }
        let mut state = self.shared.state();
        state.tickets -= 1;
        let refused = (state.queue.len() > state.tickets).then(|| state.queue.pop_last());
        drop(state);
        let why = "the executor of the loop dropped it, or panicked";
        for job in refused.into_iter().flatten() {
            job(Err(Refusal::NoThread(Arc::new(io::Error::other(why)))));
        }
    }
}

/// A thread of the executor that runs a job. While it waits in a call of koil, a thread of the pool
/// may run another job in its place.
struct Guest(Arc<Shared>);

impl Permits for Guest {
    fn give_back(self: Arc<Guest>) {
        let mut state = self.0.state();
        state.waiting_guests += 1;
        let step = state.see_to_queue(&self.0.plan);
        drop(state);
        self.0.take(step);
    }

    fn take_again(&self) {
        self.0.state().waiting_guests -= 1;
    }
}
