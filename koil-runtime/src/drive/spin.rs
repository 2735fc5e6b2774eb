//! `Spin`: giving the core away for a moment before a sleep, where that has paid of late.
//!
//! A sleep and its wake cost tens of microseconds where the core is halted meanwhile. An answer that
//! comes sooner is met by a thread that has only yielded. A yield that does not pay is left out the next
//! times, more often each time; and one that gave the core to a thread which computes, for longer still.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

/// How long a thread yields at most before it sleeps.
const LONGEST: Duration = Duration::from_micros(50);
/// A yield that takes longer gave the core to a thread that computes.
const LONG_YIELD: Duration = Duration::from_micros(200);
/// After `n` misses in a row, 2^n - 1 waits do without. So at most 31.
const MOST_MISSES: u32 = 5;
/// After yields that were long: at most 4095.
const MOST_MISSES_OF_LONG: u32 = 12;
/// A long yield counts as so many misses.
const MISSES_OF_LONG: u32 = 4;

/// How yields before sleeps have paid on one thread.
#[derive(Debug, Default)]
pub(super) struct Spin {
    misses: Cell<u32>,
    /// Waits that are still to do without.
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
    /// Begins a wait; `None` if it is to sleep at once.
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
    /// Yields once; false if the thread is to sleep now.
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
