//! The two functions through which a panic crosses from one thread to another.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

/// A caught panic.
pub(crate) type Payload = Box<dyn Any + Send>;

/// Runs `f`; a panic in it becomes a value.
pub(crate) fn halt<T>(f: impl FnOnce() -> T) -> Result<T, Payload> {
    panic::catch_unwind(AssertUnwindSafe(f))
}

/// Goes on with a caught panic on this thread; the panic hook has run already.
pub(crate) fn resume(payload: Payload) -> ! {
    panic::resume_unwind(payload)
}

/// The text of a panic, where it has one.
pub(crate) fn text(payload: &Payload) -> Option<&str> {
    let literal = payload.downcast_ref::<&str>().copied();
    literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}
