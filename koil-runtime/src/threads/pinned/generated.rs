//! The functions that the expansion of `#[threaded(pinned)]` calls.

use super::Pinned;
use super::object_thread::{Always, HAS_OBJECT, start};
use crate::current::WorkMark;
use crate::report::site::CallSite;
use crate::threads::call::ThreadedCall;
use crate::threads::capacity;
use crate::threads::iter::ThreadedIter;
use crate::threads::opening::{self, Opening, Opens};
use crate::threads::outcome::JobOutcome;
use crate::threads::yielder::{YieldEnd, Yielder};

/// Makes an object on a thread of its own, with a handle of type `P`.
#[track_caller]
pub fn pinned_new<T, P>(
    names: &'static str,
    make: impl FnOnce() -> T + Send + 'static,
) -> ThreadedCall<P>
where
    T: 'static,
    P: From<Pinned<T>> + Send + 'static,
{
    start(CallSite::of(names), || Always(make()))
}

/// As [`pinned_new`], for an object in a `Result` or `Option`.
#[track_caller]
pub fn pinned_made<O, P>(
    names: &'static str,
    make: impl FnOnce() -> O + Send + 'static,
) -> ThreadedCall<O::Opened<P>>
where
    O: Opens<Items: 'static>,
    P: From<Pinned<O::Items>>,
    O::Opened<P>: Send + 'static,
{
    start(CallSite::of(names), make)
}

/// Runs a method of the object.
#[track_caller]
pub fn pinned_with<T: 'static, R: Send + 'static>(
    names: &'static str,
    pinned: &Pinned<T>,
    job: impl FnOnce(&mut T) -> R + Send + 'static,
) -> ThreadedCall<R> {
    pinned.thread.call(CallSite::of(names), job)
}

/// Runs a method that takes the object.
#[track_caller]
pub fn pinned_take<T: 'static, R: Send + 'static>(
    names: &'static str,
    pinned: Pinned<T>,
    end: impl FnOnce(T) -> R + Send + 'static,
) -> ThreadedCall<R> {
    pinned.thread.take(CallSite::of(names), end)
}

/// Runs a method that yields items.
#[track_caller]
pub fn pinned_yield<T, I, R>(
    names: &'static str,
    pinned: &Pinned<T>,
    capacity: Option<usize>,
    run: impl FnOnce(&mut T, &mut Yielder<I>) -> R + Send + 'static,
) -> ThreadedIter<R::Item>
where
    T: 'static,
    I: Send + 'static,
    R: YieldEnd<I>,
{
    pinned.yields(CallSite::of(names), capacity::or_default(capacity), run)
}

/// Runs a method that returns an iterator in a `Result` or `Option`.
#[allow(clippy::missing_panics_doc)] // A job finds its object, or is refused.
#[track_caller]
pub fn pinned_open<T, I, H>(
    names: &'static str,
    pinned: &Pinned<T>,
    capacity: Option<usize>,
    run: impl FnOnce(&mut T, &mut Opening<I, H>) + Send + 'static,
) -> ThreadedCall<H>
where
    T: 'static,
    I: Send + 'static,
    H: Send + 'static,
{
    let site = CallSite::of(names);
    let capacity = capacity::or_default(capacity);
    let core = pinned.thread.core().clone();
    pinned
        .thread
        .begin(site, WorkMark::unless_drained, |answer| {
            move |job_context, place: Result<&mut Option<T>, _>| match place {
                Ok(place) => {
                    let object = place.as_mut().expect(HAS_OBJECT);
                    let run = |opening: &mut Opening<I, H>| run(object, opening);
                    opening::produce(&core, site, capacity, answer, job_context, run);
                }
                Err(kind) => {
                    drop(run);
                    answer.give(JobOutcome::NoObject(kind));
                }
            }
        })
}
