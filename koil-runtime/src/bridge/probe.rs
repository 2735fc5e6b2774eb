//! What only the call site knows: whether a future or stream, and what it yields, is `Send`.
//!
//! An expansion writes `(&Probe::of(&future)).__koil_wait(&call, future)`. Method look-up takes the trait
//! for `Probe<F>` where its `Send` bounds hold, and else finds the other one, for `&Probe<F>`, one
//! reference further away. Only the future of one call of a named fn is probed.

use std::marker::PhantomData;
use std::pin::pin;

use futures_core::Stream;

use super::call::Call;
use super::io::Io;
use super::iter::Iter;
use crate::drive::work::{FutureWork, Workload};

/// Remembers the type of a value.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// The probe of `value`'s type.
    #[inline(always)]
    pub fn of(_value: &T) -> Probe<T> {
        Probe(PhantomData)
    }
}

/// Waits for a future that may be finished on another thread.
pub trait ProbeSend<F: Future> {
    /// Blocks on `future`; panics where the bridge fails.
    fn __koil_wait(&self, call: &Call, future: F) -> F::Output;
}

impl<F: Future + Send> ProbeSend<F> for Probe<F>
where
    F::Output: Send,
{
    #[track_caller]
    fn __koil_wait(&self, call: &Call, future: F) -> F::Output {
        // As `wait_send`, spelled out: each layer would be compiled again for each twin there is.
        let future = pin!(Some(future));
        let mut work = FutureWork::new(future);
        call.__rust_end_short_backtrace_or_throw(Workload::Send(&mut work));
        work.into_output()
    }
}

/// Waits for a future that must stay on this thread.
pub trait ProbeLocal<F: Future> {
    /// Blocks on `future`; panics where the bridge fails.
    fn __koil_wait(&self, call: &Call, future: F) -> F::Output;
}

impl<F: Future> ProbeLocal<F> for &Probe<F> {
    #[track_caller]
    fn __koil_wait(&self, call: &Call, future: F) -> F::Output {
        // As `wait_local`.
        let future = pin!(Some(future));
        let mut work = FutureWork::new(future);
        call.__rust_end_short_backtrace_or_throw(Workload::Local(&mut work));
        work.into_output()
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
    call.__rust_end_short_backtrace_or_throw(Workload::Send(&mut work));
    work.into_output()
}

/// Blocks on a future that must stay on this thread.
#[track_caller]
pub fn wait_local<F: Future>(call: &Call, future: F) -> F::Output {
    let future = pin!(Some(future));
    let mut work = FutureWork::new(future);
    call.__rust_end_short_backtrace_or_throw(Workload::Local(&mut work));
    work.into_output()
}

/// Makes an iterator of a stream that may be polled on another thread.
pub trait ProbeSendIter<S: Stream> {
    /// The blocking iterator over `stream`.
    fn __koil_iter(&self, call: &Call, stream: S) -> Iter<S>;
}

impl<S: Stream + Send> ProbeSendIter<S> for Probe<S>
where
    S::Item: Send,
{
    fn __koil_iter(&self, call: &Call, stream: S) -> Iter<S> {
        iter_send(call, stream)
    }
}

/// Makes an iterator of a stream that must stay on one thread.
pub trait ProbeLocalIter<S: Stream> {
    /// The blocking iterator over `stream`.
    fn __koil_iter(&self, call: &Call, stream: S) -> Iter<S>;
}

impl<S: Stream> ProbeLocalIter<S> for &Probe<S> {
    fn __koil_iter(&self, call: &Call, stream: S) -> Iter<S> {
        iter_local(call, stream)
    }
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

/// Makes a blocking reader or writer of an async one that may be polled on another thread.
pub trait ProbeSendIo<T> {
    /// The blocking side of `io`.
    fn __koil_io(&self, call: &Call, io: T) -> Io<T>;
}

impl<T: Send> ProbeSendIo<T> for Probe<T> {
    fn __koil_io(&self, call: &Call, io: T) -> Io<T> {
        io_send(call, io)
    }
}

/// Makes a blocking reader or writer of an async one that must stay on one thread.
pub trait ProbeLocalIo<T> {
    /// The blocking side of `io`.
    fn __koil_io(&self, call: &Call, io: T) -> Io<T>;
}

impl<T> ProbeLocalIo<T> for &Probe<T> {
    fn __koil_io(&self, call: &Call, io: T) -> Io<T> {
        io_local(call, io)
    }
}

/// The blocking side of a reader or writer that may be polled on another thread.
pub fn io_send<T: Send>(call: &Call, io: T) -> Io<T> {
    Io::send(call, io)
}

/// The blocking side of a reader or writer that must stay on one thread.
pub fn io_local<T>(call: &Call, io: T) -> Io<T> {
    Io::local(call, io)
}
