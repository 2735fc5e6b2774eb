//! Small programs of their own: this one, started again with a hidden argument.
//!
//! The cost of a first call, and the memory and threads of a process, cannot be measured in a process
//! that has measured something else before.

use std::future::ready;
use std::hint::black_box;
use std::io::{self, Write};
use std::process::Command;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::harness::{Meter, Spent};
use crate::machine;
use crate::rivals::{Bridge, ChannelBridge, HandleBlockOn, Koil, LoopThread, OwnRuntime};

/// The argument that makes this program a child; its errand and the name of what it starts follow.
pub const ARGUMENT: &str = "--child";

/// The set-up that a program needs before it can block, and its first call.
#[derive(Clone, Copy)]
pub struct Program {
    pub name: &'static str,
    calls: fn(Errand) -> io::Result<u64>,
}

/// The purpose of a child.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Errand {
    /// One call that is ready at once; the child reports its time, and its memory and threads after it.
    FirstCall,
    /// Calls that wait, so that callers drive if they may; the child reports the wakes of its other
    /// threads afterwards.
    Idle,
}

/// Nothing at all: the reference for the others.
pub const NOTHING: Program = Program {
    name: "nothing",
    calls: |_| Ok(black_box(CALL)),
};
pub const KOIL: Program = Program {
    name: crate::rivals::KOIL,
    calls: |errand| Ok(errand.run(&Koil)),
};
pub const HANDLE: Program = Program {
    name: "loop thread, Handle::block_on",
    calls: |errand| {
        let started = LoopThread::start("loop", std::future::pending())?;
        Ok(errand.run(&HandleBlockOn(started.handle().clone())))
    },
};
pub const CHANNEL: Program = Program {
    name: ChannelBridge::NAME,
    calls: |errand| Ok(run_and_keep(ChannelBridge::start()?, errand)),
};
pub const OWN: Program = Program {
    name: "own runtime, no thread",
    calls: |errand| Ok(run_and_keep(OwnRuntime::start()?, errand)),
};
pub const MULTI: Program = Program {
    name: "Runtime::new()",
    calls: |errand| Ok(run_and_keep(MultiThread(Runtime::new()?), errand)),
};

const ALL: &[Program] = &[NOTHING, KOIL, HANDLE, CHANNEL, OWN, MULTI];
const CALL: u64 = 7;
const WAITS: usize = 20;
/// After its last call a program may be busy for so long.
const SETTLES: Duration = Duration::from_millis(100);
const IDLES: Duration = Duration::from_secs(1);

/// A multi-threaded runtime, as tokio makes it by default.
struct MultiThread(Runtime);

impl Bridge for MultiThread {
    const NAME: &'static str = "Runtime::new()";

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.0.block_on(future)
    }
}

impl Errand {
    const ALL: [Errand; 2] = [Errand::FirstCall, Errand::Idle];

    fn name(self) -> &'static str {
        match self {
            Errand::FirstCall => "first-call",
            Errand::Idle => "idle",
        }
    }

    fn run(self, bridge: &impl Bridge) -> u64 {
        if self == Errand::Idle {
            for _ in 0..WAITS {
                bridge.block_on(tokio_sleep());
            }
        }
        bridge.block_on(ready(CALL))
    }
}

async fn tokio_sleep() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// Everything that is started lives as long as its process.
fn run_and_keep(bridge: impl Bridge, errand: Errand) -> u64 {
    let answer = errand.run(&bridge);
    std::mem::forget(bridge);
    answer
}

/// The report of a child about its first call.
#[derive(Serialize, Deserialize)]
pub struct Report {
    /// The start of the loop and the first call.
    pub first_call: Spent,
    /// Resident memory when the program idles.
    pub resident_bytes: f64,
    /// Threads when the program idles.
    pub threads: f64,
}

/// Runs the program as a process of its own, to its end: its start, its first call, what it holds.
pub fn first_call(program: Program) -> Report {
    let report = run(program, Errand::FirstCall);
    report.expect("this program can be started again")
}

/// The number of wakes of the threads other than the first, in an idle second after some calls.
pub fn wakes(program: Program) -> u64 {
    let wakes = run(program, Errand::Idle);
    wakes.expect("this program can be started again")
}

fn run<R: for<'a> Deserialize<'a>>(program: Program, errand: Errand) -> io::Result<R> {
    let output = Command::new(std::env::current_exe()?)
        .args([ARGUMENT, errand.name(), program.name])
        .output()?;
    serde_json::from_slice(&output.stdout).map_err(|_| {
        let text = String::from_utf8_lossy(&output.stderr);
        io::Error::other(format!("`{}` ended so: {text}", program.name))
    })
}

/// The child itself: starts, calls, idles, reports.
pub fn be(errand: &str, name: &str) -> io::Result<()> {
    let program = ALL.iter().find(|program| program.name == name);
    let program = program.ok_or_else(|| io::Error::other(format!("no program `{name}`")))?;
    let found = Errand::ALL.into_iter().find(|known| known.name() == errand);
    let errand = found.ok_or_else(|| io::Error::other(format!("no errand `{errand}`")))?;
    let meter = Meter::start();
    let answer = (program.calls)(errand)?;
    let spent = meter.stop();
    assert_eq!(answer, CALL);
    match errand {
        Errand::FirstCall => report(&hold(spent)?),
        Errand::Idle => report(&idle()?),
    }
}

fn hold(first_call: Spent) -> io::Result<Report> {
    // Its threads have come to rest by then.
    thread::sleep(Duration::from_millis(5));
    let (resident_bytes, threads) = machine::footprint()?;
    Ok(Report {
        first_call,
        resident_bytes,
        threads,
    })
}

fn idle() -> io::Result<u64> {
    thread::sleep(SETTLES);
    let before = machine::sleeps_of_others()?;
    thread::sleep(IDLES);
    let after = machine::sleeps_of_others()?;
    let wakes = |(thread, after): (u32, u64)| {
        // A thread that has come since has been woken too.
        after - before.get(&thread).copied().unwrap_or_default()
    };
    Ok(after.into_iter().map(wakes).sum())
}

fn report(report: &impl Serialize) -> io::Result<()> {
    io::stdout().write_all(serde_json::to_string(report)?.as_bytes())
}
