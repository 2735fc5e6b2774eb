//! What surrounds a call: who may cancel it.

pub(crate) mod cancel;
