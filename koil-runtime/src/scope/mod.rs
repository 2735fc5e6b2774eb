//! What surrounds a call: who may cancel it, and the context that goes along with it.

pub(crate) mod cancel;
pub(crate) mod context;
