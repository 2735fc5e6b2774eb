//! Panics as failures of the bridge, for the twins of `fallible(panics)`.

use futures_core::Stream;

use super::io::Io;
use super::iter::Iter;
use crate::call::Call;
use crate::report::error::{Error, ScopeUnwind};
use crate::report::site::CallSite;
use crate::report::unwind;

/// Runs the part of a call after its begin; a panic in it is an error.
///
/// # Errors
///
/// If `run` panics.
pub fn caught<R>(call: &Call, run: impl FnOnce(&Call) -> R) -> Result<R, Error> {
    halted(call.site(), || run(call))
}

/// Runs `run`; a panic in it is an error of the call at `site`.
pub(super) fn halted<R>(site: CallSite, run: impl FnOnce() -> R) -> Result<R, Error> {
    unwind::halt(run).map_err(|payload| match payload.downcast::<ScopeUnwind>() {
        // No panic: a plain call inside was cut short by a scope that unwinds. This call can
        // return the error, so the unwinding is over.
        Ok(cut) => {
            unwind::cut_ends();
            cut.error
        }
        Err(payload) => Error::of_panic(site, payload),
    })
}

/// The iterator, whose failures are to include the panics of its stream.
pub fn iter_caught<S: Stream>(iter: Iter<S>) -> Iter<S> {
    iter.catching()
}

/// The reader or writer, whose errors are to include the panics of the async side.
pub fn io_caught<T>(io: Io<T>) -> Io<T> {
    io.catching()
}
