//! Moments that no place tells of: threads that end with a loop, runtimes that end first, callers
//! that nothing can release, and what koil says of blocking in async code.

mod adopted;
mod leftovers;
mod notices;

#[path = "../it/support.rs"]
#[allow(dead_code)] // Others need the rest.
mod support;
