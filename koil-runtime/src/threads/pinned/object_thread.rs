//! The thread of a pinned object: it makes the object, runs its jobs in order, and drops it.
//!
//! ```text
//!          an object is made              taken by a job; or its last handle is dropped,
//! MAKING ------------------> SERVING     and the queue is empty; or the pool is closed
//!    | a panic, or no object  runs jobs ------------------------------------------------> ENDING
//!    v                                                             drops the object, if it is
//! the thread ends <------------------------------------------------ there; refuses queued jobs
//! ```
//!
//! When the thread has ended the queue is closed, so a later job is refused where it is submitted.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::thread::{self, ThreadId};

use super::Pinned;
use crate::current::{LoopCore, WorkKind, WorkMark};
use crate::pool::Refusal;
use crate::queue::{self, Intake, NotTaken, Queue};
use crate::report::error::Kind;
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::flags::{self, CALLER_DRIVES};
use crate::sync::Parker;
use crate::threads::call::{Place, ThreadedCall};
use crate::threads::job_context::JobContext;
use crate::threads::opening::Opens;
use crate::threads::outcome::{self, JobOutcome, OutcomeSender};

/// A job for an object. Its argument is the object, in the place from which it may be taken; or the
/// reason why the job cannot have it.
type ObjectJob<T> = Box<dyn FnOnce(Result<&mut Option<T>, Kind>) + Send>;

/// Lists a job with its loop: [`WorkMark::new`], or [`WorkMark::unless_drained`].
type MakeMark = fn(&Arc<LoopCore>, WorkKind, CallSite) -> Option<WorkMark>;

/// Why a job finds the object in its place.
pub(super) const HAS_OBJECT: &str = "a job without an object is refused";

/// The thread of an object, shared by its handles.
pub(super) struct ObjectThread<T> {
    core: Arc<LoopCore>,
    /// Without a limit, since each job belongs to a call that waits for it.
    queue: Arc<Queue<ObjectJob<T>>>,
    id: ThreadId,
}

/// Makes an object on a new thread; a handle `P` is in its place in the output.
#[track_caller]
pub(super) fn start<O, P>(
    site: CallSite,
    make: impl FnOnce() -> O + Send + 'static,
) -> ThreadedCall<O::Opened<P>>
where
    O: Opens<Items: 'static>,
    P: From<Pinned<O::Items>>,
    O::Opened<P>: Send + 'static,
{
    ThreadedCall::with_begin(site, Place::Pinned, |core, answer| {
        let core = core.clone();
        move |may: Result<JobContext, Refusal>| match may {
            Ok(job_context) => run(&core, answer, job_context, make),
            Err(why) => {
                drop(make);
                answer.give(JobOutcome::Refused(why));
            }
        }
    })
}

/// The whole run of the thread of an object.
fn run<O, P>(
    core: &Arc<LoopCore>,
    answer: OutcomeSender<O::Opened<P>>,
    mut job_context: JobContext,
    make: impl FnOnce() -> O,
) where
    O: Opens<Items: 'static>,
    P: From<Pinned<O::Items>>,
{
    if answer.is_unwanted() {
        job_context.run_plainly(|| drop(make));
        return answer.give(JobOutcome::Unwanted);
    }
    let opened = match job_context.run(make) {
        Ok(opened) => opened,
        Err(halted) => return answer.give(halted.into()),
    };
    let (queue, jobs) = queue::pair(usize::MAX, VecDeque::new());
    let thread = ObjectThread {
        core: core.clone(),
        queue,
        id: thread::current().id(),
    };
    let (head, object) = opened.open(|| P::from(Pinned::of_thread(Arc::new(thread))));
    let changes = job_context.changes();
    drop(job_context);
    answer.give(JobOutcome::Value(head, changes));
    if let Some(object) = object {
        serve(core, object, jobs);
    }
}

/// Runs the jobs of an object, until it is taken or no more are wanted.
fn serve<T>(core: &LoopCore, object: T, mut jobs: Intake<ObjectJob<T>>) {
    let parker = Arc::new(Parker::new());
    let waker = Waker::from(parker.clone());
    let _woken = core.pool.wake_on_close(waker.clone());
    let mut place = Some(object);
    while place.is_some() && !core.pool.is_closed() {
        parker.reset();
        match jobs.take(Some(&waker)) {
            // A job catches its own panics, but not that of the drop of an unwanted value.
            Poll::Ready(Some(job)) => unwind::swallow(|| job(Ok(&mut place))),
            Poll::Ready(None) => break,
            Poll::Pending => {
                // The queue and the close of the pool notify; both are checked next.
                let _ = parker.park(None);
            }
        }
    }
    unwind::swallow(|| drop(place));
    // Refused only now: a call that closes the object waits until it is gone.
    jobs.close();
    while let Poll::Ready(Some(job)) = jobs.take(None) {
        unwind::swallow(|| job(Err(reason(core))));
    }
}

/// The reason why an object is gone.
fn reason(core: &LoopCore) -> Kind {
    if core.registry.is_stopped() {
        core.end()
    } else {
        Kind::ObjectClosed
    }
}

impl<T: 'static> ObjectThread<T> {
    pub(super) fn core(&self) -> &Arc<LoopCore> {
        &self.core
    }

    /// A call that runs `job` with the object.
    pub(super) fn call<R: Send + 'static>(
        self: &Arc<ObjectThread<T>>,
        site: CallSite,
        job: impl FnOnce(&mut T) -> R + Send + 'static,
    ) -> ThreadedCall<R> {
        self.ask(site, WorkMark::unless_drained, move |place| {
            job(place.as_mut().expect(HAS_OBJECT))
        })
    }

    /// A call that takes the object, and runs `end` with it. A loop that is being drained takes it
    /// too: it is an end, not a beginning.
    pub(super) fn take<R: Send + 'static>(
        self: &Arc<ObjectThread<T>>,
        site: CallSite,
        end: impl FnOnce(T) -> R + Send + 'static,
    ) -> ThreadedCall<R> {
        self.ask(site, WorkMark::new, move |place| {
            end(place.take().expect(HAS_OBJECT))
        })
    }

    fn ask<R: Send + 'static>(
        self: &Arc<ObjectThread<T>>,
        site: CallSite,
        mark: MakeMark,
        job: impl FnOnce(&mut Option<T>) -> R + Send + 'static,
    ) -> ThreadedCall<R> {
        self.begin(site, mark, |answer| {
            move |job_context, place| match place {
                Ok(place) => answer.run(job_context, move || job(place)),
                Err(kind) => {
                    drop(job);
                    answer.give(JobOutcome::NoObject(kind));
                }
            }
        })
    }

    /// As [`call`](ObjectThread::call), for jobs that answer in several pieces.
    pub(super) fn begin<R, B>(
        self: &Arc<ObjectThread<T>>,
        site: CallSite,
        mark: MakeMark,
        begin: impl FnOnce(OutcomeSender<R>) -> B,
    ) -> ThreadedCall<R>
    where
        B: FnOnce(JobContext, Result<&mut Option<T>, Kind>) + Send + 'static,
    {
        let (answer, question) = outcome::pair();
        let (begin, thread) = (begin(answer), self.clone());
        let core = self.core.clone();
        ThreadedCall::with_submit(core, site, question, move |core, mut job_context| {
            if job_context.set_mark(mark(core, WorkKind::Job, site)) {
                thread.submit(Box::new(move |place| begin(job_context, place)));
            } else {
                begin(job_context, Err(core.end()));
            }
        })
    }

    fn submit(&self, job: ObjectJob<T>) {
        if self.is_this_thread() {
            return job(Err(Kind::SameObject));
        }
        if let Err(NotTaken::Closed(job) | NotTaken::Full(job)) = self.queue.push(job) {
            job(Err(reason(&self.core)));
        }
    }

    /// True in a job of this object. A task that runs on this thread, while a call of the job drives
    /// the loop, is not part of the job.
    fn is_this_thread(&self) -> bool {
        thread::current().id() == self.id && !flags::any(CALLER_DRIVES)
    }
}

impl<T> Drop for ObjectThread<T> {
    fn drop(&mut self) {
        // In a forked child the thread stayed behind, and may hold the lock of the queue for ever.
        if !self.core.is_forked() {
            self.queue.remove_sender();
        }
    }
}

/// An object that its function always makes.
pub(super) struct Always<T>(pub(super) T);

impl<T> Opens for Always<T> {
    type Items = T;
    type Opened<S> = S;

    fn open<S>(self, handle: impl FnOnce() -> S) -> (S, Option<T>) {
        (handle(), Some(self.0))
    }
}
