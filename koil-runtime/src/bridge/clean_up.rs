//! `CleanUp`: the error that a future returns while it cleans up after its call was cut short.
//!
//! The call returns the failure of the bridge, with that error as its source. A type that can be a
//! source is found by method look-up: if the error of the future is none, look-up takes the method
//! of `WithoutSource`, one `Deref` further away.

// `self` only steers method look-up; it holds no data.
#![allow(clippy::unused_self)]

use std::error::Error as StdError;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::report::error::Error;

type LateSource = Box<dyn StdError + Send + Sync>;

/// Takes the error out of an output that came too late, if its type is known.
pub(crate) type Late<R> = Option<fn(R) -> Option<LateSource>>;

/// The look-up of a `Late` for outputs of type `R`.
#[derive(Debug)]
pub struct CleanUp<R>(WithoutSource<R>);

/// Outputs that hold no error that can be a source.
#[derive(Debug)]
pub struct WithoutSource<R>(PhantomData<fn() -> R>);

impl<R> CleanUp<R> {
    /// The look-up for the output of this future.
    pub fn of<F: Future<Output = R>>(_future: &F) -> CleanUp<R> {
        CleanUp(WithoutSource(PhantomData))
    }
}

impl<T, E: Into<LateSource>> CleanUp<Result<T, E>> {
    /// Takes the error of a result.
    pub fn __koil_late(&self) -> Late<Result<T, E>> {
        Some(|late| late.err().map(Into::into))
    }
}

impl<T, E: Into<LateSource>> CleanUp<Option<Result<T, E>>> {
    /// Takes the error of the next item of a stream.
    pub fn __koil_late(&self) -> Late<Option<Result<T, E>>> {
        Some(|late| late.and_then(Result::err).map(Into::into))
    }
}

impl<R> Deref for CleanUp<R> {
    type Target = WithoutSource<R>;

    fn deref(&self) -> &WithoutSource<R> {
        &self.0
    }
}

impl<R> WithoutSource<R> {
    /// Takes nothing: the output is dropped.
    pub fn __koil_late(&self) -> Late<R> {
        None
    }
}

/// The failure, with the error in `late` as its source.
pub(super) fn with_late<R>(failure: Error, late: Option<R>, take: Late<R>) -> Error {
    match (late, take) {
        (Some(late), Some(take)) => failure.with_clean_up(take(late)),
        _ => failure,
    }
}
