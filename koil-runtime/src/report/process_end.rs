//! `OpenMark`: a context or a writer that is open; a process that ends meanwhile tells it on stderr.

#![allow(unsafe_code)]

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use slab::Slab;

use super::exit::{Exit, ExitError, Failure, Origin};
use super::unwind;
use crate::fork::{OfProcess, PerProcess};
use crate::sync::{Mutex, MutexGuard};

/// All that is open in this process. The lock is never held while user code runs.
static OPEN: PerProcess<Mutex<Slab<Origin>>> = PerProcess::new(Mutex::default);

/// How many different lines a process that ends writes at most.
const LINES: usize = 20;

/// The record that a context or the rest of a writer is open, until this is dropped.
pub(crate) struct OpenMark(OfProcess<usize>);

impl OpenMark {
    pub(crate) fn new(origin: Origin) -> OpenMark {
        watch();
        OpenMark(OfProcess::new(OPEN.get().lock().insert(origin)))
    }
}

impl Drop for OpenMark {
    fn drop(&mut self) {
        // In a forked child the record stayed behind.
        if let Some(key) = self.0.get() {
            OPEN.get().lock().try_remove(*key);
        }
    }
}

extern "C" fn process_ends() {
    unwind::swallow(tell);
}

/// From now on the end of the process is watched.
fn watch() {
    static WATCHED: AtomicBool = AtomicBool::new(false);
    // ORDERING: Relaxed; only the first call counts, and nothing else is published.
    if WATCHED.swap(true, Ordering::Relaxed) {
        return;
    }
    #[cfg(any(unix, windows))]
    // SAFETY: the function is part of this program, lives as long as it does, and does not unwind.
    // If the table of such functions is full, nothing is told.
    unsafe {
        libc::atexit(process_ends);
    }
}

/// Writes what is open: each origin once, with its number.
fn tell() {
    let Some(open) = lock_at_the_end() else {
        return;
    };
    let mut lost: Vec<(Origin, usize)> = Vec::new();
    for (_, origin) in open.iter() {
        match lost.iter_mut().find(|(other, _)| other == origin) {
            Some((_, times)) => *times += 1,
            None => lost.push((*origin, 1)),
        }
    }
    drop(open);
    let mut text = String::new();
    for (origin, times) in lost.iter().take(LINES) {
        let error = ExitError::new(*origin, Exit::Dropped, Failure::ProcessEnds);
        let times = if *times > 1 {
            format!(" ({times} times)")
        } else {
            String::new()
        };
        // A `String` takes everything.
        let _ = writeln!(text, "koil: error: {error}{times}");
    }
    if let Some(more) = lost.len().checked_sub(LINES).filter(|more| *more > 0) {
        let _ = writeln!(text, "koil: error: and {more} more");
    }
    // A failed write is ignored: there is no other place to report to.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// The lock, unless it stays taken: some systems kill the other threads of a process first.
fn lock_at_the_end() -> Option<MutexGuard<'static, Slab<Origin>>> {
    const ATTEMPTS: usize = 1000;
    (0..ATTEMPTS).find_map(|_| {
        let open = OPEN.get().try_lock();
        if open.is_none() {
            thread::yield_now();
        }
        open
    })
}
