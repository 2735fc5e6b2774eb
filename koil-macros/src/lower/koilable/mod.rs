//! `#[koilable]`: the guards of async contexts, and compositions of contexts.

mod composition;
mod context;
mod guards;

pub(super) use self::{composition::composition, context::context};
