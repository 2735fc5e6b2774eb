//! `ThreadedCall`: a blocking function on a worker thread, as a future.

use std::fmt;
use std::future::poll_fn;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::by_nature::OwnFuture;
use super::job_context::{JobContext, JobOptions};
use super::outcome::{self, JobOutcome, OutcomeReceiver, OutcomeSender};
use crate::current::{LoopCore, WorkKind, WorkMark};
use crate::global;
use crate::pool::{Job, Refusal};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::token::CancelToken;
use crate::scope::context::snapshot::Snapshot;
use crate::sync::Mutex;

/// The kind of thread that a job runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A worker of the loop, which runs other jobs before and after.
    Pool,
    /// A separate thread for this job alone.
    Separate,
    /// The thread of a pinned object, which this job makes and serves.
    Pinned,
}

/// A blocking function that runs on a worker, as a future; made by
/// [`run_threaded`](crate::run_threaded()) and by the async twins of `#[threaded]`.
///
/// The job starts at the first poll. The return value of the job is the output. A panic in the job
/// resumes at the await, with its payload.
///
/// # Drop
///
/// Dropping cancels the token of the job and does not wait. A job that has not begun is dropped. A
/// job that checks its token ([`check_cancelled`](crate::check_cancelled()),
/// [`sleep`](crate::sleep()), calls that can answer with an error) ends early, and so does one that
/// waits in a plain call, if it is [`unwinding`](ThreadedCall::unwinding). Any other job runs to its
/// end, and its result is dropped. [`cancel`](ThreadedCall::cancel) waits.
///
/// Dropping a call after [`start`](ThreadedCall::start) detaches its job, which runs to its end.
#[must_use = "the job starts when this is polled; write `.await`, or `.detach()` to let it run without an owner"]
pub struct ThreadedCall<T> {
    pub(super) state: State<T>,
    /// False for a call that was started without an owner that waits for it.
    drop_cancels: bool,
    /// `None` for a call without a job.
    pub(super) core: Option<Arc<LoopCore>>,
    site: CallSite,
}

pub(super) enum State<T> {
    Ready(Ready<T>),
    Started(Started<T>),
    /// There is no job: this is polled by the owner.
    Own(OwnFuture<T>),
    Over,
}

pub(super) struct Ready<T> {
    /// Taken out only by the owner; the lock makes the call `Sync`.
    submit: Mutex<Submit>,
    question: OutcomeReceiver<T>,
    context: Snapshot,
    options: JobOptions,
}

/// Hands the job to its thread, with the context to run in.
type Submit = Box<dyn FnOnce(&Arc<LoopCore>, JobContext) + Send>;

pub(super) struct Started<T> {
    pub(super) question: OutcomeReceiver<T>,
    pub(super) token: CancelToken,
}

impl<T> ThreadedCall<T> {
    /// A call on the ambient loop, which is passed to the job.
    #[track_caller]
    pub(super) fn with_core(
        site: CallSite,
        place: Place,
        job: impl FnOnce(&Arc<LoopCore>) -> T + Send + 'static,
    ) -> ThreadedCall<T>
    where
        T: Send + 'static,
    {
        ThreadedCall::with_begin(site, place, |core, answer| {
            let core = core.clone();
            move |job_context| match job_context {
                Ok(job_context) => answer.run(job_context, move || job(&core)),
                Err(why) => {
                    drop(job);
                    answer.give(JobOutcome::Refused(why));
                }
            }
        })
    }

    /// As [`with_core`](ThreadedCall::with_core), for jobs that answer before they end, or in
    /// several pieces: `begin` receives the context of the job, or the reason why it may not
    /// begin.
    #[track_caller]
    pub(super) fn with_begin<B>(
        site: CallSite,
        place: Place,
        begin: impl FnOnce(&Arc<LoopCore>, OutcomeSender<T>) -> B,
    ) -> ThreadedCall<T>
    where
        B: FnOnce(Result<JobContext, Refusal>) + Send + 'static,
    {
        let core = match global::ambient(site) {
            Ok(core) => core,
            Err(error) => error.throw(),
        };
        let (answer, question) = outcome::pair();
        let begin = begin(&core, answer);
        ThreadedCall::with_submit(core, site, question, move |core, mut job_context| {
            let mark = WorkMark::unless_drained(core, WorkKind::Job, site);
            let is_taken = job_context.set_mark(mark);
            let level = job_context.level();
            let job: Job = Box::new(move |may| begin(may.map(|()| job_context)));
            if !is_taken {
                return job(Err(Refusal::Closed));
            }
            match place {
                Place::Pool => core.pool.submit(level, job),
                Place::Separate => core.pool.submit_separate("separate", job),
                Place::Pinned => core.pool.submit_separate("pinned", job),
            }
        })
    }

    /// As [`with_begin`](ThreadedCall::with_begin), for jobs that `submit` hands to their thread.
    pub(super) fn with_submit(
        core: Arc<LoopCore>,
        site: CallSite,
        question: OutcomeReceiver<T>,
        submit: impl FnOnce(&Arc<LoopCore>, JobContext) + Send + 'static,
    ) -> ThreadedCall<T> {
        ThreadedCall {
            state: State::Ready(Ready {
                submit: Mutex::new(Box::new(submit)),
                question,
                context: Snapshot::capture(),
                options: JobOptions::default(),
            }),
            drop_cancels: true,
            core: Some(core),
            site,
        }
    }

    /// A call without a job.
    pub(super) fn own(site: CallSite, future: OwnFuture<T>) -> ThreadedCall<T> {
        ThreadedCall {
            state: State::Own(future),
            drop_cancels: true,
            core: None,
            site,
        }
    }

    /// A call whose job is already running, under this token.
    pub(super) fn started(
        question: OutcomeReceiver<T>,
        token: CancelToken,
        core: Arc<LoopCore>,
        site: CallSite,
    ) -> ThreadedCall<T> {
        ThreadedCall {
            state: State::Started(Started { question, token }),
            drop_cancels: true,
            core: Some(core),
            site,
        }
    }

    /// The options of the job, if it has not been started.
    pub(super) fn options(&mut self) -> Option<&mut JobOptions> {
        match &mut self.state {
            State::Ready(ready) => Some(&mut ready.options),
            State::Started(_) | State::Own(_) | State::Over => None,
        }
    }

    pub(super) fn set_drop_cancels(&mut self, drop_cancels: bool) {
        self.drop_cancels = drop_cancels;
    }

    /// The same call, with failures of the bridge as errors.
    ///
    /// # Errors
    ///
    /// [`Error::is_shutdown`] if the loop was stopped before the job could begin; the error of the
    /// plain call that was cut short, if the call is [`unwinding`](ThreadedCall::unwinding); another
    /// error if the operating system gives no thread.
    ///
    /// # Panics
    ///
    /// If the job panics.
    ///
    /// ```
    /// let koil = koil::Koil::new()?;
    /// let call = {
    ///     let _entered = koil.enter();
    ///     koil::run_threaded(|| 42)
    /// };
    /// koil.shutdown();
    /// assert!(koil::unkoil(call.fallible()).unwrap_err().is_shutdown());
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub async fn fallible(mut self) -> Result<T, Error> {
        poll_fn(|cx| self.poll_result(cx)).await
    }

    pub(super) fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Error>> {
        self.poll_outcome(cx).map(|outcome| self.result_of(outcome))
    }

    /// The outcome of the job; no panic is resumed yet.
    pub(super) fn poll_outcome(&mut self, cx: &mut Context<'_>) -> Poll<JobOutcome<T>> {
        if self.leak_if_forked() {
            return Poll::Ready(JobOutcome::Refused(Refusal::Closed));
        }
        if let State::Own(future) = &mut self.state {
            return future.poll(cx).map(JobOutcome::of);
        }
        self.hand_over();
        let State::Started(started) = &mut self.state else {
            panic!("a `ThreadedCall` was polled after it was ready");
        };
        let outcome = ready!(started.question.poll(cx));
        self.state = State::Over;
        Poll::Ready(outcome)
    }

    /// In a forked child the job stayed behind, and any lock that its worker held stays locked.
    pub(super) fn leak_if_forked(&mut self) -> bool {
        let is_forked = self.core.as_ref().is_some_and(|core| core.is_forked());
        if is_forked {
            std::mem::forget(std::mem::replace(&mut self.state, State::Over));
        }
        is_forked
    }

    /// The value, or the reason why the job did not begin; resumes its panic.
    pub(super) fn result_of(&self, outcome: JobOutcome<T>) -> Result<T, Error> {
        match outcome {
            JobOutcome::Value(value, changes) => {
                changes.apply();
                Ok(value)
            }
            JobOutcome::Panic(payload) => unwind::resume(payload),
            JobOutcome::CutShort(error) => Err(error),
            JobOutcome::Refused(Refusal::NoThread(error)) => {
                Err(Error::with_source(Kind::NoThread, self.site, error))
            }
            JobOutcome::NoObject(kind) => Err(Error::new(kind, self.site)),
            JobOutcome::Refused(Refusal::Closed) | JobOutcome::Unwanted => Err(match &self.core {
                Some(core) => core.end_error(self.site),
                None => Error::new(Kind::Shutdown, self.site),
            }),
        }
    }

    /// Hands the job to a worker, unless that has been done.
    pub(super) fn hand_over(&mut self) {
        let (State::Ready(_), Some(core)) = (&self.state, &self.core) else {
            return;
        };
        let State::Ready(ready) = std::mem::replace(&mut self.state, State::Over) else {
            unreachable!("it has just been seen")
        };
        let Ready {
            submit,
            question,
            context,
            options,
        } = ready;
        let submit = submit.into_inner();
        let job_context = JobContext::capture(core, context, options);
        let token = job_context.token().clone();
        self.state = State::Started(Started { question, token });
        submit(core, job_context);
    }
}

// As for a task: shared data is behind locks that are recovered from poison, and the job, with the
// context it carries, runs on another thread.
impl<T> UnwindSafe for ThreadedCall<T> {}
impl<T> RefUnwindSafe for ThreadedCall<T> {}

impl<T> Started<T> {
    fn give_up(&self, why: &'static str) {
        if !self.question.has_ended() {
            self.question.give_up();
            self.token.cancel(why);
        }
    }
}

impl<T> Future for ThreadedCall<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        match ready!(self.poll_result(cx)) {
            Ok(value) => Poll::Ready(value),
            Err(error) => error.throw(),
        }
    }
}

impl<T> Drop for ThreadedCall<T> {
    fn drop(&mut self) {
        self.leak_if_forked();
        if let State::Started(started) = &self.state {
            if self.drop_cancels {
                started.give_up("its owner has dropped it");
            } else {
                started.question.detach();
            }
        }
    }
}

impl<T> fmt::Debug for ThreadedCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Ready(_) => "not started",
            State::Started(started) if started.question.has_ended() => "ended",
            State::Started(_) => "started",
            State::Own(_) => "without a job",
            State::Over => "over",
        };
        f.debug_struct("ThreadedCall")
            .field("state", &state)
            .field("at", &format_args!("{}", self.site.location))
            .finish_non_exhaustive()
    }
}
