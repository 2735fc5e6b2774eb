//! `Spin`: yielding the core for a short time before a sleep, where that recently avoided the
//! sleep.
//!
//! A sleep and its wake cost tens of microseconds if the core is halted meanwhile. An answer that
//! comes sooner finds a thread that has only yielded. After a yield that does not pay, the next
//! waits sleep at once, more of them after each miss; and after a yield that gave the core to a
//! thread which computes, for longer still.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

/// The longest time that a thread yields before it sleeps.
const LONGEST: Duration = Duration::from_micros(50);
/// A yield that takes longer gave the core to a thread that computes.
const LONG_YIELD: Duration = Duration::from_micros(200);
/// After `n` misses in a row, 2^n - 1 waits sleep at once. So at most 31.
const MOST_MISSES: u32 = 5;
/// After yields that were long: at most 4095.
const MOST_MISSES_OF_LONG: u32 = 12;
/// The number of misses that a long yield counts as.
const MISSES_OF_LONG: u32 = 4;

/// The recent success of yields before sleeps on one thread.
#[derive(Debug, Default)]
pub(super) struct Spin {
    misses: Cell<u32>,
    /// The number of waits that still have to sleep at once.
    skips: Cell<u32>,
}

/// A wait that yields.
#[derive(Debug)]
pub(super) struct Spinning<'a> {
    spin: &'a Spin,
    began: Instant,
    last: Instant,
}

impl Spin {
    /// Begins a wait; `None` if it should sleep at once.
    pub(super) fn begin(&self) -> Option<Spinning<'_>> {
        let skips = self.skips.get();
        if skips > 0 {
            self.skips.set(skips - 1);
            return None;
        }
        let now = Instant::now();
        Some(Spinning {
            spin: self,
            began: now,
            last: now,
        })
    }

    fn miss(&self, misses: u32, most: u32) {
        let before = self.misses.get();
        let misses = (before + misses).min(most.max(before));
        self.misses.set(misses);
        self.skips.set((1 << misses) - 1);
    }
}

impl Spinning<'_> {
    /// Yields once; false if the thread should sleep now.
    pub(super) fn goes_on(&mut self) -> bool {
        thread::yield_now();
        let now = Instant::now();
        if now - self.last > LONG_YIELD {
            self.spin.miss(MISSES_OF_LONG, MOST_MISSES_OF_LONG);
            return false;
        }
        if now - self.began > LONGEST {
            self.spin.miss(1, MOST_MISSES);
            return false;
        }
        self.last = now;
        true
    }

    /// The wait has ended without a sleep.
    pub(super) fn hit(self) {
        self.spin.misses.set(self.spin.misses.get() / 2);
    }
}
