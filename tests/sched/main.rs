//! `koil::sched`: each order is asserted event by event, each test has a watchdog.

mod inheritance;
mod interrupts;
mod locks;
mod locks_counted;
mod pool;
mod priority;

#[path = "../it/support.rs"]
#[allow(dead_code)] // Others need the rest.
mod support;
