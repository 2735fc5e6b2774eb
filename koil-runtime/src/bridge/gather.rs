//! `gather`: one blocking call on many futures at once.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::call::{self, Call};
use crate::current::LoopCore;
use crate::drive::work::{FutureWork, Workload};
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;
use crate::scope::context::in_context::InContext;
use crate::scope::context::snapshot::Snapshot;

/// Prepares one blocking call on all of `futures`; [`wait`](Gather::wait) returns their outputs in
/// order.
///
/// The futures have one type, and may borrow and be `!Send`: they all run on the calling thread.
/// From Python's `palitra.gather`, except that a panic in one drops the others.
///
/// ```
/// let names = ["ada", "grace"];
/// let lengths = koil::gather(names.iter().map(|name| async { name.len() })).wait();
/// assert_eq!(lengths, [3, 5]);
/// ```
#[doc(alias = "join_all")]
pub fn gather<I>(futures: I) -> Gather<I::Item, All>
where
    I: IntoIterator<Item: Future>,
{
    Gather::new(futures)
}

/// As [`gather`], for futures that return a [`Result`]: the first error drops the others.
///
/// ```
/// let parsed = koil::try_gather(["1", "x", "3"].map(|text| async { text.parse::<i32>() })).wait();
/// assert!(parsed.is_err());
/// ```
#[doc(alias = "try_join_all")]
pub fn try_gather<I, T, E>(futures: I) -> Gather<I::Item, FirstError>
where
    I: IntoIterator<Item: Future<Output = Result<T, E>>>,
{
    Gather::new(futures)
}

/// Many futures that one call will wait for; made by [`gather`] and [`try_gather`].
#[must_use = "nothing runs until `wait` or `try_wait`"]
pub struct Gather<F, Mode> {
    futures: Vec<F>,
    limit: usize,
    timeout: Option<Duration>,
    /// The loop of the call; else the ambient one.
    home: Option<Arc<LoopCore>>,
    _mode: PhantomData<Mode>,
}

/// Marks a [`Gather`] that runs every future to its end.
#[derive(Debug, Clone, Copy)]
pub enum All {}

/// Marks a [`Gather`] that stops at the first error.
#[derive(Debug, Clone, Copy)]
pub enum FirstError {}

impl<F, Mode> Gather<F, Mode> {
    /// As `new`, on a loop of its own.
    pub(super) fn on(core: &Arc<LoopCore>, futures: impl IntoIterator<Item = F>) -> Self {
        Gather {
            home: Some(core.clone()),
            ..Gather::new(futures)
        }
    }

    fn new(futures: impl IntoIterator<Item = F>) -> Self {
        Gather {
            futures: futures.into_iter().collect(),
            limit: usize::MAX,
            timeout: None,
            home: None,
            _mode: PhantomData,
        }
    }

    /// Runs at most `limit` futures at a time; the others are not polled before. Default: all.
    ///
    /// # Panics
    ///
    /// If `limit` is 0.
    #[track_caller]
    pub fn limit(mut self, limit: usize) -> Self {
        assert!(
            limit > 0,
            "`limit` must be at least 1, or nothing would ever run"
        );
        self.limit = limit;
        self
    }

    /// Limits the total wait to `timeout`, for all futures together.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

impl<F: Future> Gather<F, All> {
    /// Blocks until every future is ready; returns their outputs, in order.
    ///
    /// # Panics
    ///
    /// If a future panics; and if [`unkoil`](crate::unkoil) would panic, or the timeout passes.
    #[track_caller]
    pub fn wait(self) -> Vec<F::Output> {
        let site = CallSite::here();
        match self.run(site, Answer::Output) {
            Ok(outputs) => outputs,
            Err(error) => error.throw(),
        }
    }

    /// As [`wait`](Gather::wait), with failures of the bridge as errors.
    ///
    /// # Errors
    ///
    /// [`Error::is_timeout`] if the timeout passes: all futures have been dropped. Else as
    /// [`try_unkoil`](crate::try_unkoil).
    ///
    /// # Panics
    ///
    /// If a future panics.
    #[track_caller]
    pub fn try_wait(self) -> Result<Vec<F::Output>, Error> {
        let site = CallSite::here();
        self.run(site, Answer::Error)
    }

    fn run(self, site: CallSite, answer: Answer) -> Result<Vec<F::Output>, Error> {
        let mut outputs = Slots::new(self.futures.len());
        self.block_on(site, answer, |at, output| {
            outputs.fill(at, output);
            ControlFlow::Continue(())
        })?;
        Ok(outputs.into_vec())
    }
}

impl<F, T, E> Gather<F, FirstError>
where
    F: Future<Output = Result<T, E>>,
{
    /// Blocks until every future is ready or one returns an error, which drops the others.
    ///
    /// # Errors
    ///
    /// The first error, in order of time.
    ///
    /// # Panics
    ///
    /// If a future panics; and if [`unkoil`](crate::unkoil) would panic, or the timeout passes.
    #[track_caller]
    pub fn wait(self) -> Result<Vec<T>, E> {
        let site = CallSite::here();
        match self.run(site, Answer::Output) {
            Ok(outputs) => outputs,
            Err(error) => error.throw(),
        }
    }

    /// As [`wait`](Gather::wait), with failures of the bridge as the outer error.
    ///
    /// # Errors
    ///
    /// Outer: [`Error::is_timeout`] if the timeout passes, with all futures dropped; else as
    /// [`try_unkoil`](crate::try_unkoil). Inner: the first error of a future.
    ///
    /// # Panics
    ///
    /// If a future panics.
    #[track_caller]
    pub fn try_wait(self) -> Result<Result<Vec<T>, E>, Error> {
        let site = CallSite::here();
        self.run(site, Answer::Error)
    }

    fn run(self, site: CallSite, answer: Answer) -> Result<Result<Vec<T>, E>, Error> {
        let mut outputs = Slots::new(self.futures.len());
        let mut first_error = None;
        self.block_on(site, answer, |at, output| match output {
            Ok(output) => {
                outputs.fill(at, output);
                ControlFlow::Continue(())
            }
            Err(error) => {
                first_error = Some(error);
                ControlFlow::Break(())
            }
        })?;
        Ok(match first_error {
            None => Ok(outputs.into_vec()),
            Some(error) => Err(error),
        })
    }
}

impl<F: Future, Mode> Gather<F, Mode> {
    /// Blocks while the futures run, `limit` at a time, and passes each output to `each`.
    fn block_on(
        self,
        site: CallSite,
        answer: Answer,
        mut each: impl FnMut(usize, F::Output) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let call = Call::admit(self.home.as_ref(), site, answer)?;
        let _entered = call.enter();
        let context = Snapshot::capture();
        let all = async {
            let mut waiting = self.futures.into_iter().enumerate();
            let mut running = FuturesUnordered::new();
            loop {
                let free = self.limit - running.len();
                running.extend(
                    waiting
                        .by_ref()
                        .take(free)
                        .map(|(at, future)| indexed(context.clone(), at, future)),
                );
                let Some((at, output)) = running.next().await else {
                    return;
                };
                if each(at, output).is_break() {
                    return;
                }
            }
        };
        let all = pin!(Some(all));
        let mut work = FutureWork::new(all);
        call::wait(&call, Workload::Own(&mut work), self.timeout)
    }
}

/// Runs each future in a copy of the caller's context, or it would see the changes of the others.
async fn indexed<F: Future>(context: Snapshot, at: usize, future: F) -> (usize, F::Output) {
    let (output, _) = InContext::new(context, future).await;
    (at, output)
}

impl<F, Mode> fmt::Debug for Gather<F, Mode> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gather")
            .field("futures", &self.futures.len())
            .field("limit", &self.limit)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Outputs by position; they arrive in any order.
struct Slots<T>(Vec<Option<T>>);

impl<T> Slots<T> {
    fn new(len: usize) -> Slots<T> {
        Slots(std::iter::repeat_with(|| None).take(len).collect())
    }

    fn fill(&mut self, at: usize, value: T) {
        self.0[at] = Some(value);
    }

    fn into_vec(self) -> Vec<T> {
        let filled = self
            .0
            .into_iter()
            .map(|slot| slot.expect("every future has been ready"));
        filled.collect()
    }
}
