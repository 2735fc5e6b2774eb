//! `Said`: values that are futures or streams because the user says so, by `#[koil(wait | iter)]`.
//!
//! As [`Probe`](super::probe::Probe), with one more step of `Deref` for what is neither: then rustc
//! has that to say of the twin's signature, where it points at the user's word, and its body shall
//! add nothing.

// `self` is what method look-up goes by; it knows nothing.
#![allow(clippy::unused_self)]

use std::marker::PhantomData;
use std::ops::Deref;
use std::time::Duration;

use futures_core::Stream;

use super::call::Call;
use super::fallible::{try_wait_local, try_wait_send};
use super::iter::Iter;
use super::probe::{iter_local, iter_send, wait_local, wait_send};
use crate::report::error::Error;

/// The methods for futures and streams that may move to another thread.
#[derive(Debug)]
pub struct Said<T>(SaidLocal<T>);

/// The methods for those that must stay on theirs.
#[derive(Debug)]
pub struct SaidLocal<T>(Untrue<T>);

/// The same for what is neither future nor stream.
#[derive(Debug)]
pub struct Untrue<T>(PhantomData<T>);

impl<T> Said<T> {
    /// What is said of `value`'s type.
    pub fn of(value: &T) -> Said<T> {
        Said(SaidLocal::of(value))
    }
}

impl<T> SaidLocal<T> {
    /// What is said of `value`'s type, which stays here.
    pub fn of(_value: &T) -> SaidLocal<T> {
        SaidLocal(Untrue(PhantomData))
    }
}

impl<T> Deref for Said<T> {
    type Target = SaidLocal<T>;

    fn deref(&self) -> &SaidLocal<T> {
        &self.0
    }
}

impl<T> Deref for SaidLocal<T> {
    type Target = Untrue<T>;

    fn deref(&self) -> &Untrue<T> {
        &self.0
    }
}

impl<F: Future + Send> Said<F>
where
    F::Output: Send,
{
    /// Blocks on the future; panics where the bridge fails.
    #[track_caller]
    pub fn __koil_wait(&self, call: &Call, future: F) -> F::Output {
        wait_send(call, future)
    }

    /// Blocks on the future, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// Where the bridge fails, or the time is up.
    pub fn __koil_try_wait(
        &self,
        call: &Call,
        future: F,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error> {
        try_wait_send(call, future, timeout)
    }
}

impl<S: Stream + Send> Said<S>
where
    S::Item: Send,
{
    /// The blocking iterator over the stream.
    pub fn __koil_iter(&self, call: &Call, stream: S) -> Iter<S> {
        iter_send(call, stream)
    }
}

impl<F: Future> SaidLocal<F> {
    /// Blocks on the future; panics where the bridge fails.
    #[track_caller]
    pub fn __koil_wait(&self, call: &Call, future: F) -> F::Output {
        wait_local(call, future)
    }

    /// Blocks on the future, at most for `timeout`.
    ///
    /// # Errors
    ///
    /// Where the bridge fails, or the time is up.
    pub fn __koil_try_wait(
        &self,
        call: &Call,
        future: F,
        timeout: Option<Duration>,
    ) -> Result<F::Output, Error> {
        try_wait_local(call, future, timeout)
    }
}

impl<S: Stream> SaidLocal<S> {
    /// The blocking iterator over the stream.
    pub fn __koil_iter(&self, call: &Call, stream: S) -> Iter<S> {
        iter_local(call, stream)
    }
}

// Whatever the twin wants, since its signature does not compile.
impl<T> Untrue<T> {
    /// Is never called.
    pub fn __koil_wait<U>(&self, _: &Call, _: T) -> U {
        unreachable!("the signature of a twin says that this is a future")
    }

    /// Is never called.
    ///
    /// # Errors
    ///
    /// None.
    pub fn __koil_try_wait<U>(&self, _: &Call, _: T, _: Option<Duration>) -> Result<U, Error> {
        unreachable!("the signature of a twin says that this is a future")
    }

    /// Is never called.
    pub fn __koil_iter<U>(&self, _: &Call, _: T) -> U {
        unreachable!("the signature of a twin says that this is a stream")
    }
}
