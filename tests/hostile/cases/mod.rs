//! The cases, by what they are about, and what is expected of each in each place.

mod cuts;
mod hidden;
mod nested;
mod others;
mod sets;
mod waits;
mod yields;

use std::fmt;
use std::future::{Future, poll_fn};
use std::thread;
use std::time::Duration;

use tokio::task::yield_now;

use crate::places::{Outer, Place};

pub(crate) const MS: Duration = Duration::from_millis(1);

/// Long enough that only a case that hangs would reach it.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A debug build does this much less of pure work.
pub(crate) const MANY: u32 = if cfg!(debug_assertions) {
    5_000
} else {
    100_000
};

/// Yields beside a timer: on the thread of a scheduler each may be a pause of up to 10 ms, and is one
/// in a debug build. More than the cooperative budget of a task.
pub(crate) const PACED: u32 = if cfg!(debug_assertions) { 200 } else { 1_000 };

pub(crate) type Result = std::result::Result<(), koil::Error>;

/// The outcome of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Works,
    /// Refused: an executor inside the future is owed a wake by the scheduler of this thread.
    Refused,
    /// Cut short by a limit of its own, since only this thread could end the wait.
    OnlyHere,
}

/// The expected outcome, by the kind of place.
#[derive(Clone, Copy)]
pub(crate) enum Expects {
    /// It works everywhere.
    Works,
    /// An executor inside the future is owed a wake where a scheduler stands still.
    Owed,
    /// It waits for the runtime around the call.
    OuterRuntime,
    /// It waits for the `LocalSet` around the call.
    OuterLocalSet,
}

impl Expects {
    /// `None` where the case makes no sense.
    pub(crate) fn of(self, place: &Place) -> Option<Outcome> {
        match self {
            Expects::Owed if place.is_beside_scheduler => Some(Outcome::Refused),
            Expects::Works | Expects::Owed => Some(Outcome::Works),
            Expects::OuterRuntime => match place.outer {
                Outer::Nothing => None,
                Outer::Others => Some(Outcome::Works),
                Outer::This => Some(Outcome::OnlyHere),
            },
            Expects::OuterLocalSet => place.has_local_set.then_some(Outcome::OnlyHere),
        }
    }
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) expects: Expects,
    pub(crate) run: fn() -> Result,
}

/// A case that works everywhere.
const fn works(name: &'static str, run: fn() -> Result) -> Case {
    Case {
        name,
        expects: Expects::Works,
        run,
    }
}

/// A case in which an executor inside the future is owed a wake.
const fn owed(name: &'static str, run: fn() -> Result) -> Case {
    Case {
        name,
        expects: Expects::Owed,
        run,
    }
}

/// All cases there are.
pub(crate) fn all() -> impl Iterator<Item = &'static Case> {
    [
        yields::CASES,
        sets::CASES,
        hidden::CASES,
        waits::CASES,
        others::CASES,
        cuts::CASES,
        nested::CASES,
    ]
    .into_iter()
    .flatten()
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Works => "ok",
            Outcome::Refused => "refused",
            Outcome::OnlyHere => "cut by its own limit",
        })
    }
}

/// The output of a call, where nothing but its end is of interest.
#[track_caller]
fn run<F: Future>(future: F) -> Result {
    koil::try_unkoil(future).map(drop)
}

async fn yields(times: u32) -> u32 {
    for _ in 0..times {
        yield_now().await;
    }
    times
}

async fn nap() {
    tokio::time::sleep(MS).await;
}

/// Wakes itself before it is pending, so many times.
async fn self_wakes(times: u32) {
    let mut left = times;
    poll_fn(|cx| {
        if left == 0 {
            return std::task::Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

/// As many items as are ready from the start.
async fn ready_items(count: usize) -> usize {
    let (send, mut receive) = tokio::sync::mpsc::unbounded_channel();
    for n in 0..count {
        send.send(n).expect("the receiver lives");
    }
    drop(send);
    let mut received = 0;
    while receive.recv().await.is_some() {
        received += 1;
    }
    received
}

/// Does something on another thread, after a while in which the caller most likely waits.
fn later(f: impl FnOnce() + Send + 'static) {
    thread::spawn(|| {
        thread::sleep(5 * MS);
        f();
    });
}
