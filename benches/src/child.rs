//! Small programs of their own: this one, started again with a hidden argument.
//!
//! What a process pays once (its first call) or all the time (memory, threads) cannot be measured
//! in a process that has measured something else before.

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
use crate::rivals::{Bridge, ChannelBridge, LoopThread, OwnRuntime};

/// The argument that makes this program a child; the name of what it starts follows.
pub const ARGUMENT: &str = "--child";

/// What a program starts to be able to block; each makes a first call.
#[derive(Clone, Copy)]
pub struct Program {
    pub name: &'static str,
    first_call: fn() -> io::Result<u64>,
}

/// Nothing at all: what the others are compared with.
pub const NOTHING: Program = Program {
    name: "nothing",
    first_call: || Ok(black_box(CALL)),
};
pub const KOIL: Program = Program {
    name: crate::rivals::KOIL,
    first_call: || Ok(koil::unkoil(ready(CALL))),
};
pub const HANDLE: Program = Program {
    name: "loop thread, Handle::block_on",
    first_call: || {
        let started = LoopThread::start("loop", std::future::pending())?;
        Ok(started.handle().block_on(ready(CALL)))
    },
};
pub const CHANNEL: Program = Program {
    name: ChannelBridge::NAME,
    first_call: || {
        let started = ChannelBridge::start()?;
        let answer = started.block_on(ready(CALL));
        // It lives on, as the others do.
        std::mem::forget(started);
        Ok(answer)
    },
};
pub const OWN: Program = Program {
    name: "own runtime, no thread",
    first_call: || {
        let started = OwnRuntime::start()?;
        let answer = started.block_on(ready(CALL));
        std::mem::forget(started);
        Ok(answer)
    },
};
pub const MULTI: Program = Program {
    name: "Runtime::new()",
    first_call: || {
        let started = Runtime::new()?;
        let answer = started.block_on(ready(CALL));
        std::mem::forget(started);
        Ok(answer)
    },
};

const ALL: &[Program] = &[NOTHING, KOIL, HANDLE, CHANNEL, OWN, MULTI];
const CALL: u64 = 7;

/// What a child reports.
#[derive(Serialize, Deserialize)]
pub struct Report {
    /// The start of the loop and the first call.
    pub first_call: Spent,
    /// Resident memory when the program idles.
    pub resident_bytes: f64,
    /// Threads when the program idles.
    pub threads: f64,
}

/// Runs the program as a process of its own, to its end.
pub fn run(program: Program) -> Report {
    let run = || -> io::Result<Report> {
        let output = Command::new(std::env::current_exe()?)
            .args([ARGUMENT, program.name])
            .output()?;
        serde_json::from_slice(&output.stdout).map_err(|_| {
            let text = String::from_utf8_lossy(&output.stderr);
            io::Error::other(format!("`{}` ended so: {text}", program.name))
        })
    };
    run().expect("this program can be started again")
}

/// The child itself: starts, calls, idles, reports.
pub fn be(name: &str) -> io::Result<()> {
    let program = ALL.iter().find(|program| program.name == name);
    let program = program.ok_or_else(|| io::Error::other(format!("no program `{name}`")))?;
    let meter = Meter::start();
    let answer = (program.first_call)()?;
    let first_call = meter.stop();
    assert_eq!(answer, CALL);
    // Its threads have come to rest by then.
    thread::sleep(Duration::from_millis(5));
    let (resident_bytes, threads) = machine::footprint()?;
    let report = Report {
        first_call,
        resident_bytes,
        threads,
    };
    let text = serde_json::to_string(&report)?;
    io::stdout().write_all(text.as_bytes())
}
