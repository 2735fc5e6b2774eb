//! The bodies of the std traits that a twin forwards to its original, see `private::forward`.
//!
//! Each operation is a whole function, so that the impls of each twin, which few types need, are
//! cheap to compile.

use std::io;
use std::str::FromStr;

use futures_util::stream::{Stream, StreamExt};
use koil_inline::Twin;

use super::calls::block_on;
use crate::call::Call;

/// As [`Clone::clone`], of the field that holds an original; this and the next two run under the
/// loop, since code that makes a value may spawn.
#[track_caller]
pub fn cloned<H: Clone>(held: &H, names: &'static str) -> H {
    let call = Call::open(None, names);
    let _entered = call.enter();
    held.clone()
}

/// As [`Default::default`], of the field that holds an original.
#[track_caller]
pub fn default<H: Default>(names: &'static str) -> H {
    let call = Call::open(None, names);
    let _entered = call.enter();
    H::default()
}

/// As [`FromStr::from_str`].
///
/// # Errors
///
/// The errors of the original.
#[track_caller]
pub fn from_str<A: FromStr, W: From<A>>(text: &str, names: &'static str) -> Result<W, A::Err> {
    let call = Call::open(None, names);
    let _entered = call.enter();
    A::from_str(text).map(W::from)
}

/// A value that `make` makes.
#[track_caller]
pub fn made<T>(names: &'static str, make: impl FnOnce() -> T) -> T {
    let call = Call::open(None, names);
    let _entered = call.enter();
    make()
}

/// As [`Iterator::next`].
#[track_caller]
pub fn next<W>(twin: &mut W, names: &'static str) -> Option<<W::Aio as Stream>::Item>
where
    W: Twin<Aio: Stream + Unpin> + ?Sized,
{
    block_on(names, twin.aio_mut().next())
}

/// As [`Iterator::size_hint`].
pub fn size_hint<W>(twin: &W) -> (usize, Option<usize>)
where
    W: Twin<Aio: Stream> + ?Sized,
{
    twin.aio().size_hint()
}

/// The error of a reader that lost its buffer: buffered bytes must be available again, at once,
/// until they are consumed.
pub(super) fn lost() -> io::Error {
    io::Error::other(
        "the async reader lost what it had buffered, against `AsyncBufRead`'s contract",
    )
}
