//! What surrounds a call: who may cancel it, the context that goes along with it, and what its
//! thread is in.

pub(crate) mod cancel;
pub(crate) mod context;
pub(crate) mod flags;
