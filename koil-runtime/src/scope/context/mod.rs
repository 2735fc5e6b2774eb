//! Context variables: values that follow the work into calls, tasks, threads and iterators.

pub(crate) mod in_context;
pub(crate) mod snapshot;
pub(crate) mod var;

mod trace;
pub(crate) mod vars;

/// True if this thread may poll the tasks of others without their work being attributed to its own
/// context.
///
/// With feature `tracing`, false inside a span: a task that was spawned on a loop with tokio alone
/// has no span, and would log under the span of this thread. A dispatcher that is set for this
/// thread only cannot be distinguished from the global one, so it is not checked.
#[inline]
pub(crate) fn may_drive() -> bool {
    trace::is_outside_spans()
}
