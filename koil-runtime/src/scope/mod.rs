//! The surroundings of a call: the cancel token that it obeys, its context variables, its
//! priority, and the flags of its thread.

pub(crate) mod cancel;
pub(crate) mod context;
pub(crate) mod flags;
#[cfg(feature = "sched")]
pub(crate) mod priority;
