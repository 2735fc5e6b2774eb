//! The hop: the loop polls a future that stays on the stack of its sleeping caller.
//!
//! A thread that runs a foreign scheduler may poll, but must never park on what it polls itself:
//! a deferred wake of that scheduler would never come. So it lends the future to its loop, sleeps,
//! and leaves only when it has the future back. The protocol is in `cell`.

mod cell;
#[cfg(all(test, koil_loom))]
mod models;

use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::task::JoinHandle;

pub(super) use self::cell::Status;
use self::cell::{AfterUse, AskedBack, HopCell, Progress};
use super::park::Parker;
use super::work::Work;
use crate::current::{LoopCore, Polling};
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::ambient::{CallToken, InCall};
use crate::scope::cancel::token::CancelToken;
use crate::scope::context::snapshot::{Base, Snapshot};

/// Work that has been lent to the loop; it is back when this is dropped.
pub(super) struct Hop<'a> {
    shared: Arc<Shared>,
    parker: &'a Parker,
    task: Option<JoinHandle<()>>,
    /// The context of the caller when it lent the work.
    base: Base,
}

struct Shared {
    cell: HopCell<dyn Work + Send>,
    /// The token of the call, for the future to find.
    token: CancelToken,
    /// The context in which the work is polled, between its polls.
    context: Mutex<Snapshot>,
    /// Wakes the caller when the work is back.
    caller: Waker,
    panic: Mutex<Option<Payload>>,
}

impl Shared {
    fn context(&self) -> MutexGuard<'_, Snapshot> {
        self.context.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Hop<'a> {
    /// Lends `work` to the loop. `parker` and `waker` belong to the calling thread.
    pub(super) fn lend(
        core: &LoopCore,
        work: &'a mut (dyn Work + Send),
        token: CancelToken,
        parker: &'a Parker,
        waker: &Waker,
    ) -> Hop<'a> {
        let work: NonNull<dyn Work + Send + 'a> = NonNull::from(work);
        // SAFETY: only the lifetime changes. The pointee outlives every use, since the cell's user
        // side is reached through `Hop`, whose drop waits until the loop has let go of it, and
        // nothing between here and there can leak the `Hop` (see `caller::Caller::hop`).
        let work = unsafe {
            std::mem::transmute::<NonNull<dyn Work + Send + 'a>, NonNull<dyn Work + Send>>(work)
        };
        // SAFETY: the work is lent by unique reference for as long as the `Hop` lives; see above.
        let cell = unsafe { HopCell::new(work) };
        let context = Snapshot::capture();
        let base = context.base();
        let shared = Arc::new(Shared {
            cell,
            token,
            context: Mutex::new(context),
            caller: waker.clone(),
            panic: Mutex::default(),
        });
        // Made before the task is: from here on the work is sure to come back.
        let mut hop = Hop {
            shared: shared.clone(),
            parker,
            task: None,
            base,
        };
        hop.task = Some(core.tokio.spawn(Hopped(shared)));
        hop
    }

    /// How the work stands. What the loop did is visible to the caller once it is not `Lent`.
    pub(super) fn status(&self) -> Status {
        self.shared.cell.status()
    }

    /// Takes the work back, waiting only while it is being polled at this moment.
    pub(super) fn take_back(&self) -> Status {
        loop {
            self.parker.reset();
            match self.shared.cell.ask_back() {
                AskedBack::Returned => return Status::Returned,
                AskedBack::Finished => return Status::Finished,
                // Whatever wakes us here, deadlines included, we may not leave.
                AskedBack::InPoll => drop(self.parker.park(None)),
            }
        }
    }

    /// Goes on with the panic of the work, if it ended in one.
    pub(super) fn resume_panic(&self) {
        let payload = self
            .shared
            .panic
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(payload) = payload {
            unwind::resume(payload);
        }
    }
}

impl Drop for Hop<'_> {
    fn drop(&mut self) {
        if self.take_back() != Status::Finished
            && let Some(task) = &self.task
        {
            // What would have woken it has gone or goes with the work: it would stay for ever.
            task.abort();
        }
        // However it ended: what the work has set comes back, as if it had been polled here.
        let end = std::mem::take(&mut *self.shared.context());
        end.changes_since(&self.base).apply();
    }
}

/// The task that polls lent work on the loop.
struct Hopped(Arc<Shared>);

impl Future for Hopped {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let shared = &self.0;
        let progress = shared.cell.use_once(|work| {
            let _polling = Polling::begin();
            let mut token = CallToken::Made(shared.token.clone());
            let _in_call = InCall::enter(&mut token);
            // Taken out: no lock is held while user code runs.
            let mut context = std::mem::take(&mut *shared.context());
            let polled = unwind::halt(|| {
                let _within = context.enter();
                work.poll(cx)
            });
            *shared.context() = context;
            match polled {
                Ok(Poll::Pending) => Progress::Pending,
                Ok(Poll::Ready(())) => Progress::Finished,
                Err(payload) => {
                    let slot = shared.panic.lock();
                    *slot.unwrap_or_else(PoisonError::into_inner) = Some(payload);
                    Progress::Finished
                }
            }
        });
        match progress {
            AfterUse::StillLent => Poll::Pending,
            AfterUse::WakeOwner => {
                shared.caller.wake_by_ref();
                Poll::Ready(())
            }
            AfterUse::NotLent => Poll::Ready(()),
        }
    }
}

impl Drop for Hopped {
    /// The loop ends before the work does: the caller gets it back as it is.
    fn drop(&mut self) {
        if self.0.cell.give_back() {
            self.0.caller.wake_by_ref();
        }
    }
}
