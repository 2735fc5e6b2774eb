//! `threaded_open`: a job that answers with a stream, then runs on as the producer of its items.

use std::sync::Arc;

use super::call::{Place, ThreadedCall};
use super::capacity;
use super::channel;
use super::iter::ThreadedIter;
use super::job_context::JobContext;
use super::outcome::{self, JobOutcome, OutcomeSender};
use super::yielder::{self, Yielder};
use crate::current::LoopCore;
use crate::pool::Refusal;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::scope::context::snapshot::Changes;

/// Called by the expansion of `#[threaded_iterable]`, for iterators in a `Result` or `Option`.
///
/// `run` calls [`open`] last, so that the iterator may borrow from the frame of `run`.
#[track_caller]
pub fn threaded_open<T, H>(
    names: &'static str,
    place: Place,
    capacity: Option<usize>,
    run: impl FnOnce(&mut Opening<T, H>) + Send + 'static,
) -> ThreadedCall<H>
where
    T: Send + 'static,
    H: Send + 'static,
{
    let site = CallSite::of(names);
    let capacity = capacity::or_default(capacity);
    ThreadedCall::with_begin(site, place, |core, answer: OutcomeSender<H>| {
        let core = core.clone();
        move |may: Result<JobContext, Refusal>| match may {
            Ok(job_context) => produce(&core, site, capacity, answer, job_context, run),
            Err(why) => {
                drop(run);
                answer.give(JobOutcome::Refused(why));
            }
        }
    })
}

/// Runs the job on its worker, from its beginning to its end.
pub(super) fn produce<T, H>(
    core: &Arc<LoopCore>,
    site: CallSite,
    capacity: usize,
    answer: OutcomeSender<H>,
    mut job_context: JobContext,
    run: impl FnOnce(&mut Opening<T, H>),
) where
    T: Send + 'static,
{
    if answer.is_unwanted() {
        drop(run);
        return answer.give(JobOutcome::Unwanted);
    }
    let (sender, items) = channel::pair(capacity);
    let (end, question) = outcome::pair();
    let (token, home) = (job_context.token().clone(), core.clone());
    let stream = move || {
        let call = ThreadedCall::started(question, token, home, site);
        ThreadedIter::new(items, call)
    };
    let mut opening = Opening {
        answer: Some(answer),
        without_stream: None,
        stream: Some(Box::new(stream)),
        out: Yielder::new::<()>(sender, core.clone(), site),
    };
    // The values that the job holds are dropped before its caller is notified of its end.
    let ran = job_context.run(|| run(&mut opening));
    let Opening {
        answer,
        without_stream,
        out,
        ..
    } = opening;
    let is_cut_short = out.is_cut_short();
    drop(out);
    let changes = job_context.changes();
    drop(job_context);
    match (ran, answer) {
        (Err(halted), Some(answer)) => answer.give(halted.into()),
        (Err(halted), None) => end.give(halted.into()),
        (Ok(()), Some(answer)) => answer.give(match without_stream {
            Some(head) => JobOutcome::Value(head, changes),
            None => JobOutcome::Unwanted,
        }),
        (Ok(()), None) => end.give(JobOutcome::Value(
            if is_cut_short {
                Err(Error::new(Kind::Shutdown, site))
            } else {
                Ok(None)
            },
            changes,
        )),
    }
}

/// A job that answers with a stream.
pub struct Opening<T, H> {
    /// `None` once it has answered.
    answer: Option<OutcomeSender<H>>,
    /// An answer without an iterator; given when the job has ended.
    without_stream: Option<H>,
    /// Makes the stream only when it is handed out: the drop of a stream would cancel this job.
    stream: Option<Box<dyn FnOnce() -> ThreadedIter<T> + Send>>,
    out: Yielder<T>,
}

/// Answers with a stream in place of the iterator, then feeds it.
pub fn open<T, O>(opening: &mut Opening<T, O::Opened<ThreadedIter<T>>>, opened: O)
where
    T: Send + 'static,
    O: Opens<Items: Iterator<Item = T>>,
{
    // The caller is gone and would not take the stream, so the job must not run on behind it.
    if opening
        .answer
        .as_ref()
        .is_none_or(OutcomeSender::is_unwanted)
    {
        return;
    }
    let Some(stream) = opening.stream.take() else {
        return;
    };
    let (head, items) = opened.open(stream);
    let Some(items) = items else {
        opening.without_stream = Some(head);
        return;
    };
    if let Some(answer) = opening.answer.take() {
        // The changes that the job makes to its context are returned with its end.
        answer.give(JobOutcome::Value(head, Changes::default()));
    }
    yielder::feed(&mut opening.out, items);
}

/// `Result` and `Option`: the types that may hold an iterator.
pub trait Opens {
    /// The type of the value inside.
    type Items;

    /// The same type with a value of another type inside.
    type Opened<S>;

    /// This value, with a stream in the place of the iterator; and the iterator, if there is one.
    fn open<S>(self, stream: impl FnOnce() -> S) -> (Self::Opened<S>, Option<Self::Items>);
}

impl<I, E> Opens for Result<I, E> {
    type Items = I;
    type Opened<S> = Result<S, E>;

    fn open<S>(self, stream: impl FnOnce() -> S) -> (Result<S, E>, Option<I>) {
        match self {
            Ok(items) => (Ok(stream()), Some(items)),
            Err(error) => (Err(error), None),
        }
    }
}

impl<I> Opens for Option<I> {
    type Items = I;
    type Opened<S> = Option<S>;

    fn open<S>(self, stream: impl FnOnce() -> S) -> (Option<S>, Option<I>) {
        match self {
            Some(items) => (Some(stream()), Some(items)),
            None => (None, None),
        }
    }
}
