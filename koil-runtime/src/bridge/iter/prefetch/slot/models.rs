//! Loom models of the slot: an iterator is closed while its task polls, ends or is aborted.
//!
//! Run with `RUSTFLAGS="--cfg koil_loom" cargo test -p koil-runtime --lib models`.

use std::time::Duration;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

use super::{StreamEnd, StreamSlot, TakenBack};
use crate::scope::context::snapshot::Snapshot;

/// Counts its drop.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Runs `task` beside an iterator that is closed, and checks that the stream is gone after that.
fn closes_beside(task: fn(&StreamSlot<Counted>)) {
    loom::model(move || {
        let drops = Arc::new(AtomicUsize::new(0));
        let stream = Box::pin(Counted(drops.clone()));
        let slot = Arc::new(StreamSlot::new(stream, Snapshot::default()));
        let other = {
            let slot = slot.clone();
            thread::spawn(move || task(&slot))
        };
        let taken_back = slot.close(Duration::MAX);
        assert!(!matches!(taken_back, TakenBack::StillPolled));
        assert_eq!(drops.load(Ordering::Relaxed), 1);
        other.join().unwrap();
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn a_close_finds_the_stream_between_two_polls_or_waits() {
    closes_beside(|slot| {
        while let Some(stream) = slot.take() {
            slot.put_back(stream);
            thread::yield_now();
        }
    });
}

#[test]
fn a_close_waits_for_a_stream_that_ends() {
    closes_beside(|slot| {
        if let Some(stream) = slot.take() {
            stream.end();
            slot.set_end(StreamEnd::Finished);
        }
    });
}

#[test]
fn a_close_waits_for_a_task_that_is_aborted() {
    closes_beside(StreamSlot::abandon);
}
