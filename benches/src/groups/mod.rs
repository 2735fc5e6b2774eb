//! The groups of cases, each with its subject.

mod background;
mod callers;
mod context;
mod coroutine;
mod deadline;
mod download;
mod eager;
mod echo;
mod floor;
mod foreign;
mod http;
mod idle;
mod inline;
mod lines;
mod lock;
mod producers;
mod ready;
pub mod sched;
mod size;
mod start;
mod stream;
mod threads;
mod yields;

use std::net::SocketAddr;

use crate::harness::Case;
use crate::rivals::Rivals;

/// The parts that the groups share.
pub struct Scene<'a> {
    pub rivals: &'a Rivals,
    /// Sends back what it gets.
    pub server: SocketAddr,
    /// Speaks HTTP.
    pub http: SocketAddr,
}

/// Cases that answer one question.
pub struct Group {
    pub name: &'static str,
    pub about: &'static str,
    pub when: When,
    /// Cases are made one by one: the connections of one case are closed before the next.
    pub cases: for<'a> fn(&'a Scene<'a>) -> Vec<MakeCase<'a>>,
}

/// When a group is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always, and first.
    Always,
    /// When it is named, and when no group is.
    Chosen,
    /// When it is named, and in full runs: it takes long, or has to build something first.
    Slow,
}

pub type MakeCase<'a> = Box<dyn FnOnce() -> Case<'a> + 'a>;

/// In the order in which they are measured.
pub static GROUPS: &[&Group] = &[
    &floor::GROUP,
    &ready::GROUP,
    &yields::GROUP,
    &deadline::GROUP,
    &echo::GROUP,
    &echo::COLD,
    &background::GROUP,
    &foreign::GROUP,
    &callers::GROUP,
    &stream::GROUP,
    &lines::GROUP,
    &context::GROUP,
    &producers::GROUP,
    &threads::GROUP,
    &eager::GROUP,
    &inline::GROUP,
    &coroutine::GROUP,
    &lock::GROUP,
    &sched::SWITCH,
    &sched::WAKE,
    &http::GROUP,
    &download::GROUP,
    &start::GROUP,
    &idle::GROUP,
    &size::GROUP,
];
