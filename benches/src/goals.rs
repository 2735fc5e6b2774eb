//! The goals: the intended cost of koil against the measured cost.

use crate::groups::sched::{CURRENT, MULTI, ONE_RUNNER, TWO_RUNNERS};
use crate::report::sitting::{Placement, Sitting};
use crate::rivals::{REQWEST_BLOCKING, STD_SOCKET};

/// A bound on a figure that is made of measured ones.
pub struct Goal {
    /// The case, as a reader knows it.
    pub case: &'static str,
    /// The figures that are compared.
    pub what: &'static str,
    pub figure: Figure,
    pub bound: Bound,
    pub placement: Placement,
}

/// The median of a variant: group, case, variant.
pub type Median = (&'static str, &'static str, &'static str);

/// A figure made of medians.
#[derive(Clone, Copy)]
pub enum Figure {
    /// The first divided by the second.
    Ratio(Median, Median),
    /// The first less the second.
    Difference(Median, Median),
    Plain(Median),
}

#[derive(Clone, Copy)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    /// The measured value, if there is one.
    pub fn measured(&self, sitting: &Sitting) -> Option<f64> {
        let median = |(group, case, variant): Median| {
            let variant = sitting.find(group, case)?.find(variant)?;
            variant.median(self.placement)
        };
        match self.figure {
            Figure::Ratio(one, other) => Some(median(one)? / median(other)?),
            Figure::Difference(one, other) => Some(median(one)? - median(other)?),
            Figure::Plain(one) => median(one),
        }
    }

    pub fn is_met_by(&self, figure: f64) -> bool {
        match self.bound {
            Bound::AtLeast(bound) => figure >= bound,
            Bound::AtMost(bound) => figure <= bound,
        }
    }
}

use Bound::{AtLeast, AtMost};
use Figure::{Difference, Plain, Ratio};
use Placement::{Free, Pinned};

const CHANNEL: &str = "channel (reqwest style)";
const HANDLE: &str = "Handle::block_on";
const INLINE: &str = "koil, inline::run";
const PARSER: &str = "an own parser, 1000 lines";
const XML: &str = "quick-xml, events";
const XML_CALLS: &str = "quick-xml, a call per event";

/// `case`, `what`, figure, bound, placement: in the order of the page.
#[rustfmt::skip]
pub const GOALS: &[Goal] = &[
    goal("ready future", "channel bridge / koil", Ratio(ready(CHANNEL), ready("koil")), AtLeast(150.0), Pinned),
    goal("ready future", "`Handle::block_on` / koil", Ratio(ready(HANDLE), ready("koil")), AtLeast(1.6), Pinned),
    goal("ready future", "koil / pollster + enter", Ratio(ready("koil"), ready("pollster + enter")), AtMost(1.15), Pinned),
    goal("ten yields", "channel bridge / koil", Ratio(yields(CHANNEL), yields("koil")), AtLeast(40.0), Pinned),
    goal("ten yields", "pollster + enter / koil", Ratio(yields("pollster + enter"), yields("koil")), AtLeast(1.5), Pinned),
    goal("one echo", "koil / std socket", Ratio(echo("koil"), echo(STD_SOCKET)), AtMost(1.15), Pinned),
    goal("one echo", "koil / std socket", Ratio(echo("koil"), echo(STD_SOCKET)), AtMost(1.15), Free),
    goal("one echo", "`Handle::block_on` / koil", Ratio(echo(HANDLE), echo("koil")), AtLeast(1.15), Pinned),
    goal("one echo", "`Handle::block_on` / koil", Ratio(echo(HANDLE), echo("koil")), AtLeast(2.0), Free),
    goal("one echo", "channel bridge / koil", Ratio(echo(CHANNEL), echo("koil")), AtLeast(1.4), Pinned),
    goal("one echo", "channel bridge / koil", Ratio(echo(CHANNEL), echo("koil")), AtLeast(2.0), Free),
    goal("ten echoes", "koil / std socket", Ratio(echoes("koil"), echoes(STD_SOCKET)), AtMost(1.13), Pinned),
    goal("ten echoes", "koil / channel bridge", Ratio(echoes("koil"), echoes(CHANNEL)), AtMost(1.03), Pinned),
    goal("ten echoes", "koil / channel bridge", Ratio(echoes("koil"), echoes(CHANNEL)), AtMost(0.9), Free),
    goal("one cold echo", "koil / channel bridge", Ratio(cold("one echo per call", "koil"), cold("one echo per call", CHANNEL)), AtMost(0.95), Pinned),
    goal("one cold echo", "koil / channel bridge", Ratio(cold("one echo per call", "koil"), cold("one echo per call", CHANNEL)), AtMost(0.95), Free),
    goal("ten cold echoes", "koil / channel bridge", Ratio(cold("ten echoes per call", "koil"), cold("ten echoes per call", CHANNEL)), AtMost(0.95), Pinned),
    goal("ten cold echoes", "koil / channel bridge", Ratio(cold("ten echoes per call", "koil"), cold("ten echoes per call", CHANNEL)), AtMost(0.95), Free),
    goal("background tasks after a call", "answer, in ms", Plain(("background", "answer after a call", "koil")), AtMost(1.2e6), Pinned),
    goal("background tasks after twenty calls", "slowest answer of a sample, in ms", Plain(("background", "answer after twenty calls, slowest", "koil")), AtMost(1.2e6), Pinned),
    goal("2 callers", "koil / `Handle::block_on`", Ratio(callers("2 threads", "koil"), callers("2 threads", HANDLE)), AtMost(1.03), Pinned),
    goal("2 callers", "koil / `Handle::block_on`", Ratio(callers("2 threads", "koil"), callers("2 threads", HANDLE)), AtMost(1.03), Free),
    goal("8 callers", "koil / `Handle::block_on`", Ratio(callers("8 threads", "koil"), callers("8 threads", HANDLE)), AtMost(1.03), Pinned),
    goal("8 callers", "koil / `Handle::block_on`", Ratio(callers("8 threads", "koil"), callers("8 threads", HANDLE)), AtMost(1.03), Free),
    goal("64 callers", "koil / `Handle::block_on`", Ratio(callers("64 threads", "koil"), callers("64 threads", HANDLE)), AtMost(1.03), Pinned),
    goal("64 callers", "koil / `Handle::block_on`", Ratio(callers("64 threads", "koil"), callers("64 threads", HANDLE)), AtMost(1.03), Free),
    goal("ready stream, strict", "koil / tokio mpsc(1024)", Ratio(items("koil"), items("tokio mpsc(1024)")), AtMost(0.33), Pinned),
    goal("ready stream, read-ahead", "tokio mpsc(1024) / koil", Ratio(items("tokio mpsc(1024)"), items("koil, read_ahead")), AtLeast(30.0), Pinned),
    goal("lines of a socket, strict", "koil / std `BufReader::lines`", Ratio(lines("koil"), lines("std BufReader::lines")), AtMost(1.9), Pinned),
    goal("lines of a socket, read-ahead", "koil / std `BufReader::lines`", Ratio(lines("koil, read_ahead"), lines("std BufReader::lines")), AtMost(1.5), Pinned),
    goal("context, 4 variables", "a call with them minus one without, in ns", Difference(context("koil, 4 set"), context("koil")), AtMost(15.0), Pinned),
    goal("context, 4 variables", "taken and entered, in ns", Plain(("context", "taken and entered", "koil, 4 set")), AtMost(15.0), Pinned),
    goal("context, no variable", "taken and entered, in ns", Plain(("context", "taken and entered", "koil")), AtMost(3.0), Pinned),
    goal("short blocking functions, one at a time", "spawn_blocking / koil", Ratio(jobs("one at a time", "tokio spawn_blocking"), jobs("one at a time", "koil")), AtLeast(1.0), Pinned),
    goal("short blocking functions, 64 at once", "spawn_blocking / koil", Ratio(jobs("64 at once", "tokio spawn_blocking"), jobs("64 at once", "koil")), AtLeast(3.0), Pinned),
    goal("producer, capacity 1024", "tokio mpsc / koil", Ratio(produced("capacity 1024", "tokio mpsc"), produced("capacity 1024", "koil")), AtLeast(3.5), Pinned),
    goal("producer, capacity 1024", "crossfire / koil", Ratio(produced("capacity 1024", "crossfire"), produced("capacity 1024", "koil")), AtLeast(0.8), Pinned),
    goal("producer, capacity 64", "tokio mpsc / koil", Ratio(produced("capacity 64", "tokio mpsc"), produced("capacity 64", "koil")), AtLeast(1.2), Pinned),
    goal("producer that waits, early stop", "time until the producer sees it, in us", Plain(produced("early stop", "koil")), AtMost(4e3), Pinned),
    goal("bound on a ready call", "tokio's timeout / koil's", Ratio(bounded("koil, tokio::time::timeout"), bounded("koil")), AtLeast(2.5), Pinned),
    goal("bound that passes", "overshoot, in ms", Plain(("deadline", "never ready, overshoot of 5 ms", "koil")), AtMost(1.2e6), Pinned),
    goal("bound that passes while the caller drives", "overshoot, in ms", Plain(("deadline", "never ready, overshoot of 5 ms", "koil, while it drives")), AtMost(1.2e6), Pinned),
    goal("HTTP GET, 1 thread", "koil / `reqwest::blocking`", Ratio(http("1 thread", "koil"), http("1 thread", REQWEST_BLOCKING)), AtMost(0.92), Pinned),
    goal("HTTP GET, 1 thread", "koil / `reqwest::blocking`", Ratio(http("1 thread", "koil"), http("1 thread", REQWEST_BLOCKING)), AtMost(0.9), Free),
    goal("HTTP GET, 8 threads", "koil / `reqwest::blocking`", Ratio(http("8 threads", "koil"), http("8 threads", REQWEST_BLOCKING)), AtMost(0.96), Pinned),
    goal("HTTP GET, 8 threads", "koil / `reqwest::blocking`", Ratio(http("8 threads", "koil"), http("8 threads", REQWEST_BLOCKING)), AtMost(0.9), Free),
    goal("HTTP GET, 64 threads", "koil / `reqwest::blocking`", Ratio(http("64 threads", "koil"), http("64 threads", REQWEST_BLOCKING)), AtMost(1.15), Pinned),
    goal("HTTP GET, 64 threads", "koil / `reqwest::blocking`", Ratio(http("64 threads", "koil"), http("64 threads", REQWEST_BLOCKING)), AtMost(0.95), Free),
    goal("ready eager task, blocking", "`unkoil_task` / koil", Ratio(eager("ready, blocking", "koil, unkoil_task"), eager("ready, blocking", "koil")), AtLeast(50.0), Pinned),
    goal("ready eager task, in a task", "`tokio::spawn` / koil", Ratio(eager("ready, in a task", "tokio::spawn"), eager("ready, in a task", "koil")), AtLeast(50.0), Pinned),
    goal("pending eager task, blocking", "koil / `unkoil_task`", Ratio(eager("one yield, blocking", "koil"), eager("one yield, blocking", "koil, unkoil_task")), AtMost(1.05), Pinned),
    goal("pending eager task, in a task", "koil / `unkoil_task`", Ratio(eager("one yield, in a task", "koil"), eager("one yield, in a task", "koil, unkoil_task")), AtMost(1.05), Pinned),
    goal("a wait of a second inside a foreign runtime", "CPU time of the calling thread, in ms", Plain(("foreign", "a wait of a second, CPU of its thread", "koil")), AtMost(10e6), Pinned),
    goal("a wait of a second inside a foreign runtime", "CPU time of the calling thread, in ms", Plain(("foreign", "a wait of a second, CPU of its thread", "koil")), AtMost(10e6), Free),
    goal("a thousand yields inside a foreign runtime", "in ms", Plain(("foreign", "a thousand yields", "koil")), AtMost(50e6), Pinned),
    goal("a thousand yields inside a foreign runtime", "in ms", Plain(("foreign", "a thousand yields", "koil")), AtMost(50e6), Free),
    goal("the same inside tokio's timeout", "in ms", Plain(("foreign", "a thousand yields", "koil, tokio::time::timeout")), AtMost(50e6), Pinned),
    goal("the same inside tokio's timeout", "in ms", Plain(("foreign", "a thousand yields", "koil, tokio::time::timeout")), AtMost(50e6), Free),
    goal("inline, own parser", "koil / by hand", Ratio(inline(PARSER, INLINE), inline(PARSER, "by hand, std")), AtMost(1.2), Pinned),
    goal("inline, quick-xml", "async face / sync face", Ratio(inline(XML, INLINE), inline(XML, "its sync face")), AtMost(2.2), Pinned),
    goal("inline, quick-xml", "koil / pollster", Ratio(inline(XML, INLINE), inline(XML, "pollster")), AtMost(0.8), Pinned),
    goal("inline, quick-xml, a call per event", "koil / pollster", Ratio(inline(XML_CALLS, INLINE), inline(XML_CALLS, "pollster")), AtMost(0.8), Pinned),
    goal("an item of a coroutine", "koil / async-fn-stream", Ratio(coroutine("koil"), coroutine("async-fn-stream")), AtMost(1.5), Pinned),
    goal("an item of a coroutine", "genawaiter / koil", Ratio(coroutine("genawaiter, sync"), coroutine("koil")), AtLeast(5.0), Pinned),
    goal("a switch between 10 tasks", "koil / tokio current-thread", Ratio(switch("10 tasks", ONE_RUNNER), switch("10 tasks", CURRENT)), AtMost(1.7), Free),
    goal("a switch between 1,000 tasks", "koil / tokio current-thread", Ratio(switch("1,000 tasks", ONE_RUNNER), switch("1,000 tasks", CURRENT)), AtMost(1.7), Free),
    goal("a switch between 100,000 tasks", "koil / tokio current-thread", Ratio(switch("100,000 tasks", ONE_RUNNER), switch("100,000 tasks", CURRENT)), AtMost(0.9), Free),
    goal("a switch between 100,000 tasks", "koil, 2 runners / tokio multi_thread(2)", Ratio(switch("100,000 tasks", TWO_RUNNERS), switch("100,000 tasks", MULTI)), AtMost(0.7), Free),
    goal("a wake beside 10,000 low tasks", "polls of others until it runs, 99 of 100, 1 runner", Plain(("wake", "99 of 100", ONE_RUNNER)), AtMost(2.0), Free),
    goal("a wake beside 10,000 low tasks", "polls of others until it runs, 99 of 100, 2 runners", Plain(("wake", "99 of 100", TWO_RUNNERS)), AtMost(4.0), Free),
    goal("an uncontended lock", "koil / tokio", Ratio(("lock", "uncontended", "koil"), ("lock", "uncontended", "tokio")), AtMost(1.5), Pinned),
    goal("idle program", "threads besides its own", Difference(("idle", "threads", "koil"), ("idle", "threads", "nothing")), AtMost(1.0), Free),
    goal("idle program", "wakes of other threads in a second", Plain(("idle", "wakes in an idle second", "koil")), AtMost(0.0), Free),
    goal("idle program", "memory besides its own, in MB", Difference(("idle", "resident memory", "koil"), ("idle", "resident memory", "nothing")), AtMost(1e6), Free),
];

const fn goal(
    case: &'static str,
    what: &'static str,
    figure: Figure,
    bound: Bound,
    placement: Placement,
) -> Goal {
    Goal {
        case,
        what,
        figure,
        bound,
        placement,
    }
}

const fn inline(case: &'static str, variant: &'static str) -> Median {
    ("inline", case, variant)
}

const fn coroutine(variant: &'static str) -> Median {
    ("coroutine", "an item", variant)
}

const fn eager(case: &'static str, variant: &'static str) -> Median {
    ("eager", case, variant)
}

const fn switch(case: &'static str, variant: &'static str) -> Median {
    ("switch", case, variant)
}

const fn jobs(case: &'static str, variant: &'static str) -> Median {
    ("threads", case, variant)
}

const fn produced(case: &'static str, variant: &'static str) -> Median {
    ("producers", case, variant)
}

const fn ready(variant: &'static str) -> Median {
    ("ready", "ready", variant)
}

const fn yields(variant: &'static str) -> Median {
    ("yields", "ten yields", variant)
}

const fn echo(variant: &'static str) -> Median {
    ("echo", "one echo per call", variant)
}

const fn echoes(variant: &'static str) -> Median {
    ("echo", "ten echoes per call", variant)
}

const fn cold(case: &'static str, variant: &'static str) -> Median {
    ("cold", case, variant)
}

const fn callers(case: &'static str, variant: &'static str) -> Median {
    ("callers", case, variant)
}

const fn http(case: &'static str, variant: &'static str) -> Median {
    ("http", case, variant)
}

const fn items(variant: &'static str) -> Median {
    ("stream", "ready items", variant)
}

const fn lines(variant: &'static str) -> Median {
    ("lines", "lines of a socket", variant)
}

const fn context(variant: &'static str) -> Median {
    ("context", "a ready call", variant)
}

const fn bounded(variant: &'static str) -> Median {
    ("deadline", "ready, bound of a second", variant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sitting::tests::run;

    #[test]
    fn a_goal_is_met_or_missed_by_what_was_measured() {
        let goal = goal("", "", Ratio(ready("a"), ready("b")), AtLeast(2.0), Pinned);
        let measured = |a, b| {
            let rows = [("a", a), ("b", b)];
            let sitting = Sitting::of(vec![run("ready", "ready", true, &rows)]);
            goal.measured(&sitting)
        };
        assert_eq!(measured(30.0, 10.0), Some(3.0));
        assert!(goal.is_met_by(3.0));
        assert!(!goal.is_met_by(1.9));
        assert_eq!(goal.measured(&Sitting::of(Vec::new())), None);
    }
}
