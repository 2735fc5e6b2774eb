//! `koil::sched`: each order is asserted event by event, each test has a watchdog.

mod ends;
mod inheritance;
mod interrupts;
mod inversions;
mod locks;
mod locks_counted;
mod order;
mod pool;
mod priorities;
mod priority;
mod stage;
mod stress;

#[path = "../it/support.rs"]
#[allow(dead_code)] // Others need the rest.
mod support;
