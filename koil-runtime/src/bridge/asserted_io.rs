//! `AssertedReader`: the check that a value which a twin returns as a blocking reader or writer is an
//! async one, with the traits of the right crate.
//!
//! A trait bound cannot say "a reader, or a writer, or a seeker". Method look-up can: the types here
//! lead to each other by `Deref`, and the last one has methods that no value may call.

// `self` only steers method look-up; it holds no data.
#![allow(clippy::unused_self)]

use std::marker::PhantomData;
use std::ops::Deref;

/// The methods for readers.
#[derive(Debug)]
pub struct AssertedReader<T>(AssertedWriter<T>);

/// The methods for writers.
#[derive(Debug)]
pub struct AssertedWriter<T>(AssertedSeeker<T>);

/// The methods for values that only seek.
#[derive(Debug)]
pub struct AssertedSeeker<T>(AssertedNoIo<T>);

/// The methods for other values.
#[derive(Debug)]
pub struct AssertedNoIo<T>(PhantomData<T>);

impl<T> AssertedReader<T> {
    /// The marker for the type of `value`.
    pub fn of(_value: &T) -> AssertedReader<T> {
        AssertedReader(AssertedWriter(AssertedSeeker(AssertedNoIo(PhantomData))))
    }
}

macro_rules! asserted {
    ($($name:ident: $tokio:ident => $next:ident,)*) => {$(
        impl<T: tokio::io::$tokio> $name<T> {
            /// The value has a trait of tokio.
            pub fn __koil_is_of_tokio(&self) {}
        }

        impl<T: futures_io::$tokio> $name<T> {
            /// The value has a trait of futures.
            pub fn __koil_is_of_futures(&self) {}
        }

        impl<T> Deref for $name<T> {
            type Target = $next<T>;

            fn deref(&self) -> &$next<T> {
                &self.0
            }
        }
    )*};
}

asserted! {
    AssertedReader: AsyncRead => AssertedWriter,
    AssertedWriter: AsyncWrite => AssertedSeeker,
    AssertedSeeker: AsyncSeek => AssertedNoIo,
}

impl<T> AssertedNoIo<T> {
    /// Is never called.
    pub fn __koil_is_of_tokio(&self)
    where
        T: TokioIo,
    {
    }

    /// Is never called.
    pub fn __koil_is_of_futures(&self)
    where
        T: FuturesIoTraits,
    {
    }
}

/// No type has this trait: it is the error for a value that is no reader or writer of tokio.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has none of tokio's `AsyncRead`, `AsyncWrite` and `AsyncSeek`",
    label = "not a reader or writer of tokio",
    note = "if it has the traits of futures, add `#[koil(io = \"futures\")]`, or write their path, as in `impl futures::AsyncRead`",
    note = "`#[koil(raw)]` returns the value as it is"
)]
pub trait TokioIo {}

/// As [`TokioIo`], of futures.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has none of futures' `AsyncRead`, `AsyncWrite` and `AsyncSeek`",
    label = "not a reader or writer of futures",
    note = "if it has the traits of tokio, add `#[koil(io = \"tokio\")]`, or write their path, as in `impl tokio::io::AsyncRead`",
    note = "`#[koil(raw)]` returns the value as it is"
)]
pub trait FuturesIoTraits {}
