//! What only the call site knows: whether a future or stream, and what it yields, is `Send`.
//!
//! An expansion writes `Probe::of(future).__koil_wait(&call)`. Method look-up takes the method of
//! `Probe<F>` where its `Send` bounds hold, and else that of [`ProbeLocal`], one `Deref` further away.
//! Only the future of one call of a named fn is probed.
//!
//! These are no traits, so that a twin need not import them: that is dear in every function. And the
//! value is moved, not borrowed, which is cheaper to compile.

use std::ops::{Deref, DerefMut};
use std::pin::pin;

use futures_core::Stream;

use super::call::Call;
use super::io::Io;
use super::iter::Iter;
use crate::drive::work::{FutureWork, Workload};

/// A value that a twin got from its original; its methods are for values that may move to another
/// thread.
#[derive(Debug)]
pub struct Probe<T>(pub(super) ProbeLocal<T>);

/// The methods for values of which nothing is known.
#[derive(Debug)]
pub struct ProbeLocal<T>(pub(super) Option<T>);

impl<T> Probe<T> {
    /// The probe of a value.
    #[inline(always)]
    pub fn of(value: T) -> Probe<T> {
        Probe(ProbeLocal(Some(value)))
    }
}

impl<T> Deref for Probe<T> {
    type Target = ProbeLocal<T>;

    fn deref(&self) -> &ProbeLocal<T> {
        &self.0
    }
}

impl<T> DerefMut for Probe<T> {
    fn deref_mut(&mut self) -> &mut ProbeLocal<T> {
        &mut self.0
    }
}

impl<F: Future + Send> Probe<F>
where
    F::Output: Send,
{
    /// Blocks on a future that may be finished on another thread; panics where the bridge fails.
    #[track_caller]
    pub fn __koil_wait(self, call: &Call) -> F::Output {
        // As `wait_send`, spelled out: each layer would be compiled again for each twin there is.
        let future = pin!(self.0.0);
        let mut work = FutureWork::new(future);
        call.__rust_end_short_backtrace_or_throw(Workload::Own(&mut work));
        work.into_output()
    }
}

impl<S: Stream + Send> Probe<S>
where
    S::Item: Send,
{
    /// The blocking iterator over a stream that may be polled on another thread.
    pub fn __koil_iter(self, call: &Call) -> Iter<S> {
        iter_send(call, taken(self.0.0))
    }
}

impl<T: Send> Probe<T> {
    /// The blocking side of a reader or writer that may be polled on another thread.
    pub fn __koil_io(self, call: &Call) -> Io<T> {
        io_send(call, taken(self.0.0))
    }
}

// What is asked of `T` is asked by the methods: it is said to the user when it is missing.
impl<T> ProbeLocal<T> {
    /// Blocks on a future that must stay on this thread; panics where the bridge fails.
    #[track_caller]
    pub fn __koil_wait(&mut self, call: &Call) -> T::Output
    where
        T: Future,
    {
        // As `wait_local`.
        let future = pin!(self.0.take());
        let mut work = FutureWork::new(future);
        call.__rust_end_short_backtrace_or_throw(Workload::Own(&mut work));
        work.into_output()
    }

    /// The blocking iterator over a stream that must stay on one thread.
    pub fn __koil_iter(&mut self, call: &Call) -> Iter<T>
    where
        T: Stream,
    {
        iter_local(call, self.take())
    }

    /// The blocking side of a reader or writer that must stay on one thread.
    pub fn __koil_io(&mut self, call: &Call) -> Io<T> {
        io_local(call, self.take())
    }

    pub(super) fn take(&mut self) -> T {
        taken(self.0.take())
    }
}

pub(super) fn taken<T>(value: Option<T>) -> T {
    match value {
        Some(value) => value,
        None => unreachable!("a probe is used once"),
    }
}

/// Blocks on a future that may be finished on another thread.
#[track_caller]
pub fn wait_send<F: Future + Send>(call: &Call, future: F) -> F::Output
where
    F::Output: Send,
{
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    call.__rust_end_short_backtrace_or_throw(Workload::Own(&mut work));
    work.into_output()
}

/// Blocks on a future that must stay on this thread.
#[track_caller]
pub fn wait_local<F: Future>(call: &Call, future: F) -> F::Output {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    call.__rust_end_short_backtrace_or_throw(Workload::Own(&mut work));
    work.into_output()
}

/// The blocking iterator over a stream that may be polled on another thread.
pub fn iter_send<S: Stream + Send>(call: &Call, stream: S) -> Iter<S>
where
    S::Item: Send,
{
    Iter::new_send(call, stream)
}

/// The blocking iterator over a stream that must stay on one thread.
pub fn iter_local<S: Stream>(call: &Call, stream: S) -> Iter<S> {
    Iter::new(call, stream)
}

/// The blocking side of a reader or writer that may be polled on another thread.
pub fn io_send<T: Send>(call: &Call, io: T) -> Io<T> {
    Io::send(call, io)
}

/// The blocking side of a reader or writer that must stay on one thread.
pub fn io_local<T>(call: &Call, io: T) -> Io<T> {
    Io::local(call, io)
}
