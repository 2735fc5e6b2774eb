//! The groups: which cases there are, and what each of them is about.

mod callers;
mod echo;
mod floor;
mod ready;
mod stream;
mod yields;

use std::net::SocketAddr;

use crate::harness::Case;
use crate::rivals::Rivals;

/// What the groups work with.
pub struct Scene<'a> {
    pub rivals: &'a Rivals,
    pub server: SocketAddr,
}

/// Cases that answer one question.
pub struct Group {
    pub name: &'static str,
    pub about: &'static str,
    /// The floor is measured always, and first.
    pub is_floor: bool,
    /// Cases are made one by one: the connections of one case are closed before the next.
    pub cases: for<'a> fn(&'a Scene<'a>) -> Vec<MakeCase<'a>>,
}

pub type MakeCase<'a> = Box<dyn FnOnce() -> Case<'a> + 'a>;

pub static GROUPS: &[Group] = &[
    Group {
        name: "floor",
        about: "what this machine charges before any bridge",
        is_floor: true,
        cases: floor::cases,
    },
    Group {
        name: "ready",
        about: "a future that is ready at once: the bridge's own cost",
        is_floor: false,
        cases: ready::cases,
    },
    Group {
        name: "yields",
        about: "ten `yield_now` in one call: the cost of polling again",
        is_floor: false,
        cases: yields::cases,
    },
    Group {
        name: "echo",
        about: "64 bytes to a TCP server and back: calls that wait",
        is_floor: false,
        cases: echo::cases,
    },
    Group {
        name: "callers",
        about: "many threads that echo: throughput",
        is_floor: false,
        cases: callers::cases,
    },
    Group {
        name: "stream",
        about: "an async stream as a blocking iterator, per item",
        is_floor: false,
        cases: stream::cases,
    },
];
