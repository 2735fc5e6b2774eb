//! The surroundings of a call: the cancel token that it obeys, its context variables, and the flags
//! of its thread.

pub(crate) mod cancel;
pub(crate) mod context;
pub(crate) mod flags;
