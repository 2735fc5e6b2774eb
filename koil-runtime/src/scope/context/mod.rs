//! Context variables: values that go where the work goes, into calls, tasks, threads and iterators.

pub(crate) mod in_context;
pub(crate) mod snapshot;
pub(crate) mod var;

mod vars;

/// What goes with a context of the `tracing` crate.
#[cfg(feature = "tracing")]
mod trace;
#[cfg(not(feature = "tracing"))]
#[path = "no_trace.rs"]
mod trace;
