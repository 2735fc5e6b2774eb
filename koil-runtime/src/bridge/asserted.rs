//! `Asserted`: values that the user marks as futures or streams, by `#[koil(wait | iter)]`.
//!
//! If a value is neither, rustc reports that for the twin's signature, at the user's attribute, and
//! the body must add no further error: there method look-up takes a method of [`AssertedWrong`], one
//! `Deref` further away.

// `self` only steers method look-up; it holds no data.
#![allow(clippy::unused_self)]

use std::marker::PhantomData;
use std::ops::Deref;
use std::time::Duration;

use futures_core::Stream;

use super::calls::{iter, try_wait, wait};
use super::clean_up::Late;
use super::iter::Iter;
use super::lent_calls::{iter_lent, try_wait_lent, wait_lent};
use crate::call::Call;
use crate::report::error::Error;

/// The methods for futures and streams. `Send` is a bound of the method, not of the impl; otherwise
/// look-up would treat a value that is not `Send` as one that is no future.
#[derive(Debug)]
pub struct Asserted<T>(AssertedWrong<T>);

/// The methods for other values.
#[derive(Debug)]
pub struct AssertedWrong<T>(PhantomData<T>);

impl<T> Asserted<T> {
    /// The marker for the type of `value`.
    pub fn of(_value: &T) -> Asserted<T> {
        Asserted(AssertedWrong(PhantomData))
    }
}

impl<T> Deref for Asserted<T> {
    type Target = AssertedWrong<T>;

    fn deref(&self) -> &AssertedWrong<T> {
        &self.0
    }
}

impl<F: Future> Asserted<F> {
    /// As [`wait`].
    #[track_caller]
    pub fn __koil_wait(&self, call: &Call, future: F) -> F::Output {
        wait(call, future)
    }

    /// As [`wait_lent`].
    #[track_caller]
    pub fn __koil_wait_lent(&self, call: &Call, future: F) -> F::Output
    where
        F: Send,
        F::Output: Send,
    {
        wait_lent(call, future)
    }

    /// As [`try_wait`].
    ///
    /// # Errors
    ///
    /// If the bridge fails, or the time is up.
    pub fn __koil_try_wait(
        &self,
        call: &Call,
        future: F,
        timeout: Option<Duration>,
        late: Late<F::Output>,
    ) -> Result<F::Output, Error> {
        try_wait(call, future, timeout, late)
    }

    /// As [`try_wait_lent`].
    ///
    /// # Errors
    ///
    /// If the bridge fails, or the time is up.
    pub fn __koil_try_wait_lent(
        &self,
        call: &Call,
        future: F,
        timeout: Option<Duration>,
        late: Late<F::Output>,
    ) -> Result<F::Output, Error>
    where
        F: Send,
        F::Output: Send,
    {
        try_wait_lent(call, future, timeout, late)
    }
}

impl<S: Stream> Asserted<S> {
    /// As [`iter`].
    pub fn __koil_iter(&self, call: &Call, stream: S) -> Iter<S> {
        iter(call, stream)
    }

    /// As [`iter_lent`].
    pub fn __koil_iter_lent(&self, call: &Call, stream: S) -> Iter<S>
    where
        S: Send,
        S::Item: Send,
    {
        iter_lent(call, stream)
    }
}

// These return any type that the twin wants, since its signature does not compile.
impl<T> AssertedWrong<T> {
    /// Is never called.
    pub fn __koil_wait<U>(&self, _: &Call, _: T) -> U {
        unreachable!("the signature of a twin says that this is a future")
    }

    /// Is never called.
    pub fn __koil_wait_lent<U>(&self, _: &Call, _: T) -> U {
        unreachable!("the signature of a twin says that this is a future")
    }

    /// Is never called.
    ///
    /// # Errors
    ///
    /// None.
    pub fn __koil_try_wait<U>(
        &self,
        _: &Call,
        _: T,
        _: Option<Duration>,
        _: Late<U>,
    ) -> Result<U, Error> {
        unreachable!("the signature of a twin says that this is a future")
    }

    /// Is never called.
    ///
    /// # Errors
    ///
    /// None.
    pub fn __koil_try_wait_lent<U>(
        &self,
        _: &Call,
        _: T,
        _: Option<Duration>,
        _: Late<U>,
    ) -> Result<U, Error> {
        unreachable!("the signature of a twin says that this is a future")
    }

    /// Is never called.
    pub fn __koil_iter<U>(&self, _: &Call, _: T) -> U {
        unreachable!("the signature of a twin says that this is a stream")
    }

    /// Is never called.
    pub fn __koil_iter_lent<U>(&self, _: &Call, _: T) -> U {
        unreachable!("the signature of a twin says that this is a stream")
    }
}
