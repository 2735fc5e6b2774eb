//! Blocking calls in a host with one lock: released in each wait, held in each poll, and interrupts
//! that cancel calls. A program of its own, since the hook belongs to a process.

mod host;

mod lines;
mod moments;
mod refusals;

#[path = "../it/support.rs"]
#[allow(dead_code)] // Others need the rest.
mod support;
