//! Context variables: values that go where the work goes, into calls, tasks, threads and iterators.

pub(crate) mod in_context;
pub(crate) mod snapshot;
pub(crate) mod var;

mod vars;

/// True if this thread may do the work of others without their work being taken for its own.
///
/// With feature `tracing`, false inside a span: whoever spawned the tasks of a loop with tokio alone
/// has none, and would log under that of the thread. A dispatcher that is set for this thread only
/// cannot be told from the one for all.
#[inline]
pub(crate) fn may_drive() -> bool {
    trace::is_outside_spans()
}

/// What goes with a context of the `tracing` crate.
#[cfg(feature = "tracing")]
mod trace;
#[cfg(not(feature = "tracing"))]
#[path = "no_trace.rs"]
mod trace;
