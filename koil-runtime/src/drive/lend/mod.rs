//! `Loan`: lending a future to the loop, whose thread polls it on the stack of its sleeping caller.
//!
//! Only calls that ask for it are lent (`#[koil(lend)]`, `unkoil_lend`). The caller leaves only
//! after it has the future back, whatever wakes it. The protocol is in `cell`, the wait in `lender`.

#![allow(unsafe_code)]

mod cell;
mod lender;
#[cfg(all(test, koil_loom))]
mod models;

use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use tokio::task::JoinHandle;

use self::cell::{AfterUse, AskedBack, LendCell, Status, UseOutcome};
use super::thread_cache::ThreadCache;
use super::wait_hook;
use super::work::Work;
use crate::current::handed_over::{self, Works};
use crate::current::{LoopCore, Polling, WorkKind};
use crate::report::site::CallSite;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::current_cancel::{CallToken, InCall};
use crate::scope::cancel::token::CancelToken;
use crate::scope::context::snapshot::{Base, Snapshot};
use crate::sync::{Mutex, MutexGuard, Parker};

/// Work that has been lent to the loop; the drop waits until the work is back.
struct Loan<'a> {
    shared: Arc<Shared>,
    parker: &'a Parker,
    task: Option<JoinHandle<()>>,
    /// The context of the caller when it lent the work.
    base: Base,
}

struct Shared {
    cell: LendCell<dyn Work + Send>,
    /// The token of the call, for the future to find.
    token: CancelToken,
    /// The context in which the work is polled, between its polls.
    context: Mutex<Snapshot>,
    /// The work that drops have handed over in polls on the loop: the caller waits for it.
    handed: Mutex<Works>,
    /// Wakes the caller when the work is back.
    caller: Waker,
    panic: Mutex<Option<Payload>>,
    /// The work has been pending once.
    has_waited: AtomicBool,
    /// True if the caller should be woken after the first pending poll.
    tells_first_wait: bool,
}

impl Shared {
    fn context(&self) -> MutexGuard<'_, Snapshot> {
        self.context.lock()
    }
}

impl<'a> Loan<'a> {
    /// Lends `work` to the loop. `cache` belongs to the calling thread. That thread is woken when
    /// the work is back and, if `tells_first_wait`, also after the first pending poll.
    fn lend(
        core: &Arc<LoopCore>,
        work: &'a mut (dyn Work + Send),
        token: CancelToken,
        cache: &'a ThreadCache,
        tells_first_wait: bool,
        site: CallSite,
    ) -> Loan<'a> {
        let work: NonNull<dyn Work + Send + 'a> = NonNull::from(work);
        // SAFETY: only the lifetime changes. The pointee outlives every use, since the cell's user
        // side is reached through `Loan`, whose drop waits until the loop has given the work back,
        // and nothing between here and there can leak the `Loan` (see `until_back`).
        let work = unsafe {
            std::mem::transmute::<NonNull<dyn Work + Send + 'a>, NonNull<dyn Work + Send>>(work)
        };
        // SAFETY: the work is lent by unique reference for as long as the `Loan` lives; see above.
        let cell = unsafe { LendCell::new(work) };
        let context = Snapshot::capture_whole();
        let base = context.base();
        let shared = Arc::new(Shared {
            cell,
            token,
            context: Mutex::new(context),
            handed: Mutex::default(),
            caller: cache.waker.clone(),
            panic: Mutex::default(),
            has_waited: AtomicBool::new(false),
            tells_first_wait,
        });
        // Made before the task is: from here on the work is certain to come back.
        let mut loan = Loan {
            shared: shared.clone(),
            parker: &cache.parker,
            task: None,
            base,
        };
        loan.task = Some(core.spawn(WorkKind::Lent, site, LentTask(shared)));
        loan
    }

    /// The state of the work. The effects of the loop's polls are visible to the caller once it is
    /// not `Lent`.
    fn status(&self) -> Status {
        self.shared.cell.status()
    }

    /// True once the work has been pending.
    fn has_waited(&self) -> bool {
        // ORDERING: Relaxed; nothing else is read because of it.
        self.shared.has_waited.load(Ordering::Relaxed)
    }

    /// Takes the work back; waits only if it is being polled at this moment.
    fn take_back(&self) -> Status {
        loop {
            self.parker.reset();
            match self.shared.cell.ask_back() {
                AskedBack::Returned => return Status::Returned,
                AskedBack::Finished => return Status::Finished,
                // Whatever wakes this thread here, a deadline included, it must not leave.
                AskedBack::InPoll => drop(wait_hook::around(|| self.parker.park(None))),
            }
        }
    }

    /// Resumes the panic of the work, if it ended in one.
    fn resume_panic(&self) {
        let payload = self.shared.panic.lock().take();
        if let Some(payload) = payload {
            unwind::resume(payload);
        }
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        if self.take_back() != Status::Finished
            && let Some(task) = &self.task
        {
            // The wakers of this task have gone or go with the work: without the abort it would
            // stay forever.
            task.abort();
        }
        // However the loan ended: the context changes of the work apply to the caller, as if it had
        // been polled here.
        let end = std::mem::take(&mut *self.shared.context());
        end.changes_since(&self.base).apply();
        let handed = std::mem::take(&mut *self.shared.handed.lock());
        handed_over::keep_all(handed);
    }
}

/// The task that polls lent work on the loop.
struct LentTask(Arc<Shared>);

impl Future for LentTask {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let shared = &self.0;
        let progress = shared.cell.use_once(|work| {
            let _polling = Polling::begin();
            let mut token = CallToken::Made(shared.token.clone());
            let _in_call = InCall::enter(&mut token);
            // Taken out of the mutex: no lock is held while user code runs.
            let mut context = std::mem::take(&mut *shared.context());
            let (polled, handed) = handed_over::collected(|| {
                let _within = context.enter();
                work.poll(cx)
            });
            if let Some(handed) = handed {
                shared.handed.lock().extend(handed.works);
            }
            *shared.context() = context;
            match polled {
                Ok(Poll::Pending) => UseOutcome::Pending,
                Ok(Poll::Ready(())) => UseOutcome::Finished,
                Err(payload) => {
                    *shared.panic.lock() = Some(payload);
                    UseOutcome::Finished
                }
            }
        });
        match progress {
            AfterUse::StillLent => {
                // ORDERING: Relaxed; the wake publishes it, if the caller waits for it.
                if !shared.has_waited.swap(true, Ordering::Relaxed) && shared.tells_first_wait {
                    shared.caller.wake_by_ref();
                }
                Poll::Pending
            }
            AfterUse::WakeOwner => {
                shared.caller.wake_by_ref();
                Poll::Ready(())
            }
            AfterUse::NotLent => Poll::Ready(()),
        }
    }
}

impl Drop for LentTask {
    /// If the loop ends before the work does, the caller gets the work back as it is.
    fn drop(&mut self) {
        if self.0.cell.give_back() {
            self.0.caller.wake_by_ref();
        }
    }
}
