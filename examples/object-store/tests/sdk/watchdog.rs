//! `Watchdog`: a test that hangs is a test that fails.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;
use std::{process, thread};

/// Long enough that only a hang takes it, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// While it lives, a clock ticks.
#[must_use]
pub(crate) struct Watchdog {
    _alive: Sender<()>,
}

impl Watchdog {
    pub(crate) fn start() -> Watchdog {
        Watchdog::within(LIMIT)
    }

    /// Ends the process if the test of this thread takes longer.
    pub(crate) fn within(limit: Duration) -> Watchdog {
        let (alive, end) = mpsc::channel();
        let test = thread::current().name().unwrap_or("a test").to_owned();
        thread::spawn(move || {
            if end.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                eprintln!("{test} hangs");
                process::abort();
            }
        });
        Watchdog { _alive: alive }
    }
}
